//! The words of the three forms: what a member of one of their objects is. Models say everything else.

use policy_model::json::{Kind, Value};
use policy_model::spelling::folds_to;

use super::numbers::is_number_of;
use crate::protocol::is_word;

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A word or a number of the form.
    Word,
    /// A name by which something is found again: no path selects it, but what is looked for in texts is no name.
    Name,
    /// An object or array of the form.
    Inside,
    /// A text.
    Text,
    /// What a program says about what it does.
    Message,
    /// An address.
    Address,
    /// Something that nobody can look into.
    Opaque,
    /// The tokens of a text once more.
    Tokens,
    /// The arguments of a tool, an object and nothing else.
    Arguments,
    /// A document of somebody.
    Document,
}

/// What a member of an object is, which stands in this place: under the name of the member that it or its array is.
pub(super) fn role(place: &str, object: Value<'_>, name: &str, value: Value<'_>) -> Role {
    let is_in = |list: &[&str]| list.contains(&name);
    // Of a name in another spelling no more is let through than of the right one.
    let folds_in = |list: &[&str]| list.iter().any(|word| folds_to(name, word));
    match value.kind() {
        Kind::Null => Role::Word,
        Kind::Array | Kind::Object if value.is_empty() => Role::Document,
        Kind::Array | Kind::Object if folds_in(TOKENS) => Role::Tokens,
        Kind::Array | Kind::Object if folds_in(MEDIA) => Role::Opaque,
        Kind::Array | Kind::Object if is_in(FRAMES) => Role::Inside,
        Kind::Array if name == "output" => Role::Inside,
        // What a tool returned may be an object of its own.
        Kind::Object if name == "output" && value.get("type").is_some() => Role::Inside,
        Kind::Object if name == "input" || name == "arguments" => Role::Arguments,
        Kind::Array | Kind::Object => Role::Document,
        Kind::Number if is_number_of(place, name, value) => Role::Word,
        Kind::Number | Kind::Bool => Role::Document,
        Kind::String if folds_in(BLOBS) || folds_in(MEDIA) => Role::Opaque,
        Kind::String if is_in(WORDS) && is_word(value) => Role::Word,
        Kind::String if is_in(NAMES) || (name == "name" && is_call(object)) => Role::Name,
        Kind::String if value.as_str().is_some_and(|text| is_blob(&text)) => Role::Opaque,
        Kind::String if name == "message" => Role::Message,
        Kind::String if name == "url" => Role::Address,
        Kind::String if is_in(TEXTS) || is_in(FRAMES) || is_in(WORDS) => Role::Text,
        Kind::String => Role::Document,
    }
}

/// Whether an object is the call of a tool, whose name is one of those that the caller gave.
fn is_call(object: Value<'_>) -> bool {
    object.get("arguments").is_some() || object.get("input").is_some()
}

/// Whether a text is data in base64 or the like, too long to be a word.
pub(crate) fn is_blob(text: &str) -> bool {
    text.len() >= BLOB_BYTES_MIN && is_base64(text)
}

/// Whether a text may be base64, in either alphabet.
pub(crate) fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-\r\n".contains(&byte))
}

const BLOB_BYTES_MIN: usize = 256;

/// Words, where they are words; else texts.
const WORDS: &[&str] = &[
    "detail",
    "effort",
    "error_code",
    "execution",
    "finish_reason",
    "native_finish_reason",
    "object",
    "phase",
    "reason",
    "role",
    "service_tier",
    "status",
    "stop_reason",
    "truncation",
    "type",
    "verbosity",
];

const NAMES: &[&str] = &[
    "approval_request_id",
    "call_id",
    "caller_id",
    "container_id",
    "expires_at",
    "file_id",
    "id",
    "item_id",
    "model",
    "namespace",
    "object",
    "previous_response_id",
    "request_id",
    "server_label",
    "system_fingerprint",
    "tool_call_id",
    "tool_id",
    "tool_use_id",
    "toolset_name",
    "type",
];

/// Objects and arrays of the forms; where a string stands there, it is a text.
const FRAMES: &[&str] = &[
    "action",
    "actions",
    "annotations",
    "audio",
    "cache_creation",
    "caller",
    "choices",
    "citations",
    "completion_tokens_details",
    "container",
    "container_file_citation",
    "content",
    "conversation",
    "custom",
    "delta",
    "environment",
    "error",
    "file_citation",
    "function",
    "function_call",
    "incomplete_details",
    "input_tokens_details",
    "instructions",
    "message",
    "operation",
    "outcome",
    "output_tokens_details",
    "outputs",
    "parts",
    "prompt_tokens_details",
    "queries",
    "reasoning",
    "reasoning_details",
    "results",
    "server_tool_use",
    "source",
    "sources",
    "stop_details",
    "summary",
    "text",
    "tool_calls",
    "url_citation",
    "usage",
];

const TEXTS: &[&str] = &[
    "arguments",
    "cited_text",
    "code",
    "diff",
    "document_title",
    "explanation",
    "filename",
    "input",
    "logs",
    "output",
    "output_text",
    "page_age",
    "param",
    "path",
    "query",
    "reasoning_content",
    "refusal",
    "result",
    "revised_prompt",
    "stderr",
    "stdout",
    "stop_sequence",
    "thinking",
    "title",
    "transcript",
    "user",
];

/// Pictures, sound and files, as data or where they are.
const MEDIA: &[&str] = &["file_data", "file_url", "image", "image_url", "images", "input_audio", "video", "video_url"];

/// Data that only the provider reads, or that is no text. A signature may have in it all that a model thought.
const BLOBS: &[&str] = &[
    "b64_json",
    "data",
    "encrypted_content",
    "encrypted_index",
    "encrypted_stdout",
    "fingerprint",
    "partial_image_b64",
    "signature",
    "thought_signature",
];

/// How likely the tokens were, and the tokens themselves.
const TOKENS: &[&str] = &["logprobs", "prompt_logprobs", "prompt_token_ids", "token_ids"];
