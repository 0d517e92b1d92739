//! What a policy means, once its document is read.

mod document;
mod error;
mod fields;

use std::fmt;
use std::sync::Arc;

pub use error::{PolicyError, Problem};

pub use crate::pattern::PatternError;
pub use crate::tool_index::INNER_WILDCARDS_MAX;

pub use crate::selector::{
    PATH_BYTES_MAX, PATH_DEPTH_MAX, PATH_DESCENDANTS_MAX, PATH_FILTERS_MAX, PATH_STEPS_MAX, SelectorError,
};

use crate::decision::Effect;
use crate::id::{PolicyId, RuleId, TenantId};
use crate::selector::Selector;
use crate::tool_index::ToolIndex;

/// Longest policy document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;

/// Most rules, and most redactions, in a policy.
pub const RULES_MAX: usize = 10_000;

/// Most resources in a rule.
pub const RESOURCES_MAX: usize = 1_000;

/// Longest `reason` or `description`, in characters.
pub const SENTENCE_CHARACTERS_MAX: usize = 500;

/// A tenant's policy or the baseline, checked and indexed.
#[derive(Debug)]
pub struct Policy {
    pub(crate) id: PolicyId,
    pub(crate) tenant: Option<TenantId>,
    /// In the order of their ids, so that the same rules in another order quote the same one.
    pub(crate) rules: Vec<Rule>,
    pub(crate) allow: ToolIndex,
    pub(crate) deny: ToolIndex,
    pub(crate) redactions: Vec<Redaction>,
    pub(crate) redacted: ToolIndex,
}

impl Policy {
    /// Reads a policy document (JSON, UTF-8).
    ///
    /// # Errors
    /// The first thing that is wrong, where it is and what would be right. A policy is taken whole or not at all.
    pub fn parse(document: &[u8]) -> Result<Policy, PolicyError> {
        document::parse(document)
    }

    /// The document's `policyId`.
    pub fn id(&self) -> &PolicyId {
        &self.id
    }

    /// The tenant that the policy is for; `None` for the baseline, which is for all of them.
    pub fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }
}

/// One rule, without the resources, which are in the index of its effect.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    pub(crate) effect: Effect,
    pub(crate) reason: Option<Reason>,
}

/// What a rule's author wants refused callers to read: one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason(Arc<str>);

impl Reason {
    pub(crate) fn new(text: &str) -> Option<Reason> {
        let is_line = text.chars().count() <= SENTENCE_CHARACTERS_MAX && !text.chars().any(char::is_control);
        is_line.then(|| Reason(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What is taken out of the results of the tools that name it in the index.
#[derive(Debug)]
pub(crate) struct Redaction {
    pub(crate) path: Selector,
    pub(crate) action: Action,
}

/// What becomes of a selected value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// It is replaced by [`crate::redaction::MASK`].
    Mask,
    /// It is taken out.
    Remove,
}
