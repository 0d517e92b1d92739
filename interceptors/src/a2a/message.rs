//! A message to an agent, and the parts that it has.

use policy_model::json::{Kind, Value};

use super::fault::A2aFault;
use super::members::{Members, Spelling};
use super::method::{Binding, Version};
use super::params::{Params, task_id};
use super::push;

/// Takes the message among the parameters, and what is wanted of its answer.
pub(super) fn take<'d>(
    found: &mut Params<'d>,
    params: &Members<'d>,
    binding: Binding,
    version: Version,
) -> Result<(), A2aFault> {
    let spelling = Spelling::of(binding, version);
    // In HTTP+JSON of version 0.3 the field has another name than the member.
    let message = match (params.get("message"), params.get("request")) {
        (Some(message), None) | (None, Some(message)) => message,
        (None, None) => return Err(A2aFault::Params),
        (Some(_), Some(_)) => return Err(A2aFault::AmbiguousMember),
    };
    let members = Members::read(message, MESSAGE, spelling)?;
    if members.get("kind").is_some_and(|kind| !kind.is_str("message")) {
        return Err(A2aFault::Params);
    }
    check_object(members.get("metadata"))?;
    found.tasks.extend(task_id(members.get("taskId"))?);
    found.conversation = task_id(members.get("contextId"))?;
    if let Some(ids) = members.get("referenceTaskIds") {
        if ids.kind() != Kind::Array {
            return Err(A2aFault::TaskId);
        }
        for id in ids.elements() {
            found.tasks.push(task_id(Some(id))?.ok_or(A2aFault::TaskId)?);
        }
    }
    let parts = match (members.get("parts"), members.get("content")) {
        (Some(parts), None) => parts,
        (None, Some(parts)) if spelling == Spelling::Fields => parts,
        (None, _) => return Err(A2aFault::Params),
        (Some(_), Some(_)) => return Err(A2aFault::AmbiguousMember),
    };
    if parts.kind() != Kind::Array {
        return Err(A2aFault::Params);
    }
    parts.elements().try_for_each(|part| check_part(part, version, spelling))?;
    check_object(params.get("metadata"))?;
    if let Some(configuration) = params.get("configuration") {
        push::take_configuration(found, configuration, spelling)?;
    }
    found.message = Some(message);
    Ok(())
}

fn check_object(value: Option<Value<'_>>) -> Result<(), A2aFault> {
    if value.is_none_or(|value| value.kind() == Kind::Object) { Ok(()) } else { Err(A2aFault::Params) }
}

/// A part is of one kind, and of no other for a reader of the other version.
fn check_part(part: Value<'_>, version: Version, spelling: Spelling) -> Result<(), A2aFault> {
    if part.kind() != Kind::Object {
        return Err(A2aFault::Part);
    }
    let members = Members::read(part, PART, spelling)?;
    // Not by `get`: in version 1.0 `null` is data.
    let mut contents = CONTENTS.iter().filter_map(|name| Some((*name, part.get(name)?)));
    let (Some((name, value)), None) = (contents.next(), contents.next()) else { return Err(A2aFault::Part) };
    let is_well_formed = match (name, version, value.kind()) {
        ("text", _, Kind::String) | ("raw" | "url", Version::V1_0, Kind::String) => true,
        ("data", Version::V0_3, kind) => kind == Kind::Object,
        ("data", Version::V1_0, _) => true,
        ("file", Version::V0_3, Kind::Object) => is_file(value, spelling)?,
        (_, _, _) => false,
    };
    let kind = if matches!(name, "raw" | "url") { "file" } else { name };
    let is_so_called = members.get("kind").is_none_or(|own| own.is_str(kind));
    check_object(members.get("metadata"))?;
    if is_well_formed && is_so_called { Ok(()) } else { Err(A2aFault::Part) }
}

/// A file of version 0.3 has its bytes or an address.
fn is_file(file: Value<'_>, spelling: Spelling) -> Result<bool, A2aFault> {
    let members = Members::read(file, FILE, spelling)?;
    let mut contents = FILE_CONTENTS.iter().filter_map(|name| members.get(name));
    let is_one = |first: Option<Value<'_>>| first.is_some_and(|value| value.kind() == Kind::String);
    Ok(is_one(contents.next()) && contents.next().is_none())
}

const MESSAGE: &[&str] = &[
    "kind",
    "messageId",
    "contextId",
    "taskId",
    "role",
    "parts",
    "content",
    "metadata",
    "extensions",
    "referenceTaskIds",
];

const PART: &[&str] = &["kind", "text", "file", "data", "raw", "url", "metadata", "filename", "mediaType"];

/// The members of a part that make it what it is.
const CONTENTS: &[&str] = &["text", "file", "data", "raw", "url"];

const FILE: &[&str] = &["bytes", "uri", "fileWithBytes", "fileWithUri", "mimeType", "name"];

const FILE_CONTENTS: &[&str] = &["bytes", "uri", "fileWithBytes", "fileWithUri"];
