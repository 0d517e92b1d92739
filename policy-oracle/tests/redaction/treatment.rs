//! What becomes of one value, and which of several rules about it holds.

use serde_json::{Value, json};

use crate::expected::Expected;
use crate::rule::Action;

pub(crate) const MASK: &str = "****";

/// What rules say together of one value, from the mildest on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Treatment {
    Shown { first: usize, last: usize, is_cut: bool, keeps_type: bool },
    Hashed,
    Replaced(Value),
    Masked { keeps_type: bool },
    Removed,
}

impl Treatment {
    pub(crate) fn of(action: &Action) -> Treatment {
        match action {
            Action::Remove => Treatment::Removed,
            Action::Mask { keeps_type } => Treatment::Masked { keeps_type: *keeps_type },
            // Nothing is kept.
            Action::Show { first: 0, last: 0, keeps_type } => Treatment::Masked { keeps_type: *keeps_type },
            Action::Show { first, last, keeps_type } => {
                Treatment::Shown { first: *first, last: *last, is_cut: false, keeps_type: *keeps_type }
            }
            Action::Truncate { length, keeps_type } => {
                Treatment::Shown { first: *length, last: 0, is_cut: true, keeps_type: *keeps_type }
            }
            Action::Replace(with) => Treatment::Replaced(with.clone()),
            Action::Hash => Treatment::Hashed,
        }
    }

    /// The strictest of several, and of alike ones what all of them leave.
    pub(crate) fn strictest(of: &[Treatment]) -> Option<Treatment> {
        let rank = of.iter().map(Treatment::rank).max()?;
        let alike: Vec<&Treatment> = of.iter().filter(|treatment| treatment.rank() == rank).collect();
        let all_keep_type = of.iter().all(|treatment| treatment.keeps_type());
        Some(match alike[0] {
            Treatment::Removed => Treatment::Removed,
            Treatment::Masked { .. } => Treatment::Masked { keeps_type: all_keep_type },
            Treatment::Replaced(_) => {
                let replacements = alike.iter().filter_map(|treatment| treatment.replacement());
                Treatment::Replaced(replacements.min_by_key(|with| with.to_string())?.clone())
            }
            Treatment::Hashed => Treatment::Hashed,
            Treatment::Shown { .. } => {
                let parts: Vec<(usize, usize, bool)> = alike.iter().filter_map(|treatment| treatment.shown()).collect();
                Treatment::Shown {
                    first: parts.iter().map(|part| part.0).min()?,
                    last: parts.iter().map(|part| part.1).min()?,
                    is_cut: parts.iter().all(|part| part.2),
                    keeps_type: all_keep_type,
                }
            }
        })
    }

    fn replacement(&self) -> Option<&Value> {
        if let Treatment::Replaced(with) = self { Some(with) } else { None }
    }

    fn shown(&self) -> Option<(usize, usize, bool)> {
        if let Treatment::Shown { first, last, is_cut, .. } = self { Some((*first, *last, *is_cut)) } else { None }
    }

    fn rank(&self) -> u8 {
        match self {
            Treatment::Shown { .. } => 0,
            Treatment::Hashed => 1,
            Treatment::Replaced(_) => 2,
            Treatment::Masked { .. } => 3,
            Treatment::Removed => 4,
        }
    }

    pub(crate) fn shows_part(&self) -> bool {
        matches!(self, Treatment::Shown { .. })
    }

    pub(crate) fn keeps_type(&self) -> bool {
        match self {
            Treatment::Shown { keeps_type, .. } | Treatment::Masked { keeps_type } => *keeps_type,
            Treatment::Removed | Treatment::Replaced(_) | Treatment::Hashed => false,
        }
    }

    /// What becomes of a scalar, or of an array or object as a whole. `has_more` says that something in a string would be
    /// redacted if it were not treated itself.
    pub(crate) fn treat(&self, value: &Value, has_more: bool) -> Expected {
        let masked = || Expected::Value(json!(MASK));
        match self {
            Treatment::Removed => Expected::Gone,
            Treatment::Replaced(with) => Expected::Value(with.clone()),
            Treatment::Masked { keeps_type: true } => Expected::Value(blank(value)),
            Treatment::Masked { keeps_type: false } => masked(),
            Treatment::Hashed => match value {
                Value::String(text) if text == MASK => masked(),
                Value::String(text) => Expected::Hash(format!("text {text}")),
                Value::Number(number) => Expected::Hash(format!("number {}", number.as_f64().unwrap())),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => masked(),
            },
            Treatment::Shown { first, last, is_cut, keeps_type } => match value {
                Value::String(_) if has_more => masked(),
                Value::String(text) => Expected::Value(json!(shown(text, *first, *last, *is_cut))),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    Expected::Value(if *keeps_type { blank(value) } else { json!(MASK) })
                }
            },
        }
    }
}

/// A value of the same type that says nothing.
fn blank(value: &Value) -> Value {
    match value {
        Value::Null => json!(null),
        Value::Bool(_) => json!(false),
        Value::Number(_) => json!(0),
        Value::String(_) => json!(MASK),
        Value::Array(_) => json!([]),
        Value::Object(_) => json!({}),
    }
}

fn shown(text: &str, first: usize, last: usize, is_cut: bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    if text == MASK {
        return MASK.to_owned();
    }
    let beginning: String = characters.iter().take(first).collect();
    if is_cut {
        let is_cut_already = characters.len() == first + 1 && characters[first] == '…';
        return if characters.len() <= first || is_cut_already { text.to_owned() } else { beginning + "…" };
    }
    if characters.len() <= first + last {
        return MASK.to_owned();
    }
    let end: String = characters[characters.len() - last..].iter().collect();
    beginning + MASK + &end
}
