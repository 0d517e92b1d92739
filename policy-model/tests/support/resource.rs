//! What is asked for, by its kind and name.

use policy_model::{AgentName, ModelName, Resource, ResourceUri, ToolName, UriTemplate};

pub(crate) fn resource<'n>(kind: &str, name: &'n str) -> Option<Resource<'n>> {
    match kind {
        "tool" => ToolName::parse(name).ok().map(Resource::Tool),
        "prompt" => ToolName::parse(name).ok().map(Resource::Prompt),
        "resource" => ResourceUri::parse(name).ok().map(Resource::Uri),
        "template" => UriTemplate::parse(name).ok().map(Resource::Template),
        "agent" => AgentName::parse(name).or_else(|| AgentName::parse_skill(name)).map(Resource::Agent),
        "model" => ModelName::parse(name).map(Resource::Model),
        other => panic!("unknown kind {other}"),
    }
}
