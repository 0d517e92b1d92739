//! Requests and answers through all of this.

mod answers;
mod laws;
mod requests;
mod samples;

use policy_model::json::Value;
use policy_model::redaction::Redactor;
use policy_model::{Caller, Layers, Policy, TenantId, UserId};
use policy_registry::TaskId;

use super::answer::{Asked, see};
use super::method::{Binding, Method};
use crate::headers::Headers;
use crate::http::ask::{Ask, Verb};
use crate::refusal::Refusal;
use crate::settings::InvisibleCharacters;
use crate::view::View;

pub(super) fn see_as(policy: &Policy, asked: &Asked<'_>, body: Value<'_>) -> Result<Option<String>, Refusal> {
    let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse("jo").unwrap());
    let caller = Caller {
        tenant: &tenant,
        user: &user,
        issuer: "https://login.example",
        agent: None,
        roles: [&[], &[]],
        workspaces: &[],
        scopes: &[],
        claims: None,
    };
    let view = View::new(Layers::of(policy), None, caller, 0, InvisibleCharacters::Keep);
    let redactor: Redactor<'_> = view.redactor(None).unwrap();
    see(&view, &redactor, asked, body)
}

pub(super) fn asked(method: Method, binding: Binding) -> Asked<'static> {
    Asked { method, binding, is_error: false, agent: "support", is_own: &|id| id == "t-1" }
}

pub(super) fn post<'d>(rest: &'d str, body: Value<'d>) -> Ask<'d> {
    Ask { verb: Verb::Post, rest, query: None, headers: Headers::default(), body: Some(body) }
}

pub(super) fn policy(rules: &str, redactions: &str) -> Policy {
    let text = format!(r#"{{"policyId":"p","tenantId":"acme","rules":{rules},"redactions":{redactions}}}"#);
    Policy::parse(text.as_bytes()).unwrap()
}

pub(super) fn task(id: &str) -> TaskId {
    TaskId::parse(id).unwrap()
}

pub(super) const METHODS: &[Method] = &[
    Method::MessageSend,
    Method::MessageStream,
    Method::TasksGet,
    Method::TasksList,
    Method::TasksCancel,
    Method::TasksResubscribe,
    Method::PushSet,
    Method::PushGet,
    Method::PushList,
    Method::PushDelete,
    Method::ExtendedCard,
    Method::Card,
];
