//! Members in whom some rules see no difference.

use std::collections::BTreeSet;

use super::Member;
use crate::condition::Condition;
use crate::rule::{Names, Rule};

/// What some rules look at in members.
pub(super) struct Alike<'p> {
    users: BTreeSet<&'p str>,
    roles: BTreeSet<&'p str>,
    workspaces: BTreeSet<&'p str>,
    /// Whether conditions look at more than that.
    reads_all: bool,
}

/// The same for members that the rules treat alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// User and issuer.
    user: Option<(String, String)>,
    roles: Vec<String>,
    workspaces: Vec<String>,
    /// Whether there are any, which `*` wants.
    has: [bool; 2],
    scopes: Option<Vec<String>>,
    is_machine: bool,
}

impl<'p> Alike<'p> {
    pub(super) fn of(rules: impl Iterator<Item = &'p Rule>) -> Alike<'p> {
        let mut alike =
            Alike { users: BTreeSet::new(), roles: BTreeSet::new(), workspaces: BTreeSet::new(), reads_all: false };
        for rule in rules {
            let principals = &rule.principals;
            for (names, all) in [
                (&principals.users, &mut alike.users),
                (&principals.roles, &mut alike.roles),
                (&principals.workspaces, &mut alike.workspaces),
            ] {
                match names {
                    Some(Names::OneOf(names)) => all.extend(names.iter().map(|name| &**name)),
                    Some(Names::Any) | None => {}
                }
            }
            let mut paths = rule.conditions.iter().flat_map(Condition::paths);
            alike.reads_all |= paths.any(|path| path.roots().contains(&"user"));
        }
        alike
    }

    pub(super) fn key(&self, member: &Member<'_>) -> Key {
        let seen = |names: &[String], of: &BTreeSet<&str>| {
            let own = names.iter().filter(|name| self.reads_all || of.contains(name.as_str()));
            let own: BTreeSet<&String> = own.collect();
            own.into_iter().cloned().collect::<Vec<String>>()
        };
        let is_named = self.reads_all || self.users.contains(member.user.as_str());
        Key {
            user: is_named.then(|| (member.user.as_str().to_owned(), member.issuer.to_owned())),
            roles: seen(member.roles, &self.roles),
            workspaces: seen(member.workspaces, &self.workspaces),
            has: [!member.roles.is_empty(), !member.workspaces.is_empty()],
            scopes: member.scopes.map(<[String]>::to_vec),
            is_machine: member.is_machine,
        }
    }
}
