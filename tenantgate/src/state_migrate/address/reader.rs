//! Reading an address, character by character.

use super::{Key, Step};

/// What is left to be read.
pub(super) struct Reader<'t> {
    pub(super) rest: &'t str,
}

impl<'t> Reader<'t> {
    /// One module, or the resource.
    pub(super) fn step(&mut self) -> Result<Step, String> {
        let first = self.word()?;
        self.skip('.')?;
        let mut name = format!("{first}.{}", self.word()?);
        if first == "data" {
            self.skip('.')?;
            name = format!("{name}.{}", self.word()?);
        }
        Ok(Step { name, key: self.key()? })
    }

    fn word(&mut self) -> Result<&'t str, String> {
        let is_other = |character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-'));
        let (word, rest) =
            self.rest.split_at_checked(self.rest.find(is_other).unwrap_or(self.rest.len())).unwrap_or_default();
        if word.is_empty() || word.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            return Err(format!("a name is missing before {:?}", self.rest));
        }
        self.rest = rest;
        Ok(word)
    }

    fn skip(&mut self, wanted: char) -> Result<(), String> {
        self.rest =
            self.rest.strip_prefix(wanted).ok_or_else(|| format!("{wanted:?} is missing before {:?}", self.rest))?;
        Ok(())
    }

    fn key(&mut self) -> Result<Option<Key>, String> {
        let Some(rest) = self.rest.strip_prefix('[') else { return Ok(None) };
        self.rest = rest;
        let key = match rest.strip_prefix('"') {
            Some(rest) => {
                self.rest = rest;
                Key::Name(self.quoted()?)
            }
            None => {
                let end = rest.find(']').unwrap_or(rest.len());
                let (digits, rest) = rest.split_at_checked(end).unwrap_or_default();
                self.rest = rest;
                Key::Index(digits.parse().map_err(|_| format!("{digits:?} is no index"))?)
            }
        };
        self.skip(']')?;
        Ok(Some(key))
    }

    /// What stands before the closing quote, which is taken too.
    fn quoted(&mut self) -> Result<String, String> {
        let mut name = String::new();
        let mut characters = self.rest.chars();
        while let Some(character) = characters.next() {
            match character {
                '"' => {
                    self.rest = characters.as_str();
                    return Ok(name);
                }
                '\\' => name.push(escape(&mut characters).ok_or("an escape in a key is none")?),
                '$' | '%'
                    if characters.as_str().starts_with([character]) && characters.as_str().get(1..2) == Some("{") =>
                {
                    characters.next();
                    name.push(character);
                }
                plain => name.push(plain),
            }
        }
        Err("the quote of a key is not closed".to_owned())
    }
}

fn escape(characters: &mut std::str::Chars<'_>) -> Option<char> {
    match characters.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '"' => Some('"'),
        '\\' => Some('\\'),
        'u' => code_point(characters, 4),
        'U' => code_point(characters, 8),
        _ => None,
    }
}

fn code_point(characters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut code: u32 = 0;
    for digit in characters.by_ref().take(digits) {
        code = code.checked_mul(16)? + digit.to_digit(16)?;
    }
    char::from_u32(code)
}
