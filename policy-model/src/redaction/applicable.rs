//! Which redactions apply to a result.

use std::cell::{Cell, OnceCell, RefCell};

use super::automaton::{Marks, Start, Word};
use super::hash::HashKeys;
use super::rules::{self, FreeText, Opaque, Redactions, What};
use super::treatment::Treatment;
use super::{Numbered, Redactor, WORK_MAX, data, detect};
use crate::decision::{Layer, Layers};
use crate::detector::Detectors;
use crate::policy::Policy;
use crate::request::{Caller, Resource};
use crate::selector::Budget;

impl<'p> Layers<'p> {
    /// The redactions for results that come of any of these, the baseline's and the tenant's, but for those that the caller
    /// is exempt from. Where it is not known what it was they are all that there are.
    pub fn redactor(self, resources: Option<&[Resource<'_>]>, caller: Option<&Caller<'_>>) -> Redactor<'p> {
        self.redactor_of(resources, caller, |_| true)
    }

    /// The same with those alone that are chosen; what the policies say of all their redactions still holds.
    pub fn redactor_of(
        self,
        resources: Option<&[Resource<'_>]>,
        caller: Option<&Caller<'_>>,
        is_chosen: impl Fn(Numbered) -> bool,
    ) -> Redactor<'p> {
        let mut redactor = Redactor::none();
        for (layer, policy) in self.by_layer() {
            let numbers = policy.redactions.numbers(resources, caller);
            redactor.add(&policy.redactions, numbers, |number| is_chosen(Numbered::new(layer, number)));
        }
        redactor
    }

    pub(super) fn by_layer(self) -> impl Iterator<Item = (Layer, &'p Policy)> {
        let baseline = self.baseline.map(|policy| (Layer::Baseline, policy));
        baseline.into_iter().chain([(Layer::Tenant, self.policy)])
    }
}

impl<'p> Redactor<'p> {
    /// A redactor that redacts nothing.
    pub fn none() -> Redactor<'p> {
        Redactor {
            layers: Vec::new(),
            filters: Vec::new(),
            accepts: Vec::new(),
            marks: Marks::default(),
            names: OnceCell::new(),
            has_paths: false,
            detections: Vec::new(),
            detectors: Detectors::NONE,
            free_text: FreeText::Pass,
            opaque: Opaque::Mask,
            keys: HashKeys::default(),
            taken_out: RefCell::default(),
            budget: Budget::new(WORK_MAX),
            has_opaque: Cell::new(false),
            looks_at_names: false,
        }
    }

    /// The same with keys for hashes.
    pub fn with_keys(self, keys: HashKeys) -> Redactor<'p> {
        Redactor { keys, ..self }
    }

    /// Whether a value is to be hashed for which there is no key.
    pub fn lacks_key(&self) -> bool {
        let lacks = |redaction: &rules::Redaction| match redaction.treatment {
            Treatment::Hash(layer) => !self.keys.has(layer),
            Treatment::Show(_) | Treatment::Replace(_) | Treatment::Mask { .. } | Treatment::Remove => false,
        };
        self.layers.iter().flat_map(Layered::active).any(lacks)
    }

    fn add(&mut self, redactions: &'p Redactions, mut numbers: Vec<u32>, is_chosen: impl Fn(u32) -> bool) {
        if numbers.is_empty() {
            return;
        }
        self.free_text = self.free_text.max(redactions.settings.free_text);
        self.opaque = self.opaque.max(redactions.settings.opaque);
        numbers.retain(|number| is_chosen(*number));
        if numbers.is_empty() {
            return;
        }
        let mut layer = Layered { redactions, numbers: Vec::new(), slots: Vec::new() };
        for redaction in numbers.iter().filter_map(|number| redactions.list.get(*number as usize)) {
            match (&redaction.what, redaction.start) {
                (What::Path(_), Some(start)) => {
                    self.has_paths = true;
                    layer.begin_at(start);
                }
                (What::Detect(detectors), _) => self.detections.push((*detectors, &redaction.treatment)),
                (What::Path(path), None) => {
                    self.has_paths = true;
                    self.filters.push((path, &redaction.treatment));
                }
            }
        }
        self.detectors = detect::union(self.detections.iter().map(|(detectors, _)| detectors));
        layer.numbers = numbers;
        self.marks = self.marks.and(redactions.automaton().marks());
        self.accepts.extend(layer.slots.iter().map(|slot| slot.word.accepts()));
        self.layers.push(layer);
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot<'p>> {
        self.layers.iter().flat_map(|layer| &layer.slots)
    }

    pub(super) fn names(&self) -> Option<&data::Names<'p>> {
        let make = || {
            let mut names = data::Names::default();
            let of_paths = self.layers.iter().flat_map(Layered::active).filter(|own| own.what.path().is_some());
            for redaction in of_paths {
                names.add(redaction.names.as_ref()?);
            }
            Some(names)
        };
        self.names.get_or_init(make).as_ref()
    }

    /// The same without paths, for what describes tools and not what they return.
    pub fn without_paths(mut self) -> Redactor<'p> {
        self.filters.clear();
        self.accepts.clear();
        self.has_paths = false;
        if self.detections.is_empty() {
            self.layers.clear();
        }
        for layer in &mut self.layers {
            layer.slots.clear();
            let redactions = layer.redactions;
            let is_path =
                |number: &u32| redactions.list.get(*number as usize).is_some_and(|own| own.what.path().is_some());
            layer.numbers.retain(|number| !is_path(number));
        }
        self
    }
}

/// A policy's redactions.
#[derive(Debug)]
pub(super) struct Layered<'p> {
    pub(super) redactions: &'p Redactions,
    /// Those that apply.
    pub(super) numbers: Vec<u32>,
    /// The words of its automaton that have a path that applies.
    pub(super) slots: Vec<Slot<'p>>,
}

/// A word of an automaton.
#[derive(Debug)]
pub(super) struct Slot<'p> {
    pub(super) word: &'p Word,
    pub(super) number: u32,
    /// The beginnings of the paths that apply.
    pub(super) initial: u64,
}

impl<'p> Layered<'p> {
    /// The redactions that apply.
    pub(super) fn active(&self) -> impl Iterator<Item = &'p rules::Redaction> {
        let redactions = self.redactions;
        self.numbers.iter().filter_map(|number| redactions.list.get(*number as usize))
    }

    pub(super) fn begin_at(&mut self, start: Start) {
        // Numbers rise, and so do the words of their paths.
        if let Some(slot) = self.slots.last_mut().filter(|slot| slot.number == start.word) {
            slot.initial |= start.bit;
        } else if let Some(word) = self.redactions.automaton().word(start.word) {
            self.slots.push(Slot { word, number: start.word, initial: start.bit });
        }
    }

    pub(super) fn treatment(&self, rule: u32) -> Option<&'p Treatment> {
        self.redactions.list.get(rule as usize).map(|redaction| &redaction.treatment)
    }
}
