//! Which values of a document a path selects (RFC 9535).
//!
//! `jsonpath-rust` parses; the evaluation is here, over spans, so that a selected value is a place in the text.

mod filter;

use std::cell::Cell;
use std::fmt;

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector as Step};
use jsonpath_rust::parser::parse_json_path;

use crate::json::{Kind, Value};

/// Longest path, in bytes.
pub const PATH_BYTES_MAX: usize = 512;

/// Most segments and selectors in a path.
pub const PATH_STEPS_MAX: usize = 64;

/// Most brackets and parentheses inside each other: the parser takes time exponential in them.
pub const PATH_DEPTH_MAX: usize = 5;

/// Most filters in a path.
pub const PATH_FILTERS_MAX: usize = 4;

/// Most `..` in a path: each goes through the document once more.
pub const PATH_DESCENDANTS_MAX: usize = 3;

/// A path as written and as it works.
#[derive(Debug, Clone)]
pub(crate) struct Selector {
    segments: Vec<Segment>,
}

impl Selector {
    pub(crate) fn parse(text: &str) -> Result<Selector, SelectorError> {
        check_before_parsing(text)?;
        let JpQuery { mut segments } = parse_json_path(text).map_err(|_| SelectorError::Syntax)?;
        segments.iter_mut().for_each(drop_repeated);
        check_segments(&segments, &mut 0)?;
        Ok(Selector { segments })
    }

    /// The selected values at or below `root`, in the order of the text. If the budget runs out, some may be missing.
    pub(crate) fn select<'d>(&self, origin: Origin<'_, 'd>, budget: &Budget) -> Vec<Value<'d>> {
        match origin {
            Origin::Value(root) => select(&self.segments, root, budget),
            Origin::Members(members) => {
                let root = self.roots();
                let value = members.iter().find(|(name, _)| root.first() == Some(name)).and_then(|(_, value)| *value);
                value.map(|value| select(self.segments.get(1..).unwrap_or_default(), value, budget)).unwrap_or_default()
            }
        }
    }

    pub(crate) fn parse_rooted(text: &str, names: &'static [&'static str]) -> Result<Selector, SelectorError> {
        let selector = Selector::parse(text)?;
        if selector.roots().iter().all(|root| names.contains(root)) && !selector.roots().is_empty() {
            Ok(selector)
        } else {
            Err(SelectorError::Syntax)
        }
    }

    pub(crate) fn roots(&self) -> Vec<&str> {
        match self.segments.first() {
            Some(Segment::Selector(Step::Name(name))) => vec![name.trim_matches('\'')],
            _ => Vec::new(),
        }
    }

    pub(crate) fn names(&self) -> Option<Vec<&str>> {
        None
    }
}

/// Work that may still be done, in values looked at.
#[derive(Debug)]
pub(crate) struct Budget(Cell<u64>);

impl Budget {
    pub(crate) fn new(work: u64) -> Budget {
        Budget(Cell::new(work))
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.0.get() == 0
    }

    fn charge(&self, work: usize) {
        self.0.set(self.0.get().saturating_sub(work as u64 + 1));
    }
}

fn select<'d>(segments: &[Segment], from: Value<'d>, budget: &Budget) -> Vec<Value<'d>> {
    let mut selected = vec![from];
    for segment in segments {
        let mut next = Vec::new();
        let mut covered: Option<Value<'d>> = None;
        for value in selected {
            if budget.is_exhausted() {
                return Vec::new();
            }
            match segment {
                Segment::Selector(step) => take(step, value, budget, &mut next),
                Segment::Selectors(steps) => steps.iter().for_each(|step| take(step, value, budget, &mut next)),
                // In the order of the text, what is inside another comes after it, and has been gone through with it.
                Segment::Descendant(_) if covered.is_some_and(|covered| covered.contains(value)) => {}
                Segment::Descendant(inner) => {
                    covered = Some(value);
                    value.descendants().for_each(|below| follow(inner, below, budget, &mut next));
                }
            }
        }
        next.sort_unstable_by_key(|value: &Value<'_>| value.id());
        next.dedup_by_key(|value| value.id());
        selected = next;
    }
    selected
}

fn follow<'d>(segment: &Segment, value: Value<'d>, budget: &Budget, out: &mut Vec<Value<'d>>) {
    match segment {
        Segment::Selector(step) => take(step, value, budget, out),
        Segment::Selectors(steps) => steps.iter().for_each(|step| take(step, value, budget, out)),
        // The grammar has no descendant of a descendant.
        Segment::Descendant(_) => {}
    }
}

