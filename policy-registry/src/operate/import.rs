//! Importing members, as many as there are: all of them are checked before the first is written, and never are all held.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::TenantId;

use super::batch::{BATCH_ITEMS_MAX, put};
use super::held::Deed;
use super::members::Enrollment;
use super::{OperateError, Operator, PolicyScope, Progress, checked_comment};
use crate::admin::check_membership;
use crate::key::Key;
use crate::record::{Action, Item, MEMBER_PREFIX, Membership, Status};

/// A line that says who is a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Its number, from 1.
    pub number: u64,
    /// What it says, or what is wrong with it.
    pub member: Result<Membership, String>,
}

/// A line that says no membership that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its number.
    pub number: u64,
    /// What is wrong with it, and what would be right.
    pub problem: String,
}

/// What an import would write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Members by tenant.
    pub members: BTreeMap<TenantId, u64>,
    /// The first [`REFUSED_SHOWN_MAX`] lines that are refused.
    pub refused: Vec<RefusedLine>,
    /// How many are.
    pub refused_total: u64,
}

/// What an import wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Members that are new.
    pub added: u64,
    /// Members that were there with something else.
    pub replaced: u64,
    /// Members that were there just so, which cost no write.
    pub unchanged: u64,
    /// Of all these, members that stay suspended although the lines say otherwise.
    pub kept_suspended: u64,
}

impl ImportPlan {
    /// How many members there are.
    pub fn total(&self) -> u64 {
        self.members.values().sum()
    }

    fn refuse(&mut self, number: u64, problem: String) {
        self.refused_total += 1;
        if self.refused.len() < REFUSED_SHOWN_MAX {
            self.refused.push(RefusedLine { number, problem });
        }
    }
}

impl Operator {
    /// Checks all lines: each must say a membership that can be written, in a tenant that is there, and no other line the same
    /// member. 16 bytes are held of each. Nothing is written.
    ///
    /// # Errors
    /// [`OperateError::Table`]. Lines that are refused are in the plan.
    pub async fn check_import(&self, lines: impl Iterator<Item = MemberLine>) -> Result<ImportPlan, OperateError> {
        let mut plan = ImportPlan::default();
        let (mut seen, mut unknown) = (HashSet::new(), HashSet::new());
        for MemberLine { number, member } in lines {
            let member = member.and_then(|member| check_membership(&member).map(|()| member));
            let member = match member {
                Ok(member) => member,
                Err(problem) => {
                    plan.refuse(number, problem);
                    continue;
                }
            };
            if !plan.members.contains_key(&member.tenant) && !unknown.contains(&member.tenant) {
                if self.read_one(&Key::tenant(&member.tenant)).await?.is_some() {
                    plan.members.insert(member.tenant.clone(), 0);
                } else {
                    unknown.insert(member.tenant.clone());
                }
            }
            let Some(count) = plan.members.get_mut(&member.tenant) else {
                plan.refuse(number, format!("tenant {} is not in the registry", member.tenant.as_str()));
                continue;
            };
            if seen.insert(fingerprint(&member.key())) {
                *count += 1;
            } else {
                plan.refuse(number, "an earlier line says the same member of the tenant; keep one".to_owned());
            }
        }
        Ok(plan)
    }

