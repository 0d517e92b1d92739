//! The client context of an invocation: what Lambda hands a function in a header beside the event.

use axum::http::HeaderValue;

use crate::failure::Failure;
use crate::placeholder;

/// The text of the header, on one line; an error says what is wrong with it.
pub(crate) fn header_text(written: &str) -> Result<String, String> {
    let text = written.trim_ascii();
    // Line feeds in JSON are only ever white space.
    let text = if text.starts_with('{') { text.replace(['\n', '\r', '\t'], " ") } else { text.to_owned() };
    match HeaderValue::from_bytes(text.as_bytes()) {
        Ok(_) => Ok(text),
        Err(_) => Err("a client context is one line without control characters".to_owned()),
    }
}

/// An id that nobody had before, for `${unique}`.
pub(crate) fn unique() -> Result<String, Failure> {
    let mut random = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| Failure::run("no randomness"))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A client context with its placeholders replaced: `${unique}`, and those that `resolve` knows.
pub(crate) fn expand(
    written: &str,
    unique: &str,
    mut resolve: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>,
) -> Result<String, String> {
    let expanded = placeholder::expand(written.as_bytes(), |name| match name {
        "unique" => Ok(Some(unique.as_bytes().to_vec())),
        name => resolve(name),
    })?;
    let expanded = String::from_utf8(expanded).map_err(|_| "a client context is UTF-8".to_owned())?;
    header_text(&expanded)
}

#[cfg(test)]
mod tests {
    use super::{expand, header_text, unique};

    #[test]
    fn json_comes_on_one_line_and_other_text_stays() {
        assert_eq!(header_text(" {\n\t\"custom\": null\r\n}\n").unwrap(), "{  \"custom\": null  }");
        assert_eq!(header_text("e30=\n").unwrap(), "e30=");
        assert_eq!(header_text("{é").unwrap(), "{é");
        assert_eq!(header_text("").unwrap(), "");
        for text in ["a\nb", "a\u{0}b", "{\u{7f}"] {
            assert!(header_text(text).unwrap_err().contains("one line"), "{text:?}");
        }
    }

    #[test]
    fn placeholders_are_replaced_before_the_text_is_looked_at() {
        let resolve = |name: &str| match name {
            "feed" => Ok(Some(b"\n".to_vec())),
            "ff" => Ok(Some(vec![0xff])),
            _ => Ok(None),
        };
        assert_eq!(
            expand(r#"{"a":"${unique}","b":"${other}"}"#, "u1", resolve).unwrap(),
            r#"{"a":"u1","b":"${other}"}"#
        );
        assert!(expand("a${feed}b", "u1", resolve).is_err());
        assert!(expand("${ff}", "u1", resolve).unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn no_id_is_given_twice() {
        let (one, other) = (unique().unwrap(), unique().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
