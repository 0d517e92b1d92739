//! Publishing one policy: an immutable version, and the pointer to it, in one transaction.

use super::expectation::FirstSeen;
use super::held::{Attempts, Deed, Held};
use super::transaction::Write;
use super::versions::{content_item, content_version};
use super::{Expectation, OperateError, Operator, PolicyDocument, PolicyScope, PolicyState, checked_comment};
use crate::key::{Key, Place};
use crate::operate::condition::Condition;
use crate::record::{Action, Item, PolicyPointer, PolicyRecord, PolicyVersion, sha256_hex};

/// How a policy is published.
#[derive(Debug, Clone, Default)]
pub struct PublishOptions {
    /// Why, for the log.
    pub comment: Option<String>,
    /// What must be in force; otherwise it is a conflict. Without it: what was in force when it was first looked at.
    pub expect: Option<Expectation>,
}

/// What came of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Whose policy.
    pub scope: PolicyScope,
    /// What was done.
    pub outcome: PublishOutcome,
    /// The version in force; `None` where that was loaded and never published.
    pub version: Option<u64>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The version before.
    pub from_version: Option<u64>,
    /// What was in force before; `None` where there was no baseline.
    pub from: Option<PolicyPointer>,
    /// Whether it was the shadow until now, which is therefore none any more.
    pub is_shadow_cleared: bool,
}

/// What a publication did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishOutcome {
    /// Nothing: it was in force.
    Unchanged,
    /// There is a new version, and it is in force.
    New,
    /// A version of the same content is in force again.
    Again,
}

/// What a publication writes, and what it then was.
pub(super) struct Planned {
    pub(super) writes: Vec<Write>,
    pub(super) published: Published,
}

impl Operator {
    /// Publishes a policy: its document becomes an immutable version, or is one already, and is in force. All of it or nothing; what
    /// is in force already is left alone.
    ///
    /// # Errors
    /// [`OperateError::NotExpected`] if another policy is in force than was expected; [`OperateError::Conflict`] if another one is
    /// than when it was first looked at; [`OperateError::NotFound`] without the tenant; [`OperateError::Refused`] if that content was retired.
    pub async fn publish(
        &self,
        document: &PolicyDocument,
        options: &PublishOptions,
    ) -> Result<Published, OperateError> {
        let comment = checked_comment(options.comment.as_deref())?;
        let scope = document.scope();
        let (mut attempts, mut seen) = (Attempts::default(), FirstSeen::default());
        loop {
            let held = self.hold(scope).await?;
            let state = held.state.as_ref();
            if let Some(expect) = &options.expect {
                expect.check(state, scope)?;
            }
            seen.check(state, scope)?;
            let content = self.read_one(&Key::content(scope, document.sha256())).await?;
            let planned = self.plan_publication(&held, document, content.as_ref(), comment.clone(), None).await?;
            if planned.writes.is_empty() || self.commit(scope, &planned.writes, &mut attempts).await? {
                return Ok(planned.published);
            }
        }
    }

    /// What is to be written, if something is. `content` is the item that says which version has this content.
    pub(super) async fn plan_publication(
        &self,
        held: &Held,
        document: &PolicyDocument,
        content: Option<&Item>,
        comment: Option<String>,
        change_set: Option<&str>,
    ) -> Result<Planned, OperateError> {
        let scope = &held.scope;
        let before = match scope {
            PolicyScope::Tenant(_) => Some(held.require()?),
            PolicyScope::Baseline => held.state.as_ref(),
        };
        if let Some(published) = as_it_is(held, document) {
            return Ok(Planned { writes: Vec::new(), published });
        }
        let mut entry = self.entry(Deed::new(Action::PolicyPublished, comment.clone()));
        let (mut versions, mut documents) = (held.versions, Vec::new());
        let mut from_version = before.and_then(|before| before.policy_version);
        if let Some(before) = before.filter(|before| before.policy_version.is_none())
            && let Some(loaded) = self.unversioned(before).await?
        {
            from_version = Some(match loaded {
                Unversioned::Known(version) => version,
                Unversioned::New(record) => {
                    versions += 1;
                    let version = self.version_of(*record, scope, versions, entry.at.seconds());
                    documents.extend(new_version(&version));
                    versions
                }
            });
        }
        let (version, outcome) = match content {
            Some(content) => {
                let version = content_version(content)?;
                self.usable_version(scope, version).await?;
                (version, PublishOutcome::Again)
            }
            None => {
                versions += 1;
                let version = document.version(versions, self.author(), comment, entry.at.seconds());
                documents.extend(new_version(&version));
                (versions, PublishOutcome::New)
            }
        };
        let record = PolicyRecord {
            place: scope.active(),
            policy: document.policy().clone(),
            sha256: document.sha256().to_owned(),
            document: document.text().to_owned(),
        };
        let (next, activation, is_shadow_cleared) = activate(before, scope, &record, version);
        documents.extend(activation);
        entry.deed.from_version = from_version;
        entry.deed.to_version = Some(version);
        entry.deed.change_set = change_set.map(str::to_owned);
        entry.deed.details.push(("sha256", document.sha256().to_owned()));
        let mut writes = held.to(PolicyState { versions, ..next }, &entry)?;
        writes.extend(documents);
        let published = Published {
            scope: scope.clone(),
            outcome,
            version: Some(version),
            sha256: document.sha256().to_owned(),
            from_version,
            from: before.map(|before| before.policy.clone()),
            is_shadow_cleared,
        };
        Ok(Planned { writes, published })
    }

