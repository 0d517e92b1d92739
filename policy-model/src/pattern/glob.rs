//! Literal text with wildcards in it.

use std::fmt;

/// Literal pieces with any run of characters between two of them; without `*` there is one piece.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Glob {
    pieces: Vec<Box<str>>,
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

    /// Whether it matches a text, in time linear in the text for each piece.
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

    /// Whether some text matches both.
    pub(crate) fn intersects(&self, other: &Glob) -> bool {
        let (left, right) = (self.symbols(), other.symbols());
        // Which beginnings of `right` can be met by the beginning of `left` read so far.
        let mut meets: Vec<bool> = std::iter::once(true)
            .chain(right.iter().scan(true, |is_open, symbol| {
                *is_open &= symbol.is_none();
                Some(*is_open)
            }))
            .collect();
        for symbol in &left {
            let mut next = Vec::with_capacity(meets.len());
            for (at, is_met) in meets.iter().enumerate() {
                let before = at.checked_sub(1);
                let was_met = before.and_then(|before| meets.get(before)).copied().unwrap_or(false);
                let grows = before.and_then(|before| next.get(before)).copied().unwrap_or(false);
                let own = before.and_then(|before| right.get(before)).copied();
                next.push(match (symbol, own) {
                    // A wildcard takes nothing, or one more symbol of the other.
                    (None, _) => *is_met || grows,
                    (Some(_), None) => false,
                    (Some(_), Some(None)) => grows || *is_met,
                    (Some(letter), Some(Some(other))) => was_met && *letter == other,
                });
            }
            meets = next;
        }
        meets.last().copied().unwrap_or(false)
    }

    /// Whether all that matches the other matches this one. May say no where only several of this one's wildcards together
    /// would cover one of the other's.
    pub(crate) fn covers(&self, other: &Glob) -> bool {
        // A character that no literal has stands for the other's wildcards.
        self.matches(&other.with_runs("\u{0}"))
    }

    /// The text with this in the place of each wildcard.
    pub(crate) fn with_runs(&self, run: &str) -> String {
        self.pieces.join(run)
    }

    /// Whether there is a wildcard at the end.
    pub(crate) fn ends_open(&self) -> bool {
        self.pieces.len() > 1 && self.pieces.last().is_some_and(|piece| piece.is_empty())
    }

    /// What stands between, before and after the wildcards.
    pub(crate) fn pieces(&self) -> &[Box<str>] {
        &self.pieces
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

    /// The bytes in order, `None` for a wildcard.
    fn symbols(&self) -> Vec<Option<u8>> {
        let mut symbols = Vec::new();
        for (count, piece) in self.pieces.iter().enumerate() {
            if count > 0 {
                symbols.push(None);
            }
            symbols.extend(piece.bytes().map(Some));
        }
        symbols
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

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_that_share_a_text_intersect() {
        check("a*", "*b", true);
        check("a*c", "ab*", true);
        check("abc", "abc", true);
        check("abc", "a*c", true);
        check("*", "", true);
        check("a*", "b*", false);
        check("abc", "abd", false);
        check("a*c", "a*d", false);
        check("ab", "a", false);
        check("*a", "*b", false);
        check("a*b*c", "ac", false);
        check("a**c", "*c", true);
    }

    fn check(left: &str, right: &str, expected: bool) {
        assert_eq!(Glob::new(left).intersects(&Glob::new(right)), expected, "{left} {right}");
        assert_eq!(Glob::new(right).intersects(&Glob::new(left)), expected, "{right} {left}");
    }

    #[test]
    fn a_pattern_covers_what_is_narrower() {
        for (wide, narrow, expected) in
            [("a*", "ab*", true), ("*", "a*b", true), ("a*", "*", false), ("a*b", "a*", false), ("ab", "a*", false)]
        {
            assert_eq!(Glob::new(wide).covers(&Glob::new(narrow)), expected, "{wide} {narrow}");
        }
    }
}
