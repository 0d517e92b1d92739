//! What a request may not reach past the gateway: other models, servers of tools, and what the provider keeps.
//!
//! The provider knows one account, which all tenants share. Whoever names something that is kept there reads it, whose ever it
//! is. Refused is therefore what reads by a name of the caller's choice:
//!
//! - answers and conversations: `previous_response_id`, `conversation`, `thread`, `previous_message_id`,
//!   `comparison_response_id`, `continuation_id`, `item_reference`, an `audio` with an `id`, and items of `input` that have an id and
//!   do not say all that they are (a reasoning without its encrypted content, a picture without its data; empty is absent);
//! - files and stores: `file_id`, `file_ids`, `file_uri`, `vector_store_ids`, `memory_store_id`, and addresses that are neither of the web nor data;
//! - containers: a `container` by its id, `container_id`, `skill_id`;
//! - other things of the account: a stored `prompt`, a `voice` by its id, `user_profile_id`, `workspace_id`;
//! - `background`, whose answer is kept and asked for by its id.
//!
//! `store` only writes, and is the default of one of the forms: nothing here reads what it writes. A `prompt_cache_key` gives back
//! nothing of a prompt.

use policy_model::json::{Kind, Member, Value};

use super::members::resembles;
use super::{InferenceFault, Operation};

/// Checks a body whose own members are known.
pub(super) fn check(operation: Operation, body: Value<'_>) -> Result<(), InferenceFault> {
    for member in body.members() {
        let name = member.name.as_str().unwrap_or_default();
        match name.as_ref() {
            "model" | "metadata" | "logit_bias" => {}
            "background" if !matches!(member.value.text(), "false" | "null") => {
                return Err(InferenceFault::SharedState);
            }
            "input" if operation == Operation::Responses => {
                member.value.elements().try_for_each(check_item)?;
                check_below(member.value)?;
            }
            _ => {
                check_member(member)?;
                check_below(member.value)?;
            }
        }
    }
    Ok(())
}

/// An item of `input` that has an id says all that it is.
fn check_item(item: Value<'_>) -> Result<(), InferenceFault> {
    if item.get("id").is_none_or(|id| id.kind() == Kind::Null) {
        return Ok(());
    }
    let says = |name: &str| item.get(name).is_some_and(|value| !is_empty(value));
    let kind = item.get("type").filter(|kind| kind.kind() != Kind::Null);
    let kind = kind.map_or(Some("message".into()), Value::as_str).unwrap_or_default();
    let is_whole = WHOLE.iter().any(|(known, members)| **known == *kind && members.iter().any(|name| says(name)));
    if is_whole { Ok(()) } else { Err(InferenceFault::SharedState) }
}

/// Whether a value says nothing, so that whoever reads it may take what is kept.
fn is_empty(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::String => value.as_str().is_none_or(|text| text.trim().is_empty()),
        Kind::Array | Kind::Object => value.is_empty(),
        Kind::Bool | Kind::Number => false,
    }
}

fn check_below(value: Value<'_>) -> Result<(), InferenceFault> {
    value.elements().try_for_each(check_below)?;
    for member in value.members() {
        check_member(member)?;
        if !is_data(value, member) {
            check_below(member.value)?;
        }
    }
    Ok(())
}

/// Whether a member of an object of the three forms is somebody's own: a schema, or the arguments of a tool.
fn is_data(object: Value<'_>, member: Member<'_>) -> bool {
    let is_name = |names: &[&str]| names.iter().any(|name| member.name.is_str(name));
    let is_use = || object.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("tool_use"));
    is_name(&["parameters", "input_schema", "output_schema", "input_examples", "schema", "arguments"])
        || (is_name(&["input"]) && is_use())
}

