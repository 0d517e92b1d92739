//! What a policy means, once its document is read.

mod argument_document;
mod compile;
mod condition_document;
mod condition_error;
mod document;
mod error;
mod fields;
mod header_document;
mod limit_document;
mod lines;
mod locate;
mod operator;
mod pin_document;
mod push_url_document;
mod redaction_document;
mod rule_document;
mod schema;
mod shape;

use std::fmt;
use std::sync::Arc;

pub use error::{PolicyError, Problem};

pub use crate::pattern::{PatternError, RESOURCE_BYTES_MAX, ResourceType, WILDCARDS_MAX};
pub use crate::resource_index::INNER_WILDCARDS_MAX;
pub use crate::selector::{
    PATH_BYTES_MAX, PATH_DEPTH_MAX, PATH_DESCENDANTS_MAX, PATH_FILTERS_MAX, PATH_STEPS_MAX, SelectorError,
};
pub use argument_document::ArgumentError;
pub(crate) use compile::{compile, read_json};
pub use condition_error::ConditionError;
pub(crate) use document::{Written, read};
pub use header_document::HeaderError;
pub use limit_document::LimitError;
pub use lines::{Lines, Position};
pub use locate::locate;
pub use pin_document::PinError;
pub use push_url_document::PushUrlError;
pub use redaction_document::{KEPT_CHARACTERS_MAX, RedactionError, TRUNCATED_CHARACTERS_MAX};
pub(crate) use rule_document::{Mode, RuleDocument};
pub use schema::{SCHEMA_ID, schema};

use crate::condition::Condition;
use crate::definition::{Digest, Pins};
use crate::header::Addition;
use crate::id::{PolicyId, TenantId};
use crate::limit::Limits;
use crate::pattern::UriPattern;
use crate::recorded::NameHash;
use crate::redaction::rules::Redactions;
use crate::resource_index::ResourceIndex;
use crate::rewriting::Rewrites;
use crate::rule::Rule;
use crate::selector::Selector;

/// Longest policy document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;

/// Most rules, and most redactions, in a policy.
pub const RULES_MAX: usize = 10_000;

/// Most resources in a rule.
pub const RESOURCES_MAX: usize = 1_000;

/// Most names in a list of principals, and most scopes.
pub const NAMES_MAX: usize = 1_000;

/// Longest of these names, in bytes.
pub const NAME_BYTES_MAX: usize = 256;

/// Most conditions in a rule.
pub const CONDITIONS_MAX: usize = 32;

/// Most entries in `arguments`.
pub const ARGUMENTS_MAX: usize = 1_000;

/// Most entries in `limits`.
pub const LIMITS_MAX: usize = 1_000;

/// Largest bound of a limit, in bytes: Lambda takes no larger event.
pub const LIMIT_BYTES_MAX: usize = 6 * 1024 * 1024;

/// Largest bound of a limit, in tokens.
pub const LIMIT_TOKENS_MAX: usize = 1_000_000_000;

/// Most patterns of URLs that are called back.
pub const PUSH_URLS_MAX: usize = 100;

/// Most headers of a policy: as many as the gateway lets a target have.
pub const HEADERS_MAX: usize = 10;

/// Most pinned tools.
pub const PINS_MAX: usize = 10_000;

/// Most digests of one pinned tool.
pub const DIGESTS_MAX: usize = 10;

/// Most values in a condition's list.
pub const VALUES_MAX: usize = 1_000;

/// Longest value of a condition or for an argument, in bytes.
pub const VALUE_BYTES_MAX: usize = 1_024;

/// Longest regular expression, in bytes.
pub const EXPRESSION_BYTES_MAX: usize = 256;

/// Most regular expressions in a policy.
pub const EXPRESSIONS_MAX: usize = 256;

/// Largest size of all regular expressions in the paths of a policy, about 10 MB when compiled.
pub const PATH_PATTERNS_SIZE_MAX: usize = 1 << 16;

