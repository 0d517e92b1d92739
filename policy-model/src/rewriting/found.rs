//! What detectors find in the arguments of a call: each looks into what its entries select, and into all below it.

use std::collections::HashMap;

use super::Unresolved;
use crate::detector::Detectors;
use crate::json::{Kind, NodeId, Value};
use crate::redaction::Redactor;
use crate::selector::Budget;

/// Who looks where.
#[derive(Debug, Default)]
pub(super) struct Looking {
    at: HashMap<NodeId, Detectors>,
    redactors: HashMap<Detectors, Redactor<'static>>,
}

/// Something that was found, and by some of which detectors.
pub(super) enum Hit<'d> {
    /// In a string or a number, which becomes this JSON.
    Masked(Value<'d>, String, Detectors),
    /// In the name of a member, here or in JSON that stands in a text.
    Name(Detectors),
}

type Tell<'t, 'd> = &'t mut dyn FnMut(Hit<'d>) -> Result<(), Unresolved>;

impl Looking {
    /// These look into a value, beside others.
    pub(super) fn add(&mut self, value: Value<'_>, detectors: Detectors) {
        let place = self.at.entry(value.id()).or_default();
        *place = place.union(detectors);
    }

    /// Goes through the arguments, and tells of what is found in the order of their text.
    pub(super) fn look<'d>(&mut self, root: Value<'d>, budget: &Budget, tell: Tell<'_, 'd>) -> Result<(), Unresolved> {
        if self.at.is_empty() { Ok(()) } else { self.look_into(root, Detectors::NONE, budget, tell) }
    }

    fn look_into<'d>(
        &mut self,
        value: Value<'d>,
        around: Detectors,
        budget: &Budget,
        tell: Tell<'_, 'd>,
    ) -> Result<(), Unresolved> {
        if !budget.spend(1) {
            return Err(Unresolved::TooMuchWork);
        }
        let detectors = self.at.get(&value.id()).map_or(around, |own| around.union(*own));
        match value.kind() {
            Kind::Null | Kind::Bool => Ok(()),
            Kind::String | Kind::Number if detectors.is_empty() => Ok(()),
            Kind::String | Kind::Number => {
                let redactor = self.redactor(detectors);
                let new = redactor.mask_scalar(value, budget);
                if redactor.has_found_names() {
                    tell(Hit::Name(detectors))?;
                }
                new.map_or(Ok(()), |new| tell(Hit::Masked(value, new, detectors)))
            }
            Kind::Array => value.elements().try_for_each(|element| self.look_into(element, detectors, budget, tell)),
            Kind::Object => value.members().try_for_each(|member| {
                if !detectors.is_empty() && self.redactor(detectors).finds_in_name(member.name, budget) {
                    tell(Hit::Name(detectors))?;
                }
                self.look_into(member.value, detectors, budget, tell)
            }),
        }
    }

    fn redactor(&mut self, detectors: Detectors) -> &Redactor<'static> {
        self.redactors.entry(detectors).or_insert_with(|| Redactor::masking(detectors))
    }
}
