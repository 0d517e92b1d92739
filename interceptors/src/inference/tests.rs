//! Requests and answers of the three forms, as providers and clients write them.

mod answers;
mod models;
mod readings;
mod requests;

use policy_model::json;
use policy_model::{Caller, Layers, Policy, TenantId, UserId};

use super::{InferenceFault, InferenceRequest, Operation, see};
use crate::headers::Headers;
use crate::http::ask::{Ask, Verb};
use crate::refusal::Refusal;
use crate::settings::InvisibleCharacters;
use crate::view::View;

/// What a request says, apart from the text that it says it in.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    operation: Operation,
    model: Option<String>,
    streams: bool,
    max_tokens: Option<u64>,
}

fn samples() -> serde_json::Value {
    serde_json::from_str(include_str!("../../tests/inference/samples.json")).unwrap()
}

fn post(rest: &str, body: &str) -> Result<Read, InferenceFault> {
    ask(Verb::Post, rest, None, "{}", Some(body))
}

fn ask(verb: Verb, rest: &str, query: Option<&str>, headers: &str, body: Option<&str>) -> Result<Read, InferenceFault> {
    let headers = json::parse(headers.as_bytes()).unwrap();
    let body = body.map(|body| json::parse(body.as_bytes()).unwrap());
    let headers = Headers::new(Some(headers.root()));
    let ask = Ask { verb, rest, query, headers, body: body.as_ref().map(|body| body.root()) };
    let request = InferenceRequest::parse(&ask)?;
    let model = request.model.map(|model| model.into_owned());
    Ok(Read { operation: request.operation, model, streams: request.streams, max_tokens: request.max_tokens })
}

/// What is seen of an answer under a policy.
fn seen(policy: &str, asked: Operation, body: &str) -> Result<Option<String>, Refusal> {
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse("alice").unwrap());
    let caller = Caller {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        agent: None,
        roles: [&[], &[]],
        workspaces: &[],
        scopes: &[],
        claims: None,
    };
    let view = View::new(Layers::of(&policy), None, caller, 0, InvisibleCharacters::Strip);
    let redactor = match asked {
        Operation::ListModels | Operation::GetModel => view.redactor_of_lists()?,
        Operation::ChatCompletions | Operation::Responses | Operation::Messages | Operation::CountTokens => {
            view.redactor(None)?
        }
    };
    let document = json::parse(body.as_bytes()).unwrap();
    see(&view, &redactor, asked, document.root())
}

fn operation(name: &str) -> Operation {
    let all = [
        Operation::ChatCompletions,
        Operation::Responses,
        Operation::Messages,
        Operation::CountTokens,
        Operation::ListModels,
        Operation::GetModel,
    ];
    all.into_iter().find(|operation| operation.name() == name).unwrap()
}

/// A policy with these redactions, which lets its tenant ask the models of one provider.
fn policy(redactions: &str) -> String {
    format!(
        r#"{{"policyId":"P","tenantId":"acme","redactions":[{redactions}],"rules":[
            {{"effect":"ALLOW","resourceType":"MODEL","resources":["agent:model:openai/*"]}},
            {{"effect":"DENY","resourceType":"MODEL","resources":["agent:model:openai/secret*"]}}]}}"#
    )
}

const BY_PATH: &str = r#"{"resources":["agent:model:*"],"path":"$..ssn","action":"MASK"}"#;
