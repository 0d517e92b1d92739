//! The names of tenants, users, policies, rules and decisions. Parsing is the only way to make one.

use std::fmt;
use std::sync::Arc;

/// Longest tenant id, in bytes.
pub const TENANT_ID_BYTES_MAX: usize = 63;

/// Longest policy id, in bytes.
pub const POLICY_ID_BYTES_MAX: usize = 128;

/// Longest rule id, in bytes.
pub const RULE_ID_BYTES_MAX: usize = 128;

/// Longest id of a decision, in bytes.
pub const DECISION_ID_BYTES_MAX: usize = 128;

macro_rules! id {
    ($name:ident, $what:literal, $grammar:literal, $is_valid:expr, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes an id that fits the grammar.
            ///
            /// # Errors
            /// [`InvalidId`], which says the grammar.
            pub fn parse(text: &str) -> Result<$name, InvalidId> {
                let is_valid: fn(&str) -> bool = $is_valid;
                if is_valid(text) { Ok($name(text.into())) } else { Err(InvalidId { what: $what, grammar: $grammar }) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

id!(
    TenantId,
    "tenant id",
    "1 to 63 of A-Z a-z 0-9 . _ -, beginning with a letter or digit",
    |text| is_word(text, TENANT_ID_BYTES_MAX),
    "A tenant: 1 to 63 of `[A-Za-z0-9._-]`, beginning with a letter or digit. Case counts."
);
id!(
    PolicyId,
    "policy id",
    "1 to 128 of A-Z a-z 0-9 . _ -, beginning with a letter or digit",
    |text| is_word(text, POLICY_ID_BYTES_MAX),
    "A policy document: 1 to 128 of `[A-Za-z0-9._-]`, beginning with a letter or digit."
);
id!(
    UserId,
    "user id",
    "1 to 256 printable ASCII characters without space, comma, semicolon, quotation mark and backslash, and not \"*\"",
    |text| (1..=256).contains(&text.len())
        && text != "*"
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b",;\"\\".contains(&byte)),
    "A user as the issuer names it: 1 to 256 printable ASCII characters that are safe in a header value."
);

/// A rule in a policy: its `ruleId`, or its effect and first resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

impl RuleId {
    pub(crate) fn written(text: &str) -> Result<RuleId, InvalidId> {
        if is_word(text, RULE_ID_BYTES_MAX) {
            return Ok(RuleId(text.into()));
        }
        Err(InvalidId { what: "rule id", grammar: "1 to 128 of A-Z a-z 0-9 . _ -, beginning with a letter or digit" })
    }

    pub(crate) fn derived(text: String) -> RuleId {
        RuleId(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A decision, by the id of its audit line: 1 to 128 of `[A-Za-z0-9-]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionId<'d>(&'d str);

impl<'d> DecisionId<'d> {
    /// Takes an id that fits the grammar.
    pub fn parse(text: &'d str) -> Option<DecisionId<'d>> {
        let is_own = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_valid = (1..=DECISION_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_own);
        is_valid.then_some(DecisionId(text))
    }

    /// The id as text.
    pub fn as_str(&self) -> &'d str {
        self.0
    }
}

/// A text that is not an id of its kind. It does not quote the text, which may be a caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId {
    what: &'static str,
    grammar: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "not a {}; it is {}", self.what, self.grammar)
    }
}

impl std::error::Error for InvalidId {}

fn is_word(text: &str, bytes_max: usize) -> bool {
    text.len() <= bytes_max
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}
