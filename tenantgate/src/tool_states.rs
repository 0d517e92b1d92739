//! What has become of the tools that a policy pins, or a list has.

use std::collections::{BTreeMap, BTreeSet};

use policy_model::{Digest, Policy};

use crate::tool_list::ListedTool;
use crate::value_changes::{Change, changes};

/// The tools in the order of their names.
pub(crate) struct Comparison {
    pub(crate) tools: Vec<Compared>,
    /// Whether there was an older list.
    has_older: bool,
}

/// One of them.
pub(crate) struct Compared {
    pub(crate) name: String,
    pub(crate) state: State,
    /// The digest of its definition in the list, or why it has none; `None` if the list does not have it.
    pub(crate) definition: Option<Result<Digest, String>>,
    pub(crate) pinned: Vec<Digest>,
    /// What is other than in the older list; `None` if it is not in both.
    pub(crate) changes: Option<Vec<Change>>,
}

/// How a tool stands to its pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Unchanged,
    Changed,
    Missing,
    NotPinned,
}

impl State {
    pub(crate) const ALL: [State; 4] = [State::Unchanged, State::Changed, State::Missing, State::NotPinned];

    /// The word for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            State::Unchanged => "unchanged",
            State::Changed => "changed",
            State::Missing => "missing",
            State::NotPinned => "not pinned",
        }
    }

    /// The word for programs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            State::Unchanged => "UNCHANGED",
            State::Changed => "CHANGED",
            State::Missing => "MISSING",
            State::NotPinned => "NOT_PINNED",
        }
    }
}

impl Comparison {
    /// Whether a pinned tool has changed or is missing, or something differs from the older list.
    pub(crate) fn differs(&self) -> bool {
        self.tools.iter().any(|tool| match tool.state {
            State::Changed | State::Missing => true,
            State::NotPinned | State::Unchanged => {
                self.has_older && tool.changes.as_ref().is_none_or(|found| !found.is_empty())
            }
        })
    }

    pub(crate) fn count(&self, state: State) -> usize {
        self.tools.iter().filter(|tool| tool.state == state).count()
    }

    /// Whether a tool is in the list and not in the older one.
    pub(crate) fn is_new(&self, tool: &Compared) -> bool {
        self.has_older && tool.changes.is_none() && tool.definition.is_some()
    }
}

/// Compares a list with the pins of a policy, and with an older list where there is one.
pub(crate) fn compare(policy: &Policy, now: &[ListedTool<'_>], was: Option<&Vec<ListedTool<'_>>>) -> Comparison {
    let pins: BTreeMap<&str, &[Digest]> = policy.pins().collect();
    let by_name = |tools: &'_ [ListedTool<'_>]| -> BTreeMap<String, usize> {
        tools.iter().enumerate().map(|(number, tool)| (tool.name.clone(), number)).collect()
    };
    let older: &[ListedTool<'_>] = was.map(Vec::as_slice).unwrap_or_default();
    let (now_places, older_places) = (by_name(now), by_name(older));
    let names: BTreeSet<&str> = pins
        .keys()
        .copied()
        .chain(now_places.keys().map(String::as_str))
        .chain(older_places.keys().map(String::as_str))
        .collect();
    let compared = names.into_iter().map(|name| {
        let listed = now_places.get(name).and_then(|number| now.get(*number));
        let before = older_places.get(name).and_then(|number| older.get(*number));
        let pinned = pins.get(name).copied();
        let definition = listed.map(ListedTool::digest);
        let is_met = |digests: &[Digest]| matches!(&definition, Some(Ok(digest)) if digests.contains(digest));
        let state = match (listed, pinned) {
            (None, _) => State::Missing,
            (Some(_), None) => State::NotPinned,
            (Some(_), Some(digests)) if is_met(digests) => State::Unchanged,
            (Some(_), Some(_)) => State::Changed,
        };
        let found = before.zip(listed).map(|(before, listed)| changes(before.entry, listed.entry));
        Compared {
            name: name.to_owned(),
            state,
            definition,
            pinned: pinned.unwrap_or_default().to_vec(),
            changes: found,
        }
    });
    Comparison { tools: compared.collect(), has_older: was.is_some() }
}
