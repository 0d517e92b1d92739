//! The caller's message: one JSON-RPC 2.0 message of a known method, read in the one way that everybody reads it.

mod fault;

use std::borrow::Cow;
use std::collections::HashSet;

use policy_model::json::{self, Kind, Value};
use policy_registry::TaskId;

pub use fault::MessageFault;

use crate::event::Event;
use crate::headers::Found;
use crate::method::{Direction, Handling, Method, Version};
use crate::mirrored;
use crate::names::Names;
use crate::wanted::Wanted;

/// A checked message. Its body is what was checked, and what goes on if it may.
#[derive(Debug, Clone)]
pub struct Message<'d> {
    /// The whole message.
    pub body: Value<'d>,
    /// What it is.
    pub content: Content<'d>,
    /// Whose names it uses.
    pub names: Names<'d>,
}

/// What a message is.
#[derive(Debug, Clone)]
pub enum Content<'d> {
    /// A request that needs an answer.
    Request {
        /// The id exactly as written.
        id: &'d str,
        /// The method.
        method: Method,
        /// What it asks for, if a policy decides on that.
        wanted: Option<Wanted<'d>>,
        /// The task that it is about, if it is about one.
        task: Option<TaskId>,
    },
    /// A notification.
    Notification {
        /// The method.
        method: Method,
    },
    /// The client's answer to a request of the server.
    ClientResponse,
}

impl<'d> Message<'d> {
    /// Takes the message of an event.
    ///
    /// # Errors
    /// [`MessageFault`]: the message must be refused.
    pub fn parse(event: &Event<'d>) -> Result<Message<'d>, MessageFault> {
        let missing = if event.raw_body.is_some() { MessageFault::RawBody } else { MessageFault::NoBody };
        let body = event.body.ok_or(missing)?;
        match body.kind() {
            Kind::Object => {}
            Kind::Array => return Err(MessageFault::Batch),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String => return Err(MessageFault::NotAnObject),
        }
        if body.duplicate_name().is_some() {
            return Err(MessageFault::AmbiguousMember);
        }
        check_raw(event, body)?;
        if body.members().any(|member| !member.name.as_str().is_some_and(|name| MEMBERS.contains(&name.as_ref()))) {
            return Err(MessageFault::StrayMember);
        }
        if !body.get("jsonrpc").is_some_and(|version| version.is_str("2.0")) {
            return Err(MessageFault::JsonRpcVersion);
        }
        let content = match body.get("method") {
            Some(method) => parse_call(event, body, method)?,
            None => parse_client_response(event, body)?,
        };
        Ok(Message { body, content, names: event.names })
    }

    /// What it asks for, if a policy decides on that.
    pub fn wanted(&self) -> Option<&Wanted<'d>> {
        match &self.content {
            Content::Request { wanted, .. } => wanted.as_ref(),
            Content::Notification { .. } | Content::ClientResponse => None,
        }
    }

    /// The target that it goes to, where that is one: whatever it asks for if the target's own names are used in it.
    pub(crate) fn target(&self) -> Option<&str> {
        self.names.target().or_else(|| self.wanted()?.target())
    }

    /// The task that it is about, if it is about one.
    pub fn task(&self) -> Option<&TaskId> {
        match &self.content {
            Content::Request { task, .. } => task.as_ref(),
            Content::Notification { .. } | Content::ClientResponse => None,
        }
    }

    /// The same, once it is known what it asks for.
    pub(crate) fn asking_for(mut self, found: Wanted<'d>) -> Message<'d> {
        match &mut self.content {
            Content::Request { wanted, .. } => *wanted = Some(found),
            Content::Notification { .. } | Content::ClientResponse => {}
        }
        self
    }

    /// What is to become of it.
    pub fn handling(&self) -> Handling {
        match &self.content {
            Content::Request { method, .. } | Content::Notification { method } => method.handling,
            Content::ClientResponse => Handling::Session,
        }
    }
}

/// The id that a refusal may echo: a string or integer that stands once; anything else is left out.
pub fn usable_id(body: Value<'_>) -> Option<&str> {
    let mut ids = body.members().filter(|member| member.name.is_str("id"));
    match (ids.next(), ids.next()) {
        (Some(id), None) if is_id(id.value) => Some(id.value.text()),
        (_, _) => None,
    }
}

/// Whether a message that may be broken asks for an answer.
pub fn expects_answer(body: Value<'_>) -> bool {
    let has = |name: &str| body.members().any(|member| member.name.is_str(name));
    has("id") || !has("method")
}

fn parse_call<'d>(event: &Event<'d>, body: Value<'d>, method: Value<'d>) -> Result<Content<'d>, MessageFault> {
    if body.get("result").is_some() || body.get("error").is_some() {
        return Err(MessageFault::NotAMessage);
    }
    let name = method.as_str().ok_or(MessageFault::MethodType)?;
    let method = Method::find(&name).ok_or(MessageFault::UnknownMethod)?;
    let params = body.get("params");
    if let Some(params) = params {
        if params.kind() != Kind::Object {
            return Err(MessageFault::Params);
        }
        check_spelling(params)?;
    }
    if !method.is_in(parse_version(event, params)?) {
        return Err(MessageFault::NotInVersion);
    }
    let wanted = match method.handling {
        Handling::Ask(asks) => Some(Wanted::parse(asks, params.ok_or(MessageFault::Params)?, event.names)?),
        Handling::Session | Handling::List(_) | Handling::Task(_) | Handling::NotGrantable => None,
    };
    let task = match method.handling {
        Handling::Task(_) => Some(parse_task(params.ok_or(MessageFault::Params)?)?),
        Handling::Session | Handling::List(_) | Handling::Ask(_) | Handling::NotGrantable => None,
    };
    let named = wanted.as_ref().map(Wanted::written).or(task.as_ref().map(TaskId::as_str));
    mirrored::check(&event.headers, method, named, params)?;
    match (method.direction, body.get("id")) {
        (Direction::Request, Some(id)) if is_id(id) => Ok(Content::Request { id: id.text(), method, wanted, task }),
        (Direction::Notification, None) => Ok(Content::Notification { method }),
        (Direction::Request, Some(_) | None) | (Direction::Notification, Some(_)) => Err(MessageFault::Id),
    }
}

