//! What a path may ask of its parser and its evaluation.

use super::error::SelectorError;

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

/// Largest regular expressions of a path together, and of one that a document has.
pub(super) const PATTERNS_SIZE_MAX: usize = 4_096;

/// Refuses, by its characters alone, what would be expensive or fatal to parse.
pub(super) fn check_before_parsing(text: &str) -> Result<(), SelectorError> {
    if text.len() > PATH_BYTES_MAX {
        return Err(SelectorError::TooLong);
    }
    if !numbers_outside_quotes(text).all(is_exact) {
        return Err(SelectorError::Number);
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

/// What may be a number with a fraction or an exponent. The parser reads such a one as a binary floating-point number, which is
/// exact only for few digits.
fn numbers_outside_quotes(text: &str) -> impl Iterator<Item = &str> {
    let mut open = None;
    let mut is_escaped = false;
    let is_part = move |character: char| {
        match (open, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(quote), close) if quote == close => open = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => open = Some(character),
            (None, _) => return !(character.is_alphanumeric() || "._+-".contains(character)),
        }
        true
    };
    text.split(is_part)
        .filter(|word| word.trim_start_matches(['-', '+']).starts_with(|first: char| first.is_ascii_digit()))
}

fn is_exact(word: &str) -> bool {
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, ""));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let is_whole = !word.contains(['.', 'e', 'E']);
    is_whole || (digits(mantissa) <= NUMBER_DIGITS_MAX && digits(exponent) <= EXPONENT_DIGITS_MAX)
}

/// Most digits of a number with a fraction or exponent in a filter: as many are exact.
const NUMBER_DIGITS_MAX: usize = 15;

/// Most digits of its exponent.
const EXPONENT_DIGITS_MAX: usize = 2;
