//! The index over JSON text, compared with serde_json.

use policy_model::json::{self, Kind};
use serde_json::value::RawValue;

/// Both take the same bytes, and find the same strings in them.
pub(crate) fn run(bytes: &[u8]) {
    let document = json::parse(bytes);
    let other: Result<Box<RawValue>, serde_json::Error> = serde_json::from_slice(bytes);
    let Ok(document) = document else {
        // The other reader skips strings without a look at lone surrogates.
        assert!(other.is_err() || !is_read_whole(bytes), "refused what serde_json takes");
        return;
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

fn is_read_whole(bytes: &[u8]) -> bool {
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(_) => true,
        // Numbers beyond a float are JSON; other readers' limits are not.
        Err(error) => error.to_string().starts_with("number out of range"),
    }
}
