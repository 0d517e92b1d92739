//! The Agent2Agent protocol, versions 0.3 and 1.0, as JSON-RPC and as HTTP+JSON: what a caller asks an agent for, and what of the
//! answer it may see.
//!
//! In reading order: [`method`] is what can be asked for, `route` and `query` how an address asks for it, `json_rpc` how a message
//! does, `service_parameters` what the headers say of either, `members` how an object is read in the one way, `params`, `message`
//! and `push` what a request has in it, [`fault`] why it is refused, [`metadata`] where the tenant context goes. Then
//! [`answer`] is what comes back, `card` and `task_list` what of it is listed, `tasks` which tasks it shows, `place` what its parts
//! are and `redact` how they are redacted.

pub(crate) mod answer;
mod card;
pub(crate) mod fault;
mod json_rpc;
mod members;
mod message;
pub(crate) mod metadata;
pub(crate) mod method;
mod params;
mod place;
mod push;
mod query;
mod redact;
mod route;
mod service_parameters;
mod task_list;
pub(crate) mod tasks;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use policy_model::json::Value;
use policy_registry::TaskId;

use crate::http::ask::{Ask, Verb};
use fault::A2aFault;
use method::{Binding, Method, Version};
use params::Params;
use route::Route;

/// A checked request to an agent.
#[derive(Debug, Clone)]
pub(crate) struct A2aRequest<'d> {
    /// What it asks for.
    pub(crate) method: Method,
    /// How it is written.
    pub(crate) binding: Binding,
    /// The id of the JSON-RPC request, as written.
    pub(crate) id: Option<&'d str>,
    /// The task that it is about.
    pub(crate) task: Option<TaskId>,
    /// The tasks that its message refers to.
    pub(crate) tasks: Vec<TaskId>,
    /// The conversation (`contextId`) that its message goes on with.
    pub(crate) conversation: Option<TaskId>,
    /// Every tenant that it names.
    pub(crate) tenants: Vec<Cow<'d, str>>,
    /// Every URL at which somebody would be notified.
    pub(crate) push_urls: Vec<Cow<'d, str>>,
    /// The message to the agent.
    pub(crate) message: Option<Value<'d>>,
    /// Whether it is answered by a stream.
    pub(crate) streams: bool,
    /// The whole body.
    pub(crate) body: Option<Value<'d>>,
}

impl<'d> A2aRequest<'d> {
    /// Takes what a request asks an agent for.
    ///
    /// # Errors
    /// [`A2aFault`]: the request must be refused.
    pub(crate) fn parse(ask: &Ask<'d>) -> Result<A2aRequest<'d>, A2aFault> {
        if let Some(body) = ask.body {
            if ask.verb != Verb::Post {
                return Err(A2aFault::Body);
            }
            service_parameters::check_content_type(&ask.headers)?;
            if body.duplicate_name().is_some() {
                return Err(A2aFault::AmbiguousMember);
            }
        }
        let said = service_parameters::version(&ask.headers)?;
        match Route::find(ask.verb, ask.rest)? {
            Route::JsonRpc => json_rpc::parse(ask, said),
            Route::Card => {
                let params = Params::default().with_query(ask, Method::Card, said.unwrap_or(Version::V0_3))?;
                A2aRequest::new(ask, Method::Card, None, params)
            }
            Route::Resource { method, version, task } => {
                if said.is_some_and(|said| said != version) {
                    return Err(A2aFault::VersionMismatch);
                }
                let params = Params::of_resource(ask, method, version, task)?.with_query(ask, method, version)?;
                A2aRequest::new(ask, method, None, params)
            }
        }
    }

    fn new(ask: &Ask<'d>, method: Method, id: Option<&'d str>, params: Params<'d>) -> Result<A2aRequest<'d>, A2aFault> {
        let binding = if id.is_some() { Binding::JsonRpc } else { Binding::HttpJson };
        let Params { task, tasks, conversation, tenants, push_urls, message } = params;
        let (streams, body) = (method.streams(), ask.body);
        Ok(A2aRequest { method, binding, id, task, tasks, conversation, tenants, push_urls, message, streams, body })
    }
}
