//! Lines and columns of a text.

/// A text and where its lines begin. A line ends in a line feed, a carriage return or both.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters begin before each [`STRIDE`]th byte.
    characters: Vec<usize>,
}

/// A column is counted from the nearest of these places on: a line may be the whole document.
const STRIDE: usize = 1_024;

/// A line and a column, both from 1. A column is a character; a tab is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub fn of(text: &'t str) -> Lines<'t> {
        let mut starts = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((offset, byte)) = bytes.next() {
            match (byte, bytes.peek()) {
                (b'\r', Some((_, b'\n'))) => {}
                (b'\r' | b'\n', _) => starts.push(offset + 1),
                _ => {}
            }
        }
        let begin = |byte: &&u8| (**byte & 0xC0) != 0x80;
        let counts = text.as_bytes().chunks(STRIDE).map(|chunk| chunk.iter().filter(begin).count());
        let characters = counts.scan(0, |before, count| {
            let here = *before;
            *before += count;
            Some(here)
        });
        Lines { text, starts, characters: characters.collect() }
    }

    /// How many characters stand before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let place = (offset / STRIDE).min(self.characters.len().saturating_sub(1));
        let known = self.characters.get(place).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(place * STRIDE..offset).unwrap_or_default();
        known + rest.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
    }

    /// The position of a byte; behind the text's end, or inside a character, that of what follows the last whole one.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|before| self.starts.get(before)).copied().unwrap_or(0);
        Position { line, column: self.characters_before(offset) - self.characters_before(start) + 1 }
    }

    /// The byte that a line begins with.
    pub fn start(&self, number: usize) -> usize {
        number.checked_sub(1).and_then(|before| self.starts.get(before)).copied().unwrap_or(self.text.len())
    }

    /// A line without its end; empty if there is none of that number.
    pub fn line(&self, number: usize) -> &'t str {
        let Some(start) = number.checked_sub(1).and_then(|before| self.starts.get(before)) else { return "" };
        let end = self.starts.get(number).copied().unwrap_or(self.text.len());
        self.text.get(*start..end).unwrap_or_default().trim_end_matches(['\r', '\n'])
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Position};

    #[test]
    fn a_line_ends_in_three_ways() {
        let lines = Lines::of("a\nb\r\nc\rd\n");
        let texts: Vec<&str> = (0..=6).map(|number| lines.line(number)).collect();
        assert_eq!(texts, ["", "a", "b", "c", "d", "", ""]);
        for (offset, line, column) in [(0, 1, 1), (1, 1, 2), (2, 2, 1), (5, 3, 1), (6, 3, 2), (7, 4, 1), (9, 5, 1)] {
            assert_eq!(lines.position(offset), Position { line, column }, "{offset}");
        }
    }

    #[test]
    fn a_column_far_out_is_a_character_too() {
        let text = format!("x\n{}é{}", "ä".repeat(5_000), "b".repeat(5_000));
        let lines = Lines::of(&text);
        for offset in (2..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
            let expected = text.get(2..offset).unwrap_or_default().chars().count() + 1;
            assert_eq!(lines.position(offset), Position { line: 2, column: expected }, "{offset}");
        }
        assert_eq!((lines.start(1), lines.start(2), lines.start(3)), (0, 2, text.len()));
    }

    #[test]
    fn a_column_is_a_character() {
        let lines = Lines::of("\tä\u{1F600}x");
        assert_eq!(lines.position(7), Position { line: 1, column: 4 });
        assert_eq!(lines.position(4), Position { line: 1, column: 3 });
        assert_eq!(lines.position(99), Position { line: 1, column: 5 });
    }
}
