//! The numbers of the three forms: which members are counts and times of the provider's own, by where they stand.
//!
//! All other numbers are data, in which detectors look and which paths select. So are these where they have more digits than a
//! count or a time has: a tool writes into content parts, outputs and usage what it likes.

use policy_model::json::Value;

/// Where an answer's own members stand.
pub(super) const ANSWER: &str = "";

/// Where those of an entry of a list of models stand.
pub(super) const MODEL: &str = "data";

/// Whether a member of an object in this place is a number of the form.
pub(super) fn is_number_of(place: &str, name: &str, value: Value<'_>) -> bool {
    let is_in = |list: &[(&str, &[&str])]| list.iter().any(|(known, names)| *known == place && names.contains(&name));
    (is_in(COUNTS) && is_short(value.text(), COUNT_BYTES_MAX))
        || (is_in(TIMES) && is_short(value.text(), TIME_BYTES_MAX))
}

/// Without sign and exponent.
fn is_short(number: &str, bytes_max: usize) -> bool {
    number.len() <= bytes_max && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Fewer digits than what is looked for has: numbers of people have nine, those of cards at least twelve.
const COUNT_BYTES_MAX: usize = 8;

/// Seconds since 1970.
const TIME_BYTES_MAX: usize = 10;

const TIMES: &[(&str, &[&str])] = &[
    (ANSWER, &["completed_at", "created", "created_at", "expires_at"]),
    (MODEL, &["created", "created_at"]),
    ("audio", &["expires_at"]),
];

const COUNTS: &[(&str, &[&str])] = &[
    (ANSWER, &["input_tokens", "max_output_tokens", "max_tool_calls", "temperature", "top_logprobs", "top_p"]),
    ("action", &["max_output_length", "timeout_ms"]),
    ("annotations", &["end_index", "index", "start_index"]),
    ("cache_creation", &["ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens"]),
    ("choices", &["index"]),
    (
        "citations",
        &[
            "document_index",
            "end_block_index",
            "end_char_index",
            "end_page_number",
            "search_result_index",
            "start_block_index",
            "start_char_index",
            "start_page_number",
        ],
    ),
    (
        "completion_tokens_details",
        &[
            "accepted_prediction_tokens",
            "audio_tokens",
            "image_tokens",
            "reasoning_tokens",
            "rejected_prediction_tokens",
            "text_tokens",
        ],
    ),
    ("container_file_citation", &["end_index", "start_index"]),
    (
        "content",
        &["new_lines", "new_start", "num_lines", "old_lines", "old_start", "return_code", "start_line", "total_lines"],
    ),
    ("file_citation", &["end_index", "index", "start_index"]),
    ("input_tokens_details", &["audio_tokens", "cached_tokens", "image_tokens", "text_tokens"]),
    ("outcome", &["exit_code"]),
    ("output", &["max_output_length"]),
    ("output_tokens_details", &["audio_tokens", "image_tokens", "reasoning_tokens", "text_tokens", "thinking_tokens"]),
    ("prompt_tokens_details", &["audio_tokens", "cache_write_tokens", "cached_tokens", "image_tokens", "text_tokens"]),
    ("reasoning_details", &["index"]),
    ("server_tool_use", &["web_fetch_requests", "web_search_requests"]),
    ("tool_calls", &["index"]),
    ("url_citation", &["end_index", "start_index"]),
    (
        "usage",
        &[
            "cache_creation_input_tokens",
            "cache_read_input_tokens",
            "completion_tokens",
            "input_tokens",
            "num_requests",
            "output_tokens",
            "prompt_cache_hit_tokens",
            "prompt_cache_miss_tokens",
            "prompt_tokens",
            "total_tokens",
        ],
    ),
];
