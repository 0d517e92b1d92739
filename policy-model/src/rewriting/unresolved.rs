//! Why the arguments of a call cannot go on.

use std::fmt;

use super::REWRITING_WORK_MAX;
use crate::json;
use crate::limit::Exceeded;

/// Why arguments cannot go on, or cannot be rewritten: the call must be refused. Paths and words are the policy's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// They are no object, or a member stands twice in them.
    NoObject,
    /// A member could be taken for one on this path.
    OtherSpelling(String),
    /// On this path stands something that is no object.
    Parent(String),
    /// `valuePath` does not select exactly one value for this path.
    Value(String),
    /// Two entries set this path, to different values.
    Conflict(String),
    /// REFUSE has this path, and something is there.
    There(String),
    /// One of these detectors, of REFUSE, finds something.
    Found(String),
    /// One of these detectors finds something in the name of a member, which cannot become another one.
    FoundInName(String),
    /// They are larger than a limit.
    Limit(Exceeded),
    /// They have a control character, in the name of a member or where none may be.
    ControlCharacter,
    /// They belong to a completion, which cannot be rewritten.
    Completion,
    /// Rewritten once more they would be other ones.
    Unstable,
    /// More work than [`REWRITING_WORK_MAX`].
    TooMuchWork,
    /// Nested deeper than [`json::DEPTH_MAX`].
    TooDeep,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unresolved::NoObject => out.write_str("the arguments are no object, or a member stands twice in them"),
            Unresolved::OtherSpelling(path) => write!(out, "{path}: a member could be taken for one on the path"),
            Unresolved::Parent(path) => write!(out, "{path}: something on the path is no object"),
            Unresolved::Value(path) => write!(out, "{path}: \"valuePath\" does not select exactly one value"),
            Unresolved::Conflict(path) => write!(out, "{path}: is set to two different values"),
            Unresolved::There(path) => write!(out, "{path}: REFUSE, and something is there"),
            Unresolved::Found(words) => write!(out, "{words}: REFUSE, and something is found"),
            Unresolved::FoundInName(words) => {
                write!(out, "{words}: something is found in the name of a member, which cannot be masked")
            }
            Unresolved::Limit(exceeded) => exceeded.fmt(out),
            Unresolved::ControlCharacter => out.write_str("they have a control character"),
            Unresolved::Completion => {
                out.write_str("there are entries for its arguments, and completions cannot be rewritten")
            }
            Unresolved::Unstable => out.write_str("rewritten once more the arguments would be other ones"),
            Unresolved::TooMuchWork => write!(out, "more work than {REWRITING_WORK_MAX} values"),
            Unresolved::TooDeep => write!(out, "nested deeper than {}", json::DEPTH_MAX),
        }
    }
}
