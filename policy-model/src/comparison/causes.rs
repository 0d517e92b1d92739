//! The rules by which somebody gains something: those that only one side has.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::names::{fresh_run, kind, meet, specimens, whole};
use super::trial::{Positive, Trial};
use super::version::{Version, WrittenRule};
use super::{Change, Comparison, Difference, Side};
use crate::decision::Effect;
use crate::pattern::{Glob, Pattern, ResourceType};
use crate::rule::Rule;

/// Most rules, and pairs of rules, that are gone through for one direction.
const CAUSES_MAX: usize = 50_000;

/// Most differences that are told.
const DIFFERENCES_MAX: usize = 5_000;

/// Most work for one direction, in conditions asked and values tried.
pub(super) const WORK_MAX: u64 = 20_000_000;

/// What one side allows and the other one denies.
pub(super) struct Causes<'v> {
    pub(super) denying: Side<'v>,
    pub(super) allowing: Side<'v>,
    pub(super) change: Change,
    /// Work that may still be done.
    pub(super) work: Cell<u64>,
}

/// A rule about one of its resources.
#[derive(Clone, Copy)]
struct Atom<'v> {
    version: &'v Version<'v>,
    number: u32,
    rule: &'v Rule,
    written: &'v WrittenRule,
    pattern: &'v Pattern,
}

impl<'v> Causes<'v> {
    pub(super) fn look(&self, comparison: &mut Comparison) {
        let runs = self.runs(comparison);
        let allows = atoms(self.allowing, Effect::Allow);
        let known: HashSet<String> = atoms(self.denying, Effect::Allow).iter().map(Atom::meaning).collect();
        let kept: HashSet<String> = atoms(self.allowing, Effect::Deny).iter().map(Atom::meaning).collect();
        let mut left = CAUSES_MAX;
        for allow in allows.iter().filter(|allow| !known.contains(&allow.meaning())) {
            self.try_names(&[*allow], allow.whole().into_iter().collect(), &runs, comparison);
            if self.is_over(&mut left, comparison) {
                return;
            }
        }
        let denies = atoms(self.denying, Effect::Deny);
        for deny in denies.iter().filter(|deny| !kept.contains(&deny.meaning())) {
            for allow in allows.iter().filter(|allow| kind(allow.pattern) == kind(deny.pattern)) {
                if self.is_over(&mut left, comparison) {
                    return;
                }
                self.try_pair(*allow, *deny, &runs, comparison);
            }
        }
        self.is_over(&mut left, comparison);
    }

    /// Takes one off; whether no more may be looked at, which is then said.
    fn is_over(&self, left: &mut usize, comparison: &mut Comparison) -> bool {
        *left = left.saturating_sub(1);
        let is_over = *left == 0 || self.work.get() == 0 || comparison.differences.len() > DIFFERENCES_MAX;
        if is_over {
            comparison.gaps.insert(format!(
                "there is too much to compare: more than {CAUSES_MAX} rules and pairs of rules that may matter, {DIFFERENCES_MAX} \
                 differences, or {WORK_MAX} conditions and values tried"
            ));
        }
        is_over
    }

    fn try_pair(
        &self,
        allow: Atom<'v>,
        deny: Atom<'v>,
        runs: &BTreeMap<ResourceType, String>,
        comparison: &mut Comparison,
    ) {
        let mut common = BTreeSet::new();
        for left in allow.whole() {
            for right in deny.whole() {
                match meet(&left, &right) {
                    Some(found) => common.extend(found),
                    None => {
                        let gap = format!("{} and {} meet in too many ways", allow.pattern, deny.pattern);
                        comparison.gaps.insert(gap);
                    }
                }
            }
        }
        self.try_names(&[allow, deny], common, runs, comparison);
    }

