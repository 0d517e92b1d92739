//! Members of the arguments whose name differs from one on a path only in case.

use regex::Regex;

use crate::json::{Json, Key};
use crate::path::{Path, Step};

/// The names on a path, each with its other spellings.
pub(crate) struct Spellings {
    names: Vec<(&'static str, Regex)>,
    is_names_only: bool,
}

impl Spellings {
    pub(crate) fn of(path: &Path) -> Spellings {
        let mut spellings = Spellings { names: Vec::new(), is_names_only: true };
        for step in path.steps.iter().filter(|_| path.root == "arguments") {
            let name = match step {
                Step::Name(name) => *name,
                Step::Nth(_) | Step::From(_) | Step::All => {
                    spellings.is_names_only = false;
                    continue;
                }
                Step::Descend(name) => {
                    spellings.is_names_only = false;
                    *name
                }
                Step::Where(filter) => {
                    spellings.is_names_only = false;
                    filter.member
                }
            };
            spellings.names.push((name, Regex::new(&format!("^(?i:{})$", regex::escape(name))).unwrap()));
        }
        spellings
    }

    /// Whether there is one where the path goes; for a path of more than names, anywhere.
    pub(crate) fn are_in(&self, document: &Json) -> bool {
        let arguments = document.children().into_iter().find(|(key, _)| *key == Key::Name("arguments"));
        arguments.is_some_and(
            |(_, arguments)| if self.is_names_only { follow(&self.names, arguments) } else { self.search(arguments) },
        )
    }

    fn search(&self, value: &Json) -> bool {
        value.children().into_iter().any(|(key, child)| match key {
            Key::Name(name) => self.names.iter().any(|expected| differs(name, expected)) || self.search(child),
            Key::Nth(_, _) => self.search(child),
        })
    }
}

fn follow(names: &[(&'static str, Regex)], value: &Json) -> bool {
    let Some((expected, later)) = names.split_first() else { return false };
    value.children().into_iter().any(|(key, child)| match key {
        Key::Name(name) => differs(name, expected) || (name == expected.0 && follow(later, child)),
        Key::Nth(_, _) => false,
    })
}

fn differs(name: &str, (expected, spellings): &(&'static str, Regex)) -> bool {
    name != *expected && spellings.is_match(name)
}
