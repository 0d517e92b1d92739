//! Control characters in the arguments of a call.

use super::Unresolved;
use crate::json::{Characters, Edit, Edits, Kind, Value};

/// Arguments without the control characters in their strings: C0 but tab, line feed and carriage return; DEL; C1; however they
/// are escaped. `None` if there are none. Every other byte stays.
///
/// # Errors
/// [`Unresolved::ControlCharacter`] if the name of a member has one: without it the member could be another one.
pub fn without_controls(arguments: Value<'_>) -> Result<Option<String>, Unresolved> {
    let mut edits = Edits::default();
    for value in arguments.descendants() {
        match value.kind() {
            Kind::String => {
                if has_control(value) {
                    let rest = Characters::of(value).filter(|(character, _)| !is_unwanted(*character));
                    let rest: String = rest.map(|(_, written)| written).collect();
                    edits.add(value, Edit::Replace(format!("\"{rest}\"").into()));
                }
            }
            Kind::Object => {
                if value.members().any(|member| has_control(member.name)) {
                    return Err(Unresolved::ControlCharacter);
                }
            }
            Kind::Null | Kind::Bool | Kind::Number | Kind::Array => {}
        }
    }
    Ok((!edits.is_empty()).then(|| edits.apply(arguments)))
}

fn has_control(string: Value<'_>) -> bool {
    Characters::of(string).any(|(character, _)| is_unwanted(character))
}

fn is_unwanted(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::{Unresolved, without_controls};
    use crate::json;

    fn of(text: &str) -> Result<Option<String>, Unresolved> {
        without_controls(json::parse(text.as_bytes()).unwrap().root())
    }

    #[test]
    fn control_characters_go_and_every_other_byte_stays() {
        for (text, expected) in [
            (r#"{ "a" : "x\u0000\u001by\u00E9\/" , "n":1.50}"#, r#"{ "a" : "xy\u00E9\/" , "n":1.50}"#),
            (r#"{"a":["\b\f",{"b":"\u007f\u0080\u009F"}]}"#, r#"{"a":["",{"b":""}]}"#),
            ("{\"a\":\"x\u{7f}y\u{85}z\u{9f}\"}", r#"{"a":"xyz"}"#),
        ] {
            assert_eq!(of(text), Ok(Some(expected.to_owned())), "{text}");
            assert_eq!(of(expected), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_no_such_character_stays() {
        for text in [
            r#"{"a":"\t\n\r\u0009\u000a\u000D"}"#,
            "{\"a\":\"\u{a0}\u{200b}\u{ad}\u{feff}é\"}",
            r#"{"a":"\\u0000 \ud83d\ude00 \u00a0","\tb":1}"#,
            "{}",
        ] {
            assert_eq!(of(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn the_name_of_a_member_cannot_lose_a_character() {
        for text in [r#"{"a\u0000":1}"#, "{\"o\":[{\"\u{7f}b\":1}]}", r#"{"o":{"\b":"x\u0001"}}"#] {
            assert_eq!(of(text), Err(Unresolved::ControlCharacter), "{text}");
        }
    }
}
