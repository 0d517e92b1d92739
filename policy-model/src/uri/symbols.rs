//! What a pattern can name and a template can produce, symbol by symbol, and whether they have a text in common.

use crate::pattern::Glob;

/// A piece of all the texts that are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// This byte.
    Byte(u8),
    /// Any run, also none.
    Any,
    /// Any run without `/` and `?`, also none.
    Within,
    /// What follows, that many symbols, may be missing.
    Maybe(usize),
}

impl Symbol {
    fn takes(self, byte: u8) -> bool {
        match self {
            Symbol::Byte(own) => own == byte,
            Symbol::Any => true,
            Symbol::Within => !b"/?".contains(&byte),
            Symbol::Maybe(_) => false,
        }
    }

    fn is_run(self) -> bool {
        matches!(self, Symbol::Any | Symbol::Within)
    }
}

/// The bytes of a text.
pub(crate) fn bytes(text: &str) -> impl Iterator<Item = Symbol> {
    text.bytes().map(Symbol::Byte)
}

/// A pattern, whose wildcards are these.
pub(crate) fn of_glob(glob: &Glob, wildcard: Symbol) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for (number, piece) in glob.pieces().iter().enumerate() {
        symbols.extend((number > 0).then_some(wildcard));
        symbols.extend(bytes(piece));
    }
    symbols
}

/// Whether a text of a template is one of a pattern too, and the steps that it took to find out. A pattern has no `Maybe`.
pub(crate) fn intersect(template: &[Symbol], pattern: &[Symbol]) -> (bool, usize) {
    let is_byte = |symbol: &Symbol| matches!(symbol, Symbol::Byte(_));
    let alike = |(own, other): &(&Symbol, &Symbol)| own == other && is_byte(own);
    let common = template.iter().zip(pattern).take_while(alike).count();
    let (template, pattern) = (template.get(common..).unwrap_or_default(), pattern.get(common..).unwrap_or_default());
    match (template.first(), pattern.first()) {
        (Some(Symbol::Byte(_)), Some(Symbol::Byte(_))) | (Some(Symbol::Byte(_)), None) => return (false, common + 1),
        (_, Some(Symbol::Any)) if pattern.len() == 1 => return (true, common + 1),
        (_, _) => {}
    }
    // Row by row: which beginnings of the pattern can be met where this much of the template has been read.
    let width = pattern.len() + 1;
    let mut met = vec![false; (template.len() + 1) * width];
    let mut reach = |row: usize, column: usize| {
        if let Some(place) = met.get_mut(row * width + column) {
            *place = true;
        }
    };
    reach(0, 0);
    for row in 0..=template.len() {
        let own = template.get(row).copied();
        for column in 0..width {
            if !met.get(row * width + column).copied().unwrap_or(false) {
                continue;
            }
            let mut reach = |row: usize, column: usize| {
                if let Some(place) = met.get_mut(row * width + column) {
                    *place = true;
                }
            };
            let other = pattern.get(column).copied();
            // A run may end.
            if other.is_some_and(Symbol::is_run) {
                reach(row, column + 1);
            }
            match (own, other) {
                (Some(Symbol::Maybe(symbols)), _) => {
                    reach(row + 1, column);
                    reach(row + 1 + symbols, column);
                }
                (Some(own), other) if own.is_run() => {
                    reach(row + 1, column);
                    if let Some(Symbol::Byte(byte)) = other
                        && own.takes(byte)
                    {
                        reach(row, column + 1);
                    }
                }
                (Some(Symbol::Byte(byte)), Some(other)) if other.takes(byte) => {
                    reach(row + 1, if other.is_run() { column } else { column + 1 });
                }
                (_, _) => {}
            }
        }
    }
    (met.last().copied().unwrap_or(false), common + met.len())
}

#[cfg(test)]
mod tests {
    use super::{Symbol, bytes, intersect, of_glob};
    use crate::pattern::Glob;

    fn check(template: &[Symbol], pattern: &str, expected: bool) {
        let pattern_symbols = of_glob(&Glob::new(pattern), Symbol::Any);
        assert_eq!(intersect(template, &pattern_symbols).0, expected, "{template:?} {pattern}");
    }

    #[test]
    fn runs_meet_what_they_may_take() {
        let ab: Vec<Symbol> = bytes("a").chain([Symbol::Any]).chain(bytes("b")).collect();
        for (pattern, expected) in [
            ("ab", true),
            ("a/b", true),
            ("a*", true),
            ("*b", true),
            ("*", true),
            ("b*", false),
            ("a", false),
            ("ba", false),
        ] {
            check(&ab, pattern, expected);
        }
        let within: Vec<Symbol> = bytes("a").chain([Symbol::Within]).chain(bytes("b")).collect();
        for (pattern, expected) in
            [("ab", true), ("axb", true), ("a/b", false), ("a?b", false), ("a*/*b", false), ("a*x*b", true)]
        {
            check(&within, pattern, expected);
        }
    }

    #[test]
    fn what_may_be_missing_is_there_or_not() {
        let path: Vec<Symbol> = bytes("a").chain([Symbol::Maybe(2), Symbol::Byte(b'/'), Symbol::Within]).collect();
        for (pattern, expected) in
            [("a", true), ("a/", true), ("a/x", true), ("a/*", true), ("ax", false), ("a/x/y", false), ("a*y", true)]
        {
            check(&path, pattern, expected);
        }
        let middle: Vec<Symbol> = bytes("a").chain([Symbol::Maybe(1), Symbol::Byte(b'b')]).chain(bytes("c")).collect();
        for (pattern, expected) in [("ac", true), ("abc", true), ("abbc", false), ("a", false)] {
            check(&middle, pattern, expected);
        }
    }
}