fn parse_task(params: Value<'_>) -> Result<TaskId, MessageFault> {
    let id = params.get("taskId").and_then(Value::as_str).ok_or(MessageFault::TaskId)?;
    TaskId::parse(&id).map_err(|_| MessageFault::TaskId)
}

fn parse_client_response<'d>(event: &Event<'d>, body: Value<'d>) -> Result<Content<'d>, MessageFault> {
    if body.get("params").is_some() || body.get("result").is_some() == body.get("error").is_some() {
        return Err(MessageFault::NotAMessage);
    }
    mirrored::check_absent(&event.headers)?;
    // Without sessions there are no requests of the server to answer.
    if parse_version(event, None)? == Some(Version::V2026July) {
        return Err(MessageFault::NotInVersion);
    }
    if body.get("id").is_some_and(is_id) { Ok(Content::ClientResponse) } else { Err(MessageFault::Id) }
}

/// Members of `params` are plain ASCII, unlike each other in any case, and spelt as the protocol spells them: a target that
/// folds names must not find another member than was checked.
fn check_spelling(params: Value<'_>) -> Result<(), MessageFault> {
    let mut names = HashSet::new();
    for member in params.members() {
        let name = member.name.as_str().unwrap_or_default();
        let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic());
        let is_misspelt = PARAMS.iter().any(|known| known.eq_ignore_ascii_case(&name) && **known != name);
        if !is_plain || is_misspelt || !names.insert(name.to_ascii_lowercase()) {
            return Err(MessageFault::AmbiguousMember);
        }
    }
    Ok(())
}

/// The raw body decides nothing; it must only say the same as the parsed one.
fn check_raw(event: &Event<'_>, body: Value<'_>) -> Result<(), MessageFault> {
    let Some(raw) = &event.raw_body else { return Ok(()) };
    let raw = json::parse(raw.as_bytes()).map_err(|_| MessageFault::RawBody)?;
    if raw.root().equals(body) { Ok(()) } else { Err(MessageFault::RawBody) }
}

fn parse_version(event: &Event<'_>, params: Option<Value<'_>>) -> Result<Option<Version>, MessageFault> {
    let parse = |text: &str| Version::parse(text).ok_or(MessageFault::ProtocolVersion);
    let header = match event.headers.find("mcp-protocol-version") {
        Found::Nothing => None,
        Found::One(value) => Some(parse(&value)?),
        Found::Ambiguous => return Err(MessageFault::ProtocolVersion),
    };
    let meta = params.and_then(|params| params.get("_meta"));
    if meta.is_some_and(|meta| meta.kind() != Kind::Object) {
        return Err(MessageFault::Params);
    }
    let meta = match meta.and_then(|meta| meta.get(VERSION_META)) {
        None => None,
        Some(value) => Some(parse(&value.as_str().ok_or(MessageFault::ProtocolVersion)?)?),
    };
    match (header, meta) {
        (Some(header), Some(meta)) if header != meta => Err(MessageFault::MirroredHeader),
        (header, meta) => Ok(meta.or(header)),
    }
}

/// The protocol version that a 2026-07-28 or later message asks for, in its own words.
pub fn requested_version(body: Value<'_>) -> Option<Cow<'_, str>> {
    body.get("params")?.get("_meta")?.get(VERSION_META)?.as_str()
}

/// A string, or a number without fraction and exponent.
pub(crate) fn is_id(id: Value<'_>) -> bool {
    match id.kind() {
        Kind::String => true,
        Kind::Number => id.text().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'),
        Kind::Null | Kind::Bool | Kind::Array | Kind::Object => false,
    }
}

/// Where a 2026-07-28 message says its version.
const VERSION_META: &str = "io.modelcontextprotocol/protocolVersion";

const MEMBERS: &[&str] = &["jsonrpc", "id", "method", "params", "result", "error"];

/// The members of `params` that some method has.
const PARAMS: &[&str] = &[
    "_meta",
    "argument",
    "arguments",
    "capabilities",
    "clientInfo",
    "context",
    "cursor",
    "inputResponses",
    "level",
    "message",
    "name",
    "progress",
    "progressToken",
    "protocolVersion",
    "reason",
    "ref",
    "requestId",
    "requestState",
    "task",
    "taskId",
    "total",
    "uri",
];
