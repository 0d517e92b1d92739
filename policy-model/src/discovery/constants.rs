//! What the values of some arguments are compared with.

use std::borrow::Cow;
use std::ops::Range;

use ipnet::IpNet;

use super::texts::Pattern;
use crate::condition::{Condition, Operand, Scalar, Test};
use crate::decision::CONDITION_WORK_MAX;
use crate::json::{Kind, Value};
use crate::request::Request;
use crate::selector::{Budget, Origin, Selector};

/// All that conditions compare some arguments with.
#[derive(Default)]
pub(super) struct Constants<'p> {
    pub(super) has_bools: bool,
    /// Whether values are compared with each other.
    pub(super) are_linked: bool,
    /// Whether a list is looked into.
    pub(super) has_lists: bool,
    pub(super) numbers: Vec<Cow<'p, str>>,
    pub(super) texts: Vec<Cow<'p, str>>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) has_expressions: bool,
    pub(super) networks: Vec<&'p IpNet>,
    pub(super) times: Vec<&'p Range<u32>>,
    /// What a list may have among its elements.
    pub(super) members: Vec<Cow<'p, Scalar>>,
}

/// On which side of a condition the argument is.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Path,
    Value,
}

impl<'p> Constants<'p> {
    /// Adds those of a condition whose other side does not look into the arguments.
    pub(super) fn add(&mut self, condition: &'p Condition, side: Side, request: &Request<'_>) {
        let (path, test) = condition.parts();
        let others: Vec<Cow<'p, Scalar>> = match (side, test.operand()) {
            (Side::Value, _) => select(path, request),
            (Side::Path, Some(Operand::Scalar(scalar))) => vec![Cow::Borrowed(scalar)],
            (Side::Path, Some(Operand::List(scalars))) => scalars.iter().map(Cow::Borrowed).collect(),
            (Side::Path, Some(Operand::Path(path))) => select(path, request),
            (Side::Path, None) => Vec::new(),
        };
        match (test, side) {
            (Test::Exists | Test::NotExists, _) => {}
            (Test::Equals(_) | Test::NotEquals(_), _) | (Test::In(_) | Test::NotIn(_), Side::Path) => {
                others.into_iter().for_each(|other| self.add_equal(other));
            }
            (Test::In(_) | Test::NotIn(_), Side::Value) => self.add_members(others),
            (Test::Order(..), _) => others.into_iter().for_each(|other| self.add_number(other)),
            (Test::Contains(_), Side::Path) => {
                texts(&others).for_each(|text| self.add_pieces(&["", text, ""]));
                self.add_members(others);
            }
            (Test::StartsWith(_), Side::Path) => texts(&others).for_each(|text| self.add_pieces(&[text, ""])),
            (Test::EndsWith(_), Side::Path) => texts(&others).for_each(|text| self.add_pieces(&["", text])),
            (Test::Contains(_), Side::Value) => {
                texts(&others).for_each(|text| self.add_part(text, false, false));
                others.into_iter().for_each(|other| self.add_equal(other));
            }
            (Test::StartsWith(_), Side::Value) => texts(&others).for_each(|text| self.add_part(text, true, false)),
            (Test::EndsWith(_), Side::Value) => texts(&others).for_each(|text| self.add_part(text, false, true)),
            (Test::Like(glob), _) => match glob.literal() {
                Some(text) => self.texts.push(Cow::Borrowed(text)),
                None => self.add_pieces(&glob.to_string().split('*').collect::<Vec<_>>()),
            },
            (Test::Matches(_), _) => self.has_expressions = true,
            (Test::InCidr(networks), _) => self.networks.extend(networks),
            (Test::Between(times), _) => self.times.push(times),
        }
    }

    fn add_equal(&mut self, scalar: Cow<'p, Scalar>) {
        match &*scalar {
            Scalar::Null => {}
            Scalar::Bool(_) => self.has_bools = true,
            Scalar::Number(_) => self.add_number(scalar),
            Scalar::Text(_) => self.texts.extend(text(scalar)),
        }
    }

    fn add_number(&mut self, scalar: Cow<'p, Scalar>) {
        match &*scalar {
            Scalar::Number(_) => self.numbers.extend(text(scalar)),
            Scalar::Null | Scalar::Bool(_) | Scalar::Text(_) => {}
        }
    }

    fn add_members(&mut self, members: Vec<Cow<'p, Scalar>>) {
        self.has_lists = true;
        self.members.extend(members);
    }

    fn add_pieces(&mut self, pieces: &[&str]) {
        self.patterns.push(Pattern::Pieces(pieces.iter().map(|piece| (*piece).to_owned()).collect()));
    }

    fn add_part(&mut self, of: &str, is_at_start: bool, is_at_end: bool) {
        self.patterns.push(Pattern::Part { of: of.to_owned(), is_at_start, is_at_end });
    }
}

/// The digits of a number, the characters of a text.
fn text(scalar: Cow<'_, Scalar>) -> Option<Cow<'_, str>> {
    match scalar {
        Cow::Borrowed(Scalar::Number(text) | Scalar::Text(text)) => Some(Cow::Borrowed(text)),
        Cow::Owned(Scalar::Number(text) | Scalar::Text(text)) => Some(Cow::Owned(text.into())),
        Cow::Borrowed(Scalar::Null | Scalar::Bool(_)) | Cow::Owned(Scalar::Null | Scalar::Bool(_)) => None,
    }
}

fn texts<'s>(scalars: &'s [Cow<'_, Scalar>]) -> impl Iterator<Item = &'s str> {
    scalars.iter().filter_map(|scalar| match &**scalar {
        Scalar::Text(text) => Some(&**text),
        Scalar::Null | Scalar::Bool(_) | Scalar::Number(_) => None,
    })
}

/// The scalars that a path selects for this caller, and those in lists.
fn select<'p>(path: &Selector, request: &Request<'_>) -> Vec<Cow<'p, Scalar>> {
    let roots = request.roots(true);
    let selected = path.select(Origin::Members(&roots), &Budget::new(CONDITION_WORK_MAX));
    let with_elements = |value: Value<'_>| -> Vec<Scalar> {
        match value.kind() {
            Kind::Array => value.elements().filter_map(Scalar::of).collect(),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Object => {
                Scalar::of(value).into_iter().collect()
            }
        }
    };
    selected.iter().copied().flat_map(with_elements).map(Cow::Owned).collect()
}