fn check_member(member: Member<'_>) -> Result<(), InferenceFault> {
    let (name, value) = (member.name.as_str().unwrap_or_default(), member.value);
    if !name.is_ascii() {
        // None of the three forms has such a one, and it may look like one that they have.
        return Err(InferenceFault::AmbiguousMember);
    }
    let Some((word, watched)) = WATCHED.iter().find(|(word, _)| resembles(&name, word)) else { return Ok(()) };
    if name != **word {
        return Err(InferenceFault::AmbiguousMember);
    }
    let has_id = |value: Value<'_>| {
        value.members().any(|member| member.name.as_str().is_some_and(|name| resembles(&name, "id")))
    };
    match (watched, value.kind()) {
        (_, Kind::Null) => Ok(()),
        (Watched::Type, Kind::String) => check_type(&value.as_str().unwrap_or_default()),
        (Watched::Type, _) => Err(InferenceFault::AmbiguousMember),
        (Watched::Kept, Kind::Array) if value.is_empty() => Ok(()),
        (Watched::Kept, _) => Err(InferenceFault::SharedState),
        (Watched::Remote, _) => Err(InferenceFault::RemoteTools),
        (Watched::Model, _) => Err(InferenceFault::SeveralModels),
        (Watched::KeptById, Kind::Object) if !has_id(value) => Ok(()),
        (Watched::KeptById, Kind::String) if name == "voice" => Ok(()),
        (Watched::KeptById, _) => Err(InferenceFault::SharedState),
        (Watched::Address, Kind::String) if !is_open(&value.as_str().unwrap_or_default()) => {
            Err(InferenceFault::SharedState)
        }
        (Watched::Address, _) => Ok(()),
    }
}

/// What an object says that it is.
fn check_type(kind: &str) -> Result<(), InferenceFault> {
    let plain: String = kind.chars().filter(char::is_ascii_alphanumeric).collect();
    if plain.to_ascii_lowercase().starts_with("mcp") {
        return Err(InferenceFault::RemoteTools);
    }
    if resembles(kind, "item_reference") { Err(InferenceFault::SharedState) } else { Ok(()) }
}

/// Whether anybody can read what is at an address, or it says it itself.
fn is_open(address: &str) -> bool {
    address
        .split_once(':')
        .is_some_and(|(scheme, _)| ["https", "http", "data"].iter().any(|own| scheme.eq_ignore_ascii_case(own)))
}

/// What a name means wherever it stands in an object of the three forms.
enum Watched {
    /// What the object is.
    Type,
    /// A name of something that is kept.
    Kept,
    /// The same, if it is more than a choice among what anybody has.
    KeptById,
    /// Where tools are.
    Remote,
    /// Another model.
    Model,
    /// An address that the provider reads.
    Address,
}

const WATCHED: &[(&str, Watched)] = &[
    ("type", Watched::Type),
    ("audio", Watched::KeptById),
    ("comparison_response_id", Watched::Kept),
    ("connector_id", Watched::Remote),
    ("container", Watched::KeptById),
    ("container_id", Watched::Kept),
    ("continuation_id", Watched::Kept),
    ("conversation", Watched::Kept),
    ("conversation_id", Watched::Kept),
    ("file_id", Watched::Kept),
    ("file_ids", Watched::Kept),
    ("file_uri", Watched::Kept),
    ("file_url", Watched::Address),
    ("image_url", Watched::Address),
    ("mcp_servers", Watched::Remote),
    ("memory_store_id", Watched::Kept),
    ("model", Watched::Model),
    ("previous_message_id", Watched::Kept),
    ("previous_response_id", Watched::Kept),
    ("server_url", Watched::Remote),
    ("skill_id", Watched::Kept),
    ("tunnel_id", Watched::Remote),
    ("url", Watched::Address),
    ("vector_store_id", Watched::Kept),
    ("vector_store_ids", Watched::Kept),
    ("video_url", Watched::Address),
    ("voice", Watched::KeptById),
];

/// Items that may have an id, and where they say what they are.
const WHOLE: &[(&str, &[&str])] = &[
    ("apply_patch_call", &["operation"]),
    ("apply_patch_call_output", &["output"]),
    ("compaction", &["encrypted_content"]),
    ("computer_call", &["action", "actions"]),
    ("computer_call_output", &["output"]),
    ("custom_tool_call", &["input"]),
    ("custom_tool_call_output", &["output"]),
    ("function_call", &["arguments"]),
    ("function_call_output", &["output"]),
    ("image_generation_call", &["result"]),
    ("local_shell_call", &["action"]),
    ("local_shell_call_output", &["output"]),
    ("message", &["content"]),
    ("reasoning", &["encrypted_content"]),
    ("shell_call", &["action"]),
    ("shell_call_output", &["output"]),
    ("tool_search_call", &["arguments"]),
    ("tool_search_output", &["tools"]),
    ("web_search_call", &["action"]),
];
