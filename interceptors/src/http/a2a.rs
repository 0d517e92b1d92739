//! Agents that speak A2A: who may send which agent what, and what of the answer may be seen.

use std::collections::HashSet;

use policy_model::json::{self, Document};
use policy_model::{AgentName, Permit, Resource};
use policy_registry::TaskId;

use super::HttpFault;
use super::context::{Note, resource_text};
use super::request::Turn;
use super::response::Return;
use super::seen::{See, redact_document};
use crate::a2a::answer::{Asked, see as see_answer};
use crate::a2a::method::{Binding, Method};
use crate::a2a::tasks::{Shown, answer_tasks, created_tasks};
use crate::a2a::{A2aRequest, metadata};
use crate::audit::{Passed, Trail};
use crate::refusal::Refusal;
use crate::reply::Sent;
use crate::request::Outcome;
use crate::settings::TaskMode;
use crate::token::Grace;
use crate::wanted::Wanted;

/// Decides on the agent and on all that the message names, and sends it on.
pub(crate) async fn request(turn: &Turn<'_>, trail: &mut Trail) -> Outcome {
    let request = A2aRequest::parse(&turn.ask).map_err(Refusal::A2a)?;
    trail.method(request.method.name());
    let (known, settings) = (turn.known, &turn.working.settings);
    let tenant = known.principal.tenant.as_str();
    if request.tenants.iter().any(|named| named.as_ref() != tenant) {
        return Err(HttpFault::ForeignTenant.into());
    }
    if request.push_urls.iter().any(|url| !known.layers().allows_push_url(url)) {
        return Err(HttpFault::PushUrl.into());
    }
    let place =
        settings.tenant_context.as_ref().and_then(|context| context.targets.get(turn.target)?.metadata.as_deref());
    let place = place.filter(|_| request.message.is_some());
    let bare = place.map(|name| reserve(&request, name)).transpose()?.flatten();
    let sent = match place {
        None => Sent::as_it_came(turn.sent),
        Some(_) => Sent::message(turn.ask.body.ok_or(HttpFault::BodyPresence)?, bare, request.binding),
    };
    let (permit, note, is_looked_at) = decide(turn, &request, sent, trail)?;
    check_tasks(turn, &request, trail).await?;
    let makes_tasks = match settings.tasks {
        TaskMode::Off => false,
        TaskMode::Record => request.method.has_message() || is_about_tasks(request.method),
    };
    Ok((turn.send(permit, place, note, is_looked_at || makes_tasks).await?, Passed::AllowRule))
}

/// Whether the caller may ask this agent for anything, and whether a rule is about the answer.
fn decide<'t>(
    turn: &Turn<'_>,
    request: &A2aRequest<'_>,
    sent: Sent<'t>,
    trail: &mut Trail,
) -> Result<(Permit<Sent<'t>>, Note, bool), Refusal> {
    let view = turn.known.view(&turn.working.settings);
    let wanted = Wanted::agent(&turn.binding.agent_name)?;
    let resource = wanted.resource()?;
    let permit = view.decide(&wanted, sent, trail)?;
    let is_list = is_list(request.method);
    let redactor =
        if is_list { view.redactor_of_lists()? } else { view.redactor(Some(std::slice::from_ref(&resource)))? };
    let is_redacted = !redactor.is_empty();
    if is_redacted && (request.streams || turn.asks_for_stream()) {
        return Err(HttpFault::Streaming.into());
    }
    let note = Note {
        method: words_of(request),
        resource: Some(resource_text(&resource)),
        rpc_id: request.id.map(str::to_owned),
    };
    Ok((permit, note, is_redacted || is_list))
}

/// A caller can ask for its own tasks alone, refer to no others, and go on with its own conversations.
async fn check_tasks(turn: &Turn<'_>, request: &A2aRequest<'_>, trail: &mut Trail) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    let asked: Vec<&TaskId> = request.task.iter().chain(&request.tasks).filter(|id| seen.insert(*id)).collect();
    if asked.is_empty() && request.conversation.is_none() && !is_about_tasks(request.method) {
        return Ok(());
    }
    match turn.working.settings.tasks {
        TaskMode::Off => return Err(Refusal::NotGrantable),
        TaskMode::Record => {}
    }
    let tasks = turn.working.tasks(turn.known, Grace::None, turn.sending.deadline);
    if !asked.is_empty() {
        tasks.check_of_agent(&asked, &turn.binding.agent_name, trail).await?;
    }
    if let Some(id) = &request.conversation {
        tasks.claim_conversation(id.clone(), &turn.binding.agent_name).await?;
    }
    Ok(())
}

