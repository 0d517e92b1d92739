//! The redactor that is right: rules go to places of a tree, and the tree is copied.

use serde_json::{Value, json};

use crate::expected::{Expected, decoded};
use crate::located::{Step, places};
use crate::rule::Rule;
use crate::treatment::{MASK, Treatment};

/// How many strings a document may be inside of and still be looked into.
const LAYERS_MAX: usize = 4;

/// What must become of a document.
pub(crate) fn redact(rules: &[Rule], document: &Value) -> Expected {
    redact_in(rules, document, 0)
}

fn redact_in(rules: &[Rule], document: &Value, layer: usize) -> Expected {
    let selected: Vec<(Vec<Step>, Treatment)> = rules
        .iter()
        .flat_map(|rule| places(rule, document).into_iter().map(|place| (place, Treatment::of(&rule.action))))
        .collect();
    Copy { rules, selected, layer }.copy(document, &mut Vec::new(), &[])
}

struct Copy<'r> {
    rules: &'r [Rule],
    selected: Vec<(Vec<Step>, Treatment)>,
    layer: usize,
}

impl Copy<'_> {
    /// The value at a place, where these treatments of containers around it go to every leaf.
    fn copy(&self, value: &Value, place: &mut Vec<Step>, around: &[Treatment]) -> Expected {
        let Some(treatment) = self.treatment(place, around) else { return self.copy_untreated(value, place) };
        match value {
            Value::Array(_) | Value::Object(_) if treatment.keeps_type() => self.copy_parts(value, place, &[treatment]),
            // It is treated as a whole: nothing is shown of it.
            Value::Array(_) | Value::Object(_) => treatment.treat(value, false),
            Value::String(text) => treatment.treat(value, text != MASK && self.look_into(text).is_some()),
            Value::Null | Value::Bool(_) | Value::Number(_) => treatment.treat(value, false),
        }
    }

    fn treatment(&self, place: &[Step], around: &[Treatment]) -> Option<Treatment> {
        let own = self.selected.iter().filter(|(own, _)| own == place).map(|(_, treatment)| treatment.clone());
        let all: Vec<Treatment> = own.chain(around.iter().cloned()).collect();
        Treatment::strictest(&all)
    }

    fn copy_untreated(&self, value: &Value, place: &mut Vec<Step>) -> Expected {
        match value {
            Value::Array(_) | Value::Object(_) => self.copy_parts(value, place, &[]),
            Value::String(text) => self.look_into(text).unwrap_or_else(|| Expected::Value(value.clone())),
            Value::Null | Value::Bool(_) | Value::Number(_) => Expected::Value(value.clone()),
        }
    }

    fn copy_parts(&self, value: &Value, place: &mut Vec<Step>, around: &[Treatment]) -> Expected {
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let mut copy = |step: Step, value: &Value| self.copy_part(step, value, place, around);
                Expected::List(items.filter_map(|(nth, item)| copy(Step::Index(nth), item)).collect())
            }
            Value::Object(members) => {
                let hides_body = members.iter().any(|(name, value)| says_base64(name, value));
                let container = place.clone();
                let is_shown = |name: &str| {
                    let place = [&container[..], &[Step::Name(name.to_owned())]].concat();
                    self.treatment(&place, around).is_none_or(|treatment| treatment.shows_part())
                };
                let mut copy = |step: Step, value: &Value| self.copy_part(step, value, place, around);
                let of = |(name, value): (&String, &Value)| {
                    let copied = copy(Step::Name(name.clone()), value)?;
                    // What was treated as a whole has nothing left to hide.
                    let is_hidden = hides_body
                        && name.eq_ignore_ascii_case("body")
                        && is_scalar(value)
                        && *value != MASK
                        && is_shown(name);
                    Some((name.clone(), if is_hidden { Expected::Value(json!(MASK)) } else { copied }))
                };
                Expected::Object(members.iter().filter_map(of).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Expected::Value(value.clone()),
        }
    }

    /// Nothing if it goes.
    fn copy_part(&self, step: Step, value: &Value, place: &mut Vec<Step>, around: &[Treatment]) -> Option<Expected> {
        place.push(step);
        let copied = self.copy(value, place, around);
        place.pop();
        Some(copied).filter(|copied| *copied != Expected::Gone)
    }

    /// What becomes of a string for what stands in it; nothing if it stays.
    fn look_into(&self, text: &str) -> Option<Expected> {
        let plain = Some(text.to_owned()).filter(|text| may_be_document(text));
        let (is_base64, inner) = match plain {
            Some(plain) => (false, plain),
            None => (true, decoded(text).filter(|text| may_be_document(text))?),
        };
        if self.layer == LAYERS_MAX {
            return Some(Expected::Value(json!(MASK)));
        }
        let document: Value = serde_json::from_str(&inner).ok()?;
        let copied = redact_in(self.rules, &document, self.layer + 1);
        if !copied.is_other_than(&document) {
            return None;
        }
        let is_nothing = copied == Expected::Gone
            || copied == Expected::Value(json!(null))
            || copied == Expected::Value(json!(MASK));
        // Nothing is left in the string; in base64 that is said in base64.
        Some(match (is_nothing, is_base64) {
            (true, false) => Expected::Value(json!(MASK)),
            (true, true) => Expected::Encoded(MASK),
            (false, _) => Expected::Text { is_base64, inner: Box::new(copied) },
        })
    }
}

/// Whether a member says that the body beside it is base64, as in the result of a Lambda proxy.
fn says_base64(name: &str, value: &Value) -> bool {
    let is_no = [json!(false), json!(null), json!("false"), json!("")].contains(value);
    name.eq_ignore_ascii_case("isBase64Encoded") && is_scalar(value) && !is_no
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn may_be_document(text: &str) -> bool {
    text.trim().starts_with(['{', '[', '"'])
}
