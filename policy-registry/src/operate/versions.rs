//! Versions: listing, reading and retiring them.

use super::condition::Condition;
use super::expectation::SHA256_DIGITS_MIN;
use super::held::{Attempts, Deed};
use super::pages::{Pages, Question};
use super::transaction::Write;
use super::{OperateError, Operator, PolicyScope, PolicyState, checked_comment};
use crate::key::{CONTENT_PREFIX, Key, SK, VERSION_PREFIX};
use crate::record::{Action, Item, MalformedItem, PolicyVersion, content_record, content_record_version};

/// Which version is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionName {
    /// The one in force.
    Active,
    /// By its number.
    Number(u64),
    /// By the first digits of the document's SHA-256, at least 8, in lower-case hexadecimal.
    Sha256(String),
}

impl Operator {
    /// What points to the policies of a tenant or is the baseline.
    ///
    /// # Errors
    /// [`OperateError::NotFound`], [`OperateError::Table`].
    pub async fn policy_state(&self, scope: &PolicyScope) -> Result<PolicyState, OperateError> {
        let held = self.hold(scope).await?;
        Ok(PolicyState { versions: held.versions, ..held.require()?.clone() })
    }

    /// The versions of a scope's policies with their documents, the newest first.
    pub fn versions(&self, scope: &PolicyScope) -> Pages<PolicyVersion> {
        let question = Question::partition(Key::scope(scope)).beginning(VERSION_PREFIX).descending();
        Pages::new(self, question, PolicyVersion::from_item)
    }

    /// One version with its document. A policy that was loaded and never published has version number 0.
    ///
    /// # Errors
    /// [`OperateError::NotFound`]; [`OperateError::Refused`] if several versions have these digits.
    pub async fn version(&self, scope: &PolicyScope, name: &VersionName) -> Result<PolicyVersion, OperateError> {
        match name {
            VersionName::Number(version) => self.find_version(scope, *version).await,
            VersionName::Sha256(digits) => {
                let version = self.version_of_content(scope, digits).await?;
                self.find_version(scope, version).await
            }
            VersionName::Active => {
                let held = self.hold(scope).await?;
                let state = held.require()?;
                match state.policy_version {
                    Some(version) => self.find_version(scope, version).await,
                    None => self.loaded(state).await,
                }
            }
        }
    }

    async fn loaded(&self, state: &PolicyState) -> Result<PolicyVersion, OperateError> {
        let (place, what) = (state.scope.active(), format!("the policy of {}", state.scope));
        let item = self.read_one(&Key::policy(&place)).await?;
        let item = item.ok_or_else(|| OperateError::NotFound(what.clone()))?;
        let record = crate::record::PolicyRecord::from_item(&item, &place);
        let record = record.map_err(|malformed| OperateError::malformed(&what, malformed))?;
        if record.pointer() != state.policy {
            return Err(OperateError::malformed(&what, MalformedItem("sha256")));
        }
        Ok(PolicyVersion {
            scope: state.scope.clone(),
            version: 0,
            policy: record.policy,
            sha256: record.sha256,
            document: record.document,
            author: "unknown".to_owned(),
            comment: None,
            published_at: 0,
            warnings: 0,
            retired_at: None,
        })
    }

    /// The number of the version whose SHA-256 begins so.
    pub(super) async fn version_of_content(&self, scope: &PolicyScope, digits: &str) -> Result<u64, OperateError> {
        if digits.len() < SHA256_DIGITS_MIN {
            return Err(OperateError::Refused(format!("a SHA-256 is known by at least {SHA256_DIGITS_MIN} digits")));
        }
        let question = Question::partition(Key::scope(scope)).beginning(CONTENT_PREFIX);
        let mut found = Vec::new();
        let mut pages = Pages::new(self, question, |item| {
            let sk = item.get(SK).and_then(|sk| sk.as_s().ok()).ok_or(MalformedItem(SK))?;
            Ok((sk.clone(), content_record_version(item)?))
        });
        while let Some(page) = pages.next().await? {
            for (sk, version) in page.into_iter().flatten() {
                found.extend(
                    sk.strip_prefix(CONTENT_PREFIX).filter(|sha256| sha256.starts_with(digits)).map(|_| version),
                );
            }
        }
        match found.as_slice() {
            [] => Err(OperateError::NotFound(format!("a version of {scope} with sha256 {digits}.."))),
            [version] => Ok(*version),
            [..] => Err(OperateError::Refused(format!("several versions of {scope} have sha256 {digits}.."))),
        }
    }

    /// Retires a version: it stays and is shown, but comes into force no more. Whether it was not retired before.
    ///
    /// # Errors
    /// [`OperateError::Refused`] if it is in force or the shadow; [`OperateError::NotFound`].
    pub async fn retire(&self, scope: &PolicyScope, version: u64, comment: Option<&str>) -> Result<bool, OperateError> {
        let comment = checked_comment(comment)?;
        let mut attempts = Attempts::default();
        loop {
            let held = self.hold(scope).await?;
            let state = held.require()?;
            for (used, what) in [(state.policy_version, "in force"), (state.shadow_version, "the shadow")] {
                if used == Some(version) {
                    let reason = format!("version {version} of {scope} is {what}; put another one in its place first");
                    return Err(OperateError::Refused(reason));
                }
            }
            let mut found = self.find_version(scope, version).await?;
            if [Some(&state.policy), state.shadow.as_ref()].contains(&Some(&found.pointer())) {
                let reason = format!("the content of version {version} of {scope} is in force or the shadow");
                return Err(OperateError::Refused(reason));
            }
            if found.retired_at.is_some() {
                return Ok(false);
            }
            let mut entry = self.entry(Deed::new(Action::PolicyRetired, comment.clone()));
            entry.deed.from_version = Some(version);
            found.retired_at = Some(entry.at.seconds());
            let next = PolicyState { versions: held.versions, ..state.clone() };
            let mut writes = held.to(next, &entry)?;
            writes.push(Write::put(found.to_item(), Some(Condition::present().without("retiredAt"))));
            if self.commit(scope, &writes, &mut attempts).await? {
                return Ok(true);
            }
        }
    }
}

/// What finds a version by its content.
pub(super) fn content_item(version: &PolicyVersion) -> Item {
    content_record(version)
}

/// The version that it finds.
pub(super) fn content_version(item: &Item) -> Result<u64, OperateError> {
    content_record_version(item).map_err(|malformed| OperateError::malformed("the item of a content", malformed))
}
