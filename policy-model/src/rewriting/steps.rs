//! The entries that apply to one call, step by step.

use std::borrow::Cow;

use super::found::{Hit, Looking};
use super::setting::Setting;
use super::{Change, Rewrite, Source, Unresolved};
use crate::json::{self, Edit, Edits, Value};
use crate::redaction::MASKED;
use crate::request::{ARGUMENTS, Request};
use crate::selector::{Budget, Origin};

/// The entries that apply to one call.
pub(super) struct Rewriting<'r> {
    pub(super) layers: Vec<Vec<&'r Rewrite>>,
    pub(super) request: &'r Request<'r>,
    pub(super) budget: Budget,
}

impl Rewriting<'_> {
    /// The arguments after all steps of both policies, but for what is refused.
    pub(super) fn apply<'t>(&self, arguments: &'t str) -> Result<Cow<'t, str>, Unresolved> {
        let mut text = Cow::Borrowed(arguments);
        for layer in &self.layers {
            for step in [Step::Remove, Step::Mask, Step::MaskFound, Step::Set] {
                let entries = entries_of(layer, step);
                if let Some(changed) = self.change(step, &entries, &text)? {
                    text = Cow::Owned(changed);
                }
            }
        }
        Ok(text)
    }

    /// Makes the entries of a step, all on the same text; nothing if there is nothing to change.
    fn change(&self, step: Step, entries: &[&Rewrite], text: &str) -> Result<Option<String>, Unresolved> {
        if entries.is_empty() {
            return Ok(None);
        }
        let document = json::parse(text.as_bytes()).map_err(|_| Unresolved::TooDeep)?;
        let root = document.root();
        self.check_places(entries, root)?;
        let mut edits = Edits::default();
        match step {
            Step::Remove => self.select(entries, root, |value| edits.add(value, Edit::Remove)),
            Step::Mask => self.select(entries, root, |value| edits.add(value, Edit::Replace(MASKED.into()))),
            Step::MaskFound => self.mask_found(entries, root, &mut edits)?,
            Step::Set => self.set(entries)?.edit(root, &mut edits)?,
            Step::Refuse => {}
        }
        if self.budget.is_exhausted() {
            return Err(Unresolved::TooMuchWork);
        }
        Ok((!edits.is_empty()).then(|| edits.apply(root)))
    }

    /// Looks for what is to be refused, for both policies at once.
    pub(super) fn refuse(&self, root: Value<'_>) -> Result<(), Unresolved> {
        let entries: Vec<&Rewrite> = self.layers.iter().flat_map(|layer| entries_of(layer, Step::Refuse)).collect();
        if entries.is_empty() {
            return Ok(());
        }
        self.check_places(&entries, root)?;
        let mut looking = Looking::default();
        for entry in &entries {
            let mut is_there = false;
            match entry.change {
                Change::RefuseFound(detectors) => {
                    self.select(&[entry], root, |value| looking.add(value, detectors));
                }
                Change::Refuse | Change::Remove | Change::Mask | Change::MaskFound(_) | Change::Set(_) => {
                    self.select(&[entry], root, |_| is_there = true);
                }
            }
            if is_there {
                return Err(Unresolved::There(entry.text.to_string()));
            }
        }
        let found = looking.look(root, &self.budget, &mut |hit| match hit {
            Hit::Masked(_, _, detectors) => Err(Unresolved::Found(detectors.words())),
            Hit::Name(detectors) => Err(Unresolved::Found(detectors.words())),
        });
        // What was found when there was no work left was perhaps not there.
        if self.budget.is_exhausted() { Err(Unresolved::TooMuchWork) } else { found }
    }

    fn mask_found<'d>(&self, entries: &[&Rewrite], root: Value<'d>, edits: &mut Edits) -> Result<(), Unresolved> {
        let mut looking = Looking::default();
        for entry in entries {
            if let Change::MaskFound(detectors) = entry.change {
                self.select(&[entry], root, |value| looking.add(value, detectors));
            }
        }
        let masked = looking.look(root, &self.budget, &mut |hit: Hit<'d>| match hit {
            Hit::Masked(value, new, _) => {
                edits.add(value, Edit::Replace(new.into()));
                Ok(())
            }
            Hit::Name(detectors) => Err(Unresolved::FoundInName(detectors.words())),
        });
        if self.budget.is_exhausted() { Err(Unresolved::TooMuchWork) } else { masked }
    }

    fn check_places(&self, entries: &[&Rewrite], root: Value<'_>) -> Result<(), Unresolved> {
        for entry in entries {
            self.check_spelling(entry, root)?;
            entry.check_way(root)?;
        }
        Ok(())
    }

    fn check_spelling(&self, entry: &Rewrite, root: Value<'_>) -> Result<(), Unresolved> {
        match &entry.spelling {
            Some(spelling) if spelling.is_unclear(root, &self.budget) => Err(if self.budget.is_exhausted() {
                Unresolved::TooMuchWork
            } else {
                Unresolved::OtherSpelling(entry.text.to_string())
            }),
            Some(_) | None => Ok(()),
        }
    }

    fn select<'d>(&self, entries: &[&Rewrite], root: Value<'d>, mut change: impl FnMut(Value<'d>)) {
        let members = [(ARGUMENTS, Some(root))];
        for entry in entries {
            entry.path.select(Origin::Members(&members), &self.budget).iter().copied().for_each(&mut change);
        }
    }

    fn set<'e>(&'e self, entries: &[&'e Rewrite]) -> Result<Setting<'e>, Unresolved> {
        let mut settings = Setting::default();
        for entry in entries {
            let Change::Set(source) = &entry.change else { continue };
            let value = self.value(source).ok_or_else(|| Unresolved::Value(entry.text.to_string()))?;
            // The first is the root, which is `arguments`.
            let names = entry.path.names().unwrap_or_default();
            settings.add(&entry.text, names.get(1..).unwrap_or_default(), value)?;
        }
        Ok(settings)
    }

    fn value<'e>(&'e self, source: &'e Source) -> Option<Cow<'e, str>> {
        match source {
            Source::Written(text) => Some(Cow::Borrowed(text)),
            Source::Path(path) => {
                let roots = self.request.roots(true);
                match *path.select(Origin::Members(&roots), &self.budget) {
                    [only] if only.duplicate_name().is_none() => Some(Cow::Borrowed(only.text())),
                    _ => None,
                }
            }
        }
    }
}

/// The order in which the entries of a policy are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Remove,
    Mask,
    MaskFound,
    Set,
    /// Once they are as both policies want them.
    Refuse,
}

fn entries_of<'r>(layer: &[&'r Rewrite], step: Step) -> Vec<&'r Rewrite> {
    layer.iter().copied().filter(|entry| entry.change.step() == step).collect()
}

impl Change {
    fn step(&self) -> Step {
        match self {
            Change::Remove => Step::Remove,
            Change::Mask => Step::Mask,
            Change::MaskFound(_) => Step::MaskFound,
            Change::Set(_) => Step::Set,
            Change::Refuse | Change::RefuseFound(_) => Step::Refuse,
        }
    }
}
