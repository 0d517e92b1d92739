//! What a request asks for, as its parameters name it.

use std::borrow::Cow;
use std::collections::HashSet;

use policy_model::json::{Kind, Value};
use policy_model::spelling::folded;
use policy_model::{AgentName, Arguments, ModelName, Resource, ResourceUri, ToolName, UriTemplate};
use policy_registry::RouteRefusal;

use crate::message::MessageFault;
use crate::method::Asks;
use crate::names::Names;
use crate::refusal::Refusal;

/// Something that a policy decides on. Its names are well-formed.
#[derive(Debug, Clone)]
pub struct Wanted<'d> {
    kind: Kinds,
    /// The full name.
    name: Cow<'d, str>,
    /// Where in it the name as written begins.
    written_at: usize,
    arguments: Arguments<'d>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinds {
    Tool,
    /// A tool, by a task that a call of it made.
    Task,
    Prompt,
    Uri,
    /// Some arguments of a prompt.
    PromptArguments,
    /// Some URIs of a template.
    Template,
    Agent,
    Model,
}

impl<'d> Wanted<'d> {
    /// Takes what the parameters of a request ask for.
    ///
    /// # Errors
    /// [`MessageFault`] if they do not say so in the one way that the protocol has.
    pub(crate) fn parse(asks: Asks, params: Value<'d>, names: Names<'_>) -> Result<Wanted<'d>, MessageFault> {
        let text = |value: Value<'d>, name: &str, fault| value.get(name).and_then(Value::as_str).ok_or(fault);
        let (kind, name, arguments) = match asks {
            Asks::Tool => {
                let name = text(params, "name", MessageFault::ToolName)?;
                (Kinds::Tool, name, Arguments::Known(parse_arguments(params)?))
            }
            Asks::Prompt => {
                let name = text(params, "name", MessageFault::PromptName)?;
                (Kinds::Prompt, name, Arguments::Known(parse_arguments(params)?))
            }
            Asks::Resource => (Kinds::Uri, text(params, "uri", MessageFault::Uri)?, Arguments::Known(None)),
            Asks::Completion => {
                let reference = params.get("ref").filter(|reference| reference.kind() == Kind::Object);
                let reference = reference.ok_or(MessageFault::Reference)?;
                check_names(reference)?;
                let has = |name: &str| reference.get(name).is_some();
                let (kind, member, arguments) = match reference.get("type").and_then(Value::as_str).as_deref() {
                    Some("ref/prompt") if !has("uri") => (Kinds::PromptArguments, "name", Arguments::Unknown),
                    Some("ref/resource") if !has("name") => (Kinds::Template, "uri", Arguments::Known(None)),
                    Some(_) | None => return Err(MessageFault::Reference),
                };
                (kind, text(reference, member, MessageFault::Reference)?, arguments)
            }
            // No method of this protocol asks for them.
            Asks::Agent | Asks::Model => return Err(MessageFault::Name),
        };
        let wanted = match kind {
            Kinds::Uri | Kinds::Template | Kinds::Agent | Kinds::Model => {
                Wanted { kind, name, written_at: 0, arguments }
            }
            Kinds::Tool | Kinds::Task | Kinds::Prompt | Kinds::PromptArguments => {
                let name = full(name, names).ok_or(kind.fault())?;
                Wanted { kind, name, written_at: names.prefix_len(), arguments }
            }
        };
        wanted.resource()?;
        Ok(wanted)
    }

    /// What a request about a task asks for: the tool whose call made it.
    pub(crate) fn of_task(tool: String) -> Wanted<'d> {
        Wanted { kind: Kinds::Task, name: Cow::Owned(tool), written_at: 0, arguments: Arguments::Unknown }
    }

    /// What was asked for earlier, by a request of this kind. With which arguments is not known any more.
    pub(crate) fn recalled(asks: Asks, resource: &Resource<'_>) -> Option<Wanted<'static>> {
        let (kind, name) = match (asks, resource) {
            (Asks::Tool, Resource::Tool(tool)) => (Kinds::Tool, tool.as_str()),
            (Asks::Prompt, Resource::Prompt(prompt)) => (Kinds::Prompt, prompt.as_str()),
            (Asks::Resource, Resource::Uri(uri)) => (Kinds::Uri, uri.as_str()),
            (Asks::Completion, Resource::Prompt(prompt)) => (Kinds::PromptArguments, prompt.as_str()),
            (Asks::Completion, Resource::Template(template)) => (Kinds::Template, template.as_str()),
            (Asks::Tool | Asks::Prompt | Asks::Resource | Asks::Completion | Asks::Agent | Asks::Model, _) => {
                return None;
            }
        };
        let name = Cow::Owned(name.to_owned());
        Some(Wanted { kind, name, written_at: 0, arguments: Arguments::Unknown })
    }

    /// An agent.
    pub(crate) fn agent(name: &'d str) -> Result<Wanted<'d>, Refusal> {
        let wanted =
            Wanted { kind: Kinds::Agent, name: Cow::Borrowed(name), written_at: 0, arguments: Arguments::Known(None) };
        wanted.resource().map_err(|_| Refusal::Route(RouteRefusal::Malformed("agentName")))?;
        Ok(wanted)
    }

    /// A model, as the caller calls it.
    pub(crate) fn model(name: &'d str) -> Result<Wanted<'d>, MessageFault> {
        let wanted =
            Wanted { kind: Kinds::Model, name: Cow::Borrowed(name), written_at: 0, arguments: Arguments::Known(None) };
        wanted.resource()?;
        Ok(wanted)
    }

    /// What kind of request asks for it.
    pub(crate) fn asks(&self) -> Asks {
        match self.kind {
            Kinds::Tool | Kinds::Task => Asks::Tool,
            Kinds::Prompt => Asks::Prompt,
            Kinds::Uri => Asks::Resource,
            Kinds::PromptArguments | Kinds::Template => Asks::Completion,
            Kinds::Agent => Asks::Agent,
            Kinds::Model => Asks::Model,
        }
    }

    /// The target that has it, as its name says; none for what has no target in its name.
    pub(crate) fn target(&self) -> Option<&str> {
        match self.kind {
            Kinds::Tool | Kinds::Task | Kinds::Prompt | Kinds::PromptArguments => {
                ToolName::parse(&self.name).ok()?.target()
            }
            Kinds::Uri | Kinds::Template | Kinds::Agent | Kinds::Model => None,
        }
    }

    /// The name as written.
    pub(crate) fn written(&self) -> &str {
        self.name.get(self.written_at..).unwrap_or_default()
    }

    /// What it is.
    ///
    /// # Errors
    /// [`MessageFault`] if its name is not well-formed.
    pub fn resource(&self) -> Result<Resource<'_>, MessageFault> {
        let name = self.name.as_ref();
        let resource = match self.kind {
            Kinds::Tool | Kinds::Task => ToolName::parse(name).ok().map(Resource::Tool),
            Kinds::Prompt | Kinds::PromptArguments => ToolName::parse(name).ok().map(Resource::Prompt),
            Kinds::Uri => ResourceUri::parse(name).ok().map(Resource::Uri),
            Kinds::Template => UriTemplate::parse(name).ok().map(Resource::Template),
            Kinds::Agent => AgentName::parse(name).map(Resource::Agent),
            Kinds::Model => ModelName::parse(name).map(Resource::Model),
        };
        resource.ok_or(self.kind.fault())
    }

    /// The arguments; where they are not known any more, or values for them are still being looked for, any.
    pub fn arguments(&self) -> Arguments<'d> {
        self.arguments
    }
}

