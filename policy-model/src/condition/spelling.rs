//! Whether a target could find a condition's argument under another spelling than the condition does.
//!
//! A target that folds case reads `Amount` where `amount` is meant. An argument that has such a member beside, or in the place
//! of, the one that a path names makes the condition indeterminate: neither EXISTS nor a comparison speaks for it.

use crate::json::Value;
use crate::selector::{Budget, Selector, text_work};
use crate::spelling::is_other_spelling;

/// The names by which a path finds its way through the arguments.
#[derive(Debug)]
pub(crate) enum Spelling {
    /// One after the other.
    Steps(Box<[Box<str>]>),
    /// Somewhere.
    Anywhere(Box<[Box<str>]>),
}

impl Spelling {
    pub(crate) fn of(path: &Selector, root: &str) -> Option<Spelling> {
        match path.names() {
            Some(names) => match names.split_first() {
                Some((first, steps)) if *first == root => Some(Spelling::Steps(boxed(steps))),
                Some(_) | None => None,
            },
            None if path.roots().contains(&root) => Some(Spelling::Anywhere(boxed(&path.mentions()))),
            None => None,
        }
    }

    pub(crate) fn is_unclear(&self, arguments: Value<'_>, budget: &Budget) -> bool {
        match self {
            Spelling::Steps(names) => {
                let mut here = Some(arguments);
                for name in names {
                    let Some(value) = here else { return false };
                    if has_other_spelling(value, std::slice::from_ref(name), budget) {
                        return true;
                    }
                    here = value.get(name);
                }
                false
            }
            Spelling::Anywhere(names) => {
                let mut values = arguments.descendants();
                !names.is_empty() && values.any(|value| !budget.spend(1) || has_other_spelling(value, names, budget))
            }
        }
    }
}

fn has_other_spelling(object: Value<'_>, names: &[Box<str>], budget: &Budget) -> bool {
    object.members().any(|member| {
        // Beyond the budget nothing is clear.
        if !budget.spend(text_work(member.name.text().len())) {
            return true;
        }
        let own = member.name.as_str().unwrap_or_default();
        names.iter().any(|name| !budget.spend(work(name, &own)) || is_other_spelling(name, &own))
    })
}

/// What it takes to compare two names: those that are not ASCII are folded whole, character by character.
fn work(name: &str, other: &str) -> usize {
    if name.is_ascii() && other.is_ascii() {
        1
    } else {
        FOLDING_WORK.saturating_add(name.len()).saturating_add(other.len())
    }
}

/// What folding two names takes, without their characters.
const FOLDING_WORK: usize = 8;

fn boxed(names: &[&str]) -> Box<[Box<str>]> {
    names.iter().map(|name| Box::from(*name)).collect()
}
