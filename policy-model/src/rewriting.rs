//! What the policies change in the arguments of a call, before they decide on them.
//!
//! The tenant's entries come first, then the baseline's; of each policy all REMOVE, then all MASK, then
//! what detectors find is masked, then all SET, each at once. What is to be refused is looked for in what has come of it.

mod controls;
mod found;
mod setting;
mod unresolved;

use std::borrow::Cow;

use crate::condition::Spelling;
use crate::decision::Layers;
use crate::detector::Detectors;
use crate::json::{self, Edit, Edits, Kind, Value};
use crate::redaction::{MASK, MASKED};
use crate::request::{ARGUMENTS, Arguments, Request, Resource};
use crate::resource_index::ResourceIndex;
use crate::selector::{Budget, Origin, Selector};
pub use controls::without_controls;
use found::{Hit, Looking};
use setting::Setting;
pub use unresolved::Unresolved;

/// Most work for the arguments of one call, in values looked at; 64 bytes of text count as eight. Beyond it the call is refused.
pub const REWRITING_WORK_MAX: u64 = 8_000_000;

/// What a policy says of arguments.
#[derive(Debug, Default)]
pub(crate) struct Rewrites {
    /// In the order of their paths, so that the same entries in another order name the same one.
    pub(crate) entries: Vec<Rewrite>,
    pub(crate) index: ResourceIndex,
}

/// One entry, without its resources.
#[derive(Debug)]
pub(crate) struct Rewrite {
    pub(crate) path: Selector,
    /// The path as written.
    pub(crate) text: Box<str>,
    pub(crate) spelling: Option<Spelling>,
    pub(crate) change: Change,
}

/// What becomes of what a path selects.
#[derive(Debug)]
pub(crate) enum Change {
    Remove,
    Mask,
    /// What these find in it, or below it, becomes the mask.
    MaskFound(Detectors),
    /// It is written, whether it is there or not.
    Set(Source),
    /// The call is refused if there is anything.
    Refuse,
    /// The call is refused if these find anything in it, or below it.
    RefuseFound(Detectors),
}

/// Where the value comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// From the policy: JSON text.
    Written(Box<str>),
    /// From the token or the registry.
    Path(Selector),
}

/// What the policies make of the arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// No policy says anything of them.
    NotConcerned,
    /// They are as the policies want them.
    Same,
    /// These are in their place, JSON text.
    Changed(String),
}

impl Layers<'_> {
    /// The arguments of a call as the policies want them.
    ///
    /// # Errors
    /// [`Unresolved`]: the call must be refused.
    pub fn rewrite_arguments(self, request: &Request<'_>) -> Result<Outcome, Unresolved> {
        let Arguments::Known(sent) = request.arguments else { return Ok(Outcome::NotConcerned) };
        let limit = self.limit(&request.resource);
        if let Some(sent) = sent {
            limit.check(sent).map_err(Unresolved::Limit)?;
        }
        let layers = self.rewrites(&request.resource);
        if layers.iter().all(Vec::is_empty) {
            return Ok(Outcome::NotConcerned);
        }
        if sent.is_some_and(|sent| sent.kind() != Kind::Object || sent.duplicate_name().is_some()) {
            return Err(Unresolved::NoObject);
        }
        let sent = sent.map_or("{}", Value::text);
        let rewriting = Rewriting { layers, request, budget: Budget::new(REWRITING_WORK_MAX) };
        let rewritten = rewriting.apply(sent)?;
        // At RESPONSE they may come as they were sent or as they went on: both must lead to the same decision.
        if !is_same(&rewriting.apply(&rewritten)?, &rewritten) {
            return Err(Unresolved::Unstable);
        }
        let document = json::parse(rewritten.as_bytes()).map_err(|_| Unresolved::TooDeep)?;
        limit.check(document.root()).map_err(Unresolved::Limit)?;
        rewriting.refuse(document.root())?;
        Ok(if *rewritten == *sent { Outcome::Same } else { Outcome::Changed(rewritten.into_owned()) })
    }

    /// Refuses to complete the arguments of what the policies have something to say of: that is about whole arguments, and not
    /// about the one that is being typed and those around it.
    ///
    /// # Errors
    /// [`Unresolved::Completion`].
    pub fn check_completion(self, resource: &Resource<'_>) -> Result<(), Unresolved> {
        if self.rewrites(resource).iter().all(Vec::is_empty) { Ok(()) } else { Err(Unresolved::Completion) }
    }

    /// What the policies say, the tenant's first.
    fn rewrites<'r>(self, resource: &Resource<'_>) -> Vec<Vec<&'r Rewrite>>
    where
        Self: 'r,
    {
        let policies = [Some(self.policy), self.baseline].into_iter().flatten();
        policies.map(|policy| policy.rewrites.of(resource)).collect()
    }
}

impl Rewrite {
    /// Where the path is of names only, nothing on it may be a list or a text, in which a target could find the rest of it.
    fn check_way(&self, root: Value<'_>) -> Result<(), Unresolved> {
        let names = self.path.names().unwrap_or_default();
        // The first is the root, which is `arguments`, the last what is meant.
        let way = names.get(1..names.len().saturating_sub(1)).unwrap_or_default();
        let mut here = root;
        for name in way {
            let Some(value) = here.get(name) else { return Ok(()) };
            if matches!(value.kind(), Kind::Array | Kind::String) && !value.is_str(MASK) {
                return Err(Unresolved::Parent(self.text.to_string()));
            }
            here = value;
        }
        Ok(())
    }
}

impl Rewrites {
    fn of(&self, resource: &Resource<'_>) -> Vec<&Rewrite> {
        let mut numbers: Vec<u32> = Vec::new();
        self.index.visit(resource, &mut |number| numbers.push(number));
        numbers.sort_unstable();
        numbers.dedup();
        numbers.iter().filter_map(|number| self.entries.get(*number as usize)).collect()
    }

    /// All their paths.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Selector> {
        let values = self.entries.iter().filter_map(|entry| match &entry.change {
            Change::Set(Source::Path(path)) => Some(path),
            Change::Set(Source::Written(_))
            | Change::Remove
            | Change::Mask
            | Change::MaskFound(_)
            | Change::Refuse
            | Change::RefuseFound(_) => None,
        });
        self.entries.iter().map(|entry| &entry.path).chain(values)
    }
}

/// The entries that apply to one call.
struct Rewriting<'r> {
    layers: Vec<Vec<&'r Rewrite>>,
    request: &'r Request<'r>,
    budget: Budget,
}

impl Rewriting<'_> {
    fn apply<'t>(&self, arguments: &'t str) -> Result<Cow<'t, str>, Unresolved> {
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
    fn refuse(&self, root: Value<'_>) -> Result<(), Unresolved> {
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

/// Whether two JSON texts have the same value.
fn is_same(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (json::parse(left.as_bytes()), json::parse(right.as_bytes())) {
        (Ok(left), Ok(right)) => left.root().equals(right.root()),
        (_, _) => false,
    }
}
