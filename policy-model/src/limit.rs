//! How large the arguments of a call may be, and how many tokens a model may make.

use std::fmt;

use crate::decision::Layers;
use crate::json::{Kind, Value};
use crate::request::{ModelName, Resource};
use crate::resource_index::ResourceIndex;

/// The limits of a policy.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) list: Vec<Limit>,
    pub(crate) index: ResourceIndex,
}

/// The bounds of one entry, or the smallest of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Limit {
    pub(crate) argument_bytes: Option<usize>,
    pub(crate) depth: Option<usize>,
    pub(crate) string_bytes: Option<usize>,
    pub(crate) tokens: Option<u64>,
}

/// What is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// All arguments together, in bytes.
    ArgumentBytes,
    /// How deep arrays and objects are nested; the arguments themselves are one level.
    ArgumentDepth,
    /// The longest string or name of a member, in bytes.
    StringBytes,
}

/// A bound that arguments exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// What is bounded.
    pub bound: Bound,
    /// The most that is allowed.
    pub most: usize,
}

impl Bound {
    /// The member of a policy that says it.
    pub fn word(self) -> &'static str {
        match self {
            Bound::ArgumentBytes => "argumentBytesMax",
            Bound::ArgumentDepth => "argumentDepthMax",
            Bound::StringBytes => "stringBytesMax",
        }
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "more than {} {}", self.bound.word(), self.most)
    }
}

impl Layers<'_> {
    /// The most tokens that a model may be asked to make: of all entries about it, the baseline's and the tenant's, the smallest.
    /// None if nothing bounds them.
    pub fn max_tokens(self, model: &ModelName<'_>) -> Option<u64> {
        self.limit(&Resource::Model(*model)).tokens
    }

    /// Of all bounds for calls of something the smallest.
    pub(crate) fn limit(self, resource: &Resource<'_>) -> Limit {
        let mut all = Limit::default();
        for policy in self.baseline.into_iter().chain([self.policy]) {
            policy.limits.index.visit(resource, &mut |number| {
                if let Some(own) = policy.limits.list.get(number as usize) {
                    all = all.and(*own);
                }
            });
        }
        all
    }
}

impl Limit {
    fn and(self, other: Limit) -> Limit {
        Limit {
            argument_bytes: smaller(self.argument_bytes, other.argument_bytes),
            depth: smaller(self.depth, other.depth),
            string_bytes: smaller(self.string_bytes, other.string_bytes),
            tokens: smaller(self.tokens, other.tokens),
        }
    }

    pub(crate) fn check(self, arguments: Value<'_>) -> Result<(), Exceeded> {
        if self == Limit::default() {
            return Ok(());
        }
        let size = Size::of(arguments);
        let within = |bound, own: usize, most: Option<usize>| match most {
            Some(most) if own > most => Err(Exceeded { bound, most }),
            Some(_) | None => Ok(()),
        };
        within(Bound::ArgumentBytes, size.bytes, self.argument_bytes)?;
        within(Bound::ArgumentDepth, size.depth, self.depth)?;
        within(Bound::StringBytes, size.longest, self.string_bytes)
    }
}

fn smaller<T: Ord>(left: Option<T>, right: Option<T>) -> Option<T> {
    left.into_iter().chain(right).min()
}

/// How large a value is, whatever white space and escapes it is written with: whoever writes it anew makes it no larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Size {
    /// As JSON text without white space, strings in UTF-8 and without escapes.
    bytes: usize,
    depth: usize,
    /// Of all strings and names.
    longest: usize,
}

impl Size {
    fn of(value: Value<'_>) -> Size {
        match value.kind() {
            Kind::Null | Kind::Bool | Kind::Number => Size { bytes: value.text().len(), ..Size::default() },
            Kind::String => {
                let longest = value.as_str().map_or(0, |text| text.len());
                Size { bytes: longest + 2, longest, depth: 0 }
            }
            Kind::Array => Size::around(value.elements().map(Size::of)),
            Kind::Object => Size::around(value.members().map(|member| {
                let (name, value) = (Size::of(member.name), Size::of(member.value));
                Size {
                    bytes: name.bytes + 1 + value.bytes,
                    depth: value.depth,
                    longest: name.longest.max(value.longest),
                }
            })),
        }
    }

    /// Brackets around parts with commas between them.
    fn around(parts: impl Iterator<Item = Size>) -> Size {
        let mut all = Size::default();
        let mut commas = 0;
        for (number, part) in parts.enumerate() {
            commas = number;
            all.bytes += part.bytes;
            all.depth = all.depth.max(part.depth);
            all.longest = all.longest.max(part.longest);
        }
        Size { bytes: all.bytes + commas + 2, depth: all.depth + 1, longest: all.longest }
    }
}

#[cfg(test)]
mod tests {
    use super::Size;
    use crate::json;

    #[test]
    fn a_size_is_that_of_the_shortest_text() {
        let of = |text: &str| {
            let size = Size::of(json::parse(text.as_bytes()).unwrap().root());
            (size.bytes, size.depth, size.longest)
        };
        assert_eq!(of("{}"), (2, 1, 0));
        assert_eq!(of(r#"{"a":1}"#), (7, 1, 1));
        assert_eq!(of("{ \"\\u0061\" :\t1 }"), (7, 1, 1));
        assert_eq!(of(r#"{"a":[true,null,{"bc":"dé"}],"x":-10.50}"#), (41, 3, 3));
        assert_eq!(of("[[],[[]]]"), (9, 3, 0));
        assert_eq!(of("[1,22,333]"), (10, 1, 0));
        assert_eq!(of(r#"{"long name":"x"}"#), (17, 1, 9));
    }
}
