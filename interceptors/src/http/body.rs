//! Bodies of the `http` family: base64 in the event, bytes here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::Value;

use super::HttpFault;
use crate::headers::{Found, Headers};

/// What a body is by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// JSON, also as a suffix (RFC 6839), or nobody says what.
    Json,
    /// Text in which nobody sees more.
    Text,
    /// Server-sent events.
    Events,
    /// Anything else: nobody looks into it.
    Other,
}

impl Content {
    /// By a content type as HTTP writes it, with or without parameters.
    ///
    /// # Errors
    /// [`HttpFault::ContentType`] if it is none.
    pub(crate) fn of(content_type: Option<&str>) -> Result<Content, HttpFault> {
        let Some(text) = content_type else { return Ok(Content::Json) };
        let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
        let essence = essence.trim_matches([' ', '\t']).to_ascii_lowercase();
        let is_token = |part: &str| {
            let is_own = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte);
            !part.is_empty() && part.bytes().all(is_own)
        };
        let (kind, name) = essence.split_once('/').ok_or(HttpFault::ContentType)?;
        if !is_token(kind) || !is_token(name) || parameters.contains(',') {
            return Err(HttpFault::ContentType);
        }
        // In another encoding the same bytes say something else.
        if let Some(charset) = charset(parameters)
            && !["utf-8", "us-ascii"].contains(&charset.as_str())
        {
            return Ok(Content::Other);
        }
        Ok(match (kind, name) {
            (_, "json") => Content::Json,
            (_, name) if name.ends_with("+json") => Content::Json,
            ("text", "event-stream") => Content::Events,
            ("text", "plain" | "markdown" | "csv") => Content::Text,
            (_, _) => Content::Other,
        })
    }

    /// The same of a request's headers.
    ///
    /// # Errors
    /// [`HttpFault::ContentType`] if there are several, or one that is none.
    pub(crate) fn of_headers(headers: &Headers<'_>) -> Result<Content, HttpFault> {
        match headers.find("content-type") {
            Found::Nothing => Content::of(None),
            Found::One(text) => Content::of(Some(&text)),
            Found::Ambiguous => Err(HttpFault::ContentType),
        }
    }
}

fn charset(parameters: &str) -> Option<String> {
    let parameters = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let (_, value) = charsets.next()?;
    let value = value.trim().trim_matches('"').to_ascii_lowercase();
    Some(if charsets.next().is_some() { String::new() } else { value })
}

/// The bytes: of the one alphabet, with the one padding (RFC 4648, section 4), so that nobody reads others.
///
/// # Errors
/// [`HttpFault::Encoding`] for anything else.
pub(crate) fn decode(body: Value<'_>) -> Result<Vec<u8>, HttpFault> {
    let text = body.as_str().ok_or(HttpFault::Encoding)?;
    STANDARD.decode(text.as_bytes()).map_err(|_| HttpFault::Encoding)
}

/// The text that stands for bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::*;

    #[test]
    fn only_the_one_spelling_of_bytes_is_read() {
        let read = |text: &str| decode(json::parse(json::quote(text).as_bytes()).unwrap().root());
        assert_eq!(read("eyJhIjoxfQ==").unwrap(), br#"{"a":1}"#);
        assert_eq!(read("+/+/").unwrap(), [0xfb, 0xff, 0xbf]);
        for wrong in [
            "eyJhIjoxfQ",
            "eyJhIjoxfQ=",
            "eyJhIjoxfR==",
            "eyJhIjox\nfQ==",
            " eyJhIjoxfQ==",
            "-_-_",
            "eyJhIjoxfQ==eyJhIjoxfQ==",
            "e",
            "====",
            "eyJhIjoxfQ==\u{0}",
            "\u{e9}",
        ] {
            assert_eq!(read(wrong), Err(HttpFault::Encoding), "{wrong:?}");
        }
        assert_eq!(decode(json::parse(b"5").unwrap().root()), Err(HttpFault::Encoding));
    }

    #[test]
    fn what_was_encoded_is_read_again() {
        for bytes in [&b""[..], b"a", b"ab", b"abc", &[0, 255, 254]] {
            let text = json::quote(&encode(bytes));
            assert_eq!(decode(json::parse(text.as_bytes()).unwrap().root()).unwrap(), bytes);
        }
    }

    #[test]
    fn a_content_type_says_who_may_look_into_a_body() {
        for (text, expected) in [
            ("application/json", Content::Json),
            ("application/json; charset=utf-8", Content::Json),
            ("APPLICATION/JSON;charset=\"UTF-8\"", Content::Json),
            ("application/a2a+json", Content::Json),
            ("application/problem+json", Content::Json),
            ("text/json", Content::Json),
            ("text/plain", Content::Text),
            ("text/event-stream", Content::Events),
            ("text/html", Content::Other),
            ("application/json; charset=utf-16", Content::Other),
            ("application/json; charset=utf-8; charset=utf-16", Content::Other),
            ("application/octet-stream", Content::Other),
        ] {
            assert_eq!(Content::of(Some(text)), Ok(expected), "{text}");
        }
        for wrong in
            ["", "json", "application/", "/json", "application/json, text/plain", "a b/c", "application/json;a,b"]
        {
            assert_eq!(Content::of(Some(wrong)), Err(HttpFault::ContentType), "{wrong:?}");
        }
        assert_eq!(Content::of(None), Ok(Content::Json));
    }
}
