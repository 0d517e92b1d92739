//! What a request has in it, of whichever method: the tasks that it is about, who is notified, which tenants it names.

use std::borrow::Cow;

use policy_model::json::{Kind, Value};
use policy_registry::TaskId;

use crate::http::ask::Ask;

use super::fault::A2aFault;
use super::members::{Members, Spelling};
use super::message;
use super::method::{Binding, Method, Version};
use super::push;
use super::query;

/// What was found in a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Params<'d> {
    pub(super) task: Option<TaskId>,
    pub(super) tasks: Vec<TaskId>,
    pub(super) conversation: Option<TaskId>,
    pub(super) tenants: Vec<Cow<'d, str>>,
    pub(super) push_urls: Vec<Cow<'d, str>>,
    pub(super) message: Option<Value<'d>>,
}

impl<'d> Params<'d> {
    /// Takes the `params` of a JSON-RPC request.
    pub(super) fn of_message(
        method: Method,
        version: Version,
        params: Option<Value<'d>>,
    ) -> Result<Params<'d>, A2aFault> {
        let mut found = Params::default();
        let Some(params) = params else {
            let needs_none = matches!(method, Method::ExtendedCard | Method::TasksList);
            return if needs_none { Ok(found) } else { Err(A2aFault::Params) };
        };
        let members = Members::closed(params, known(method, version), Spelling::Json)?;
        found.take_tenant(members.get("tenant"))?;
        if let Some(name) = task_member(method, version) {
            found.task = Some(task_id(members.get(name))?.ok_or(A2aFault::TaskId)?);
        }
        match method {
            Method::MessageSend | Method::MessageStream => {
                message::take(&mut found, &members, Binding::JsonRpc, version)?;
            }
            Method::PushSet => push::take_params(&mut found, &members, Spelling::Json)?,
            Method::TasksGet
            | Method::TasksList
            | Method::TasksCancel
            | Method::TasksResubscribe
            | Method::PushGet
            | Method::PushList
            | Method::PushDelete
            | Method::ExtendedCard
            | Method::Card => {}
        }
        Ok(found)
    }

    /// Takes the body of an operation of the HTTP+JSON binding, whose path may have a task in it.
    pub(super) fn of_resource(
        ask: &Ask<'d>,
        method: Method,
        version: Version,
        task: Option<TaskId>,
    ) -> Result<Params<'d>, A2aFault> {
        let mut found = Params { task, ..Params::default() };
        let known = match (method, version) {
            (Method::MessageSend | Method::MessageStream, Version::V0_3) => {
                &["message", "request", "configuration", "metadata", "tenant"][..]
            }
            (Method::PushSet, Version::V0_3) => &["parent", "configId", "config", "tenant"],
            (Method::TasksCancel | Method::TasksResubscribe, Version::V0_3) => &["id", "name", "metadata", "tenant"],
            (method, version) => known(method, version),
        };
        let is_needed = method.has_message() || method == Method::PushSet;
        let body = match (ask.body, is_needed) {
            (Some(body), _) => body,
            (None, true) => return Err(A2aFault::NoBody),
            (None, false) => return Ok(found),
        };
        match body.kind() {
            Kind::Object => {}
            Kind::Array => return Err(A2aFault::Batch),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String => return Err(A2aFault::NotAnObject),
        }
        let spelling = Spelling::of(Binding::HttpJson, version);
        let members = Members::closed(body, known, spelling)?;
        found.take_tenant(members.get("tenant"))?;
        // The path says which task it is; the body may say it once more.
        let named = match (method, version) {
            (Method::PushSet, Version::V1_0) => members.get("taskId"),
            (Method::TasksCancel | Method::TasksResubscribe, _) => members.get("id"),
            (_, _) => None,
        };
        found.check_task(task_id(named)?)?;
        for name in ["name", "parent"].into_iter().filter(|_| version == Version::V0_3) {
            found.check_task(resource_task(members.get(name))?)?;
        }
        if method.has_message() {
            message::take(&mut found, &members, Binding::HttpJson, version)?;
        } else if method == Method::PushSet {
            push::take_params(&mut found, &members, spelling)?;
        }
        Ok(found)
    }

    /// Adds what follows `?`.
    pub(super) fn with_query(mut self, ask: &Ask<'d>, method: Method, version: Version) -> Result<Self, A2aFault> {
        let tenant = query::tenant(ask.query.unwrap_or_default(), method, version)?;
        self.tenants.extend(tenant.filter(|tenant| !tenant.is_empty()).map(Cow::Owned));
        Ok(self)
    }

    /// Takes note of a tenant; the empty text, which protobuf does not tell from none, is none.
    pub(super) fn take_tenant(&mut self, tenant: Option<Value<'d>>) -> Result<(), A2aFault> {
        if let Some(tenant) = text(tenant)? {
            self.tenants.push(tenant);
        }
        Ok(())
    }

    /// There is no second task.
    pub(super) fn check_task(&self, named: Option<TaskId>) -> Result<(), A2aFault> {
        if named.is_none() || named == self.task { Ok(()) } else { Err(A2aFault::TaskId) }
    }
}

