//! What a request asks for, as its parameters name it.

use std::borrow::Cow;
use std::collections::HashSet;

use policy_model::json::{Kind, Value};
use policy_model::spelling::folded;
use policy_model::{Arguments, Resource, ResourceUri, ToolName, UriTemplate};

use crate::message::MessageFault;
use crate::method::Asks;

/// Something that a policy decides on. Its names are well-formed.
#[derive(Debug, Clone)]
pub struct Wanted<'d> {
    kind: Kinds,
    name: Cow<'d, str>,
    arguments: Option<Value<'d>>,
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
}

impl<'d> Wanted<'d> {
    /// Takes what the parameters of a request ask for.
    ///
    /// # Errors
    /// [`MessageFault`] if they do not say so in the one way that the protocol has.
    pub(crate) fn parse(asks: Asks, params: Value<'d>) -> Result<Wanted<'d>, MessageFault> {
        let text = |value: Value<'d>, name: &str, fault| value.get(name).and_then(Value::as_str).ok_or(fault);
        let wanted = match asks {
            Asks::Tool => Wanted {
                kind: Kinds::Tool,
                name: text(params, "name", MessageFault::ToolName)?,
                arguments: parse_arguments(params)?,
            },
            Asks::Prompt => Wanted {
                kind: Kinds::Prompt,
                name: text(params, "name", MessageFault::PromptName)?,
                arguments: parse_arguments(params)?,
            },
            Asks::Resource => {
                Wanted { kind: Kinds::Uri, name: text(params, "uri", MessageFault::Uri)?, arguments: None }
            }
            Asks::Completion => {
                let reference = params.get("ref").filter(|reference| reference.kind() == Kind::Object);
                let reference = reference.ok_or(MessageFault::Reference)?;
                check_names(reference)?;
                let has = |name: &str| reference.get(name).is_some();
                let (kind, member) = match reference.get("type").and_then(Value::as_str).as_deref() {
                    Some("ref/prompt") if !has("uri") => (Kinds::PromptArguments, "name"),
                    Some("ref/resource") if !has("name") => (Kinds::Template, "uri"),
                    Some(_) | None => return Err(MessageFault::Reference),
                };
                Wanted { kind, name: text(reference, member, MessageFault::Reference)?, arguments: None }
            }
        };
        wanted.resource()?;
        Ok(wanted)
    }

    /// What a request about a task asks for: the tool whose call made it.
    pub(crate) fn of_task(tool: String) -> Wanted<'d> {
        Wanted { kind: Kinds::Task, name: Cow::Owned(tool), arguments: None }
    }

    /// What kind of request asks for it.
    pub(crate) fn asks(&self) -> Asks {
        match self.kind {
            Kinds::Tool | Kinds::Task => Asks::Tool,
            Kinds::Prompt => Asks::Prompt,
            Kinds::Uri => Asks::Resource,
            Kinds::PromptArguments | Kinds::Template => Asks::Completion,
        }
    }

    /// The target that has it, as its name says; none for what has no target in its name.
    pub(crate) fn target(&self) -> Option<&str> {
        match self.kind {
            Kinds::Tool | Kinds::Task | Kinds::Prompt | Kinds::PromptArguments => {
                ToolName::parse(&self.name).ok()?.target()
            }
            Kinds::Uri | Kinds::Template => None,
        }
    }

    /// The name as written.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    ///
    /// # Errors
    /// [`MessageFault`] if its name is not well-formed.
    pub fn resource(&self) -> Result<Resource<'_>, MessageFault> {
        let name = self.name.as_ref();
        match self.kind {
            Kinds::Tool | Kinds::Task => ToolName::parse(name).map(Resource::Tool).map_err(|_| MessageFault::ToolName),
            Kinds::Prompt => ToolName::parse(name).map(Resource::Prompt).map_err(|_| MessageFault::PromptName),
            Kinds::Uri => ResourceUri::parse(name).map(Resource::Uri).map_err(|_| MessageFault::Uri),
            Kinds::PromptArguments => ToolName::parse(name).map(Resource::Prompt).map_err(|_| MessageFault::Reference),
            Kinds::Template => UriTemplate::parse(name).map(Resource::Template).map_err(|_| MessageFault::Reference),
        }
    }

    /// The arguments; where they are not known any more, or values for them are still being looked for, any.
    pub fn arguments(&self) -> Arguments<'d> {
        match self.kind {
            Kinds::Tool | Kinds::Prompt => Arguments::Known(self.arguments),
            Kinds::Uri | Kinds::Template => Arguments::Known(None),
            Kinds::Task | Kinds::PromptArguments => Arguments::Unknown,
        }
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
