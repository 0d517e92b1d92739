//! What must be in force for a publication or rollback to be done.

use super::state::version_text;
use super::{OperateError, PolicyDocument, PolicyScope, PolicyState};
use crate::record::PolicyPointer;

/// A version that must be in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// By its number.
    Version(u64),
    /// By the first digits of the document's SHA-256, at least 8, in lower-case hexadecimal.
    Sha256(String),
}

impl Expectation {
    /// Takes a number, or at least 8 hexadecimal digits of a SHA-256. Digits alone are a number if there are at most 7.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Expectation, String> {
        if text.len() < SHA256_DIGITS_MIN
            && let Ok(version) = text.parse()
        {
            return Ok(Expectation::Version(version));
        }
        let text = text.to_ascii_lowercase();
        if (SHA256_DIGITS_MIN..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Expectation::Sha256(text));
        }
        Err(format!("expected a version like 7, or {SHA256_DIGITS_MIN} to 64 digits of a policy's SHA-256"))
    }

    pub(super) fn check(&self, state: Option<&PolicyState>, scope: &PolicyScope) -> Result<(), OperateError> {
        let is_met = state.is_some_and(|state| match self {
            Expectation::Version(version) => state.policy_version == Some(*version),
            Expectation::Sha256(digits) => state.policy.sha256.starts_with(digits.as_str()),
        });
        if is_met {
            return Ok(());
        }
        Err(OperateError::NotExpected { what: scope.to_string(), expected: self.to_string(), found: found(state) })
    }
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expectation::Version(version) => write!(out, "version {version}"),
            Expectation::Sha256(digits) => write!(out, "sha256 {digits}.."),
        }
    }
}

/// The policy in force when it was first looked at: whoever changed it meanwhile wins.
#[derive(Debug, Default)]
pub(super) struct FirstSeen(Option<(Option<PolicyPointer>, String)>);

impl FirstSeen {
    pub(super) fn of(state: Option<&PolicyState>) -> FirstSeen {
        let mut seen = FirstSeen::default();
        seen.note(state);
        seen
    }

    fn note(&mut self, state: Option<&PolicyState>) {
        self.0 = Some((state.map(|state| state.policy.clone()), found(state)));
    }

    /// The same; what is to be published may be in force by now.
    pub(super) fn check_or_done(
        &mut self,
        state: Option<&PolicyState>,
        document: &PolicyDocument,
    ) -> Result<(), OperateError> {
        match state {
            Some(state) if state.policy == *document.pointer() => Ok(()),
            Some(_) | None => self.check(state, document.scope()),
        }
    }

    pub(super) fn check(&mut self, state: Option<&PolicyState>, scope: &PolicyScope) -> Result<(), OperateError> {
        match &self.0 {
            None => {
                self.note(state);
                Ok(())
            }
            Some((seen, _)) if seen.as_ref() == state.map(|state| &state.policy) => Ok(()),
            Some((_, text)) => {
                let (what, expected) = (scope.to_string(), text.clone());
                Err(OperateError::Conflict { what, expected, found: found(state) })
            }
        }
    }
}

fn found(state: Option<&PolicyState>) -> String {
    version_text(state.and_then(|state| state.policy_version), state.map(|state| &state.policy))
}

/// Fewest digits by which a SHA-256 is known.
pub(super) const SHA256_DIGITS_MIN: usize = 8;
