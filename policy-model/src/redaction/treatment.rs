//! What becomes of a value, and which of several rules has its way.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::hash::HashKeys;
use super::{MASK, MASKED};
use crate::decision::Layer;
use crate::json::{Kind, canonical_number, quote};

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// Of a string some characters stay; any other value is masked.
    Show(Shown),
    /// It becomes a keyed hash; what is neither string nor number is masked.
    Hash(Layer),
    /// It becomes another one.
    Replace(Arc<Replacement>),
    /// It becomes [`MASK`], or another value of its type that says nothing.
    Mask {
        /// Whether the type stays.
        keeps_type: bool,
    },
    /// It goes away.
    Remove,
}

/// The characters that stay of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Whether a string that is longer ends in [`ELLIPSIS`], and a shorter one stays as it is.
    pub(crate) is_cut: bool,
    /// Whether what is no string keeps its type.
    pub(crate) keeps_type: bool,
}

/// What stands in the place of a value.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Replacement {
    /// As JSON.
    pub(crate) json: Box<str>,
    /// As a part of a text.
    pub(crate) text: Box<str>,
}

/// What stands at the end of a string that was cut.
pub const ELLIPSIS: &str = "\u{2026}";

impl Treatment {
    /// The one that holds where two rules select one value: the stricter, and of two alike what both leave.
    pub(crate) fn with(self, other: &Treatment) -> Treatment {
        let other = other.clone();
        let both_keep_type = self.keeps_type() && other.keeps_type();
        match self.strictness().cmp(&other.strictness()) {
            Ordering::Greater => return self.keeping_type_if(both_keep_type),
            Ordering::Less => return other.keeping_type_if(both_keep_type),
            Ordering::Equal => {}
        }
        match (self, other) {
            (Treatment::Show(left), Treatment::Show(right)) => Treatment::Show(left.and(right)),
            (Treatment::Hash(Layer::Baseline), _) | (_, Treatment::Hash(Layer::Baseline)) => {
                Treatment::Hash(Layer::Baseline)
            }
            (Treatment::Replace(left), Treatment::Replace(right)) => Treatment::Replace(left.min(right)),
            (Treatment::Mask { keeps_type: left }, Treatment::Mask { keeps_type: right }) => {
                Treatment::Mask { keeps_type: left && right }
            }
            (left, _) => left,
        }
    }

    /// The same, and as a mask without the type where another treatment would not keep it: of a container nothing is to be shown
    /// that one of the two hides.
    fn keeping_type_if(self, keeps: bool) -> Treatment {
        match self {
            Treatment::Mask { keeps_type } => Treatment::Mask { keeps_type: keeps_type && keeps },
            Treatment::Show(_) | Treatment::Hash(_) | Treatment::Replace(_) | Treatment::Remove => self,
        }
    }

    fn strictness(&self) -> u8 {
        match self {
            Treatment::Show(_) => 0,
            Treatment::Hash(_) => 1,
            Treatment::Replace(_) => 2,
            Treatment::Mask { .. } => 3,
            Treatment::Remove => 4,
        }
    }

    /// What becomes of a part of a text.
    pub(super) fn of_text<'t>(&'t self, text: &'t str, keys: &HashKeys) -> Cow<'t, str> {
        match self {
            Treatment::Show(shown) => shown.of(text),
            Treatment::Hash(layer) => keys.hash_text(*layer, text),
            Treatment::Replace(replacement) => Cow::Borrowed(&replacement.text),
            Treatment::Mask { .. } => Cow::Borrowed(MASK),
            Treatment::Remove => Cow::Borrowed(""),
        }
    }

