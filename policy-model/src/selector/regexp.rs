//! Regular expressions of `match` and `search` (I-Regexp, RFC 9485), in time linear in the text.

mod atom;
mod translate;

use regex::{Regex, RegexBuilder};

use super::budget::Budget;
use super::limits::{PATH_BYTES_MAX, PATTERNS_SIZE_MAX};
pub(super) use translate::Translation;

/// What a regular expression must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of the text: `match`.
    Whole,
    /// Any part of it: `search`.
    Part,
}

/// Why there is no regular expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not RFC 9485.
    NotARegexp,
    /// It would take too much memory and time.
    TooLarge,
}

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) struct Regexp {
    regex: Regex,
    states: usize,
}

impl Regexp {
    fn compile(translated: &str, reach: Reach, states: usize) -> Result<Regexp, Refusal> {
        let anchored = match reach {
            Reach::Whole => format!("^(?:{translated})$"),
            Reach::Part => translated.to_owned(),
        };
        let regex = RegexBuilder::new(&anchored).size_limit(COMPILED_BYTES_MAX).dfa_size_limit(CACHE_BYTES_MAX).build();
        Ok(Regexp { regex: regex.map_err(|_| Refusal::TooLarge)?, states })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// What a match costs at worst, in values looked at: each character of the text may find every state waiting for it.
    pub(super) fn work(&self, text: &str) -> usize {
        text.len().saturating_mul(1 + self.states / STATES_PER_WORK).saturating_add(1)
    }
}

/// A pattern that a document has.
#[derive(Debug)]
pub(super) struct FoundRegexp {
    pattern: String,
    reach: Reach,
    regexp: Option<Regexp>,
}

impl FoundRegexp {
    /// Compiles a pattern; `None` with an exhausted budget if that is too much work.
    pub(super) fn read(pattern: &str, reach: Reach, budget: &Budget) -> Option<FoundRegexp> {
        if pattern.len() > PATH_BYTES_MAX {
            budget.exhaust();
            return None;
        }
        let compiled = Translation::read(pattern).and_then(|translation| {
            let size = translation.size();
            let is_afforded = size <= PATTERNS_SIZE_MAX && budget.spend(COMPILE_WORK * size);
            if is_afforded { translation.compile(reach) } else { Err(Refusal::TooLarge) }
        });
        let regexp = match compiled {
            Ok(regexp) => Some(regexp),
            Err(Refusal::NotARegexp) => None,
            // Whether it would match is not known, so that the whole is not.
            Err(Refusal::TooLarge) => {
                budget.exhaust();
                return None;
            }
        };
        budget.spend(1 + pattern.len()).then(|| FoundRegexp { pattern: pattern.to_owned(), reach, regexp })
    }

    pub(super) fn is(&self, pattern: &str, reach: Reach) -> bool {
        self.pattern == pattern && self.reach == reach
    }

    pub(super) fn regexp(&self) -> Option<&Regexp> {
        self.regexp.as_ref()
    }
}

/// No pattern within [`PATTERNS_SIZE_MAX`] comes near.
const COMPILED_BYTES_MAX: usize = 1 << 20;

/// Memory that a regular expression may take while it is used, to be fast.
const CACHE_BYTES_MAX: usize = 1 << 16;

/// As many states take as long to go through as a value takes to look at.
const STATES_PER_WORK: usize = 4;

/// What compiling takes for each size, in values looked at.
const COMPILE_WORK: usize = 32;
