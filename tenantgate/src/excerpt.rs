//! A line of a file with a place in it, fit to be shown on a terminal.

use std::ops::Range;

/// What is shown of a line, and where the place is in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// How many characters stand before the mark.
    pub(crate) before: usize,
    /// How many are marked: at least one.
    pub(crate) marked: usize,
}

impl Excerpt {
    /// Of a long line only what is around the place. The place is in bytes.
    pub(crate) fn of(line: &str, place: Range<usize>) -> Excerpt {
        let start = line.floor_char_boundary(place.start);
        let end = line.floor_char_boundary(place.end).max(start);
        let is_short = line.chars().nth(CHARACTERS_MAX).is_none();
        let before = line.get(..start).unwrap_or_default().char_indices().rev().take(CHARACTERS_BEFORE);
        let first = if is_short { 0 } else { before.last().map_or(start, |(offset, _)| offset) };
        let from_first = line.get(first..).unwrap_or_default();
        let shown: String = from_first.chars().take(CHARACTERS_MAX).map(visible_character).collect();
        let is_cut = from_first.chars().nth(CHARACTERS_MAX).is_some();
        let (start_cut, end_cut) = (if first > 0 { CUT } else { "" }, if is_cut { CUT } else { "" });
        let before = line.get(first..start).unwrap_or_default().chars().count();
        let marked = line.get(start..end).unwrap_or_default().chars().take(CHARACTERS_MAX - before).count().max(1);
        let before = before + start_cut.chars().count();
        Excerpt { text: format!("{start_cut}{shown}{end_cut}"), before, marked }
    }
}

/// A text that moves no cursor and changes no colour.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(visible_character).collect()
}

/// One character for one, so that what stands below stays there.
fn visible_character(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or(REPLACEMENT),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' => REPLACEMENT,
        // What has no width or turns the direction of the text.
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => REPLACEMENT,
        plain => plain,
    }
}

const CHARACTERS_MAX: usize = 110;

const CHARACTERS_BEFORE: usize = 40;

const CUT: &str = "..";

const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

#[cfg(test)]
mod tests {
    use super::{CHARACTERS_MAX, Excerpt, visible};

    #[test]
    fn a_short_line_is_shown_whole() {
        let excerpt = Excerpt::of("\tä \u{1b}[31m", 1..3);
        assert_eq!(excerpt, Excerpt { text: " ä \u{241b}[31m".to_owned(), before: 1, marked: 1 });
        assert_eq!(Excerpt::of("", 0..0), Excerpt { text: String::new(), before: 0, marked: 1 });
        assert_eq!(Excerpt::of("ab", 2..3), Excerpt { text: "ab".to_owned(), before: 2, marked: 1 });
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}HERE{}", "a".repeat(1_000), "b".repeat(1_000));
        let excerpt = Excerpt::of(&line, 1_000..1_004);
        assert_eq!(excerpt.text.chars().count(), CHARACTERS_MAX + 4);
        assert!(excerpt.text.starts_with("..a") && excerpt.text.ends_with("b.."));
        let marked: String = excerpt.text.chars().skip(excerpt.before).take(excerpt.marked).collect();
        assert_eq!(marked, "HERE");
        let excerpt = Excerpt::of(&line, 0..2_004);
        assert_eq!((excerpt.before, excerpt.marked), (0, CHARACTERS_MAX));
        let excerpt = Excerpt::of(&line, 2_004..2_005);
        assert_eq!((excerpt.before, excerpt.marked), (42, 1));
    }

    #[test]
    fn nothing_in_a_text_speaks_to_the_terminal() {
        assert_eq!(
            visible("a\u{1b}\n\u{7f}\u{9b}\u{202e}\u{feff}b"),
            "a\u{241b}\u{240a}\u{2421}\u{fffd}\u{fffd}\u{fffd}b"
        );
    }
}
