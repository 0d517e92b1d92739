//! The model: what should be there, and what should come of a step.

use std::collections::{BTreeMap, BTreeSet};

use policy_registry::Refusal;
use policy_registry::record::Action;

use super::step::Step;

/// A tenant, or the baseline.
pub(super) type Owner = Option<usize>;

/// What comes of a step: what it says, or why it is refused.
pub(super) type Outcome = Result<Said, Why>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Done,
    Nothing,
    /// The version that came into force or is the shadow now.
    Version(u64),
    /// Those that came into force.
    Versions(Vec<u64>),
    /// Added, replaced and unchanged members.
    Members(u64, u64, u64),
    /// The number of the kill that stops it.
    Kill(u64),
    Grant(Granted),
}

/// What a member has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Granted {
    pub(super) roles: usize,
    /// The contents of the policy in force, the shadow and the baseline.
    pub(super) active: usize,
    pub(super) shadow: Option<usize>,
    pub(super) baseline: Option<usize>,
    /// Whether a tool is stopped.
    pub(super) is_limited: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    Conflict,
    NotFound,
    Refused,
    Decision(Refusal),
}

/// All that there should be.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    pub(super) scopes: BTreeMap<Owner, Scope>,
    /// What is stopped, by the numbers in the names.
    pub(super) kills: BTreeMap<u64, Stop>,
    /// How often that was changed.
    pub(super) kill_revision: u64,
}

/// What can be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    All,
    Tenant(usize),
    /// A tool, for all or for one.
    Tool(Option<usize>),
}

/// What there is of a tenant, also when it was removed.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) now: Option<Now>,
    /// The contents of the versions from 1 on.
    pub(super) versions: Vec<usize>,
    pub(super) retired: BTreeSet<u64>,
    pub(super) log: Vec<(Action, Option<u64>, Option<u64>)>,
    /// Roles by user.
    pub(super) members: BTreeMap<usize, usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Now {
    pub(super) is_suspended: bool,
    pub(super) active: u64,
    pub(super) shadow: Option<u64>,
}

impl Expected {
    pub(super) fn versions(&self, owner: Owner) -> u64 {
        self.scopes.get(&owner).map_or(0, |scope| u64::try_from(scope.versions.len()).unwrap())
    }

    pub(super) fn active(&self, owner: Owner) -> Option<u64> {
        Some(self.scopes.get(&owner)?.now.as_ref()?.active)
    }

    /// Does a step.
    pub(super) fn take(&mut self, step: &Step) -> Outcome {
        match step {
            Step::AddTenant { tenant, content } => self.scope(Some(*tenant)).add(*content),
            Step::RemoveTenant { tenant } => self.scope(Some(*tenant)).remove(),
            Step::Suspend { tenant } => self.scope(Some(*tenant)).set_status(true),
            Step::Resume { tenant } => self.scope(Some(*tenant)).set_status(false),
            Step::Publish { owner, content, expect } => self.scope(*owner).publish(*owner, *content, *expect),
            Step::PublishAll { contents } => self.publish_all(contents),
            Step::Rollback { owner, version, expect } => self.scope(*owner).rollback(*version, *expect),
            Step::RollbackToPrevious { owner } => self.scope(*owner).rollback_to_previous(),
            Step::Retire { owner, version } => self.scope(*owner).retire(*version),
            Step::SetShadow { tenant, version } => self.scope(Some(*tenant)).set_shadow(*version),
            Step::TryShadow { tenant, content } => self.scope(Some(*tenant)).try_shadow(*content),
            Step::ClearShadow { tenant } => self.scope(Some(*tenant)).clear_shadow(),
            Step::AddMember { tenant, user, roles } => self.scope(Some(*tenant)).add_member(*user, *roles),
            Step::RemoveMember { tenant, user } => match self.scope(Some(*tenant)).members.remove(user) {
                Some(_) => Ok(Said::Done),
                None => Err(Why::NotFound),
            },
            Step::Import { tenant, users } => self.scope(Some(*tenant)).import(users),
            Step::Kill { stop } => self.kill(*stop),
            Step::Lift { number } => {
                self.kills.remove(number).ok_or(Why::NotFound)?;
                self.kill_revision += 1;
                Ok(Said::Done)
            }
            Step::Decide { tenant, user } => self.decide(*tenant, *user),
        }
    }

    fn scope(&mut self, owner: Owner) -> &mut Scope {
        self.scopes.entry(owner).or_default()
    }

    /// All or, where one cannot be, none.
    fn publish_all(&mut self, contents: &[(Owner, usize)]) -> Outcome {
        let mut next = self.clone();
        let mut versions = Vec::new();
        for (owner, content) in contents {
            match next.scope(*owner).publish(*owner, *content, None) {
                Ok(Said::Version(version)) => versions.push(version),
                Ok(Said::Nothing) => {}
                // One alone says why; several are refused.
                Err(error) if contents.len() == 1 => return Err(error),
                Err(_) => return Err(Why::Refused),
                Ok(other) => panic!("{other:?}"),
            }
        }
        *self = next;
        Ok(Said::Versions(versions))
    }

    fn kill(&mut self, stop: Stop) -> Outcome {
        if let Some((number, _)) = self.kills.iter().find(|(_, other)| **other == stop) {
            return Ok(Said::Kill(*number));
        }
        self.kill_revision += 1;
        self.kills.insert(self.kill_revision, stop);
        Ok(Said::Kill(self.kill_revision))
    }

    fn decide(&self, tenant: usize, user: usize) -> Outcome {
        if self.kills.values().any(|stop| matches!(stop, Stop::All) || *stop == Stop::Tenant(tenant)) {
            return Err(Why::Decision(Refusal::Killed));
        }
        let is_limited = [Stop::Tool(None), Stop::Tool(Some(tenant))];
        let is_limited = self.kills.values().any(|stop| is_limited.contains(stop));
        let scope = self.scopes.get(&Some(tenant)).cloned().unwrap_or_default();
        let roles = *scope.members.get(&user).ok_or(Why::Decision(Refusal::NotAMember))?;
        let now = scope.now.as_ref().ok_or(Why::Decision(Refusal::UnknownTenant))?;
        if now.is_suspended {
            return Err(Why::Decision(Refusal::TenantSuspended));
        }
        let baseline = self.scopes.get(&None).and_then(|scope| Some(scope.content(scope.now.as_ref()?.active)));
        let (active, shadow) = (scope.content(now.active), now.shadow.map(|version| scope.content(version)));
        Ok(Said::Grant(Granted { roles, active, shadow, baseline, is_limited }))
    }
}
