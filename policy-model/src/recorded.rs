//! Deciding again what was decided before, from what an audit line says of it.
//!
//! [`Facts`] are what a line has of a decision besides names: hashes of who asked, and which conditions held. They hold no name, claim or
//! argument. In reading order: `name_hash` is what stands for a name, `observation` makes facts of a request, `text` writes and reads
//! them, `hashed_policy` is a policy whose names can be compared with theirs, `answer` decides: with a yes, a no, or what is missing.
//!
//! The law: wherever there is an answer, it is the one that [`decide`](crate::decide) gives to the request itself.

mod answer;
mod hashed_policy;
mod name_hash;
mod observation;
mod text;

pub use crate::condition::ConditionDigest;
pub use answer::{Answer, Asked, Gap, Side, Sides, Thing, decide};
pub use hashed_policy::HashedPolicy;
pub use name_hash::{NameHash, NameKind};
pub use text::InvalidFacts;

use crate::condition::Truths;
use crate::decision::Effect;

/// Most bytes of facts as text.
pub const FACTS_BYTES_MAX: usize = 3_072;

/// Most names of a list that are recorded.
pub const FACTS_NAMES_MAX: usize = 32;

/// Most conditions that are recorded.
pub const FACTS_CONDITIONS_MAX: usize = 32;

/// Most work for what is recorded of the conditions of one decision, in values looked at; 64 bytes of text count as eight.
pub const FACTS_WORK_MAX: u64 = 50_000;

/// What is recorded of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// Arguments, claims, and all else have fewer than two to the power of these many bytes.
    pub sizes: [u8; 3],
    /// What the baseline said.
    pub baseline: BaselineVerdict,
    /// What the tenant's own policy said, or would have said.
    pub tenant: TenantVerdict,
    /// Whether all conditions of the rules that name what was asked for took no more than [`FACTS_WORK_MAX`].
    pub is_cheap: bool,
    /// The user.
    pub user: NameHash,
    /// The agent that called on the user's behalf.
    pub agent: Option<NameHash>,
    /// Roles of the token and of the registry.
    pub roles: Names,
    /// Workspaces.
    pub workspaces: Names,
    /// Scopes.
    pub scopes: Names,
    /// What the policies said of arguments, the tenant's and the baseline's.
    pub rewriting: [Option<NameHash>; 2],
    /// Conditions by their digests, in order.
    conditions: Vec<(ConditionDigest, Truths)>,
    /// A keyed hash of the arguments, where there is a key for it.
    pub arguments: Option<[u8; 16]>,
}

/// Names of one kind that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// In order, each once.
    pub hashes: Vec<NameHash>,
    /// Whether there were more than [`FACTS_NAMES_MAX`].
    pub has_more: bool,
}

/// What the baseline said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineVerdict {
    /// There was none.
    Absent,
    /// Nothing against it.
    Passed,
    /// No.
    Denied,
}

/// What the tenant's own policy said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantVerdict {
    /// A rule allowed it, and none denied it.
    Allowed,
    /// A rule denied it.
    Denied,
    /// No rule was about it.
    NoRule,
}

/// Whether a condition held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It could not be evaluated: not enough to allow, enough to deny.
    Indeterminate,
}

impl Facts {
    /// Whether a condition held in a rule of this effect; none if that is not recorded.
    pub fn held(&self, condition: ConditionDigest, effect: Effect) -> Option<Held> {
        self.truths(condition).and_then(|truths| Held::of(truths.of(effect)))
    }

    /// How many conditions are recorded.
    pub fn conditions_len(&self) -> usize {
        self.conditions.len()
    }

    /// Whether the policies allowed it.
    pub fn was_allowed(&self) -> bool {
        self.baseline != BaselineVerdict::Denied && self.tenant == TenantVerdict::Allowed
    }

    fn truths(&self, condition: ConditionDigest) -> Option<Truths> {
        let place = self.conditions.binary_search_by_key(&condition, |(digest, _)| *digest).ok()?;
        self.conditions.get(place).map(|(_, truths)| *truths)
    }
}

impl Names {
    /// Whether one of them is this; none if that is not recorded.
    pub fn include(&self, name: NameHash) -> Option<bool> {
        match self.hashes.binary_search(&name) {
            Ok(_) => Some(true),
            Err(_) if self.has_more => None,
            Err(_) => Some(false),
        }
    }
}
