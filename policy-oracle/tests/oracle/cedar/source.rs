//! Constants in Cedar's syntax.

/// A string.
pub(crate) fn string(text: &str) -> String {
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// A set of strings.
pub(crate) fn strings<T: AsRef<str>>(texts: &[T]) -> String {
    let strings: Vec<String> = texts.iter().map(|text| string(text.as_ref())).collect();
    format!("[{}]", strings.join(", "))
}

/// A pattern for `like`, where `*` is any run of characters.
pub(crate) fn pattern(text: &str) -> String {
    string(text)
}

/// The text itself in a pattern for `like`.
pub(crate) fn verbatim(text: &str) -> String {
    text.chars().map(|letter| if letter == '*' { "\\*".to_owned() } else { escaped(letter) }).collect()
}

/// A set of entities of a type.
pub(crate) fn entities(type_name: &str, ids: &[String]) -> String {
    let entities: Vec<String> = ids.iter().map(|id| format!("{type_name}::{}", string(id))).collect();
    format!("[{}]", entities.join(", "))
}

fn escaped(letter: char) -> String {
    match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '*' | ' ' | '.' | '-' | '_' | ':' | '/' => letter.to_string(),
        _ => format!("\\u{{{:x}}}", u32::from(letter)),
    }
}