    /// Looks for differences about the names that fit whole patterns; those of a pattern are told with the one that covers it.
    fn try_names(
        &self,
        positives: &[Atom<'v>],
        wholes: BTreeSet<String>,
        runs: &BTreeMap<ResourceType, String>,
        comparison: &mut Comparison,
    ) {
        let Some(kind) = positives.first().map(|atom| kind(atom.pattern)) else { return };
        let run = runs.get(&kind).map_or("", String::as_str);
        let mut by_widest: BTreeMap<&String, Vec<String>> = BTreeMap::new();
        for whole in &wholes {
            let covering = wholes.iter().find(|other| *other != whole && Glob::new(other).covers(&Glob::new(whole)));
            by_widest.entry(covering.unwrap_or(whole)).or_default().extend(specimens(kind, whole, run));
        }
        for (widest, names) in by_widest {
            let told = format!("{}{widest}", kind.prefix());
            let mut found: Vec<Difference> = Vec::new();
            let mut is_sampled = false;
            for name in &names {
                let positives: Vec<Positive<'v>> = positives.iter().map(Atom::positive).collect();
                let Some(trial) = Trial::new(self, positives, kind, name) else { continue };
                is_sampled |= trial.is_sampled();
                for difference in trial.run(&told, comparison) {
                    add(&mut found, difference);
                }
            }
            if found.is_empty() && is_sampled {
                let roots = "$.tool, $.user, $.agent or $.time";
                comparison.gaps.insert(format!(
                    "of what conditions on {roots} may hold for, only some values were tried for {told}"
                ));
            }
            comparison.differences.extend(found);
        }
    }

    /// For each kind a text that no pattern has.
    fn runs(&self, comparison: &mut Comparison) -> BTreeMap<ResourceType, String> {
        let mut texts: BTreeMap<ResourceType, [BTreeSet<String>; 2]> = BTreeMap::new();
        for side in [self.denying, self.allowing] {
            for atom in atoms(side, Effect::Allow).into_iter().chain(atoms(side, Effect::Deny)) {
                let [pieces, exact] = texts.entry(kind(atom.pattern)).or_default();
                for whole in atom.whole() {
                    match whole.contains('*') {
                        true => pieces.extend(whole.split('*').filter(|piece| !piece.is_empty()).map(str::to_owned)),
                        false => drop(exact.insert(whole)),
                    }
                }
            }
        }
        let mut runs = BTreeMap::new();
        for (kind, [pieces, exact]) in texts {
            let run = fresh_run(&pieces, &exact).unwrap_or_else(|| {
                comparison
                    .gaps
                    .insert(format!("there are too many patterns of {kind} to tell them apart by a new name"));
                "q7zq".to_owned()
            });
            runs.insert(kind, run);
        }
        runs
    }
}

/// Adds a difference if there is none yet for these callers: one example is enough, and any is better than none.
fn add(found: &mut Vec<Difference>, difference: Difference) {
    match found.iter_mut().find(|own| own.callers == difference.callers) {
        Some(own) if own.settled.is_none() => *own = difference,
        Some(_) => {}
        None => found.push(difference),
    }
}

/// The rules in force of an effect, by each of their resources.
fn atoms(side: Side<'_>, effect: Effect) -> Vec<Atom<'_>> {
    let mut atoms = Vec::new();
    for version in side.versions() {
        for (number, rule, written) in version.rules(effect) {
            let atom = |pattern| Atom { version, number, rule, written, pattern };
            atoms.extend(written.resources.iter().map(atom));
        }
    }
    atoms
}

impl<'v> Atom<'v> {
    /// One text for all that say the same, whatever they are called and wherever they stand.
    fn meaning(&self) -> String {
        format!("{} {:?} {}", self.pattern, self.whole(), self.written.meaning)
    }

    fn whole(&self) -> Vec<String> {
        whole(self.pattern, self.version.reach(self.rule.effect))
    }

    fn positive(&self) -> Positive<'v> {
        Positive { version: self.version, number: self.number, rule: self.rule, written: self.written }
    }
}
