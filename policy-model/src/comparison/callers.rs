//! Callers that stand for all others whom some rules are about.

use std::collections::BTreeSet;

use super::words;
use crate::condition::{Condition, Operand, Scalar, Test};
use crate::id::UserId;
use crate::json::quote;
use crate::rule::{Names, Rule};

/// Most callers of one kind that are asked about.
pub(super) const CALLERS_MAX: usize = 256;

/// Somebody who asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Who {
    pub(crate) user: UserId,
    pub(crate) issuer: String,
    pub(crate) agent: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) workspaces: Vec<String>,
    pub(crate) scopes: Vec<String>,
}

/// The callers whom all of these rules are about and who have nothing that this does not take; whoever else they are about has more
/// than one of these, which can only make more rules apply. Then the same with what conditions on callers compare them with, one
/// at a time. None if there are too many.
pub(super) fn callers(rules: &[&Rule], conditions: &[&Condition]) -> Option<Vec<Who>> {
    let lists = |list: fn(&Rule) -> Option<&Names>| rules.iter().copied().filter_map(list).collect::<Vec<&Names>>();
    let users = one_of_all(&lists(|rule| rule.principals.users.as_ref())).unwrap_or_else(|| vec![OTHER.to_owned()]);
    let agent_lists = lists(|rule| rule.principals.agents.as_ref());
    let agents: Vec<Option<String>> = match one_of_all(&agent_lists) {
        Some(agents) => agents.into_iter().map(Some).collect(),
        None if agent_lists.is_empty() => vec![None],
        None => vec![Some(OTHER.to_owned())],
    };
    let roles = some_of_each(&lists(|rule| rule.principals.roles.as_ref()))?;
    let workspaces = some_of_each(&lists(|rule| rule.principals.workspaces.as_ref()))?;
    let scopes: BTreeSet<String> =
        rules.iter().flat_map(|rule| rule.scopes.iter()).map(|scope| scope.to_string()).collect();
    if [users.len(), agents.len(), roles.len(), workspaces.len()].iter().product::<usize>() > CALLERS_MAX {
        return None;
    }
    let mut all = Vec::new();
    for user in users.iter().filter_map(|user| UserId::parse(user).ok()) {
        for agent in &agents {
            for roles in &roles {
                for workspaces in &workspaces {
                    all.push(Who {
                        user: user.clone(),
                        issuer: ISSUER.to_owned(),
                        agent: agent.clone(),
                        roles: roles.clone(),
                        workspaces: workspaces.clone(),
                        scopes: scopes.iter().cloned().collect(),
                    });
                }
            }
        }
    }
    let others: Vec<Who> = all.iter().flat_map(|who| conditions.iter().flat_map(|own| varied(who, own))).collect();
    for other in others {
        if !all.contains(&other) {
            all.push(other);
        }
        if all.len() > CALLERS_MAX {
            return None;
        }
    }
    Some(all)
}

/// The names that are in all of the lists which are not `*`; none if there is no such list.
fn one_of_all(lists: &[&Names]) -> Option<Vec<String>> {
    let named: Vec<&[Box<str>]> = lists
        .iter()
        .filter_map(|names| match names {
            Names::Any => None,
            Names::OneOf(names) => Some(&**names),
        })
        .collect();
    let (first, others) = named.split_first()?;
    let in_all = |name: &str| others.iter().all(|names| names.iter().any(|own| **own == *name));
    Some(first.iter().filter(|name| in_all(name)).map(|name| name.to_string()).collect())
}

