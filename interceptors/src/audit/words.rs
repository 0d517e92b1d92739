//! What an audit line says in words of its own.

use crate::refusal::Refusal;

/// How a decision ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The message went on, as it was or filtered.
    Passed(Passed),
    /// It was refused.
    Refused(Refusal),
}

impl Ending {
    /// The effect and the reason of the audit line.
    pub(super) fn words(&self) -> (&'static str, &'static str) {
        match self {
            Ending::Passed(passed) => ("ALLOW", passed.code()),
            Ending::Refused(refusal) => ("DENY", refusal.code()),
        }
    }
}

/// How a message passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// By a rule.
    AllowRule,
    /// As every known caller's.
    Session,
    /// An answer from which something was taken out.
    Redacted,
    /// An answer that stayed as it was.
    Unchanged,
}

/// Who says which tenant is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantSource {
    /// The token.
    Claim,
    /// The caller, by the selector header.
    Selector,
    /// The registry: there is no other.
    OnlyMembership,
    /// The REQUEST point, which left it behind for the answer.
    Context,
}

impl TenantSource {
    /// The word of the audit line; none where the token says it.
    pub(super) fn code(self) -> Option<&'static str> {
        match self {
            TenantSource::Claim | TenantSource::Context => None,
            TenantSource::Selector => Some("SELECTOR"),
            TenantSource::OnlyMembership => Some("ONLY_MEMBERSHIP"),
        }
    }
}

impl Passed {
    pub(super) fn code(self) -> &'static str {
        match self {
            Passed::AllowRule => "ALLOW_RULE",
            Passed::Session => "SESSION",
            Passed::Redacted => "REDACTED",
            Passed::Unchanged => "UNCHANGED",
        }
    }
}
