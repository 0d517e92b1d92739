//! Texts of others in Markdown.

use crate::excerpt::visible;

/// A text as it is, whatever it looks like to a renderer.
pub(crate) fn code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn no_text_leaves_its_place() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a|b\nc"), "`a\\|b\u{240a}c`");
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
    }
}
