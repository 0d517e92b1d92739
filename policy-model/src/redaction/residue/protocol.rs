//! What the protocol says itself, which is no copy of anything.

/// Whether what was found is the protocol's own: in a name that it gives to a member, or one of its words.
pub(super) fn is_of_protocol(json: &str, at: usize, length: usize) -> bool {
    is_inside_protocol_name(json, at, length) || is_protocol_word(json, at, length)
}

/// Whether what was found is in a member's name that the protocol gives: a value that is spelt like one is not there because
/// the name is.
fn is_inside_protocol_name(json: &str, at: usize, length: usize) -> bool {
    let before = json.get(..at).unwrap_or_default();
    let after = json.get(at + length..).unwrap_or_default();
    let near = before.floor_char_boundary(before.len().saturating_sub(PROTOCOL_NAME_BYTES_MAX));
    let Some(start) = before.get(near..).and_then(|near| near.rfind('"')).map(|quote| near + quote + 1) else {
        return false;
    };
    let Some(end) = after.find('"').filter(|end| *end <= PROTOCOL_NAME_BYTES_MAX) else { return false };
    let name = json.get(start..at + length + end).unwrap_or_default();
    let is_name = after.get(end + 1..).unwrap_or_default().trim_start().starts_with(':');
    is_name && PROTOCOL_NAMES.contains(&name)
}

/// Whether what was found is one of the protocol's own words where it stands: all that its member says.
fn is_protocol_word(json: &str, at: usize, length: usize) -> bool {
    let word = json.get(at..at + length).unwrap_or_default();
    let before = json.get(..at).unwrap_or_default().strip_suffix('"').map(str::trim_end);
    let name = before.and_then(|before| before.strip_suffix(':')).map(str::trim_end);
    json.get(at + length..).is_some_and(|after| after.starts_with('"'))
        && PROTOCOL_WORDS
            .iter()
            .any(|(own, words)| words.contains(&word) && name.is_some_and(|name| name.ends_with(own)))
}

/// Members and their words, of six bytes and more.
const PROTOCOL_WORDS: &[(&str, &[&str])] = &[
    ("\"cacheScope\"", &["private", "public"]),
    ("\"resultType\"", &["complete", "input_required"]),
    ("\"role\"", &["assistant"]),
    ("\"type\"", &["resource", "resource_link"]),
];

const PROTOCOL_NAME_BYTES_MAX: usize = 20;

/// Names that the protocol gives to members.
const PROTOCOL_NAMES: &[&str] = &[
    "annotations",
    "audience",
    "content",
    "description",
    "inputRequests",
    "isError",
    "lastModified",
    "message",
    "mimeType",
    "params",
    "priority",
    "requestState",
    "resource",
    "resultType",
    "statusMessage",
    "structuredContent",
];
