//! JSON text in which every character is seen.

use policy_model::invisible::is_in;

/// The same JSON with an escape for each character that is not seen, or not told from a space.
pub(crate) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        let is_odd_space = character.is_whitespace() && !character.is_ascii();
        if is_odd_space || (!character.is_ascii_whitespace() && is_in(character.encode_utf8(&mut [0; 4]))) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_is_not_seen_is_escaped_and_all_else_stays() {
        for (text, expected) in [
            ("\"a\u{200b}b\"", "\"a\\u200bb\""),
            ("\"\u{e0041}\u{202e}\u{feff}\u{ad}\"", "\"\\udb40\\udc41\\u202e\\ufeff\\u00ad\""),
            ("\"\u{a0}\u{2003}\u{2028}\u{7f}\u{fe0f}\"", "\"\\u00a0\\u2003\\u2028\\u007f\\ufe0f\""),
            ("{ \"é\": [\"中 \u{1f600}\"],\n\t\"a\": 1 }", "{ \"é\": [\"中 \u{1f600}\"],\n\t\"a\": 1 }"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