impl Kinds {
    /// What it is if its name is not well-formed.
    fn fault(self) -> MessageFault {
        match self {
            Kinds::Tool | Kinds::Task => MessageFault::ToolName,
            Kinds::Prompt => MessageFault::PromptName,
            Kinds::Uri => MessageFault::Uri,
            Kinds::PromptArguments | Kinds::Template => MessageFault::Reference,
            Kinds::Agent | Kinds::Model => MessageFault::Name,
        }
    }
}

/// The full name of what parameters call so.
fn full<'d>(name: Cow<'d, str>, names: Names<'_>) -> Option<Cow<'d, str>> {
    match names.target() {
        None => Some(name),
        Some(_) => Some(Cow::Owned(names.full(&name)?.into_owned())),
    }
}

/// An object in whose members nobody finds two of one name, or nothing.
fn parse_arguments(params: Value<'_>) -> Result<Option<Value<'_>>, MessageFault> {
    let Some(arguments) = params.get("arguments") else { return Ok(None) };
    if arguments.kind() != Kind::Object {
        return Err(MessageFault::Arguments);
    }
    check_names(arguments)?;
    Ok(Some(arguments))
}

/// No two names that a reader could take for one.
fn check_names(object: Value<'_>) -> Result<(), MessageFault> {
    let mut names = HashSet::new();
    let is_own = |name: Value<'_>| names.insert(folded(&name.as_str().unwrap_or_default()));
    let mut members = object.members().map(|member| member.name);
    if members.all(is_own) { Ok(()) } else { Err(MessageFault::AmbiguousMember) }
}
