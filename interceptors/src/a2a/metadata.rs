//! The metadata of a message, in which an agent that sees no headers finds the tenant context: ours alone, whatever a caller
//! writes there.

use policy_model::json::{Edit, Edits, Kind, Value, quote};

use crate::reserved::is_like;

use super::A2aRequest;
use super::fault::A2aFault;
use super::method::Binding;

/// The text of a request's body without the reserved name in the metadata of its message, and of the request itself; `None` if it
/// is not there.
///
/// # Errors
/// [`A2aFault::ReservedMetadata`] if a name could be taken for it.
pub(crate) fn reserve(request: &A2aRequest<'_>, name: &str) -> Result<Option<String>, A2aFault> {
    let (Some(body), Some(message)) = (request.body, request.message) else { return Ok(None) };
    let mut edits = Edits::default();
    let all = [message.get("metadata"), params(request.binding, body).and_then(|params| params.get("metadata"))];
    for member in all.into_iter().flatten().flat_map(Value::members) {
        let own = member.name.as_str().unwrap_or_default();
        if own == name {
            edits.add(member.value, Edit::Remove);
        } else if is_like(&own, name) {
            return Err(A2aFault::ReservedMetadata);
        }
    }
    Ok((!edits.is_empty()).then(|| edits.apply(body)))
}

/// The text of a body with it: of the request's own, or of the one that [`reserve`] made of it.
pub(crate) fn write(body: Value<'_>, binding: Binding, name: &str, value: &str) -> String {
    let (own, value) = (quote(name), quote(value));
    let mut edits = Edits::default();
    let params = params(binding, body);
    if let Some(message) = params.and_then(|params| {
        ["message", "request"].iter().filter_map(|name| params.get(name)).find(|message| message.kind() == Kind::Object)
    }) {
        match message.get("metadata") {
            Some(metadata) if metadata.kind() == Kind::Object => match metadata.get(name) {
                Some(there) => edits.add(there, Edit::Replace(value.into())),
                None => edits.add(metadata, Edit::Append(format!("{own}:{value}"))),
            },
            Some(other) => edits.add(other, Edit::Replace(format!("{{{own}:{value}}}").into())),
            None => edits.add(message, Edit::Append(format!("\"metadata\":{{{own}:{value}}}"))),
        }
    }
    edits.apply(body)
}

/// Where the message stands.
fn params(binding: Binding, body: Value<'_>) -> Option<Value<'_>> {
    match binding {
        Binding::JsonRpc => body.get("params"),
        Binding::HttpJson => Some(body),
    }
}
