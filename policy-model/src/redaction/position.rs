//! How far the paths have come at a place of a document.

use super::Redactor;
use super::treatment::Treatment;

/// For each path of a redactor, how much of it leads to a place.
#[derive(Debug, Clone)]
pub struct Position(Vec<u64>);

impl Position {
    /// Nowhere: nothing is selected here or below.
    pub(super) fn nowhere(redactor: &Redactor<'_>) -> Position {
        Position(vec![0; redactor.slots().count()])
    }

    /// Where paths begin.
    pub(super) fn root(redactor: &Redactor<'_>) -> Position {
        Position(redactor.slots().map(|slot| slot.initial).collect())
    }

    /// This place, where paths begin as well.
    pub(super) fn and_root(mut self, redactor: &Redactor<'_>) -> Position {
        self.0.iter_mut().zip(redactor.slots()).for_each(|(bits, slot)| *bits |= slot.initial);
        self
    }

    /// This place, but that nothing selects what is here.
    pub(super) fn without_selection(&self, redactor: &Redactor<'_>) -> Position {
        Position(self.0.iter().zip(&redactor.accepts).map(|(bits, accepts)| bits & !accepts).collect())
    }

    pub(super) fn member(&self, redactor: &Redactor<'_>, name: &str) -> Position {
        let mut next = Position::nowhere(redactor);
        next.set_member(redactor, &self.0, name);
        next
    }

    pub(super) fn element(&self, redactor: &Redactor<'_>, index: u64) -> Position {
        let mut next = Position::nowhere(redactor);
        next.set_element(redactor, &self.0, index);
        next
    }

    /// Becomes the place of a member of what is at `from`.
    pub(super) fn set_member(&mut self, redactor: &Redactor<'_>, from: &[u64], name: &str) {
        let mut states = self.0.iter_mut().zip(from);
        for layer in &redactor.layers {
            let mut named = None;
            for (slot, (next, bits)) in layer.slots.iter().zip(states.by_ref()) {
                *next = if *bits == 0 {
                    0
                } else {
                    let named = named.get_or_insert_with(|| layer.redactions.automaton().named(name));
                    slot.word.member(*bits, named.steps(slot.number))
                };
            }
        }
    }

    /// Becomes the place of an element of what is at `from`.
    pub(super) fn set_element(&mut self, redactor: &Redactor<'_>, from: &[u64], index: u64) {
        for ((next, bits), slot) in self.0.iter_mut().zip(from).zip(redactor.slots()) {
            *next = slot.word.element(*bits, index);
        }
    }

    pub(super) fn copy_from(&mut self, bits: &[u64]) {
        self.0.copy_from_slice(bits);
    }

    /// Adds this place, and the place of what is in it without a name that a path has. Says whether a path counts its elements, and
    /// whether one selects the latter.
    pub(super) fn push_with_plain(&self, redactor: &Redactor<'_>, states: &mut Vec<u64>) -> (bool, bool) {
        states.extend_from_slice(&self.0);
        let (mut is_counted, mut is_selected) = (false, false);
        for ((bits, slot), accepts) in self.0.iter().zip(redactor.slots()).zip(&redactor.accepts) {
            let plain = slot.word.member(*bits, 0);
            is_counted |= slot.word.counts(*bits);
            is_selected |= plain & accepts != 0;
            states.push(plain);
        }
        (is_counted, is_selected)
    }

    /// Whether a path selects the value that is here.
    pub(super) fn selects(&self, redactor: &Redactor<'_>) -> bool {
        self.0.iter().zip(&redactor.accepts).any(|(bits, accepts)| bits & accepts != 0)
    }

    /// What becomes of the value that is here.
    pub(super) fn treatment(&self, redactor: &Redactor<'_>) -> Option<Treatment> {
        if !self.selects(redactor) {
            return None;
        }
        let mut states = self.0.iter();
        let mut treatment: Option<Treatment> = None;
        for layer in &redactor.layers {
            for (slot, bits) in layer.slots.iter().zip(states.by_ref()) {
                for own in slot.word.selecting(*bits).filter_map(|rule| layer.treatment(rule)) {
                    treatment = Some(treatment.take().map_or_else(|| own.clone(), |other| other.with(own)));
                }
            }
        }
        treatment
    }
}
