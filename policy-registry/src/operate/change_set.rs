//! Publishing several policies: all are checked before the first is written, each tenant's comes into force whole, and what was cut off
//! is completed by the same again.

use std::collections::HashMap;

use super::condition::Condition;
use super::expectation::FirstSeen;
use super::publish::Planned;
use super::transaction::{ACTIONS_MAX, TRANSACTION_BYTES_MAX, TransactFault, Write};
use super::{
    OperateError, Operator, PolicyDocument, PolicyScope, Progress, PublishOptions, PublishOutcome, Published,
    checked_comment,
};
use crate::key::Key;
use crate::record::{ChangeSet, ChangeSetState, Item, sha256_hex};

/// How several policies are published.
#[derive(Debug, Clone, Default)]
pub struct ChangeSetOptions {
    /// Why, for the log.
    pub comment: Option<String>,
}

/// What came of a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSetReport {
    /// What it is called; `None` if there was nothing to publish, or one policy alone.
    pub id: Option<String>,
    /// What came of each policy, in the order of the scopes.
    pub published: Vec<Published>,
}

impl ChangeSetReport {
    /// How many policies were not in force before.
    pub fn changed(&self) -> usize {
        self.published.iter().filter(|published| published.outcome != PublishOutcome::Unchanged).count()
    }
}

/// What a change set is called: a digest of whose policies it publishes and of their contents, whatever their order.
pub fn change_set_id(documents: &[PolicyDocument]) -> String {
    let mut lines: Vec<String> =
        documents.iter().map(|document| format!("{} {}\n", document.scope(), document.sha256())).collect();
    lines.sort();
    sha256_hex(lines.concat().as_bytes()).chars().take(ID_DIGITS).collect()
}

/// One policy of the set, with what was in force when the set was begun.
struct Part<'d> {
    document: &'d PolicyDocument,
    seen: FirstSeen,
}

impl Operator {
    /// Publishes several policies. What is wrong with any of them refuses all before the first is written. They come into force
    /// tenant by tenant, as many in one transaction as fit; a set that fits one is in force at once. Where it was cut off the same
    /// set completes it.
    ///
    /// # Errors
    /// [`OperateError::Refused`] if two are for one tenant or a tenant is not there; [`OperateError::Conflict`] if somebody else
    /// published for one of the tenants meanwhile: what was published until then stays.
    pub async fn publish_all(
        &self,
        documents: &[PolicyDocument],
        options: &ChangeSetOptions,
        mut progress: impl FnMut(Progress),
    ) -> Result<ChangeSetReport, OperateError> {
        let comment = checked_comment(options.comment.as_deref())?;
        if let [document] = documents {
            let options = PublishOptions { comment, expect: None };
            let published = vec![self.publish(document, &options).await?];
            return Ok(ChangeSetReport { id: None, published });
        }
        let mut sorted: Vec<&PolicyDocument> = documents.iter().collect();
        sorted.sort_by_key(|document| document.scope());
        let (mut published, mut parts) = self.check_set(&sorted).await?;
        let id = change_set_id(documents);
        let set = ChangeSet {
            id: id.clone(),
            state: ChangeSetState::Open,
            policies: u64::try_from(documents.len()).unwrap_or(u64::MAX),
            author: self.author.clone(),
            at: super::clock::Stamp::now().seconds(),
            comment: comment.clone(),
        };
        let total = set.policies;
        let mut is_open = false;
        let mut rest = parts.as_mut_slice();
        while !rest.is_empty() {
            let (count, planned) = self.plan_part(rest, comment.clone(), &id).await?;
            let (now, later) = rest.split_at_mut(count);
            let is_whole = !is_open && later.is_empty();
            if !is_whole && !is_open {
                self.put_change_set(&set).await?;
                is_open = true;
            }
            let closing = is_whole.then(|| ChangeSet { state: ChangeSetState::Done, ..set.clone() });
            published.extend(self.commit_part(now, planned, comment.clone(), &set, closing.as_ref()).await?);
            progress(Progress { done: u64::try_from(published.len()).unwrap_or(u64::MAX), total });
            rest = later;
        }
        if is_open || parts.is_empty() {
            self.close_change_set(&set, is_open).await?;
        }
        published.sort_by(|one, other| one.scope.cmp(&other.scope));
        Ok(ChangeSetReport { id: Some(id), published })
    }