/// A text that may be missing; the empty one is.
pub(super) fn text(value: Option<Value<'_>>) -> Result<Option<Cow<'_, str>>, A2aFault> {
    let Some(value) = value else { return Ok(None) };
    Ok(Some(value.as_str().ok_or(A2aFault::Params)?).filter(|text| !text.is_empty()))
}

/// The id of a task that may be missing.
pub(super) fn task_id(value: Option<Value<'_>>) -> Result<Option<TaskId>, A2aFault> {
    let Some(id) = text(value).map_err(|_| A2aFault::TaskId)? else { return Ok(None) };
    TaskId::parse(&id).map(Some).map_err(|_| A2aFault::TaskId)
}

/// The id in the name of a resource, `tasks/<id>`, as version 0.3 calls tasks in HTTP+JSON.
pub(super) fn resource_task(value: Option<Value<'_>>) -> Result<Option<TaskId>, A2aFault> {
    let Some(name) = text(value).map_err(|_| A2aFault::TaskId)? else { return Ok(None) };
    let mut segments = name.split('/');
    let id = match (segments.next(), segments.next(), segments.next(), segments.next(), segments.next()) {
        (Some("tasks"), Some(id), None, None, None) => id,
        (Some("tasks"), Some(id), Some("pushNotificationConfigs"), Some(_), None) => id,
        (_, _, _, _, _) => return Err(A2aFault::TaskId),
    };
    TaskId::parse(id).map(Some).map_err(|_| A2aFault::TaskId)
}

/// Where a method names its task.
fn task_member(method: Method, version: Version) -> Option<&'static str> {
    match (method, version) {
        (Method::TasksGet | Method::TasksCancel | Method::TasksResubscribe, _)
        | (Method::PushGet | Method::PushList | Method::PushDelete, Version::V0_3) => Some("id"),
        (Method::PushSet, _) | (Method::PushGet | Method::PushList | Method::PushDelete, Version::V1_0) => {
            Some("taskId")
        }
        (Method::MessageSend | Method::MessageStream | Method::TasksList | Method::ExtendedCard | Method::Card, _) => {
            None
        }
    }
}

/// The parameters of a method.
fn known(method: Method, version: Version) -> &'static [&'static str] {
    match (method, version) {
        (Method::MessageSend | Method::MessageStream, _) => &["message", "configuration", "metadata", "tenant"],
        (Method::TasksGet, _) => &["id", "historyLength", "metadata", "tenant"],
        (Method::TasksCancel | Method::TasksResubscribe, _) => &["id", "metadata", "tenant"],
        (Method::TasksList, _) => &[
            "tenant",
            "contextId",
            "status",
            "pageSize",
            "pageToken",
            "historyLength",
            "statusTimestampAfter",
            "includeArtifacts",
        ],
        (Method::PushSet, Version::V0_3) => &["taskId", "pushNotificationConfig", "metadata", "tenant"],
        (Method::PushSet, Version::V1_0) => &["tenant", "id", "taskId", "url", "token", "authentication"],
        (Method::PushGet | Method::PushDelete, Version::V0_3) => {
            &["id", "pushNotificationConfigId", "metadata", "tenant"]
        }
        (Method::PushGet | Method::PushDelete, Version::V1_0) => &["tenant", "taskId", "id"],
        (Method::PushList, Version::V0_3) => &["id", "metadata", "tenant"],
        (Method::PushList, Version::V1_0) => &["tenant", "taskId", "pageSize", "pageToken"],
        (Method::ExtendedCard, _) => &["tenant"],
        (Method::Card, _) => &[],
    }
}
