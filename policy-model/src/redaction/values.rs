//! Detectors alone, on one value after the other: for what no tool returned.

use super::treatment::Treatment;
use super::{Prose, Redactor};
use crate::detector::Detectors;
use crate::json::{Kind, Value, quote};
use crate::selector::Budget;

impl Redactor<'_> {
    /// Masks what these find, and takes note where the name of a member has some of it.
    pub(crate) fn masking(detectors: Detectors) -> Redactor<'static> {
        Redactor {
            detections: vec![(detectors, &MASKING)],
            detectors,
            looks_at_names: true,
            budget: Budget::new(0),
            ..Redactor::none()
        }
    }

    /// The JSON that stands in the place of a string or number; `None` if it stays. The work comes from a budget: once that is
    /// exhausted, what comes back means nothing.
    pub(crate) fn mask_scalar(&self, value: Value<'_>, budget: &Budget) -> Option<String> {
        self.within(budget, value.text().len(), || match value.kind() {
            Kind::String => Some(quote(&self.redact_text(&value.as_str()?, Prose::InDocument)?)),
            Kind::Number => Some(self.detect_number(value.text())?.into_owned()),
            Kind::Null | Kind::Bool | Kind::Array | Kind::Object => None,
        })
    }

    /// Whether something is found in the name of a member.
    pub(crate) fn finds_in_name(&self, name: Value<'_>, budget: &Budget) -> bool {
        let name = name.as_str().unwrap_or_default();
        self.within(budget, name.len(), || self.redact_text(&name, Prose::InDocument).is_some())
    }

    /// Whether something was found in the name of a member of JSON that stands in a text.
    pub(crate) fn has_found_names(&self) -> bool {
        self.taken_out.borrow().has_names()
    }

    pub(super) fn look_at_name(&self, name: &str) {
        if self.detect(name).is_some() {
            self.taken_out.borrow_mut().add_name();
        }
    }

    fn within<T>(&self, budget: &Budget, bytes: usize, then: impl FnOnce() -> T) -> T {
        budget.spend(1 + bytes / BYTES_FOR_A_VALUE);
        self.budget.set(budget.left());
        let told = then();
        budget.set(self.budget.left());
        told
    }
}

/// Looking through so many bytes of a text is as much work as looking at a value.
const BYTES_FOR_A_VALUE: usize = 2;

static MASKING: Treatment = Treatment::Mask { keeps_type: false };
