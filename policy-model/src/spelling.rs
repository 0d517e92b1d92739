//! Names that a reader who folds case would take for others.

/// Upper then lower case: folds also what only one of the two folds, like the long s and the Kelvin sign.
pub fn folded(name: &str) -> String {
    if name.is_ascii() { name.to_ascii_lowercase() } else { name.to_uppercase().to_lowercase() }
}

/// Whether a name folds to a word, which is in lower case.
pub fn folds_to(name: &str, word: &str) -> bool {
    if name.is_ascii() { name.eq_ignore_ascii_case(word) } else { folded(name) == word }
}

/// Whether two different names fold to one.
pub fn is_other_spelling(name: &str, other: &str) -> bool {
    if name == other {
        return false;
    }
    if name.is_ascii() && other.is_ascii() { name.eq_ignore_ascii_case(other) } else { folded(name) == folded(other) }
}
