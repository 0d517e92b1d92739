//! A policy document that can be published.

use policy_model::{Policy, PolicyId};

use super::PolicyScope;
use crate::admin::ITEM_DOCUMENT_BYTES_MAX;
use crate::record::{PolicyPointer, PolicyVersion, sha256_hex};

/// A policy document that was read and found to be a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    scope: PolicyScope,
    pointer: PolicyPointer,
    text: String,
    warnings: u64,
}

impl PolicyDocument {
    /// Takes the text of a policy.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: String) -> Result<PolicyDocument, String> {
        let policy = Policy::parse(text.as_bytes()).map_err(|error| error.to_string())?;
        if text.len() > ITEM_DOCUMENT_BYTES_MAX {
            return Err(format!("longer than {ITEM_DOCUMENT_BYTES_MAX} bytes, which one item can hold"));
        }
        let scope = PolicyScope::from(policy.tenant().cloned());
        let pointer = PolicyPointer { policy: policy.id().clone(), sha256: sha256_hex(text.as_bytes()) };
        Ok(PolicyDocument { scope, pointer, text, warnings: 0 })
    }

    /// The same, with the number of warnings that the linter had.
    pub fn with_warnings(self, warnings: usize) -> PolicyDocument {
        PolicyDocument { warnings: u64::try_from(warnings).unwrap_or(u64::MAX), ..self }
    }

    /// Whose policy it is.
    pub fn scope(&self) -> &PolicyScope {
        &self.scope
    }

    /// Its `policyId`.
    pub fn policy(&self) -> &PolicyId {
        &self.pointer.policy
    }

    /// Its SHA-256, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.pointer.sha256
    }

    /// The text as it was taken.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What points to it.
    pub(super) fn pointer(&self) -> &PolicyPointer {
        &self.pointer
    }

    /// It as a version.
    pub(super) fn version(&self, version: u64, author: &str, comment: Option<String>, at: u64) -> PolicyVersion {
        PolicyVersion {
            scope: self.scope.clone(),
            version,
            policy: self.pointer.policy.clone(),
            sha256: self.pointer.sha256.clone(),
            document: self.text.clone(),
            author: author.to_owned(),
            comment,
            published_at: at,
            warnings: self.warnings,
            retired_at: None,
        }
    }
}
