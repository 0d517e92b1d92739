//! Several operators at once, each on a task of its own: whatever the order was, the log has it, and no change is lost.

use std::collections::{BTreeMap, BTreeSet};

use policy_registry::Refusal;
use policy_registry::operate::Operator;
use policy_registry::record::{Action, LogEntry};

use super::audit::as_expected;
use super::expected::{Expected, Now, Outcome, Owner, Said, Scope, Why};
use super::random::Random;
use super::real::{Real, name, scope, take, user_name};
use super::step::{Step, USERS, draw};
use super::{STEPS, setting};
use crate::operator::all;
use crate::table::{TABLE, Table};

/// A fifth of as many steps as the comparison has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_of_operators_at_once_is_lost() {
    let steps = setting("TENANTGATE_ORACLE_OPERATIONS", STEPS) / 5;
    let table = Table::new().await;
    let real = Real::new(&table, 1);
    for tenant in 0..OWNERS.len() - 1 {
        take(real.operator(), &table.forgetful_registry(), &Step::AddTenant { tenant, content: 0 }).await.unwrap();
    }
    let writers = (0..WRITERS).map(|number| {
        let operator = Operator::new(table.client.clone(), TABLE, &writer_name(number)).unwrap();
        let registry = table.forgetful_registry();
        tokio::spawn(async move {
            let mut random = Random::new(7 + u64::try_from(number).unwrap());
            let mut writer = Writer { number, done: 0, members: BTreeMap::new(), conflicts: 0 };
            let mut seen = Expected::default();
            for step in 0..steps / u64::try_from(WRITERS).unwrap() {
                if step % 3 == 0 {
                    seen = look(&operator).await;
                }
                if let Some(step) = own(draw(&mut random, &seen), number) {
                    let outcome = take(&operator, &registry, &step).await;
                    writer.note(&step, &outcome);
                }
            }
            writer
        })
    });
    let mut conflicts = 0;
    let mut done = BTreeMap::from([(writer_name_of_setup(), OWNERS.len() - 1)]);
    let mut members = BTreeMap::new();
    for writer in writers.collect::<Vec<_>>() {
        let writer = writer.await.unwrap();
        conflicts += writer.conflicts;
        done.insert(writer_name(writer.number), writer.done);
        members.extend(writer.members);
    }
    assert!(conflicts > 0, "they never met");
    let mut logged: BTreeMap<String, usize> = BTreeMap::new();
    for owner in OWNERS {
        let mut log = all(real.operator().revisions(owner.map(name).as_ref())).await;
        log.reverse();
        for (number, entry) in (1..).zip(&log) {
            assert_eq!(entry.revision(), Some(number));
            *logged.entry(entry.author.clone()).or_default() += 1;
        }
        let state = real.operator().policy_state(&scope(owner)).await.ok();
        assert_eq!(state.as_ref().map(as_expected), replay(owner, &log), "{owner:?}");
    }
    assert_eq!(logged, done, "what was done, and what the log says, by each");
    for tenant in OWNERS.into_iter().flatten() {
        for member in all(real.operator().members(&name(tenant))).await {
            assert_eq!(members.remove(&(tenant, member.subject.clone())), Some(Some(member.roles.len())));
        }
    }
    assert!(members.into_values().all(|roles| roles.is_none()), "a member was lost");
}

/// What one of them did.
struct Writer {
    number: usize,
    done: usize,
    conflicts: usize,
    /// The roles of its own users.
    members: BTreeMap<(usize, String), Option<usize>>,
}

impl Writer {
    fn note(&mut self, step: &Step, outcome: &Outcome) {
        match outcome {
            Ok(Said::Done | Said::Version(_)) if !matches!(step, Step::RemoveMember { .. }) => self.done += 1,
            Ok(Said::Versions(versions)) => self.done += versions.len(),
            Ok(Said::Done | Said::Version(_) | Said::Nothing | Said::Members(..) | Said::Kill(_) | Said::Grant(_)) => {}
            Err(Why::Conflict) => self.conflicts += 1,
            Err(Why::NotFound | Why::Refused | Why::Decision(Refusal::NotAMember | Refusal::TenantSuspended)) => {}
            Err(Why::Decision(refusal)) => panic!("{step:?}: {refusal:?}"),
        }
        if let (Step::AddMember { tenant, user, roles }, Ok(_)) = (step, outcome) {
            self.members.insert((*tenant, user_name(*user)), Some(*roles));
        }
        if let (Step::RemoveMember { tenant, user }, Ok(_)) = (step, outcome) {
            self.members.insert((*tenant, user_name(*user)), None);
        }
        if let (Step::Import { tenant, users }, Ok(_)) = (step, outcome) {
            self.members.extend(users.iter().map(|user| ((*tenant, user_name(*user)), Some(0))));
        }
    }
}

