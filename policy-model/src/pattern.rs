//! What a rule's resource says: `agent:tool:<pattern>`, where `*` is any run of characters.

use std::fmt;

use crate::tool_name::{DELIMITER, is_target};

/// Longest resource, in bytes.
pub(crate) const RESOURCE_BYTES_MAX: usize = 300;

/// Most `*` in one pattern.
pub(crate) const WILDCARDS_MAX: usize = 8;

/// A tool pattern as written, checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ToolPattern {
    /// `*`: every tool.
    All,
    /// `<target>___<tool>`, either with wildcards.
    Prefixed {
        /// The target's part.
        target: Glob,
        /// The tool's part.
        tool: Glob,
    },
    /// A name without `___`.
    Bare(Glob),
}

/// Literal pieces with any run of characters between two of them; without `*` there is one piece.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Glob {
    pieces: Vec<Box<str>>,
}

impl ToolPattern {
    /// Takes a rule's resource.
    pub(crate) fn parse(resource: &str) -> Result<ToolPattern, PatternError> {
        if resource.len() > RESOURCE_BYTES_MAX {
            return Err(PatternError::TooLong);
        }
        let pattern = resource.strip_prefix("agent:tool:").ok_or(PatternError::NotATool)?;
        if pattern.is_empty() {
            return Err(PatternError::Empty);
        }
        if pattern.matches('*').count() > WILDCARDS_MAX {
            return Err(PatternError::TooManyWildcards);
        }
        if !pattern.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-*".contains(&byte)) {
            return Err(PatternError::ForbiddenCharacter);
        }
        if pattern.bytes().all(|byte| byte == b'*') {
            return Ok(ToolPattern::All);
        }
        match pattern.split_once(DELIMITER) {
            Some((target, tool)) => {
                let is_target_glob = target.split('*').all(|piece| piece.is_empty() || is_target(piece));
                if target.is_empty() || !is_target_glob || tool.is_empty() || tool.starts_with('_') {
                    return Err(PatternError::BadDelimiter);
                }
                Ok(ToolPattern::Prefixed { target: Glob::new(target), tool: Glob::new(tool) })
            }
            None if pattern.contains("__") => Err(PatternError::BadDelimiter),
            None => Ok(ToolPattern::Bare(Glob::new(pattern))),
        }
    }
}

impl Glob {
    pub(crate) fn new(text: &str) -> Glob {
        let mut pieces: Vec<Box<str>> = Vec::new();
        let mut after_wildcard = false;
        for piece in text.split('*') {
            // Adjacent wildcards are one.
            if after_wildcard
                && piece.is_empty()
                && pieces.last().is_some_and(|last| last.is_empty())
                && pieces.len() > 1
            {
                continue;
            }
            pieces.push(piece.into());
            after_wildcard = true;
        }
        Glob { pieces }
    }

    /// The text, if there is no wildcard in it.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What every text that matches begins with.
    pub(crate) fn first(&self) -> &str {
        self.pieces.first().map_or("", |piece| piece.as_ref())
    }

    /// Whether it matches a text, in time linear in both.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else { return false };
        if self.pieces.len() == 1 {
            return text == first.as_ref();
        }
        let Some(mut rest) = text.strip_prefix(first.as_ref()).and_then(|rest| rest.strip_suffix(last.as_ref())) else {
            return false;
        };
        // What the leftmost fit leaves over is all that any other could: the pieces need not be tried elsewhere.
        let inner = self.pieces.get(1..self.pieces.len() - 1).unwrap_or_default();
        inner.iter().all(|piece| match rest.find(piece.as_ref()) {
            Some(start) => {
                rest = rest.get(start + piece.len()..).unwrap_or_default();
                true
            }
            None => false,
        })
    }

    /// What stands before the wildcard, if the only one is at the end.
    pub(crate) fn prefix(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [prefix, end] if end.is_empty() => Some(prefix),
            _ => None,
        }
    }

    /// Whether it matches every text.
    pub(crate) fn is_any(&self) -> bool {
        self.prefix() == Some("")
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, piece) in self.pieces.iter().enumerate() {
            if count > 0 {
                out.write_str("*")?;
            }
            out.write_str(piece)?;
        }
        Ok(())
    }
}

impl fmt::Display for ToolPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToolPattern::All => out.write_str("*"),
            ToolPattern::Prefixed { target, tool } => write!(out, "{target}{DELIMITER}{tool}"),
            ToolPattern::Bare(tool) => tool.fmt(out),
        }
    }
}

/// Why a resource is not a tool pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternError {
    /// It does not begin with `agent:tool:`.
    NotATool,
    /// Nothing follows `agent:tool:`.
    Empty,
    /// More than 300 bytes.
    TooLong,
    /// More than 8 `*`.
    TooManyWildcards,
    /// A character that no tool name has.
    ForbiddenCharacter,
    /// An underscore run that is not exactly one `___` between target and tool.
    BadDelimiter,
}

impl fmt::Display for PatternError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            PatternError::NotATool => "expected agent:tool:<name>",
            PatternError::Empty => "expected a name after agent:tool:; all tools are agent:tool:*",
            PatternError::TooLong => "longer than 300 bytes",
            PatternError::TooManyWildcards => "more than 8 wildcards",
            PatternError::ForbiddenCharacter => "a tool name has only A-Z a-z 0-9 _ . - and the wildcard *",
            PatternError::BadDelimiter => {
                "expected <target>___<tool> with exactly three underscores between, and no underscore in the target"
            }
        })
    }
}
