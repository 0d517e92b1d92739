//! Bodies of the `http` family, which are Base64 inside JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::json::Json;

/// A body decoded, if it is Base64 with padding and nothing else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// What to show of a body: its JSON, else its text.
pub(crate) fn content(text: &str) -> Option<Json> {
    let bytes = decode(text)?;
    Some(Json::parse(&bytes).unwrap_or_else(|_| Json::Text(String::from_utf8_lossy(&bytes).into_owned())))
}

/// The decoded bodies of a reply.
pub(crate) fn decoded(reply: &Json) -> impl Iterator<Item = Vec<u8>> {
    PARTS.iter().filter_map(|part| decode(reply.text(&["http", part, "body"])?))
}

/// Whether a body of the `http` family stands at this path of a reply.
pub(crate) fn stands_at(path: &str) -> bool {
    PARTS.iter().any(|part| path.strip_prefix("$.http.").and_then(|rest| rest.strip_prefix(part)) == Some(".body"))
}

const PARTS: [&str; 2] = ["transformedGatewayRequest", "transformedGatewayResponse"];