/// One name of each list, in every combination; none if there are too many.
fn some_of_each(lists: &[&Names]) -> Option<Vec<Vec<String>>> {
    let mut sets: BTreeSet<BTreeSet<String>> = BTreeSet::from([BTreeSet::new()]);
    let mut lists: Vec<&&Names> = lists.iter().collect();
    // Who has a name has any.
    lists.sort_by_key(|names| matches!(names, Names::Any));
    for names in lists {
        let mut next = BTreeSet::new();
        for set in &sets {
            match names {
                Names::Any if !set.is_empty() => {
                    next.insert(set.clone());
                }
                Names::Any => {
                    next.insert(BTreeSet::from([OTHER.to_owned()]));
                }
                Names::OneOf(names) => {
                    next.extend(names.iter().map(|name| set.iter().cloned().chain([name.to_string()]).collect()));
                }
            }
            if next.len() > CALLERS_MAX {
                return None;
            }
        }
        sets = next;
    }
    Some(sets.into_iter().map(|set| set.into_iter().collect()).collect())
}

/// The caller with what a condition asks for.
pub(crate) fn varied(who: &Who, condition: &Condition) -> Vec<Who> {
    let (path, test) = condition.parts();
    let names = path.leading_names();
    let mut found = Vec::new();
    for text in texts(test).into_iter().chain([OTHER.to_owned()]) {
        let mut other = who.clone();
        match names.as_slice() {
            ["user", "id", ..] => match UserId::parse(&text) {
                Ok(user) => other.user = user,
                Err(_) => continue,
            },
            ["user", "issuer", ..] => other.issuer = text,
            ["user", "roles", ..] => other.roles.push(text),
            ["user", "workspaces", ..] => other.workspaces.push(text),
            ["user", "scopes", ..] => other.scopes.push(text),
            ["agent", ..] => other.agent = Some(text),
            _ => continue,
        }
        found.push(other);
    }
    found
}

/// Texts that a test compares with.
pub(super) fn texts(test: &Test) -> Vec<String> {
    let text = |scalar: &Scalar| match scalar {
        Scalar::Text(text) => Some(text.to_string()),
        Scalar::Null | Scalar::Bool(_) | Scalar::Number(_) => None,
    };
    match (test, test.operand()) {
        (_, Some(Operand::Scalar(scalar))) => text(scalar).into_iter().collect(),
        (_, Some(Operand::List(scalars))) => scalars.iter().filter_map(text).collect(),
        (Test::Like(glob), _) => vec![glob.with_runs("")],
        (_, Some(Operand::Path(_)) | None) => Vec::new(),
    }
}

impl Who {
    /// In words, as in `role manager with scope orders`.
    pub(super) fn words(&self) -> String {
        let name = |kind: &str, name: &str| match name {
            OTHER => format!("any {kind}"),
            _ => format!("{kind} {}", words::name(name)),
        };
        let mut parts = Vec::new();
        if self.user.as_str() != OTHER {
            parts.push(name("user", self.user.as_str()));
        }
        parts.extend(self.agent.iter().map(|agent| name("agent", agent)));
        parts.extend(self.roles.iter().map(|role| name("role", role)));
        parts.extend(self.workspaces.iter().map(|workspace| name("workspace", workspace)));
        parts.extend(self.scopes.iter().map(|scope| name("scope", scope)));
        if self.issuer != ISSUER {
            parts.push(name("issuer", &self.issuer));
        }
        if parts.is_empty() { "everybody".to_owned() } else { parts.join(" with ") }
    }

    /// As JSON, without what is empty.
    pub(super) fn json(&self) -> String {
        let list = |name: &str, names: &[String]| {
            let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
            (!names.is_empty()).then(|| format!("{}:[{}]", quote(name), quoted.join(",")))
        };
        let members = [
            Some(format!("\"user\":{}", quote(self.user.as_str()))),
            self.agent.as_ref().map(|agent| format!("\"agent\":{}", quote(agent))),
            list("roles", &self.roles),
            list("workspaces", &self.workspaces),
            list("scopes", &self.scopes),
        ];
        format!("{{{}}}", members.into_iter().flatten().collect::<Vec<String>>().join(","))
    }
}

/// A name that no policy has.
const OTHER: &str = "somebody.else.0b7d";

pub(super) const ISSUER: &str = "https://issuer.example";
