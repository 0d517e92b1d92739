//! Characters that a model reads and nobody sees: controls, format characters, variation selectors, private use, and the like.

mod tables;

use std::borrow::Cow;

use crate::json::{Characters, Edit, Edits, Kind, Value};
use tables::{EMOJI, INVISIBLE};

/// What was found in a value and below it.
#[derive(Debug)]
pub enum Found {
    /// None of them.
    Nothing,
    /// Some in texts: how the value is without them, every other byte as it was.
    InTexts(Edits),
    /// Some in the name of a member, which cannot be another one.
    InNames,
}

/// Looks for them in an object and below it, but not in the text of its own member `key`.
pub fn find(object: Value<'_>, key: &str) -> Found {
    if !may_have_some(object.text()) {
        return Found::Nothing;
    }
    let mut edits = Edits::default();
    let are_names_clear = object
        .members()
        .all(|member| strip(member.name).is_none() && (member.name.is_str(key) || look(member.value, &mut edits)));
    match (are_names_clear, edits.is_empty()) {
        (false, _) => Found::InNames,
        (true, true) => Found::Nothing,
        (true, false) => Found::InTexts(edits),
    }
}

/// Whether a text has one of them.
pub fn is_in(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(character) = characters.next() {
        if is_unseen(before, character, characters.peek().copied()) {
            return true;
        }
        before = Some(character);
    }
    false
}

/// A text without them.
pub fn without(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !is_in(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|character| !is_among(INVISIBLE, *character)).collect())
}

/// Notes the texts that have some; false if a name has.
fn look(value: Value<'_>, edits: &mut Edits) -> bool {
    match value.kind() {
        Kind::Null | Kind::Bool | Kind::Number => true,
        Kind::String => {
            if let Some(stripped) = strip(value) {
                edits.add(value, Edit::Replace(stripped.into()));
            }
            true
        }
        Kind::Array => value.elements().all(|element| look(element, edits)),
        Kind::Object => value.members().all(|member| strip(member.name).is_none() && look(member.value, edits)),
    }
}

/// A string's literal without them; `None` if it has none.
fn strip(string: Value<'_>) -> Option<String> {
    let text = string.text();
    // Other escapes stand for what is seen, and so do the characters that they are written with.
    let may_escape_some = || ["\\u", "\\b", "\\f"].iter().any(|escape| text.contains(escape));
    if !may_have_some(text) || (!may_escape_some() && !is_in(text)) {
        return None;
    }
    let mut out = String::from("\"");
    let mut characters = Characters::of(string).peekable();
    let mut before = None;
    let mut is_whole = true;
    while let Some((character, written)) = characters.next() {
        if is_unseen(before, character, characters.peek().map(|(next, _)| *next)) {
            is_whole = false;
        } else {
            out.push_str(written);
        }
        before = Some(character);
    }
    out.push('"');
    (!is_whole).then_some(out)
}

/// Whether a character is not seen between its neighbours.
fn is_unseen(before: Option<char>, character: char, after: Option<char>) -> bool {
    let is_for_emoji = || match before {
        Some('0'..='9' | '#' | '*') => after == Some(KEYCAP),
        Some(before) => is_among(EMOJI, before),
        None => false,
    };
    let is_printable_ascii = matches!(character, ' '..='~');
    !is_printable_ascii && is_among(INVISIBLE, character) && !(character == EMOJI_PRESENTATION && is_for_emoji())
}

/// Whether a JSON text may have one of them, in whatever spelling: all of them are escaped or beyond ASCII.
fn may_have_some(text: &str) -> bool {
    // Without a branch for each byte many are compared at a time.
    let may = |bytes: &[u8]| bytes.iter().fold(false, |any, byte| any | (*byte == b'\\') | (*byte >= 0x7f));
    text.as_bytes().chunks(256).any(may)
}

/// A table has the first character of each run, and the first after it, in turns.
fn is_among(table: &[u32], character: char) -> bool {
    table.partition_point(|bound| *bound <= u32::from(character)) % 2 == 1
}

/// U+FE0F, which makes an emoji of some signs.
const EMOJI_PRESENTATION: char = '\u{fe0f}';

/// U+20E3, which makes a key of a digit.
const KEYCAP: char = '\u{20e3}';