    /// Writes what was checked: the same lines once more. Members that are there just so are left alone, so that an import that was
    /// cut off is completed by the same import. Each tenant's log has one entry, which is there before the first of its members and
    /// says in the end how many there were.
    ///
    /// # Errors
    /// [`OperateError::Refused`] if the plan has refused lines, or the lines are others than those that were checked.
    pub async fn import_members(
        &self,
        plan: &ImportPlan,
        lines: impl Iterator<Item = MemberLine>,
        comment: Option<&str>,
        mut progress: impl FnMut(Progress),
    ) -> Result<ImportReport, OperateError> {
        let comment = checked_comment(comment)?;
        if plan.refused_total > 0 {
            return Err(OperateError::Refused(format!(
                "{} lines are refused; nothing was written",
                plan.refused_total
            )));
        }
        let mut entries = BTreeMap::new();
        for (tenant, count) in &plan.members {
            let mut deed = Deed::new(Action::MembersImported, comment.clone());
            deed.details.push(("members", count.to_string()));
            let item = self.timed(&self.entry(deed), Some(tenant), MEMBER_PREFIX)?;
            self.write_batch(vec![put(item.clone())?]).await?;
            entries.insert(tenant.clone(), (item, ImportReport::default(), 0_u64));
        }
        let (total, mut done, mut chunk) = (plan.total(), 0, Vec::with_capacity(CHUNK_MEMBERS));
        let mut lines = lines.peekable();
        while let Some(MemberLine { number, member }) = lines.next() {
            let changed = || OperateError::Refused(format!("line {number} is not what was checked; import again"));
            let member = member.map_err(|_| changed())?;
            check_membership(&member).map_err(|_| changed())?;
            let (_, _, seen) = entries.get_mut(&member.tenant).ok_or_else(changed)?;
            *seen += 1;
            if plan.members.get(&member.tenant).is_none_or(|count| *seen > *count) {
                return Err(changed());
            }
            chunk.push(member);
            if chunk.len() == CHUNK_MEMBERS || lines.peek().is_none() {
                for (member, outcome, is_kept) in self.import_chunk(&chunk).await? {
                    if let Some((_, report, _)) = entries.get_mut(&member.tenant) {
                        report.count(outcome, is_kept);
                    }
                }
                done += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
                chunk.clear();
                progress(Progress { done, total });
            }
        }
        let mut whole = ImportReport::default();
        for (item, report, _) in entries.into_values() {
            self.write_batch(vec![put(report.noted(item))?]).await?;
            whole.added += report.added;
            whole.replaced += report.replaced;
            whole.unchanged += report.unchanged;
            whole.kept_suspended += report.kept_suspended;
        }
        if done < total {
            return Err(OperateError::Refused("there are fewer lines than were checked; import again".to_owned()));
        }
        Ok(whole)
    }

    async fn import_chunk<'m>(
        &self,
        members: &'m [Membership],
    ) -> Result<Vec<(&'m Membership, Enrollment, bool)>, OperateError> {
        let keys: Vec<Key> = members.iter().map(Membership::key).collect();
        let tenants: BTreeSet<&TenantId> = members.iter().map(|member| &member.tenant).collect();
        let all: Vec<Key> = keys.iter().cloned().chain(tenants.iter().map(|tenant| Key::tenant(tenant))).collect();
        let found = self.read_all(&all).await?;
        // One that was removed meanwhile gets no members.
        if let Some(tenant) = tenants.into_iter().find(|tenant| !found.contains_key(&Key::tenant(tenant))) {
            return Err(OperateError::NotFound(PolicyScope::Tenant(tenant.clone()).to_string()));
        }
        let (mut outcomes, mut requests) = (Vec::with_capacity(members.len()), Vec::new());
        for (member, key) in members.iter().zip(&keys) {
            let before = found.get(key);
            let is_kept = self.check_suspension(before, &member.to_item()).is_err();
            let status = if is_kept { Status::Suspended } else { member.status };
            let item = Membership { status, ..member.clone() }.to_item();
            let outcome = match before {
                None => Enrollment::Added,
                Some(before) if *before == item => Enrollment::Unchanged,
                Some(_) => Enrollment::Replaced,
            };
            if outcome != Enrollment::Unchanged {
                requests.push(put(item)?);
            }
            outcomes.push((member, outcome, is_kept));
        }
        for part in requests.chunks(BATCH_ITEMS_MAX) {
            self.write_batch(part.to_vec()).await?;
        }
        Ok(outcomes)
    }
}

impl ImportReport {
    fn count(&mut self, outcome: Enrollment, is_kept: bool) {
        self.kept_suspended += u64::from(is_kept);
        match outcome {
            Enrollment::Added => self.added += 1,
            Enrollment::Replaced => self.replaced += 1,
            Enrollment::Unchanged => self.unchanged += 1,
        }
    }

    /// The item of the log with what was done.
    fn noted(&self, mut item: Item) -> Item {
        if let Some(AttributeValue::M(details)) = item.get_mut("details") {
            for (name, count) in [("added", self.added), ("replaced", self.replaced), ("unchanged", self.unchanged)] {
                details.insert(name.to_owned(), AttributeValue::S(count.to_string()));
            }
        }
        item
    }
}

/// Half of a SHA-256: two keys with the same one are the same.
fn fingerprint(key: &Key) -> [u8; 16] {
    let computed = digest::digest(&digest::SHA256, format!("{} {}", key.pk, key.sk).as_bytes());
    let mut half = [0; 16];
    half.iter_mut().zip(computed.as_ref()).for_each(|(half, byte)| *half = *byte);
    half
}

/// Most refused lines that a plan shows.
pub const REFUSED_SHOWN_MAX: usize = 1_000;

/// Members that are looked at together: with their tenants they are hardly more than one read takes, and three writes.
const CHUNK_MEMBERS: usize = 75;
