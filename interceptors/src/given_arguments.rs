//! What a list says of the arguments of a tool: those that are written into every call are nobody's to give.

use policy_model::json::{Edit, Edits, Kind, Value};
use policy_model::{Resource, ToolName};

use crate::reserved;
use crate::view::View;

/// Takes them out of an entry's input schema: as properties, and of what is required. A schema that says so in other ways stays.
pub(crate) fn hide(view: &View<'_>, name: &str, entry: Value<'_>, edits: &mut Edits) {
    let Some(full) = view.full_name(name) else { return };
    let Ok(tool) = ToolName::parse(&full) else { return };
    let Some(schema) = entry.get("inputSchema") else { return };
    let (set, ours) = (view.layers().set_arguments(&Resource::Tool(tool)), view.reserved_argument(&tool));
    let is_given = |name: &str| set.contains(name) || ours.is_some_and(|ours| reserved::is_like(name, ours));
    let is_given = |value: Value<'_>| value.as_str().is_some_and(|name| is_given(&name));
    let properties = schema.get("properties").filter(|properties| properties.kind() == Kind::Object);
    for member in properties.into_iter().flat_map(Value::members).filter(|member| is_given(member.name)) {
        edits.add(member.value, Edit::Remove);
    }
    let required = schema.get("required").filter(|required| required.kind() == Kind::Array);
    for element in required.into_iter().flat_map(Value::elements).filter(|element| is_given(*element)) {
        edits.add(element, Edit::Remove);
    }
}
