//! What of an agent's answer the caller may see.

use policy_model::json::{self, Edit, Edits, Kind, Value};
use policy_model::redaction::{Pass, Redactor};

use crate::message::is_id;
use crate::redacting;
use crate::refusal::Refusal;
use crate::reserved::plain;
use crate::view::View;

use super::card;
use super::method::{Binding, Method};
use super::place::Place;
use super::redact::{redact, redact_each};
use super::task_list;

/// What an answer answers.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What was asked for.
    pub(crate) method: Method,
    /// How it was written.
    pub(crate) binding: Binding,
    /// Whether its status says that it is an error.
    pub(crate) is_error: bool,
    /// The agent.
    pub(crate) agent: &'a str,
    /// Whether a task is the caller's.
    pub(crate) is_own: &'a dyn Fn(&str) -> bool,
}

/// An agent's answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'d> {
    body: Value<'d>,
    pub(super) content: Content<'d>,
}

/// What an answer says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content<'d> {
    /// What was asked for.
    Result(Value<'d>),
    /// An error, and how it is written.
    Error(Value<'d>, Place),
    /// Nothing, where nothing was asked for.
    Nothing,
}

/// How a result is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    One(Place),
    Each(Place),
    Nothing,
}

impl<'d> Answer<'d> {
    /// Takes an answer in which nobody can find something else than is looked at here.
    pub(super) fn parse(asked: &Asked<'_>, body: Value<'d>) -> Result<Answer<'d>, Refusal> {
        if body.duplicate_name().is_some() {
            return Err(Refusal::Answer);
        }
        let content = match asked.binding {
            Binding::JsonRpc => Content::of_message(asked, body)?,
            Binding::HttpJson => Content::of_body(asked, body),
        };
        Ok(Answer { body, content })
    }
}

impl<'d> Content<'d> {
    fn of_message(asked: &Asked<'_>, body: Value<'d>) -> Result<Content<'d>, Refusal> {
        // The card for everybody is no JSON-RPC message in either binding.
        if asked.method == Method::Card {
            return Ok(Content::of_body(asked, body));
        }
        let is_known = |name: Value<'_>| name.as_str().is_some_and(|name| MESSAGE.contains(&name.as_ref()));
        let is_plain = body.kind() == Kind::Object
            && body.members().all(|member| is_known(member.name))
            && body.get("jsonrpc").is_some_and(|version| version.is_str("2.0"))
            && body.get("id").is_none_or(|id| is_id(id) || id.kind() == Kind::Null);
        match (body.get("result"), body.get("error")) {
            (Some(result), None) if is_plain => Ok(Content::Result(result)),
            (None, Some(error)) if is_plain && error.kind() == Kind::Object => Ok(Content::Error(error, Place::Error)),
            // As version 0.3 says that it is done.
            (None, None) if is_plain && asked.method == Method::PushDelete => Ok(Content::Nothing),
            (_, _) => Err(Refusal::Answer),
        }
    }

    fn of_body(asked: &Asked<'_>, body: Value<'d>) -> Content<'d> {
        let is_error = |name: Value<'_>| name.as_str().is_some_and(|name| ERROR.contains(&name.as_ref()));
        let says = |name: &str| body.get(name).is_some_and(|value| value.kind() == Kind::String);
        let has_words = says("message") || says("detail");
        let has_error = body.get("error").is_some_and(|error| error.kind() == Kind::Object);
        if asked.is_error && has_error && !says_more(body) {
            Content::Error(body, Place::ErrorFrame)
        } else if asked.is_error && has_words && body.members().all(|member| is_error(member.name)) {
            Content::Error(body, Place::Error)
        } else if asked.method == Method::PushDelete && body.kind() == Kind::Object && body.is_empty() {
            Content::Nothing
        } else {
            Content::Result(body)
        }
    }
}

/// Whether a body that has an error also has something of what was asked for, which is then looked at as such.
fn says_more(body: Value<'_>) -> bool {
    body.members().any(|member| {
        let name = member.name.as_str().map(|name| plain(&name)).unwrap_or_default();
        ASKED.iter().any(|asked| asked.eq_ignore_ascii_case(&name))
    })
}

/// The answer's text as the caller may see it; `None` if it stays as it is.
///
/// # Errors
/// The answer must not go on: it is none, or it cannot be redacted.
pub(crate) fn see(
    view: &View<'_>,
    redactor: &Redactor<'_>,
    asked: &Asked<'_>,
    body: Value<'_>,
) -> Result<Option<String>, Refusal> {
    let answer = Answer::parse(asked, body)?;
    let Content::Result(result) = answer.content else { return redacted(redactor, asked, &answer) };
    let mut edits = Edits::default();
    match asked.method {
        Method::Card | Method::ExtendedCard => {
            card::filter(view, asked.agent, result, &mut edits)?;
            let filtered = then_redact(&view.redactor_of_lists()?, asked, &answer, &edits)?;
            return filtered.map(|text| unsigned(asked, text)).transpose();
        }
        Method::TasksList => task_list::filter(asked.is_own, result, &mut edits)?,
        Method::MessageSend
        | Method::MessageStream
        | Method::TasksGet
        | Method::TasksCancel
        | Method::TasksResubscribe
        | Method::PushSet
        | Method::PushGet
        | Method::PushList
        | Method::PushDelete => {}
    }
    then_redact(redactor, asked, &answer, &edits)
}