/// A step within the tenants that are there, about users of the writer's own.
fn own(step: Step, writer: usize) -> Option<Step> {
    let of_writer = |user: usize| writer * USERS + user;
    let is_there = |tenant: usize| OWNERS.contains(&Some(tenant));
    match step {
        Step::AddTenant { .. } | Step::RemoveTenant { .. } | Step::Kill { .. } | Step::Lift { .. } => None,
        Step::Suspend { tenant }
        | Step::Resume { tenant }
        | Step::SetShadow { tenant, .. }
        | Step::TryShadow { tenant, .. }
        | Step::ClearShadow { tenant } => is_there(tenant).then_some(step),
        Step::Publish { owner, .. }
        | Step::Rollback { owner, .. }
        | Step::RollbackToPrevious { owner }
        | Step::Retire { owner, .. } => OWNERS.contains(&owner).then_some(step),
        Step::PublishAll { mut contents } => {
            contents.retain(|(owner, _)| OWNERS.contains(owner));
            Some(Step::PublishAll { contents })
        }
        Step::AddMember { tenant, user, roles } => {
            is_there(tenant).then_some(Step::AddMember { tenant, user: of_writer(user), roles })
        }
        Step::RemoveMember { tenant, user } => {
            is_there(tenant).then_some(Step::RemoveMember { tenant, user: of_writer(user) })
        }
        Step::Import { tenant, users } => {
            let users = users.into_iter().map(of_writer).collect();
            is_there(tenant).then_some(Step::Import { tenant, users })
        }
        Step::Decide { tenant, user } => is_there(tenant).then_some(Step::Decide { tenant, user: of_writer(user) }),
    }
}

async fn look(operator: &Operator) -> Expected {
    let mut seen = Expected::default();
    for owner in OWNERS {
        if let Ok(state) = operator.policy_state(&scope(owner)).await {
            let versions = vec![0; usize::try_from(state.versions).unwrap()];
            seen.scopes.insert(owner, Scope { now: Some(as_expected(&state)), versions, ..Scope::default() });
        }
    }
    seen
}

/// What is there in the end, if each change was made of what the one before it left.
fn replay(owner: Owner, log: &[LogEntry]) -> Option<Now> {
    let (mut now, mut retired): (Option<Now>, BTreeSet<u64>) = (None, BTreeSet::new());
    for entry in log {
        let (from, to) = (entry.from_version, entry.to_version);
        let before = now.clone().unwrap_or_default();
        match entry.action {
            Action::TenantAdded => now = Some(Now { active: to.unwrap(), ..Now::default() }),
            Action::PolicyPublished | Action::PolicyRolledBack => {
                assert_eq!(from, now.as_ref().map(|now| now.active), "{owner:?} {entry:?}");
                assert!(!retired.contains(&to.unwrap()), "{owner:?} {entry:?}");
                let shadow = before.shadow.filter(|shadow| Some(*shadow) != to);
                now = Some(Now { active: to.unwrap(), shadow, ..before });
            }
            Action::PolicyRetired => {
                assert!(Some(before.active) != from && before.shadow != from, "{owner:?} {entry:?}");
                assert!(retired.insert(from.unwrap()), "{owner:?} {entry:?}");
            }
            Action::ShadowSet | Action::ShadowCleared => {
                assert_eq!(from, before.shadow, "{owner:?} {entry:?}");
                assert!(to.is_none_or(|to| to != before.active && !retired.contains(&to)), "{owner:?} {entry:?}");
                now = Some(Now { shadow: to, ..before });
            }
            Action::TenantSuspended | Action::TenantResumed => {
                let is_suspended = entry.action == Action::TenantSuspended;
                assert_ne!(before.is_suspended, is_suspended, "{owner:?} {entry:?}");
                now = Some(Now { is_suspended, ..before });
            }
            Action::TenantRemoved
            | Action::MemberAdded
            | Action::MemberRemoved
            | Action::MembersImported
            | Action::ClientAdded
            | Action::ClientRemoved
            | Action::RouteAdded
            | Action::RouteRemoved
            | Action::Killed
            | Action::KillLifted
            | Action::ChangeSetAbandoned => panic!("{entry:?}"),
        }
    }
    now
}

fn writer_name(number: usize) -> String {
    format!("task {number}")
}

fn writer_name_of_setup() -> String {
    "writer 0".to_owned()
}

const WRITERS: usize = 4;

const OWNERS: [Owner; 3] = [None, Some(0), Some(1)];
