//! A policy whose names can be compared with hashes.

use super::{NameHash, NameKind, Names};
use crate::policy::Policy;
use crate::rule::{Names as Written, Rule};

/// A policy, and the hashes of all names in its rules.
#[derive(Debug)]
pub struct HashedPolicy<'p> {
    pub(super) policy: &'p Policy,
    /// In the order of the policy's rules.
    rules: Vec<HashedRule>,
}

/// The names of a rule.
#[derive(Debug)]
pub(super) struct HashedRule {
    users: Option<Hashes>,
    roles: Option<Hashes>,
    workspaces: Option<Hashes>,
    agents: Option<Hashes>,
    pub(super) scopes: Box<[NameHash]>,
}

#[derive(Debug)]
enum Hashes {
    Any,
    OneOf(Box<[NameHash]>),
}

impl<'p> HashedPolicy<'p> {
    /// Hashes the names of a policy.
    pub fn new(policy: &'p Policy) -> HashedPolicy<'p> {
        HashedPolicy { policy, rules: policy.rules.iter().map(HashedRule::new).collect() }
    }

    /// The policy.
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    pub(super) fn rule(&self, number: u32) -> Option<(&'p Rule, &HashedRule)> {
        Some((self.policy.rules.get(number as usize)?, self.rules.get(number as usize)?))
    }
}

impl HashedRule {
    fn new(rule: &Rule) -> HashedRule {
        let principals = &rule.principals;
        HashedRule {
            users: Hashes::of(NameKind::User, &principals.users),
            roles: Hashes::of(NameKind::Role, &principals.roles),
            workspaces: Hashes::of(NameKind::Workspace, &principals.workspaces),
            agents: Hashes::of(NameKind::Agent, &principals.agents),
            scopes: rule.scopes.iter().map(|scope| NameHash::of(NameKind::Scope, scope)).collect(),
        }
    }

    /// Whether the rule is about such a user and agent.
    pub(super) fn includes_caller(&self, user: NameHash, agent: Option<NameHash>) -> bool {
        let one = |hash: NameHash| Names { hashes: vec![hash], has_more: false };
        includes(&self.users, &one(user)) == Some(true)
            && includes(&self.agents, &agent.map(one).unwrap_or_default()) == Some(true)
    }

    /// Whether it is about somebody with such roles; none if that is not recorded.
    pub(super) fn includes_roles(&self, roles: &Names) -> Option<bool> {
        includes(&self.roles, roles)
    }

    /// The same for workspaces.
    pub(super) fn includes_workspaces(&self, workspaces: &Names) -> Option<bool> {
        includes(&self.workspaces, workspaces)
    }
}

impl Hashes {
    fn of(kind: NameKind, names: &Option<Written>) -> Option<Hashes> {
        names.as_ref().map(|names| match names {
            Written::Any => Hashes::Any,
            Written::OneOf(names) => Hashes::OneOf(names.iter().map(|name| NameHash::of(kind, name)).collect()),
        })
    }
}

/// Whether one of the caller's names is one of a rule's, if the rule names any.
fn includes(names: &Option<Hashes>, own: &Names) -> Option<bool> {
    match names {
        None => Some(true),
        Some(Hashes::Any) => Some(!own.hashes.is_empty()),
        Some(Hashes::OneOf(names)) if names.iter().any(|name| own.hashes.binary_search(name).is_ok()) => Some(true),
        Some(Hashes::OneOf(_)) => (!own.has_more).then_some(false),
    }
}
