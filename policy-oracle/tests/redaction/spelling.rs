//! One of the many texts of a value.

use serde_json::Value;

use crate::random::Random;
use crate::treatment::MASK;

/// The value as JSON, with white space and escapes as they come.
pub(crate) fn spell(value: &Value, random: &mut Random) -> String {
    let mut out = space(random);
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::String(text) => out.push_str(&quote(text, random)),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| spell(item, random)).collect();
            out.push_str(&format!("[{}{}]", space(random), items.join(",")));
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| {
                    let before = space(random);
                    format!("{before}{}{}:{}", quote(name, random), space(random), spell(value, random))
                })
                .collect();
            out.push_str(&format!("{{{}{}}}", space(random), members.join(",")));
        }
    }
    out + &space(random)
}

fn space(random: &mut Random) -> String {
    let length = random.one_of(&[0, 0, 0, 0, 0, 1, 2]);
    (0..length).map(|_| random.one_of(&[' ', '\n', '\t', '\r'])).collect()
}

fn quote(text: &str, random: &mut Random) -> String {
    // A mask that is masked once more is spelt anew.
    if text == MASK {
        return format!("\"{MASK}\"");
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        let must_escape = character < ' ' || character == '"' || character == '\\';
        if (must_escape && (character < ' ' || random.chance(50))) || random.chance(4) {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.extend(must_escape.then_some('\\'));
            out.push(character);
        }
    }
    out + "\""
}