    /// The JSON of what becomes of a scalar; `None` if it stays. `text` is a string's content, or the literal.
    pub(super) fn of_scalar(&self, kind: Kind, text: &str, keys: &HashKeys) -> Option<Cow<'static, str>> {
        match (self, kind) {
            (Treatment::Remove, _) => Some(Cow::Borrowed("null")),
            (Treatment::Replace(replacement), _) => {
                (!replacement.is(kind, text)).then(|| Cow::Owned(replacement.json.to_string()))
            }
            (Treatment::Mask { .. }, Kind::String) => (text != MASK).then_some(Cow::Borrowed(MASKED)),
            (Treatment::Show(_) | Treatment::Hash(_), Kind::String) => {
                let new = self.of_text(text, keys);
                (new != text).then(|| Cow::Owned(quote(&new)))
            }
            (Treatment::Hash(layer), Kind::Number) => {
                let number = canonical_number(text).map_or(Cow::Borrowed(text), Cow::Owned);
                Some(Cow::Owned(quote(&keys.hash_number(*layer, &number))))
            }
            (
                Treatment::Mask { .. } | Treatment::Show(_) | Treatment::Hash(_),
                Kind::Null | Kind::Bool | Kind::Number | Kind::Array | Kind::Object,
            ) => {
                let masked = if self.keeps_type() { blank(kind) } else { MASKED };
                (masked != text).then_some(Cow::Borrowed(masked))
            }
        }
    }

    /// The same where nothing may be shown in part.
    pub(super) fn of_all(self) -> Treatment {
        match self {
            Treatment::Show(Shown { keeps_type, .. }) => Treatment::Mask { keeps_type },
            Treatment::Hash(_) | Treatment::Replace(_) | Treatment::Mask { .. } | Treatment::Remove => self,
        }
    }

    /// Whether it goes to what is in an array or object, which keeps its type.
    pub(super) fn goes_inside(&self) -> bool {
        self.keeps_type()
    }

    /// The JSON of what becomes of an array or object as a whole.
    pub(super) fn of_container(&self) -> Cow<'static, str> {
        match self {
            Treatment::Remove => Cow::Borrowed("null"),
            Treatment::Replace(replacement) => Cow::Owned(replacement.json.to_string()),
            Treatment::Show(_) | Treatment::Hash(_) | Treatment::Mask { .. } => Cow::Borrowed(MASKED),
        }
    }

    fn keeps_type(&self) -> bool {
        match self {
            Treatment::Mask { keeps_type } | Treatment::Show(Shown { keeps_type, .. }) => *keeps_type,
            Treatment::Hash(_) | Treatment::Replace(_) | Treatment::Remove => false,
        }
    }
}

impl Replacement {
    /// Whether a scalar is already what it would become.
    fn is(&self, kind: Kind, text: &str) -> bool {
        match kind {
            Kind::String => self.json.starts_with('"') && *self.text == *text,
            Kind::Null | Kind::Bool | Kind::Number | Kind::Array | Kind::Object => *self.json == *text,
        }
    }
}

/// A value of a type that says nothing.
fn blank(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "false",
        Kind::Number => "0",
        Kind::String => MASKED,
        Kind::Array => "[]",
        Kind::Object => "{}",
    }
}

impl Shown {
    fn and(self, other: Shown) -> Shown {
        Shown {
            first: self.first.min(other.first),
            last: self.last.min(other.last),
            is_cut: self.is_cut && other.is_cut,
            keeps_type: self.keeps_type && other.keeps_type,
        }
    }

    fn of(self, text: &str) -> Cow<'_, str> {
        // Nothing is left of it that could be shown.
        if text == MASK {
            return Cow::Borrowed(text);
        }
        let count = text.chars().count();
        if self.is_cut {
            let is_cut_already = count == self.first + 1 && text.ends_with(ELLIPSIS);
            if count <= self.first || is_cut_already {
                return Cow::Borrowed(text);
            }
            return Cow::Owned(format!("{}{ELLIPSIS}", first(text, self.first)));
        }
        if count <= self.first + self.last {
            return Cow::Borrowed(MASK);
        }
        let shown = format!("{}{MASK}{}", first(text, self.first), last(text, count - self.last));
        if shown == text { Cow::Borrowed(text) } else { Cow::Owned(shown) }
    }
}

fn first(text: &str, count: usize) -> &str {
    let end = text.char_indices().nth(count).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or_default()
}

/// What is left without the first characters.
fn last(text: &str, count: usize) -> &str {
    let start = text.char_indices().nth(count).map_or(text.len(), |(start, _)| start);
    text.get(start..).unwrap_or_default()
}