    /// Makes a version of what was loaded and never published, before something else takes its place: the highest version number
    /// then, and what to write.
    pub(super) async fn keep_loaded(
        &self,
        state: &PolicyState,
        versions: u64,
        at: u64,
    ) -> Result<(u64, Vec<Write>), OperateError> {
        if state.policy_version.is_some() {
            return Ok((versions, Vec::new()));
        }
        match self.unversioned(state).await? {
            Some(Unversioned::New(record)) => {
                let version = self.version_of(*record, &state.scope, versions + 1, at);
                Ok((versions + 1, new_version(&version).into_iter().collect()))
            }
            Some(Unversioned::Known(_)) | None => Ok((versions, Vec::new())),
        }
    }

    /// The version of what was loaded, if it is what the pointer says: a half-done load has none.
    async fn unversioned(&self, state: &PolicyState) -> Result<Option<Unversioned>, OperateError> {
        let place = state.scope.active();
        let Some(item) = self.read_one(&Key::policy(&place)).await? else { return Ok(None) };
        let Ok(record) = PolicyRecord::from_item(&item, &place) else { return Ok(None) };
        let is_right = record.place == place
            && record.pointer() == state.policy
            && sha256_hex(record.document.as_bytes()) == record.sha256;
        if !is_right {
            return Ok(None);
        }
        match self.read_one(&Key::content(&state.scope, &record.sha256)).await? {
            Some(content) => Ok(Some(Unversioned::Known(content_version(&content)?))),
            None => Ok(Some(Unversioned::New(Box::new(record)))),
        }
    }

    fn version_of(&self, record: PolicyRecord, scope: &PolicyScope, version: u64, at: u64) -> PolicyVersion {
        PolicyVersion {
            scope: scope.clone(),
            version,
            policy: record.policy,
            sha256: record.sha256,
            document: record.document,
            author: self.author.clone(),
            comment: Some(UNVERSIONED.to_owned()),
            published_at: at,
            warnings: 0,
            retired_at: None,
        }
    }

    /// A version that may come into force.
    pub(super) async fn usable_version(
        &self,
        scope: &PolicyScope,
        version: u64,
    ) -> Result<PolicyVersion, OperateError> {
        let found = self.find_version(scope, version).await?;
        if found.retired_at.is_some() {
            return Err(OperateError::Refused(format!("version {version} of {scope} is retired; publish another one")));
        }
        Ok(found)
    }
}

enum Unversioned {
    Known(u64),
    New(Box<PolicyRecord>),
}

/// A version and what finds it by its content, neither of which is there.
pub(super) fn new_version(version: &PolicyVersion) -> [Write; 2] {
    [
        Write::put(version.to_item(), Some(Condition::absent())),
        Write::put(content_item(version), Some(Condition::absent())),
    ]
}

/// What is in force then, what is written for it besides the pointer, and whether that takes the shadow away.
pub(super) fn activate(
    before: Option<&PolicyState>,
    scope: &PolicyScope,
    record: &PolicyRecord,
    version: u64,
) -> (PolicyState, Vec<Write>, bool) {
    let mut next = before.cloned().unwrap_or_else(|| PolicyState {
        scope: scope.clone(),
        status: crate::record::Status::Active,
        policy: record.pointer(),
        policy_version: None,
        shadow: None,
        shadow_version: None,
        revision: 0,
        versions: 0,
    });
    let mut writes = vec![Write::put(record.to_item(), None)];
    next.policy = record.pointer();
    next.policy_version = Some(version);
    let is_shadow = next.shadow.as_ref() == Some(&next.policy);
    if let Some(tenant) = scope.tenant().filter(|_| is_shadow) {
        (next.shadow, next.shadow_version) = (None, None);
        writes.push(Write::delete(Key::policy(&Place::Shadow(tenant.clone())), None));
    }
    (next, writes, is_shadow)
}

/// What there is to say of a document that is in force; `None` for any other.
pub(super) fn as_it_is(held: &Held, document: &PolicyDocument) -> Option<Published> {
    let state = held.state.as_ref().filter(|state| state.policy == *document.pointer())?;
    Some(Published {
        scope: state.scope.clone(),
        outcome: PublishOutcome::Unchanged,
        version: state.policy_version,
        sha256: state.policy.sha256.clone(),
        from_version: state.policy_version,
        from: Some(state.policy.clone()),
        is_shadow_cleared: false,
    })
}

const UNVERSIONED: &str = "was in force before versions were kept";
