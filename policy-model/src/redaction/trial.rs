//! What an author asks who tries redactions: which of them apply, and what stands in a reply again.

use std::collections::HashSet;

use super::Redactor;
use super::residue::Residue;
use super::rules::FreeText;
use super::taken_out::TakenOut;
use crate::decision::{Layer, Layers};
use crate::request::{Caller, Resource};

/// A redaction of one of the policies that a caller is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    /// Whose it is.
    pub layer: Layer,
    /// Its place in the policy's list.
    pub number: usize,
}

impl Numbered {
    pub(super) fn new(layer: Layer, number: u32) -> Numbered {
        Numbered { layer, number: number as usize }
    }
}

/// What was taken out of a reply and stands there again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundAgain {
    /// These values.
    Values(Vec<String>),
    /// A text is percent-encoded again and again, so that nobody knows what it says.
    Endless,
}

impl Layers<'_> {
    /// The redactions of which [`Layers::redactor`] is made.
    pub fn redactions(self, resources: Option<&[Resource<'_>]>, caller: Option<&Caller<'_>>) -> Vec<Numbered> {
        let of_layer = |(layer, policy): (Layer, &crate::policy::Policy)| {
            let numbers = policy.redactions.numbers(resources, caller);
            numbers.into_iter().map(move |number| Numbered::new(layer, number))
        };
        self.by_layer().flat_map(of_layer).collect()
    }
}

impl Redactor<'_> {
    /// The same where free text passes but for what detectors find.
    pub fn passing_free_text(self) -> Self {
        Redactor { free_text: FreeText::Pass, ..self }
    }

    /// Whether a value was taken out as a whole.
    pub fn has_taken_out(&self, value: &str) -> bool {
        self.taken_out.borrow().values().any(|own| own == value)
    }

    /// What of a reply that [`Redactor::has_residue`] stands there again: at most so many values, in the order in which they were
    /// taken out.
    pub fn found_again(&self, json: &str, most: usize) -> FoundAgain {
        if Residue::of(&TakenOut::default()).is_in(json) {
            return FoundAgain::Endless;
        }
        let taken_out = self.taken_out.borrow();
        let mut seen = HashSet::new();
        let values: Vec<&str> = taken_out.values().filter(|value| seen.insert(*value)).collect();
        let mut found = Vec::new();
        narrow(&values, json, most, &mut found);
        FoundAgain::Values(found)
    }
}

/// Whether a value that was taken out would be found in a JSON text, or in a part of one.
pub fn stands_in(value: &str, json: &str) -> bool {
    are_in(&[value], json)
}

/// Most lists have nothing to be found: it is halved while it has.
fn narrow(values: &[&str], json: &str, most: usize, found: &mut Vec<String>) {
    if found.len() >= most || !are_in(values, json) {
        return;
    }
    if let [value] = values {
        found.push((*value).to_owned());
        return;
    }
    let (left, right) = values.split_at(values.len() / 2);
    narrow(left, json, most, found);
    narrow(right, json, most, found);
}

fn are_in(values: &[&str], json: &str) -> bool {
    let mut taken_out = TakenOut::default();
    values.iter().for_each(|value| taken_out.add_text(value));
    Residue::new(&taken_out).is_some_and(|residue| residue.is_in(json))
}

#[cfg(test)]
mod tests {
    use super::{FoundAgain, Layer, Numbered};
    use crate::{Layers, Policy};

    const POLICY: &str = r#"{"policyId":"p","tenantId":"t","rules":[],"redactions":[
        {"resources":["agent:tool:*"],"path":"$.a","action":"MASK"},
        {"resources":["agent:tool:*"],"path":"$.b","action":"MASK","unless":{"roles":["auditor"]}}]}"#;

    #[test]
    fn some_redactions_can_be_made_without_the_others() {
        let policy = Policy::parse(POLICY.as_bytes()).unwrap();
        let layers = Layers::of(&policy);
        let all = layers.redactions(None, None);
        assert_eq!(all, [0, 1].map(|number| Numbered { layer: Layer::Tenant, number }));
        let redactor = layers.redactor_of(None, None, |own| own.number == 1);
        assert_eq!(redactor.redact_json(r#"{"a":1,"b":2}"#).as_deref(), Some(r#"{"a":1,"b":"****"}"#));
        assert!(layers.redactor_of(None, None, |_| false).is_empty());
    }

    #[test]
    fn what_stands_there_again_is_named() {
        let policy = Policy::parse(POLICY.as_bytes()).unwrap();
        let redactor = Layers::of(&policy).redactor(None, None);
        let json = r#"{"a":["123-45-6789","nothing"],"b":1234567.5,"c":"x 123-45-6789","d":12345675e-1}"#;
        let json = redactor.redact_json(json).unwrap();
        assert!(redactor.has_residue(&json));
        let values = |list: &[&str]| FoundAgain::Values(list.iter().map(|value| (*value).to_owned()).collect());
        assert_eq!(redactor.found_again(&json, 9), values(&["123-45-6789", "1234567.5"]));
        assert_eq!(redactor.found_again(&json, 1), values(&["123-45-6789"]));
        assert_eq!(redactor.found_again("{}", 9), values(&[]));
        assert!(redactor.has_taken_out("nothing") && !redactor.has_taken_out("x"));
        let endless = format!("\"%{}41\"", "25".repeat(9));
        assert_eq!(redactor.found_again(&endless, 9), FoundAgain::Endless);
    }
}
