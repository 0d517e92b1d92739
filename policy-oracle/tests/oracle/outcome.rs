//! What comes out of a decision.

use crate::policy::Effect;

/// What came out, with the rule that settled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allowed(String),
    Denied(String),
    NoRule,
}

impl Outcome {
    pub(crate) fn is_allowed(&self) -> bool {
        match self {
            Outcome::Allowed(_) => true,
            Outcome::Denied(_) | Outcome::NoRule => false,
        }
    }
}

/// What the rules in `LOG_ONLY` would have settled.
pub(crate) type Would = Option<(Effect, String)>;
