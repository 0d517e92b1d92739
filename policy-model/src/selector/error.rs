//! Why a text is not a path.

use std::fmt;

use super::limits::{
    PATH_BYTES_MAX, PATH_DEPTH_MAX, PATH_DESCENDANTS_MAX, PATH_FILTERS_MAX, PATH_STEPS_MAX, PATTERNS_SIZE_MAX,
};

/// Why a text is not a path that a policy may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorError {
    /// Not RFC 9535.
    Syntax,
    /// A `$` that does not go on with one of these names.
    Root(&'static [&'static str]),
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
    /// A number with more digits than are compared exactly.
    Number,
    /// A `match()` or `search()` with something else than an I-Regexp (RFC 9485).
    NotARegexp,
    /// Regular expressions that would take too much memory.
    PatternTooLarge,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SelectorError::Syntax => {
                out.write_str("expected RFC 9535, as in $.customer.ssn, $..ssn, $.orders[*].card or $['a.b']")
            }
            SelectorError::Root(names) => {
                out.write_str("expected each $ to go on with a name, as in ")?;
                for (number, name) in names.iter().enumerate() {
                    let comma = match number {
                        0 => "",
                        later if later + 1 == names.len() => " or ",
                        _ => ", ",
                    };
                    write!(out, "{comma}$.{name}")?;
                }
                Ok(())
            }
            SelectorError::TooDeep => write!(out, "more than {PATH_DEPTH_MAX} brackets inside each other"),
            SelectorError::TooManyFilters => write!(out, "more than {PATH_FILTERS_MAX} filters"),
            SelectorError::TooLong => write!(out, "longer than {PATH_BYTES_MAX} bytes"),
            SelectorError::TooManySteps => write!(out, "more than {PATH_STEPS_MAX} selectors"),
            SelectorError::TooManyDescendants => write!(out, "more than {PATH_DESCENDANTS_MAX} times .."),
            SelectorError::Number => out.write_str(
                "a number with a fraction or exponent has at most 15 digits in a filter, and 2 in its exponent; compare others with \
                 a condition's value",
            ),
            SelectorError::NotARegexp => out.write_str(
                "match() and search() take an I-Regexp (RFC 9485), as in [a-z]+ or [0-9]{4}: no \\d, \\w, look-around or lazy *?",
            ),
            SelectorError::PatternTooLarge => write!(
                out,
                "regular expressions larger than {PATTERNS_SIZE_MAX}: each counts 32, a character 1, a class like . or [^a] \
                 24, one like \\p{{L}} 512, times their repetitions"
            ),
        }
    }
}
