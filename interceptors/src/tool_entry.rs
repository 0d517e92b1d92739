//! How an object says that it is a tool, and which.

use policy_model::ToolName;
use policy_model::json::Value;
use policy_model::spelling::folds_to;

use crate::view::View;

/// Whether an object says what arguments it takes, as a tool does.
pub(crate) fn describes_tool(value: Value<'_>) -> bool {
    let is_schema =
        |name: Value<'_>| name.as_str().is_some_and(|name| SCHEMAS.iter().any(|word| folds_to(&name, word)));
    value.members().any(|member| is_schema(member.name))
}

/// The prefixed names of tools by which an object goes that says more of them than their names. Where tools have no prefix, also
/// the names of what takes or returns something: a mere description is one of anything.
pub(crate) fn described_names(view: &View<'_>, object: Value<'_>) -> Vec<String> {
    let is_one = |name: Value<'_>, words: &[&str]| {
        name.as_str().is_some_and(|name| words.iter().any(|word| folds_to(&name, word)))
    };
    if !object.members().any(|member| is_one(member.name, DESCRIPTIONS)) {
        return Vec::new();
    }
    let is_tool = view.names().target().is_some() && object.members().any(|member| is_one(member.name, SIGNATURES));
    let is_prefixed = |name: &str| ToolName::parse(name).is_ok_and(|tool| tool.target().is_some());
    let is_own = |name: &str| view.full_name(name).is_some_and(|full| ToolName::parse(&full).is_ok());
    object
        .members()
        .filter(|member| is_one(member.name, TITLES))
        .filter_map(|member| Some((member.name, member.value.as_str()?)))
        .filter(|(title, name)| is_prefixed(name) || (is_tool && is_one(*title, OWN_TITLES) && is_own(name)))
        .map(|(_, name)| name.into_owned())
        .collect()
}

/// An entry's name, if it has exactly one in whatever spelling.
pub(crate) fn entry_name(entry: Value<'_>) -> Option<String> {
    let is_name = |name: Value<'_>| name.as_str().is_some_and(|name| folds_to(&name, "name"));
    let mut names = entry.members().filter(|member| is_name(member.name));
    match (names.next(), names.next()) {
        (Some(name), None) if name.name.is_str("name") => Some(name.value.as_str()?.into_owned()),
        (_, _) => None,
    }
}

/// What the member is called by which an object is known.
pub(crate) const TITLES: &[&str] = &["name", "id", "key", "title", "tool", "toolid", "toolname", "tool_name"];

/// Those of them that say a tool's name where it has no prefix.
const OWN_TITLES: &[&str] = &["name", "tool", "toolname", "tool_name"];

/// What the members are called that say what something does or takes.
const DESCRIPTIONS: &[&str] =
    &["description", "function", "instructions", "outputschema", "output_schema", "parameters", "schema", "summary"];

/// Those of them that say what something takes or returns.
const SIGNATURES: &[&str] = &["function", "outputschema", "output_schema", "parameters", "schema"];

/// Under which members a tool describes its arguments.
const SCHEMAS: &[&str] = &["inputschema", "input_schema"];
