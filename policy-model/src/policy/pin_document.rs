//! A pin: JSON to a tool and the digests of its definitions.

use std::collections::HashSet;
use std::fmt;

use super::document::check_sentence;
use super::error::{PolicyError, Problem, cut};
use super::fields::{Fields, Place};
use super::shape::PIN;
use crate::definition::Digest;
use crate::json::Value;
use crate::tool_name::{TOOL_NAME_BYTES_MAX, ToolName};

/// A tool and the digests of which its definition must have one.
pub(crate) struct PinDocument {
    pub(crate) tool: Box<str>,
    pub(crate) digests: Box<[Digest]>,
}

pub(super) fn read_all(
    fields: &Fields<'_, '_>,
    errors: &mut Vec<PolicyError>,
) -> Result<Vec<PinDocument>, PolicyError> {
    let place = fields.place("pins");
    let mut seen: HashSet<Box<str>> = HashSet::new();
    let mut pins = Vec::new();
    for (number, value) in fields.list("pins")?.into_iter().flatten() {
        let place = Place::Element(&place, number);
        match read(value, place) {
            Ok(pin) if !seen.insert(pin.tool.clone()) => {
                let problem = Problem::Pin(PinError::Twice(pin.tool.into()));
                errors.push(PolicyError::new(Place::Member(&place, "tool"), problem));
            }
            Ok(pin) => pins.push(pin),
            Err(error) => errors.push(error),
        }
    }
    Ok(pins)
}

fn read(value: Value<'_>, place: Place<'_>) -> Result<PinDocument, PolicyError> {
    let fields = Fields::read(value, place, PIN)?;
    check_sentence(&fields, "description")?;
    let tool = fields.text("tool")?;
    if ToolName::parse(&tool).is_err() {
        return Err(fields.error_at("tool", Problem::Pin(PinError::Tool(tool.into_owned()))));
    }
    let place = fields.place("sha256");
    let mut digests = Vec::new();
    for (number, value) in fields.list("sha256")?.into_iter().flatten() {
        let place = Place::Element(&place, number);
        let text = value.as_str().ok_or_else(|| PolicyError::new(place, Problem::WrongType("a string")))?;
        let wrong = || PolicyError::new(place, Problem::Pin(PinError::Digest(text.to_string())));
        digests.push(Digest::parse(&text).ok_or_else(wrong)?);
    }
    Ok(PinDocument { tool: tool.into(), digests: digests.into() })
}

/// What is wrong with a pin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinError {
    /// Not the name of one tool.
    Tool(String),
    /// A tool that another entry pins.
    Twice(String),
    /// Not a digest.
    Digest(String),
}

impl fmt::Display for PinError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PinError::Tool(text) => write!(
                out,
                "{:?} is not the name of one tool as lists have it: <target>___<tool> in 1 to {TOOL_NAME_BYTES_MAX} of \
                 A-Z a-z 0-9 _ . -, without \"agent:tool:\" and without *",
                cut(text)
            ),
            PinError::Twice(tool) => {
                write!(out, "tool {tool:?} is pinned by another entry; put all its digests into one \"sha256\"")
            }
            PinError::Digest(text) => write!(
                out,
                "{:?} is not a SHA-256 in 64 lower-case hexadecimal digits, as `tenantgate tools pin` prints it",
                cut(text)
            ),
        }
    }
}
