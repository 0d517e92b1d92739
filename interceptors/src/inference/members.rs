//! Which members the body of a request may have: a closed list for each operation, since a new one may name another model,
//! something that is kept, or a way of answering that nobody here knows.

use policy_model::json::{Kind, Value};

use super::{InferenceFault, Operation};
use crate::reserved::is_like;

/// Checks the members of a body, which is an object.
pub(super) fn check(operation: Operation, body: Value<'_>) -> Result<(), InferenceFault> {
    let known = match operation {
        Operation::ChatCompletions => CHAT,
        Operation::Responses => RESPONSES,
        Operation::Messages => MESSAGES,
        Operation::CountTokens => COUNT_TOKENS,
        Operation::ListModels | Operation::GetModel => &[],
    };
    for member in body.members() {
        let name = member.name.as_str().unwrap_or_default();
        let is_of = |list: &[&str]| list.iter().any(|word| resembles(&name, word));
        if known.contains(&name.as_ref()) {
            continue;
        }
        let fault = match () {
            () if is_of(known) => InferenceFault::AmbiguousMember,
            () if is_of(SEVERAL_MODELS) => InferenceFault::SeveralModels,
            () if is_of(REMOTE_TOOLS) => InferenceFault::RemoteTools,
            () if is_of(KEPT) => InferenceFault::SharedState,
            () => InferenceFault::StrayMember,
        };
        // Clients say null where they say nothing.
        let says_nothing = member.value.kind() == Kind::Null && KEPT.contains(&name.as_ref());
        if !says_nothing {
            return Err(fault);
        }
    }
    Ok(())
}

/// Whether a name is a word or could be taken for it: its letters and digits in any case, width and punctuation.
pub(super) fn resembles(name: &str, word: &str) -> bool {
    if !name.is_ascii() {
        return is_like(name, word);
    }
    plain(name).eq(plain(word))
}

fn plain(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// Of `POST chat/completions`.
const CHAT: &[&str] = &[
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "modalities",
    "model",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
];

/// Of `POST responses`.
const RESPONSES: &[&str] = &[
    "background",
    "context_management",
    "include",
    "input",
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "metadata",
    "model",
    "parallel_tool_calls",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning",
    "safety_identifier",
    "service_tier",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "truncation",
    "user",
];

/// Of `POST messages`.
const MESSAGES: &[&str] = &[
    "cache_control",
    "context_management",
    "diagnostics",
    "inference_geo",
    "max_tokens",
    "messages",
    "metadata",
    "model",
    "output_config",
    "service_tier",
    "speed",
    "stop_sequences",
    "stream",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
];

/// Of `POST messages/count_tokens`.
const COUNT_TOKENS: &[&str] = &[
    "cache_control",
    "context_management",
    "messages",
    "model",
    "output_config",
    "speed",
    "system",
    "thinking",
    "tool_choice",
    "tools",
];

/// Of gateways that ask several models, and of clients that bring other members along.
const SEVERAL_MODELS: &[&str] = &[
    "extra_body",
    "extra_headers",
    "extra_query",
    "fallback_credit_token",
    "fallback_models",
    "fallbacks",
    "model_id",
    "model_list",
    "models",
    "moderation",
    "provider",
    "route",
];

const REMOTE_TOOLS: &[&str] = &["connector_id", "mcp_servers", "server_url", "tunnel_id"];

/// By which something is read that is kept at the provider.
const KEPT: &[&str] = &[
    "background_options",
    "container",
    "conversation",
    "previous_response_id",
    "prompt",
    "thread",
    "user_profile_id",
    "workspace_id",
];

#[cfg(test)]
mod tests {
    use super::resembles;

    #[test]
    fn other_spellings_resemble_a_word() {
        for name in [
            "max_tokens",
            "maxTokens",
            "MAX-TOKENS",
            " max tokens ",
            "max_to\u{212a}ens",
            "\u{ff4d}ax_tokens",
            "max\u{200b}_tokens",
        ] {
            assert!(resembles(name, "max_tokens"), "{name}");
        }
        for name in ["max_token", "max_tokens_", "amax_tokens", "", "maximum_tokens"] {
            assert_eq!(resembles(name, "max_tokens"), name == "max_tokens_", "{name}");
        }
    }
}
