//! The smallest parts of an I-Regexp: characters, classes and quantities.

use std::str::Chars;

use super::Refusal;

/// Reads the parts of an I-Regexp and writes them for the `regex` crate.
pub(super) struct Reader<'p> {
    pub(super) rest: Chars<'p>,
    pub(super) out: String,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<char, Refusal> {
        self.rest.next().ok_or(Refusal::NotARegexp)
    }

    fn skip(&mut self, expected: char) -> bool {
        let mut ahead = self.rest.clone();
        let is_there = ahead.next() == Some(expected);
        if is_there {
            self.rest = ahead;
        }
        is_there
    }

    /// An atom other than a group, whose first character has been read.
    pub(super) fn character(&mut self, first: char) -> Result<Weight, Refusal> {
        match first {
            '.' => {
                self.out.push_str(r"[^\n\r]");
                Ok(Weight::CLASS)
            }
            '^' | '$' => {
                self.out.push(first);
                Ok(Weight::ONE)
            }
            '[' => self.class(),
            ']' | '}' => Err(Refusal::NotARegexp),
            '\\' => match self.escape()? {
                Escape::Character(character) => Ok(self.literal(character)),
                Escape::Category => Ok(Weight::CATEGORY),
            },
            plain => Ok(self.literal(plain)),
        }
    }

    fn literal(&mut self, character: char) -> Weight {
        self.out.push_str(&format!("\\x{{{:x}}}", u32::from(character)));
        Weight::ONE.times(character.len_utf8())
    }

    /// What follows a backslash. A category is written out, a character is not.
    fn escape(&mut self) -> Result<Escape, Refusal> {
        let escaped = self.next()?;
        Ok(Escape::Character(match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '(' | ')' | '*' | '+' | '-' | '.' | '?' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' => escaped,
            'p' | 'P' => {
                let (name, rest) = self
                    .rest
                    .as_str()
                    .strip_prefix('{')
                    .and_then(|name| name.split_once('}'))
                    .filter(|(name, _)| CATEGORIES.contains(name))
                    .ok_or(Refusal::NotARegexp)?;
                self.rest = rest.chars();
                self.out.push_str(&format!("\\{escaped}{{{name}}}"));
                return Ok(Escape::Category);
            }
            _ => return Err(Refusal::NotARegexp),
        }))
    }

    /// A class whose `[` has been read.
    fn class(&mut self) -> Result<Weight, Refusal> {
        self.out.push('[');
        let mut weight = Weight::ONE;
        if self.skip('^') {
            self.out.push('^');
            weight = Weight::CLASS;
        }
        if self.skip('-') {
            self.literal('-');
        } else {
            weight = weight.plus(self.class_part()?);
        }
        loop {
            if self.skip(']') {
                self.out.push(']');
                return Ok(weight);
            }
            if self.skip('-') {
                self.literal('-');
                if !self.skip(']') {
                    return Err(Refusal::NotARegexp);
                }
                self.out.push(']');
                return Ok(weight);
            }
            weight = weight.plus(self.class_part()?);
        }
    }

    /// A character, a range or a category.
    fn class_part(&mut self) -> Result<Weight, Refusal> {
        let Some(low) = self.class_character()? else { return Ok(Weight::CATEGORY) };
        self.literal(low);
        let mut high = low;
        // A hyphen before the end of the class is one.
        if self.rest.as_str().starts_with('-') && !self.rest.as_str().starts_with("-]") {
            self.skip('-');
            high = self.class_character()?.filter(|high| low <= *high).ok_or(Refusal::NotARegexp)?;
            self.out.push('-');
            self.literal(high);
        }
        Ok(if high.is_ascii() { Weight::default() } else { Weight::CLASS })
    }

    /// A character of a class, not yet written out; `None` for a category.
    fn class_character(&mut self) -> Result<Option<char>, Refusal> {
        match self.next()? {
            '-' | '[' | ']' => Err(Refusal::NotARegexp),
            '\\' => match self.escape()? {
                Escape::Character(character) => Ok(Some(character)),
                Escape::Category => Ok(None),
            },
            plain => Ok(Some(plain)),
        }
    }

    /// A quantifier whose `{` has been read: how often it repeats.
    pub(super) fn quantity(&mut self) -> Result<usize, Refusal> {
        let (quantity, rest) = self.rest.as_str().split_once('}').ok_or(Refusal::NotARegexp)?;
        let (least, most) = quantity.split_once(',').unwrap_or((quantity, quantity));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !is_number(least) || !(most.is_empty() || is_number(most)) {
            return Err(Refusal::NotARegexp);
        }
        let number = |digits: &str| digits.parse::<usize>().map_err(|_| Refusal::TooLarge);
        let least = number(least)?;
        let most = if most.is_empty() { least } else { number(most)? };
        if least > most {
            return Err(Refusal::NotARegexp);
        }
        self.out.push_str(&format!("{{{quantity}}}"));
        self.rest = rest.chars();
        Ok(most.max(1))
    }
}

/// What a backslash stands for.
enum Escape {
    Character(char),
    Category,
}

/// What a part of a regular expression takes to match and to compile.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weight {
    pub(super) states: usize,
    pub(super) size: usize,
}

impl Weight {
    pub(super) const ONE: Weight = Weight { states: 1, size: 1 };
    /// Characters beyond ASCII in several lengths of UTF-8.
    const CLASS: Weight = Weight { states: 2, size: 24 };
    /// Hundreds of ranges.
    const CATEGORY: Weight = Weight { states: 4, size: 512 };

    pub(super) fn plus(self, other: Weight) -> Weight {
        Weight { states: self.states.saturating_add(other.states), size: self.size.saturating_add(other.size) }
    }

    pub(super) fn times(self, count: usize) -> Weight {
        Weight { states: self.states.saturating_mul(count), size: self.size.saturating_mul(count) }
    }
}

/// `IsCategory` of the grammar.
const CATEGORIES: &[&str] = &[
    "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi",
    "Po", "Ps", "Z", "Zl", "Zp", "Zs", "S", "Sc", "Sk", "Sm", "So", "C", "Cc", "Cf", "Cn", "Co",
];
