//! What the policies change in the arguments of a call, before they decide on them.
//!
//! The tenant's entries come first, then the baseline's; of each policy all REMOVE, then all MASK, then
//! what detectors find is masked, then all SET, each at once. What is to be refused is looked for in what has come of it.

mod controls;
mod decision_id;
mod found;
mod given;
mod setting;
mod steps;
mod unresolved;

use crate::condition::Spelling;
use crate::decision::Layers;
use crate::detector::Detectors;
use crate::json::{self, Kind, Value};
use crate::policy::Policy;
use crate::redaction::MASK;
use crate::request::{Arguments, Request, Resource};
use crate::resource_index::ResourceIndex;
use crate::selector::{Budget, Selector};
pub use controls::without_controls;
use steps::Rewriting;
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
    /// From the token, the registry or the decision.
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

impl Policy {
    /// Whether an entry of `arguments` or `limits` is about calls of this.
    pub(crate) fn concerns_arguments(&self, resource: &Resource<'_>) -> bool {
        let mut is_concerned = !self.rewrites.of(resource).is_empty();
        self.limits.index.visit(resource, &mut |_| is_concerned = true);
        is_concerned
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
