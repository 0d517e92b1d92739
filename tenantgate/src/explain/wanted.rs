//! What is asked for.

use interceptors::message::MessageFault;
use interceptors::method::Asks;
use interceptors::refusal::Refusal;
use policy_model::json::{Document, Kind};
use policy_model::policy::ResourceType;
use policy_model::spelling::folded;
use policy_model::{AgentName, ModelName, Resource, ResourceUri, ToolName};

use crate::excerpt::visible;
use crate::failure::Failure;

/// A thing, and how it is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) method: String,
    pub(crate) kind: ResourceType,
    pub(crate) name: String,
    /// Whether it is asked for a list: with any arguments.
    pub(crate) is_listing: bool,
}

impl Wanted {
    /// Takes a method and a name as the command line has them.
    pub(crate) fn parse(method: &str, name: &str) -> Result<Wanted, Failure> {
        let known = METHODS.iter().find(|(known, ..)| *known == method);
        let (_, kind, is_listing) = known.ok_or_else(|| {
            let methods: Vec<&str> = METHODS.iter().map(|(method, ..)| *method).collect();
            Failure::input(format!(
                "{:?} is no method that is explained; one of {}",
                visible(method),
                methods.join(", ")
            ))
        })?;
        Ok(Wanted { method: method.to_owned(), kind: *kind, name: name.to_owned(), is_listing: *is_listing })
    }

    /// Something of a kind, listed with any arguments.
    pub(crate) fn listed(kind: ResourceType, name: &str) -> Wanted {
        Wanted { method: String::new(), kind, name: name.to_owned(), is_listing: true }
    }

    /// As a rule would name it.
    pub(crate) fn label(&self) -> String {
        format!("{}{}", self.kind.prefix(), self.name)
    }

    /// What it is.
    ///
    /// # Errors
    /// How the interceptors refuse a name outside of the grammar.
    pub(crate) fn resource(&self) -> Result<Resource<'_>, Refusal> {
        let name = self.name.as_str();
        let (resource, fault) = match self.kind {
            ResourceType::Tool => (ToolName::parse(name).ok().map(Resource::Tool), MessageFault::ToolName),
            ResourceType::Prompt => (ToolName::parse(name).ok().map(Resource::Prompt), MessageFault::PromptName),
            ResourceType::Resource => (ResourceUri::parse(name).ok().map(Resource::Uri), MessageFault::Uri),
            ResourceType::Agent => {
                let agent = AgentName::parse(name).or_else(|| AgentName::parse_skill(name));
                (agent.map(Resource::Agent), MessageFault::Name)
            }
            ResourceType::Model => (ModelName::parse(name).map(Resource::Model), MessageFault::Name),
        };
        resource.ok_or(Refusal::Message(fault))
    }

    /// What kind of request it is.
    pub(crate) fn asks(&self) -> Asks {
        match self.kind {
            ResourceType::Tool => Asks::Tool,
            ResourceType::Prompt => Asks::Prompt,
            ResourceType::Resource => Asks::Resource,
            ResourceType::Agent => Asks::Agent,
            ResourceType::Model => Asks::Model,
        }
    }

    /// Whether it has arguments.
    pub(crate) fn has_arguments(&self) -> bool {
        match self.kind {
            ResourceType::Tool | ResourceType::Prompt => !self.is_listing,
            ResourceType::Resource | ResourceType::Agent | ResourceType::Model => false,
        }
    }
}

/// How the interceptors refuse arguments that are no object, or one in which two names are one.
pub(crate) fn check_arguments(arguments: &Document<'_>) -> Result<(), Refusal> {
    let root = arguments.root();
    if root.kind() != Kind::Object {
        return Err(Refusal::Message(MessageFault::Arguments));
    }
    let mut names = std::collections::HashSet::new();
    let mut members = root.members().map(|member| member.name.as_str().unwrap_or_default());
    if members.all(|name| names.insert(folded(&name))) {
        Ok(())
    } else {
        Err(Refusal::Message(MessageFault::AmbiguousMember))
    }
}

/// Each with the kind of its name, and whether it lists.
const METHODS: &[(&str, ResourceType, bool)] = &[
    ("tools/call", ResourceType::Tool, false),
    ("tools/list", ResourceType::Tool, true),
    ("prompts/get", ResourceType::Prompt, false),
    ("prompts/list", ResourceType::Prompt, true),
    ("resources/read", ResourceType::Resource, false),
    ("resources/list", ResourceType::Resource, true),
    ("agents", ResourceType::Agent, false),
    ("models", ResourceType::Model, false),
];
