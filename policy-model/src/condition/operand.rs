//! What the selected values are compared with.

use std::borrow::Cow;

use crate::json::{Kind, Value};
use crate::selector::{Budget, Origin, Selector, text_work};

/// The value of a condition as its author gave it.
#[derive(Debug)]
pub(crate) enum Operand {
    /// Written out.
    Scalar(Scalar),
    /// Written out, of one type.
    List(Box<[Scalar]>),
    /// Elsewhere in the same document.
    Path(Selector),
}

/// A string, number, boolean or null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    /// As written in JSON.
    Number(Box<str>),
    Text(Box<str>),
}

/// The value when a request is there.
pub(super) enum Resolved<'v> {
    Scalar(Item<'v>),
    Scalars(&'v [Scalar]),
    /// A list or object.
    Value(Value<'v>),
}

/// One side of a comparison.
pub(super) enum Item<'v> {
    Null,
    Bool(bool),
    Number(&'v str),
    Text(Cow<'v, str>),
    /// A list or object: compares with nothing.
    Composite,
}

impl Operand {
    pub(crate) fn path(&self) -> Option<&Selector> {
        match self {
            Operand::Path(path) => Some(path),
            Operand::Scalar(_) | Operand::List(_) => None,
        }
    }

    /// The value; none if a path selects nothing or several values.
    pub(super) fn resolve<'v>(&'v self, origin: Origin<'_, 'v>, budget: &Budget) -> Option<Resolved<'v>> {
        match self {
            Operand::Scalar(scalar) => Some(Resolved::Scalar(scalar.item())),
            Operand::List(scalars) => Some(Resolved::Scalars(scalars)),
            Operand::Path(path) => match *path.select(origin, budget) {
                [only] => Some(match only.kind() {
                    Kind::Array | Kind::Object => Resolved::Value(only),
                    Kind::Null | Kind::Bool | Kind::Number | Kind::String => Resolved::Scalar(Item::of(only)),
                }),
                _ => None,
            },
        }
    }
}

impl Scalar {
    pub(crate) fn of(value: Value<'_>) -> Option<Scalar> {
        match value.kind() {
            Kind::Null => Some(Scalar::Null),
            Kind::Bool => Some(Scalar::Bool(value.text() == "true")),
            Kind::Number => Some(Scalar::Number(value.text().into())),
            Kind::String => Some(Scalar::Text(value.as_str()?.into())),
            Kind::Array | Kind::Object => None,
        }
    }

    /// How long it is, as a number is written and a text is read.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Scalar::Null | Scalar::Bool(_) => 0,
            Scalar::Number(text) | Scalar::Text(text) => text.len(),
        }
    }

    pub(super) fn item(&self) -> Item<'_> {
        match self {
            Scalar::Null => Item::Null,
            Scalar::Bool(is_true) => Item::Bool(*is_true),
            Scalar::Number(text) => Item::Number(text),
            Scalar::Text(text) => Item::Text(Cow::Borrowed(text)),
        }
    }
}

/// How much there is in a value to compare with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) values: usize,
    /// What looking at all of their text takes.
    pub(super) text_work: usize,
}

impl Choice {
    pub(super) const ONE: Choice = Choice { values: 1, text_work: 0 };
}

impl Resolved<'_> {
    /// How much there is in it. Counting it is paid for first: many conditions may have one large value.
    pub(super) fn choice(&self, budget: &Budget) -> Choice {
        match self {
            Resolved::Scalar(Item::Number(text)) => Choice { values: 1, text_work: text_work(text.len()) },
            Resolved::Scalar(Item::Text(text)) => Choice { values: 1, text_work: text_work(text.len()) },
            Resolved::Scalar(Item::Null | Item::Bool(_) | Item::Composite) => Choice::ONE,
            // Each is short.
            Resolved::Scalars(list) => Choice { values: list.len().max(1), text_work: 0 },
            Resolved::Value(list) => {
                let text_work = text_work(list.text().len());
                let values = if budget.spend(text_work) { list.elements().count().max(1) } else { usize::MAX };
                Choice { values, text_work }
            }
        }
    }

    pub(super) const NONE: Resolved<'static> = Resolved::Scalar(Item::Composite);
}

impl<'v> Item<'v> {
    pub(super) fn of(value: Value<'v>) -> Item<'v> {
        match value.kind() {
            Kind::Null => Item::Null,
            Kind::Bool => Item::Bool(value.text() == "true"),
            Kind::Number => Item::Number(value.text()),
            Kind::String => Item::Text(value.as_str().unwrap_or_default()),
            Kind::Array | Kind::Object => Item::Composite,
        }
    }
}
