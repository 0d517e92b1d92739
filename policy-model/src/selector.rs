//! Which values of a document a path selects (RFC 9535, without filters).

use std::fmt;

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector as Step};
use jsonpath_rust::parser::parse_json_path;

use crate::json::{Kind, Value};

/// Longest path, in bytes.
pub const PATH_BYTES_MAX: usize = 512;

/// Most segments and selectors in a path.
pub const PATH_STEPS_MAX: usize = 64;

/// Most `..` in a path: each multiplies the work by the depth of the document.
pub const PATH_DESCENDANTS_MAX: usize = 3;

/// A path as written and as it works.
#[derive(Debug, Clone)]
pub(crate) struct Selector {
    segments: Vec<Segment>,
}

impl Selector {
    pub(crate) fn parse(text: &str) -> Result<Selector, SelectorError> {
        check_before_parsing(text)?;
        let JpQuery { segments } = parse_json_path(text).map_err(|_| SelectorError::Syntax)?;
        check_steps(&segments)?;
        Ok(Selector { segments })
    }

    /// The selected values at or below `root`, in no order, some perhaps twice.
    pub(crate) fn select<'d>(&self, root: Value<'d>) -> Vec<Value<'d>> {
        let mut selected = vec![root];
        for segment in &self.segments {
            let mut next = Vec::new();
            for value in selected {
                follow(segment, value, &mut next);
            }
            next.sort_unstable_by_key(|value: &Value<'_>| value.id());
            next.dedup_by_key(|value| value.id());
            selected = next;
        }
        selected
    }
}

fn follow<'d>(segment: &Segment, value: Value<'d>, out: &mut Vec<Value<'d>>) {
    match segment {
        Segment::Selector(step) => take(step, value, out),
        Segment::Selectors(steps) => steps.iter().for_each(|step| take(step, value, out)),
        Segment::Descendant(inner) => value.descendants().for_each(|below| follow(inner, below, out)),
    }
}

fn take<'d>(step: &Step, value: Value<'d>, out: &mut Vec<Value<'d>>) {
    match step {
        // All members of that name: a reader of the redacted text must not find the second of two.
        Step::Name(name) => {
            out.extend(value.members().filter(|member| member.name.is_str(name)).map(|member| member.value));
        }
        Step::Wildcard => {
            out.extend(value.members().map(|member| member.value));
            out.extend(value.elements());
        }
        Step::Index(index) => {
            let length = value.elements().count() as i64;
            let from_start = if *index < 0 { length.saturating_add(*index) } else { *index };
            out.extend(usize::try_from(from_start).ok().and_then(|nth| value.elements().nth(nth)));
        }
        Step::Slice(start, end, step) => slice(value, (*start, *end, step.unwrap_or(1)), out),
        // Refused when the path is parsed.
        Step::Filter(_) => {}
    }
}

/// RFC 9535, section 2.3.4.2.2.
fn slice<'d>(value: Value<'d>, (start, end, step): (Option<i64>, Option<i64>, i64), out: &mut Vec<Value<'d>>) {
    let elements: Vec<Value<'d>> = match value.kind() {
        Kind::Array => value.elements().collect(),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Object => return,
    };
    let length = elements.len() as i64;
    let normal = |index: i64| if index >= 0 { index } else { length.saturating_add(index) };
    if step > 0 {
        let (mut at, upper) =
            (normal(start.unwrap_or(0)).clamp(0, length), normal(end.unwrap_or(length)).clamp(0, length));
        while at < upper {
            out.extend(elements.get(at as usize));
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        let mut at = normal(start.unwrap_or(length - 1)).clamp(-1, length - 1);
        let lower = end.map_or(-1, |end| normal(end).clamp(-1, length - 1));
        while at > lower {
            out.extend(elements.get(at as usize));
            at = at.saturating_add(step);
        }
    }
}

/// Refuses what would be expensive or fatal to parse, by its characters alone.
fn check_before_parsing(text: &str) -> Result<(), SelectorError> {
    if text.len() > PATH_BYTES_MAX {
        return Err(SelectorError::TooLong);
    }
    let mut quote = None;
    let mut is_escaped = false;
    for character in text.chars() {
        match (quote, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '?' | '(' | ')' | '@') => return Err(SelectorError::Filter),
            (None, _) => {}
        }
    }
    Ok(())
}

fn check_steps(segments: &[Segment]) -> Result<(), SelectorError> {
    let (mut steps, mut descendants) = (0, 0);
    for segment in segments {
        let mut inner = segment;
        while let Segment::Descendant(below) = inner {
            descendants += 1;
            inner = below;
        }
        match inner {
            Segment::Selector(Step::Filter(_)) => return Err(SelectorError::Filter),
            Segment::Selectors(list) => steps += list.len(),
            Segment::Selector(_) | Segment::Descendant(_) => steps += 1,
        }
    }
    if steps > PATH_STEPS_MAX {
        return Err(SelectorError::TooManySteps);
    }
    if descendants > PATH_DESCENDANTS_MAX {
        return Err(SelectorError::TooManyDescendants);
    }
    Ok(())
}

/// Why a text is not a path that a policy may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorError {
    /// Not RFC 9535.
    Syntax,
    /// A filter, which redaction paths do not have yet.
    Filter,
    /// More than [`PATH_BYTES_MAX`] bytes.
    TooLong,
    /// More than [`PATH_STEPS_MAX`] selectors.
    TooManySteps,
    /// More than [`PATH_DESCENDANTS_MAX`] `..`.
    TooManyDescendants,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SelectorError::Syntax => {
                out.write_str("expected RFC 9535, as in $.customer.ssn, $..ssn, $.orders[*].card or $['a.b']")
            }
            SelectorError::Filter => {
                out.write_str("filters (?..) are not supported; select with names, indexes, slices, * and ..")
            }
            SelectorError::TooLong => write!(out, "longer than {PATH_BYTES_MAX} bytes"),
            SelectorError::TooManySteps => write!(out, "more than {PATH_STEPS_MAX} selectors"),
            SelectorError::TooManyDescendants => write!(out, "more than {PATH_DESCENDANTS_MAX} times .."),
        }
    }
}
