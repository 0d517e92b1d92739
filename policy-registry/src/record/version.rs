//! A version of a policy: written once, and never changed but for being retired.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::PolicyId;

use super::attributes::{check_header, header, take, take_policy, take_seconds, take_tenant, text};
use super::{Item, MalformedItem, PolicyPointer, PolicyRecord};
use crate::key::{Key, Place};
use crate::operate::PolicyScope;

/// A version of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Whose it is.
    pub scope: PolicyScope,
    /// Its number, from 1.
    pub version: u64,
    /// The document's `policyId`.
    pub policy: PolicyId,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// The document, JSON.
    pub document: String,
    /// Who published it, as they say.
    pub author: String,
    /// Why.
    pub comment: Option<String>,
    /// When, in seconds since 1970.
    pub published_at: u64,
    /// How many warnings the linter had.
    pub warnings: u64,
    /// Since when it can come into force no more, in seconds since 1970.
    pub retired_at: Option<u64>,
}

impl PolicyVersion {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::version(&self.scope, self.version)
    }

    /// What points to it.
    pub fn pointer(&self) -> PolicyPointer {
        PolicyPointer { policy: self.policy.clone(), sha256: self.sha256.clone() }
    }

    /// The same document at a place where it is decided.
    pub fn at(&self, place: Place) -> PolicyRecord {
        let (policy, sha256, document) = (self.policy.clone(), self.sha256.clone(), self.document.clone());
        PolicyRecord { place, policy, sha256, document }
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let number = |number: u64| AttributeValue::N(number.to_string());
        let mut item = header(self.key(), "policy-version");
        item.extend(self.scope.tenant().map(|tenant| ("tenantId".to_owned(), text(tenant.as_str()))));
        item.insert("version".into(), number(self.version));
        item.insert("policyId".into(), text(self.policy.as_str()));
        item.insert("sha256".into(), text(&self.sha256));
        item.insert("document".into(), text(&self.document));
        item.insert("author".into(), text(&self.author));
        item.extend(self.comment.as_ref().map(|comment| ("comment".to_owned(), text(comment))));
        item.insert("publishedAt".into(), number(self.published_at));
        item.insert("warnings".into(), number(self.warnings));
        item.extend(self.retired_at.map(|at| ("retiredAt".to_owned(), number(at))));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<PolicyVersion, MalformedItem> {
        check_header(item, "policy-version")?;
        let tenant = item.get("tenantId").map(|_| take_tenant(item)).transpose()?;
        let version = PolicyVersion {
            scope: PolicyScope::from(tenant),
            version: take_seconds(item, "version")?,
            policy: take_policy(item, "policyId")?,
            sha256: take(item, "sha256")?.to_owned(),
            document: take(item, "document")?.to_owned(),
            author: take(item, "author")?.to_owned(),
            comment: item.get("comment").map(|_| take(item, "comment").map(str::to_owned)).transpose()?,
            published_at: take_seconds(item, "publishedAt")?,
            warnings: take_seconds(item, "warnings")?,
            retired_at: item.get("retiredAt").map(|_| take_seconds(item, "retiredAt")).transpose()?,
        };
        let key = version.key();
        if take(item, crate::key::PK)? != key.pk || take(item, crate::key::SK)? != key.sk {
            return Err(MalformedItem("version"));
        }
        Ok(version)
    }
}

/// What finds a version by its content.
pub(crate) fn content_record(version: &PolicyVersion) -> Item {
    let mut item = header(Key::content(&version.scope, &version.sha256), "policy-content");
    item.extend(version.scope.tenant().map(|tenant| ("tenantId".to_owned(), text(tenant.as_str()))));
    item.insert("sha256".into(), text(&version.sha256));
    item.insert("version".into(), AttributeValue::N(version.version.to_string()));
    item
}

/// The version that it finds.
pub(crate) fn content_record_version(item: &Item) -> Result<u64, MalformedItem> {
    check_header(item, "policy-content")?;
    take_seconds(item, "version")
}
