//! The index over JSON text, compared with serde_json.

use policy_model::json::{self, Kind, ParseErrorKind};
use serde_json::value::RawValue;

/// Both take the same bytes, and find the same strings in them.
pub(crate) fn run(bytes: &[u8]) {
    let other: Result<Box<RawValue>, serde_json::Error> = serde_json::from_slice(bytes);
    let document = match json::parse(bytes) {
        Ok(document) => document,
        Err(error) => {
            // The other reader skips strings without a look at lone surrogates, and counts levels in its own way.
            let is_laxer = matches!(error.kind, ParseErrorKind::LoneSurrogate | ParseErrorKind::TooDeep);
            assert!(other.is_err() || is_laxer, "refused what serde_json takes: {error}");
            return;
        }
    };
    assert!(other.is_ok(), "taken what serde_json refuses: {other:?}");
    assert_eq!(document.text().as_bytes(), bytes);
    for value in document.root().descendants() {
        let again = json::parse(value.text().as_bytes());
        let is_same =
            |again: json::Document<'_>| again.root().kind() == value.kind() && again.root().text() == value.text();
        assert!(again.is_ok_and(is_same), "another value by itself");
        match value.kind() {
            Kind::String => {
                let content: Option<String> = serde_json::from_str(value.text()).ok();
                assert_eq!(value.as_str().as_deref(), content.as_deref(), "another content");
            }
            Kind::Null | Kind::Bool | Kind::Number | Kind::Array | Kind::Object => {}
        }
    }
}
