//! String content: unescaping what was parsed, quoting what is written.

/// A JSON string literal with that content. Only what JSON demands is escaped.
pub fn quote(content: &str) -> String {
    let mut out = String::with_capacity(content.len() + 2);
    out.push('"');
    for character in content.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1f}' => {
                out.push_str("\\u00");
                let code = character as u32;
                out.extend(char::from_digit(code >> 4, 16));
                out.extend(char::from_digit(code & 0xf, 16));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}

/// The content of a string literal, without its quotes. What is no escape of JSON stands for itself.
pub(crate) fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut characters = escape.chars();
        match characters.next() {
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let (character, after) = unicode(characters.as_str());
                out.push(character);
                characters = after.chars();
            }
            Some(literal) => out.push(literal),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}

fn unicode(digits: &str) -> (char, &str) {
    let unit = |text: &str| text.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let first = unit(digits).unwrap_or(0xFFFD);
    let rest = digits.get(4..).unwrap_or_default();
    if !(0xD800..=0xDBFF).contains(&first) {
        return (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), rest);
    }
    let second = rest.get(2..).and_then(unit).unwrap_or(0xDC00);
    let code = 0x10000 + ((first - 0xD800) << 10) + second.wrapping_sub(0xDC00);
    (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), rest.get(6..).unwrap_or_default())
}