fn take<'d>(step: &Step, value: Value<'d>, budget: &Budget, out: &mut Vec<Value<'d>>) {
    if budget.is_exhausted() {
        return;
    }
    budget.charge(value.len());
    match step {
        // All members of that name: a reader of the redacted text must not find the second of two.
        Step::Name(name) => {
            out.extend(value.members().filter(|member| member.name.is_str(name)).map(|member| member.value));
        }
        Step::Wildcard => out.extend(children(value)),
        Step::Index(index) => out.extend(element(value, *index)),
        Step::Slice(start, end, step) => slice(value, (*start, *end, step.unwrap_or(1)), out),
        Step::Filter(filter) => out.extend(children(value).filter(|child| filter::holds(filter, *child, budget))),
    }
}

fn children<'d>(value: Value<'d>) -> impl Iterator<Item = Value<'d>> {
    value.members().map(|member| member.value).chain(value.elements())
}

/// The element at an index, from the end if it is negative.
fn element(value: Value<'_>, index: i64) -> Option<Value<'_>> {
    let length = value.elements().count() as i64;
    let from_start = if index < 0 { length.saturating_add(index) } else { index };
    value.elements().nth(usize::try_from(from_start).ok()?)
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

/// A selector that stands twice in one segment selects nothing more.
fn drop_repeated(segment: &mut Segment) {
    match segment {
        Segment::Descendant(inner) => drop_repeated(inner),
        Segment::Selector(_) => {}
        Segment::Selectors(steps) => {
            let mut kept: Vec<Step> = Vec::new();
            for step in steps.drain(..) {
                if !kept.contains(&step) {
                    kept.push(step);
                }
            }
            *steps = kept;
        }
    }
}

/// Refuses, by its characters alone, what would be expensive or fatal to parse.
fn check_before_parsing(text: &str) -> Result<(), SelectorError> {
    if text.len() > PATH_BYTES_MAX {
        return Err(SelectorError::TooLong);
    }
    let mut quote = None;
    let mut is_escaped = false;
    let (mut depth, mut filters) = (0_usize, 0_usize);
    for character in text.chars() {
        match (quote, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, '?') => filters += 1,
            // The parser takes such a space off a name.
            (None, space) if space.is_whitespace() && !space.is_ascii() => return Err(SelectorError::Syntax),
            (None, _) => {}
        }
        if depth > PATH_DEPTH_MAX {
            return Err(SelectorError::TooDeep);
        }
        if filters > PATH_FILTERS_MAX {
            return Err(SelectorError::TooManyFilters);
        }
    }
    Ok(())
}

fn check_segments(segments: &[Segment], steps: &mut usize) -> Result<(), SelectorError> {
    let mut descendants = 0;
    for segment in segments {
        let mut inner = segment;
        while let Segment::Descendant(below) = inner {
            descendants += 1;
            inner = below;
        }
        let list = match inner {
            Segment::Selector(step) => std::slice::from_ref(step),
            Segment::Selectors(list) => list.as_slice(),
            Segment::Descendant(_) => &[],
        };
        for step in list {
            *steps += 1;
            match step {
                Step::Filter(filter) => filter::check(filter, steps)?,
                Step::Name(_) | Step::Wildcard | Step::Index(_) | Step::Slice(..) => {}
            }
        }
    }
    if *steps > PATH_STEPS_MAX {
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
    /// A function that filters here do not have.
    Function,
    /// A filter that looks elsewhere than into the value it is asked about.
    FilterReach,
    /// More than [`PATH_DEPTH_MAX`] brackets and parentheses inside each other.
    TooDeep,
    /// More than [`PATH_FILTERS_MAX`] `?`.
    TooManyFilters,
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
            SelectorError::Function => {
                out.write_str("only the functions length(), count() and value() are supported, in comparisons")
            }
            SelectorError::FilterReach => out.write_str(
                "inside a filter, $, .. and other filters are not supported: it would be asked for every value",
            ),
            SelectorError::TooDeep => write!(out, "more than {PATH_DEPTH_MAX} brackets inside each other"),
            SelectorError::TooManyFilters => write!(out, "more than {PATH_FILTERS_MAX} filters"),
            SelectorError::TooLong => write!(out, "longer than {PATH_BYTES_MAX} bytes"),
            SelectorError::TooManySteps => write!(out, "more than {PATH_STEPS_MAX} selectors"),
            SelectorError::TooManyDescendants => write!(out, "more than {PATH_DESCENDANTS_MAX} times .."),
        }
    }
}

/// What `$` is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'c, 'd> {
    /// This value.
    Value(Value<'d>),
    /// An object with these members.
    Members(&'c [(&'static str, Option<Value<'d>>)]),
}
