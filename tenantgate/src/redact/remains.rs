//! Where in a reply that is withheld something stands that was taken out, and in which form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use policy_model::json::{Kind, Value};
use policy_model::redaction::{FoundAgain, Redactor, stands_in};

use super::nested::Nested;
use crate::value_path::{element_path, member_path};

/// What is left of what was taken out.
pub(crate) enum Remains {
    /// Nothing, or it is not known.
    None,
    /// It is no message, for this reason.
    Unreadable(String),
    /// A text is percent-encoded again and again.
    Endless,
    /// These values.
    Values(Vec<Remain>),
}

/// A value that was taken out and stands there again.
pub(crate) struct Remain {
    pub(crate) value: String,
    /// The redactions that took it out.
    pub(crate) by: Vec<usize>,
    /// Where it stands, and how it is written there.
    pub(crate) places: Vec<(String, &'static str)>,
}

/// Looks for what was taken out of a part of a message, whose path is `root`.
pub(super) fn remains(
    redactor: &Redactor<'_>,
    (root, part): (&str, Value<'_>),
    taken_by: impl Fn(&str) -> Vec<usize>,
) -> Remains {
    match redactor.found_again(part.text(), VALUES_MAX) {
        FoundAgain::Endless => Remains::Endless,
        FoundAgain::Values(values) => {
            let remain = |value: String| {
                let mut places = Vec::new();
                locate(&value, root, part, &mut places);
                Remain { by: taken_by(&value), value, places }
            };
            Remains::Values(values.into_iter().map(remain).collect())
        }
    }
}

fn locate(needle: &str, path: &str, value: Value<'_>, places: &mut Vec<(String, &'static str)>) {
    if places.len() >= PLACES_MAX || !stands_in(needle, value.text()) {
        return;
    }
    let before = places.len();
    for member in value.members() {
        let below = member_path(path, &member.name.as_str().unwrap_or_default());
        // With its colon, by which a name is told from a value.
        let name = value.source().get(member.name.span().start..member.value.span().start).unwrap_or_default();
        if stands_in(needle, name) {
            places.push((format!("the name of {below}"), form(needle, &member.name.as_str().unwrap_or_default())));
        }
        locate(needle, &below, member.value, places);
    }
    for (number, element) in value.elements().enumerate() {
        locate(needle, &element_path(path, number), element, places);
    }
    let content = value.as_str();
    if let Some(nested) = content.as_deref().and_then(Nested::parse) {
        let path = format!("{path} > {} > $", nested.encoding.word());
        locate(needle, &path, nested.document.root(), places);
    }
    if places.len() == before {
        let form = match (value.kind(), content) {
            (_, Some(content)) => form(needle, &content),
            (Kind::Number, None) => form(needle, value.text()),
            (Kind::Null | Kind::Bool | Kind::Array | Kind::Object | Kind::String, None) => ENCODED,
        };
        places.push((path.to_owned(), form));
    }
}

/// How a value is written in a text.
fn form(value: &str, text: &str) -> &'static str {
    if text.contains(value) {
        return "as it is";
    }
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    if text.to_ascii_lowercase().contains(&hex) {
        return "in hexadecimal";
    }
    let plain: String = text.chars().map(of_standard).collect();
    if (0..3).any(|before| base64_inside(value, before).is_some_and(|inside| plain.contains(&inside))) {
        return "in base64";
    }
    if text.contains('%') {
        return "percent-encoded";
    }
    if value.parse::<f64>().is_ok() { "as a number in another spelling" } else { ENCODED }
}

/// The characters of base64 that only the value decides, where so many bytes stand before it.
fn base64_inside(value: &str, before: usize) -> Option<String> {
    let text = format!("{}{value}", "\0".repeat(before));
    let encoded = STANDARD_NO_PAD.encode(&text);
    let first = (before * 8).div_ceil(6);
    encoded.get(first..text.len() * 8 / 6).map(str::to_owned)
}

fn of_standard(character: char) -> char {
    match character {
        '-' => '+',
        '_' => '/',
        other => other,
    }
}

const ENCODED: &str = "encoded";

/// Most values that are told.
const VALUES_MAX: usize = 20;

/// Most places that are told of one.
const PLACES_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::{form, locate};

    #[test]
    fn a_value_is_found_in_every_form() {
        let value = "123-45-6789";
        assert_eq!(form(value, "x 123-45-6789 y"), "as it is");
        assert_eq!(form(value, "3132332d34352D36373839"), "in hexadecimal");
        assert_eq!(form(value, "MTIzLTQ1LTY3ODk="), "in base64");
        assert_eq!(form(value, "eDEyMy00NS02Nzg5eA"), "in base64");
        assert_eq!(form(value, "123%2D45%2D6789"), "percent-encoded");
        assert_eq!(form("1234567", "1234.567e3"), "as a number in another spelling");
    }

    #[test]
    fn its_place_is_the_innermost() {
        check(r#"{"a":[0,"x 123-45-6789"]}"#, "$.a[1]");
        check(r#"{"a":"{\"b\":\"123-45-6789\"}"}"#, "$.a > JSON > $.b");
        check(r#"{"a":{"123-45-6789":1}}"#, "the name of $.a[\"123-45-6789\"]");
    }

    fn check(text: &str, expected: &str) {
        let (document, mut places) = (json::parse(text.as_bytes()).unwrap(), Vec::new());
        locate("123-45-6789", "$", document.root(), &mut places);
        assert_eq!(places, [(expected.to_owned(), "as it is")]);
    }
}
