//! The redactions of a policy, ready to be made.

use super::automaton::{Automaton, Start};
use super::data::PlainNames;
use super::treatment::Treatment;
use crate::detector::Detectors;
use crate::pattern::{Pattern, Reach};
use crate::request::{Caller, Resource};
use crate::resource_index::ResourceIndex;
use crate::selector::Selector;

/// One redaction.
#[derive(Debug)]
pub(crate) struct Redaction {
    pub(crate) what: What,
    pub(crate) treatment: Treatment,
    pub(crate) unless: Unless,
    /// Where its path begins in the automaton; none if it is not in there.
    pub(super) start: Option<Start>,
    /// The last names of its path; nothing if it has none.
    pub(super) names: Option<PlainNames>,
}

impl Redaction {
    pub(crate) fn new(what: What, treatment: Treatment, unless: Unless) -> Redaction {
        let names = what.path().and_then(|path| PlainNames::of(path.last_names()));
        Redaction { what, treatment, unless, start: None, names }
    }
}

/// What is redacted.
#[derive(Debug)]
pub(crate) enum What {
    /// What a path selects.
    Path(Selector),
    /// What these find in texts.
    Detect(Detectors),
}

impl What {
    pub(crate) fn path(&self) -> Option<&Selector> {
        match self {
            What::Path(path) => Some(path),
            What::Detect(_) => None,
        }
    }
}

/// Who sees the value as it is: whoever has one of the roles or one of the scopes.
#[derive(Debug, Default)]
pub(crate) struct Unless {
    pub(crate) roles: Box<[Box<str>]>,
    pub(crate) scopes: Box<[Box<str>]>,
}

/// The redactions of a policy.
#[derive(Debug, Default)]
pub(crate) struct Redactions {
    pub(crate) list: Vec<Redaction>,
    pub(crate) index: ResourceIndex,
    automaton: Automaton,
    pub(super) settings: RedactionSettings,
}

/// What a policy says of all its redactions.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RedactionSettings {
    pub(crate) free_text: FreeText,
    pub(crate) opaque: Opaque,
}

/// What becomes of text that is no data, where paths are to be followed; the strictest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum FreeText {
    /// It passes but for what detectors find.
    Pass,
    /// It is masked where it speaks of what a path names.
    #[default]
    Guard,
    /// It is masked.
    Mask,
}

/// What becomes of what nobody can look into, where there is any redaction; the strictest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Opaque {
    /// It is masked.
    #[default]
    Mask,
    /// The reply is withheld.
    Block,
}

impl Redactions {
    /// None, in a policy that says this of all of them.
    pub(crate) fn new(settings: RedactionSettings) -> Redactions {
        Redactions { settings, ..Redactions::default() }
    }

    /// Adds a redaction of the results of what these patterns name.
    pub(crate) fn add(&mut self, mut redaction: Redaction, resources: &[Pattern]) {
        let number = self.list.len() as u32;
        resources.iter().for_each(|pattern| self.index.add(pattern, Reach::Wide, number));
        if let Some(path) = redaction.what.path()
            && let Some(ways) = path.ways()
        {
            redaction.start = self.automaton.add(number, &ways, path.folds_case());
        }
        self.list.push(redaction);
    }

    /// All their paths.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Selector> {
        self.list.iter().filter_map(|redaction| redaction.what.path())
    }

    pub(super) fn automaton(&self) -> &Automaton {
        &self.automaton
    }

    /// The numbers of those that apply to results of any of these for a caller; without resources of all that there are.
    pub(super) fn numbers(&self, resources: Option<&[Resource<'_>]>, caller: Option<&Caller<'_>>) -> Vec<u32> {
        let mut numbers: Vec<u32> = Vec::new();
        match resources {
            None => numbers.extend(0..self.list.len() as u32),
            Some(resources) => {
                resources.iter().for_each(|resource| self.index.visit(resource, &mut |number| numbers.push(number)));
                // What a search finds describes tools as a list does: detectors look there whatever they are about.
                let is_search = |resource: &Resource<'_>| matches!(resource, Resource::Tool(tool) if tool.is_search());
                if resources.iter().any(is_search) {
                    let detects = |(_, own): &(u32, &Redaction)| matches!(own.what, What::Detect(_));
                    numbers.extend((0..).zip(&self.list).filter(detects).map(|(number, _)| number));
                }
                numbers.sort_unstable();
                numbers.dedup();
            }
        }
        let applies = |number: &u32| {
            let redaction = self.list.get(*number as usize);
            redaction.is_some_and(|redaction| !caller.is_some_and(|caller| redaction.unless.includes(caller)))
        };
        numbers.retain(applies);
        numbers
    }
}

impl Unless {
    fn includes(&self, caller: &Caller<'_>) -> bool {
        let has = |names: &[Box<str>], own: &str| names.iter().any(|name| **name == *own);
        caller.roles.iter().copied().flatten().any(|role| has(&self.roles, role))
            || caller.scopes.iter().any(|scope| has(&self.scopes, scope))
    }
}