/// The text of the body without the member of the metadata that is ours.
fn reserve(request: &A2aRequest<'_>, name: &str) -> Result<Option<Document<'static>>, Refusal> {
    let Some(text) = metadata::reserve(request, name).map_err(Refusal::A2a)? else { return Ok(None) };
    Ok(Some(json::parse_owned(text).map_err(|_| HttpFault::Body)?))
}

/// The answer of an agent, as the caller may see it.
pub(crate) async fn see(turn: &Return<'_>, trail: &mut Trail) -> Result<See, Refusal> {
    let agent = turn.record.agent_name.as_str();
    let name = AgentName::parse(agent).ok_or(Refusal::Answer)?;
    let words = Words::parse(&turn.record.method).ok_or(Refusal::Answer)?;
    trail.method(words.method.name());
    let tasks = turn.working.tasks(turn.known, Grace::WhileAnswering, turn.sending.deadline);
    let own = match turn.answered.json {
        Some(root) if words.method == Method::TasksList => tasks.own_of_agent(root, agent).await?,
        Some(_) | None => HashSet::new(),
    };
    let (seen, created) = look(turn, name, &words, &own)?;
    for id in created.conversations {
        tasks.claim_conversation(id, agent).await?;
    }
    for id in created.tasks {
        trail.task(&id);
        tasks.record_of_agent(id, &name).await?;
    }
    Ok(seen)
}

/// What is seen, and what the agent made for the caller.
fn look(
    turn: &Return<'_>,
    agent: AgentName<'_>,
    words: &Words,
    own: &HashSet<String>,
) -> Result<(See, Shown), Refusal> {
    let (settings, answered) = (&turn.working.settings, &turn.answered);
    let view = turn.known.view(settings);
    let is_list = is_list(words.method);
    let redactor = if is_list { view.redactor_of_lists()? } else { view.redactor(Some(&[Resource::Agent(agent)]))? };
    let is_about_own = is_list || is_about_tasks(words.method);
    // What cannot be taken apart could be about anybody's tasks and skills.
    let unreadable = || if is_about_own { Err(Refusal::Answer) } else { redact_document(&redactor, answered) };
    let Some(root) = answered.json else { return Ok((unreadable()?, Shown::default())) };
    let (method, binding) = (words.method, words.binding);
    let is_error = answered.is_error;
    let asked = Asked { method, binding, is_error, agent: agent.as_str(), is_own: &|id| own.contains(id) };
    let seen = match see_answer(&view, &redactor, &asked, root) {
        // What answers in the place of an agent has errors of its own shape.
        Err(Refusal::Answer) if answered.is_error => return Ok((unreadable()?, Shown::default())),
        seen => See::of(seen?),
    };
    if let Some(task) = &words.task {
        answer_tasks(&asked, root, task)?;
    }
    let created = match settings.tasks {
        TaskMode::Record if method.has_message() => created_tasks(&asked, root)?,
        TaskMode::Off | TaskMode::Record => Shown::default(),
    };
    Ok((seen, created))
}

/// What of a request its answer is read by: the method, how it is written, and the task that it is about.
struct Words {
    method: Method,
    binding: Binding,
    task: Option<TaskId>,
}

impl Words {
    /// Takes what [`words_of`] wrote.
    fn parse(text: &str) -> Option<Words> {
        let mut words = text.splitn(3, ' ');
        let (name, binding) = (words.next()?, words.next()?);
        let method = Method::called(name)?;
        let binding = match binding {
            JSON_RPC => Binding::JsonRpc,
            HTTP_JSON => Binding::HttpJson,
            _ => return None,
        };
        let task = words.next().map(TaskId::parse).transpose().ok()?;
        Some(Words { method, binding, task })
    }
}

fn words_of(request: &A2aRequest<'_>) -> String {
    let binding = match request.binding {
        Binding::JsonRpc => JSON_RPC,
        Binding::HttpJson => HTTP_JSON,
    };
    let task = request.task.as_ref().map(|task| format!(" {}", task.as_str())).unwrap_or_default();
    format!("{} {binding}{task}", request.method.name())
}

/// Whether an answer lists skills, of which a caller may know of some.
fn is_list(method: Method) -> bool {
    matches!(method, Method::Card | Method::ExtendedCard)
}

/// Whether it asks for tasks that were made before.
fn is_about_tasks(method: Method) -> bool {
    match method {
        Method::TasksGet
        | Method::TasksList
        | Method::TasksCancel
        | Method::TasksResubscribe
        | Method::PushSet
        | Method::PushGet
        | Method::PushList
        | Method::PushDelete => true,
        Method::MessageSend | Method::MessageStream | Method::ExtendedCard | Method::Card => false,
    }
}

const JSON_RPC: &str = "JSONRPC";

const HTTP_JSON: &str = "HTTP+JSON";