fn then_redact(
    redactor: &Redactor<'_>,
    asked: &Asked<'_>,
    answer: &Answer<'_>,
    edits: &Edits,
) -> Result<Option<String>, Refusal> {
    if edits.is_empty() {
        return redacted(redactor, asked, answer);
    }
    let text = edits.apply(answer.body);
    let document = json::parse(text.as_bytes()).map_err(|_| Refusal::Answer)?;
    let redacted = redacted(redactor, asked, &Answer::parse(asked, document.root())?)?;
    Ok(Some(redacted.unwrap_or_else(|| text.clone())))
}

/// A card that is not as it was signed does not say that it is.
fn unsigned(asked: &Asked<'_>, text: String) -> Result<String, Refusal> {
    let document = json::parse(text.as_bytes()).map_err(|_| Refusal::Answer)?;
    let Content::Result(card) = Answer::parse(asked, document.root())?.content else { return Err(Refusal::Answer) };
    let mut edits = Edits::default();
    if let Some(signatures) = card.get("signatures") {
        edits.add(signatures, Edit::Remove);
    }
    Ok(edits.apply(document.root()))
}

fn redacted(redactor: &Redactor<'_>, asked: &Asked<'_>, answer: &Answer<'_>) -> Result<Option<String>, Refusal> {
    if redactor.is_empty() {
        return Ok(None);
    }
    let (below, shape) = match answer.content {
        Content::Result(result) => (result, shape(asked.method, result)?),
        Content::Error(error, place) => (error, Shape::One(place)),
        Content::Nothing => return Ok(None),
    };
    let mut pass = Pass::new(redactor, answer.body);
    let at = pass.root(below);
    let is_known = match shape {
        Shape::One(place) => redact(&mut pass, below, &at, place),
        Shape::Each(place) => redact_each(&mut pass, below, &at, place),
        Shape::Nothing => true,
    };
    if !is_known {
        return Err(Refusal::Answer);
    }
    redacting::finish(redactor, pass, answer.body, below)
}

/// What the result of a method is made up of.
pub(super) fn shape(method: Method, result: Value<'_>) -> Result<Shape, Refusal> {
    let place = match (method, result.kind()) {
        (Method::PushDelete, Kind::Null) => return Ok(Shape::Nothing),
        (Method::PushDelete, Kind::Object) if result.is_empty() => return Ok(Shape::Nothing),
        (Method::PushList, Kind::Array) => return Ok(Shape::Each(Place::Push)),
        (Method::PushDelete, _) | (_, Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array) => {
            return Err(Refusal::Answer);
        }
        (Method::MessageSend | Method::MessageStream | Method::TasksResubscribe, _) => payload(result)?,
        (Method::TasksGet | Method::TasksCancel, _) => Place::Task,
        (Method::TasksList, _) => Place::Tasks,
        (Method::PushSet | Method::PushGet, _) => Place::Push,
        (Method::PushList, _) => Place::Configs,
        (Method::ExtendedCard | Method::Card, _) => Place::Card,
    };
    Ok(Shape::One(place))
}

/// What an agent says of its own: a task, a message or what changed, bare or under its name.
fn payload(result: Value<'_>) -> Result<Place, Refusal> {
    let is_in = |member: &str| Place::Payload.members().iter().any(|(name, _)| *name == member);
    if result.members().any(|member| member.name.as_str().is_some_and(|name| is_in(&name))) {
        return if result.len() == 1 { Ok(Place::Payload) } else { Err(Refusal::Answer) };
    }
    let has = |name: &str| result.get(name).is_some();
    let found = match result.get("kind").map(|kind| kind.as_str().unwrap_or_default()) {
        None if has("messageId") => Some(Place::Message),
        None if has("id") && has("status") => Some(Place::Task),
        None if has("taskId") && (has("status") || has("artifact")) => Some(Place::Update),
        Some(kind) if kind == "message" => Some(Place::Message),
        Some(kind) if kind == "task" => Some(Place::Task),
        Some(kind) if kind == "status-update" || kind == "artifact-update" => Some(Place::Update),
        None | Some(_) => None,
    };
    found.ok_or(Refusal::Answer)
}

const MESSAGE: &[&str] = &["jsonrpc", "id", "result", "error"];

/// By which a list, a card and a task are known.
const ASKED: &[&str] = &["tasks", "skills", "configs", "contextId", "artifacts", "history"];

/// What an error of HTTP+JSON has that is not within another object.
const ERROR: &[&str] = &["code", "status", "type", "message", "detail", "details", "data"];
