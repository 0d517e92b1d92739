//! How an object says that it is a tool, and which.

use policy_model::json::Value;
use policy_model::spelling::folds_to;

/// Whether an object says what arguments it takes, as a tool does.
pub(crate) fn describes_tool(value: Value<'_>) -> bool {
    let is_schema =
        |name: Value<'_>| name.as_str().is_some_and(|name| SCHEMAS.iter().any(|word| folds_to(&name, word)));
    value.members().any(|member| is_schema(member.name))
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

/// Under which members a tool describes its arguments.
const SCHEMAS: &[&str] = &["inputschema", "input_schema"];
