//! The arguments of a call, before and after.

use policy_model::rewriting::{Outcome, Unresolved};
use policy_model::{Arguments, DecisionId, Layers, Request, json};
use serde_json::Value;

use super::asker::Asker;
use super::resource::resource;

/// What becomes of the arguments of a tool's call; `None` where there were none, or they stay as they are. Its decision is
/// `decision-1`, but for what `decision` says otherwise; what is no id leaves it unknown.
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
    let decision = DecisionId::parse(special["decision"].as_str().unwrap_or("decision-1"));
    Asker::new(special).with_caller(|caller, time| {
        let request = Request::new(caller, resource, arguments, time).with_decision(decision);
        layers.rewrite_arguments(&request).map(|outcome| match outcome {
            Outcome::Changed(text) => Some(text),
            Outcome::Same | Outcome::NotConcerned => None,
        })
    })
}