/// Longest `reason` or `description`, in characters.
pub const SENTENCE_CHARACTERS_MAX: usize = 500;

/// A policy, checked and indexed.
#[derive(Debug)]
pub struct Policy {
    pub(crate) id: PolicyId,
    pub(crate) tenant: Option<TenantId>,
    /// Whether for a user an agent must call.
    pub(crate) requires_actor: bool,
    /// Whether a condition of a rule looks into the claims.
    pub(crate) reads_claims: bool,
    /// Whether an answer that does not say who asked must be joined with its request.
    pub(crate) requires_decision_context: bool,
    /// Where agents may call back.
    pub(crate) push_urls: Vec<UriPattern>,
    /// In the order of their ids, so that the same rules in another order quote the same one.
    pub(crate) rules: Vec<Rule>,
    pub(crate) enforced: Index,
    pub(crate) log_only: Index,
    pub(crate) redactions: Box<Redactions>,
    /// What the settings call the key for hashes.
    pub(crate) hash_key: Option<Box<str>>,
    /// What is said of arguments, hashed.
    pub(crate) rewriting: Option<NameHash>,
    pub(crate) rewrites: Box<Rewrites>,
    pub(crate) limits: Box<Limits>,
    pub(crate) headers: Vec<Addition>,
    pub(crate) pins: Pins,
}

/// The rules of one mode by their effect and resources; boxed, since a policy is passed on by value.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) allow: Box<ResourceIndex>,
    pub(crate) deny: Box<ResourceIndex>,
}

impl Policy {
    /// Whether a condition of a rule looks into the claims.
    pub fn reads_claims(&self) -> bool {
        self.reads_claims
    }

    /// Reads a policy document (JSON, UTF-8).
    ///
    /// # Errors
    /// The first thing that is wrong, where it is and what would be right. A policy is taken whole or not at all.
    pub fn parse(document: &[u8]) -> Result<Policy, PolicyError> {
        Policy::check(document).map_err(|errors| errors.first)
    }

    /// The same for an author, who wants to know of everything that is wrong: at most one thing a rule.
    ///
    /// # Errors
    /// All that was found, in the order of the document.
    pub fn check(document: &[u8]) -> Result<Policy, PolicyErrors> {
        compile::parse(document)
    }

    /// The document's `policyId`.
    pub fn id(&self) -> &PolicyId {
        &self.id
    }

    /// The tools that are pinned, in no order, each with the digests of which its definition must have one.
    pub fn pins(&self) -> impl Iterator<Item = (&str, &[Digest])> {
        self.pins.tools()
    }

    /// The size of the regular expressions in all its paths.
    pub(crate) fn path_patterns_size(&self) -> usize {
        let conditions = self.rules.iter().flat_map(|rule| &rule.conditions).flat_map(Condition::paths);
        let redactions = self.redactions.paths();
        let headers = self.headers.iter().filter_map(Addition::path);
        conditions.chain(redactions).chain(self.rewrites.paths()).chain(headers).map(Selector::patterns_size).sum()
    }

    /// Whether it takes anything out of results.
    pub fn redacts(&self) -> bool {
        !self.redactions.list.is_empty()
    }

    /// What the settings call the key that HASH uses; none if no redaction does.
    pub fn hash_key(&self) -> Option<&str> {
        self.hash_key.as_deref()
    }

    /// The tenant that the policy is for; none if it is the baseline, for every tenant.
    pub fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }
}

/// What is wrong with a document: at least one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyErrors {
    /// The first in the order of the document.
    pub first: PolicyError,
    /// The others.
    pub others: Vec<PolicyError>,
}

impl PolicyErrors {
    /// One alone.
    pub(crate) fn one(first: PolicyError) -> PolicyErrors {
        PolicyErrors { first, others: Vec::new() }
    }

    /// None if there are none.
    pub(crate) fn of(errors: Vec<PolicyError>) -> Option<PolicyErrors> {
        let mut errors = errors.into_iter();
        errors.next().map(|first| PolicyErrors { first, others: errors.collect() })
    }
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