    /// What is in force already, and what is to be published.
    async fn check_set<'d>(
        &self,
        documents: &[&'d PolicyDocument],
    ) -> Result<(Vec<Published>, Vec<Part<'d>>), OperateError> {
        for pair in documents.windows(2) {
            if let [one, other] = pair
                && one.scope() == other.scope()
            {
                let reason = format!(
                    "{:?} and {:?} are both for {}; keep one",
                    one.policy().as_str(),
                    other.policy().as_str(),
                    one.scope()
                );
                return Err(OperateError::Refused(reason));
            }
        }
        let (mut unchanged, mut parts, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for chunk in documents.chunks(SCOPES_MAX) {
            let found = self.read_scopes(chunk).await?;
            for document in chunk {
                let scope = document.scope();
                let (held, content) = self.hold_found(document, &found).await?;
                if matches!(scope, PolicyScope::Tenant(_)) && held.state.is_none() {
                    missing.push(scope.to_string());
                    continue;
                }
                if let Some(content) = content
                    && held.state.as_ref().is_none_or(|state| state.policy.sha256 != document.sha256())
                {
                    self.usable_version(scope, super::versions::content_version(content)?).await?;
                }
                if let Some(published) = super::publish::as_it_is(&held, document) {
                    unchanged.push(published);
                } else {
                    parts.push(Part { document, seen: FirstSeen::of(held.state.as_ref()) });
                }
            }
        }
        if missing.is_empty() {
            return Ok((unchanged, parts));
        }
        let named = missing.iter().take(MISSING_NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = missing.len().saturating_sub(MISSING_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Err(OperateError::Refused(format!("{named}{more}: not in the registry; add them first. Nothing was published")))
    }

    /// As many of the first parts as fit one transaction.
    async fn plan_part(
        &self,
        parts: &mut [Part<'_>],
        comment: Option<String>,
        id: &str,
    ) -> Result<(usize, Vec<Planned>), OperateError> {
        let chunk: Vec<&PolicyDocument> = parts.iter().take(PART_SCOPES_MAX).map(|part| part.document).collect();
        let found = self.read_scopes(&chunk).await?;
        let (mut planned, mut actions, mut bytes) = (Vec::new(), 1, 0);
        for part in parts.iter_mut().take(PART_SCOPES_MAX) {
            let (held, content) = self.hold_found(part.document, &found).await?;
            part.seen.check_or_done(held.state.as_ref(), part.document)?;
            let plan = self.plan_publication(&held, part.document, content, comment.clone(), Some(id)).await?;
            actions += plan.writes.len();
            bytes += plan.writes.iter().map(Write::bytes).sum::<usize>();
            if !planned.is_empty() && (actions > ACTIONS_MAX || bytes > TRANSACTION_BYTES_MAX) {
                break;
            }
            planned.push(plan);
        }
        Ok((planned.len(), planned))
    }

    async fn commit_part(
        &self,
        parts: &mut [Part<'_>],
        planned: Vec<Planned>,
        comment: Option<String>,
        set: &ChangeSet,
        closing: Option<&ChangeSet>,
    ) -> Result<Vec<Published>, OperateError> {
        let mut planned = planned;
        for _ in 0..ATTEMPTS_MAX {
            let mut writes: Vec<Write> = planned.iter().flat_map(|plan| plan.writes.clone()).collect();
            let done = || planned.iter().map(|plan| plan.published.clone()).collect();
            writes.extend(closing.map(|set| Write::put(set.to_item(), None)));
            if writes.is_empty() {
                return Ok(done());
            }
            match self.transact(&writes).await {
                Ok(()) => return Ok(done()),
                Err(TransactFault::Other(error)) => return Err(error),
                Err(TransactFault::Condition) => {
                    // Somebody changed one of the tenants; if its policy is another one now, this is where it shows.
                    let (count, again) = self.plan_part(parts, comment.clone(), &set.id).await?;
                    if count < parts.len() {
                        return Err(contended(set));
                    }
                    planned = again;
                }
            }
        }
        Err(contended(set))
    }

    async fn put_change_set(&self, set: &ChangeSet) -> Result<(), OperateError> {
        match self.transact(&[Write::put(set.to_item(), None)]).await {
            Ok(()) => Ok(()),
            Err(TransactFault::Other(error)) => Err(error),
            Err(TransactFault::Condition) => Err(contended(set)),
        }
    }

    /// Closes it if it is there and open.
    async fn close_change_set(&self, set: &ChangeSet, is_own: bool) -> Result<(), OperateError> {
        let before = self.read_one(&Key::change_set(&set.id)).await?;
        let before = before.as_ref().map(ChangeSet::from_item).transpose();
        let before = before.map_err(|malformed| OperateError::malformed("the change set", malformed))?;
        let Some(before) = before.filter(|before| is_own || before.state == ChangeSetState::Open) else {
            return Ok(());
        };
        let closed = ChangeSet { state: ChangeSetState::Done, ..before };
        match self.transact(&[Write::put(closed.to_item(), Some(Condition::present()))]).await {
            Ok(()) | Err(TransactFault::Condition) => Ok(()),
            Err(TransactFault::Other(error)) => Err(error),
        }
    }

    async fn read_scopes(&self, documents: &[&PolicyDocument]) -> Result<HashMap<Key, Item>, OperateError> {
        let keys = documents
            .iter()
            .flat_map(|document| [Key::pointer(document.scope()), Key::content(document.scope(), document.sha256())]);
        self.read_all(&keys.collect::<Vec<_>>()).await
    }

    async fn hold_found<'f>(
        &self,
        document: &PolicyDocument,
        found: &'f HashMap<Key, Item>,
    ) -> Result<(super::held::Held, Option<&'f Item>), OperateError> {
        let scope = document.scope();
        let held = self.hold_item(scope, found.get(&Key::pointer(scope)).cloned()).await?;
        Ok((held, found.get(&Key::content(scope, document.sha256()))))
    }
}

fn contended(set: &ChangeSet) -> OperateError {
    OperateError::Conflict {
        what: format!("change set {}", set.id),
        expected: "nobody else to be changing its tenants".to_owned(),
        found: "a change each time; publish the same again to complete it".to_owned(),
    }
}

/// Digits of the name of a change set.
const ID_DIGITS: usize = 16;

/// Scopes of which two items each are read at once.
const SCOPES_MAX: usize = 50;

/// Scopes that are looked at for one transaction: each has at least four writes.
const PART_SCOPES_MAX: usize = 25;

const MISSING_NAMED: usize = 10;

const ATTEMPTS_MAX: usize = 20;
