//! The arguments of a call, before and after.

use policy_model::rewriting::{Outcome, Unresolved};
use policy_model::{Arguments, Layers, Request, json};
use serde_json::Value;

use super::asker::Asker;
use super::resource::resource;

/// What becomes of the arguments of a tool's call; `None` where there were none, or they stay as they are.
pub(crate) fn rewrite(
    layers: Layers<'_>,
    special: &Value,
    kind: &str,
    name: &str,
    arguments: Option<&str>,
) -> Result<Option<String>, Unresolved> {
    // What has no well-formed name is refused before.
    let Some(resource) = resource(kind, name) else { return Ok(None) };
    let document = arguments.map(|text| json::parse(text.as_bytes()).unwrap());
    let arguments = Arguments::Known(document.as_ref().map(|document| document.root()));
    Asker::new(special).with_caller(|caller, time| {
        let request = Request::new(caller, resource, arguments, time);
        layers.rewrite_arguments(&request).map(|outcome| match outcome {
            Outcome::Changed(text) => Some(text),
            Outcome::Same | Outcome::NotConcerned => None,
        })
    })
}
