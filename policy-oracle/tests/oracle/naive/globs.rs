//! `*` is any run of characters.

/// Whether a text fits a pattern.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    fits_bytes(pattern.as_bytes(), text.as_bytes())
}

fn fits_bytes(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), None) => fits_bytes(rest, text),
        (Some((b'*', rest)), Some((_, after))) => fits_bytes(rest, text) || fits_bytes(pattern, after),
        (Some((expected, rest)), Some((got, after))) => expected == got && fits_bytes(rest, after),
        (None, Some(_)) | (Some(_), None) => false,
    }
}
