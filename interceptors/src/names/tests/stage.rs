//! One caller under one policy, who speaks with the gateway or with the target `orders`.

use policy_model::json::{self, Document};
use policy_model::{Caller, Layers, Policy, TenantId, UserId};

use crate::answer::{Answer, see};
use crate::audit::Trail;
use crate::authorize::{authorize, parse};
use crate::event::{Event, Point};
use crate::headers::{Found, Headers};
use crate::message::Message;
use crate::names::Names;
use crate::question::Question;
use crate::refusal::Refusal;
use crate::rewriting::Rewritten;
use crate::settings::{InvisibleCharacters, TenantContextSettings};
use crate::task_list::OwnTasks;
use crate::view::View;

/// What stands before a name of the target in a text for both, and in the gateway's.
pub(super) const MARK: &str = "§";
pub(super) const PREFIX: &str = "orders___";

pub(super) fn orders() -> Names<'static> {
    Names::within("orders").unwrap()
}

/// A text as it is where these names are used.
pub(super) fn in_names(names: Names<'_>, text: &str) -> String {
    text.replace(MARK, if names.target().is_some() { "" } else { PREFIX })
}

pub(super) struct Stage {
    policy: Policy,
    tenant: TenantId,
    user: UserId,
    pub(super) context: Option<TenantContextSettings>,
}

impl Stage {
    /// Under a policy of these members.
    pub(super) fn new(members: &str) -> Stage {
        let policy = format!("{{\"policyId\":\"p\",\"tenantId\":\"acme\",{members}}}");
        Stage {
            policy: Policy::parse(policy.as_bytes()).unwrap_or_else(|error| panic!("{error}: {policy}")),
            tenant: TenantId::parse("acme").unwrap(),
            user: UserId::parse("alice").unwrap(),
            context: None,
        }
    }

    /// Under rules that allow and deny these.
    pub(super) fn of(allowed: &[&str], denied: &[&str]) -> Stage {
        let rule = |effect: &str, tool: &&str| {
            let kind = if tool.starts_with("agent:prompt:") { "PROMPT" } else { "TOOL" };
            format!("{{\"effect\":\"{effect}\",\"resourceType\":\"{kind}\",\"resources\":[{}]}}", json::quote(tool))
        };
        let rules = allowed.iter().map(|tool| rule("ALLOW", tool)).chain(denied.iter().map(|tool| rule("DENY", tool)));
        Stage::new(&format!("\"rules\":[{}]", rules.collect::<Vec<_>>().join(",")))
    }

    pub(super) fn layers(&self) -> Layers<'_> {
        Layers::of(&self.policy)
    }

    pub(super) fn view<'s>(&'s self, names: Names<'s>) -> View<'s> {
        let (tenant, user) = (&self.tenant, &self.user);
        let caller = Caller {
            tenant,
            user,
            issuer: "https://issuer.example",
            agent: None,
            roles: [&[], &[]],
            workspaces: &[],
            scopes: &[],
            claims: None,
        };
        let view = View::new(self.layers(), None, caller, 0, InvisibleCharacters::Strip);
        view.with_names(names).with_context(self.context.as_ref())
    }

    /// The message that goes on, and the question that its answer answers.
    pub(super) fn ask(&self, names: Names<'_>, message: &str, headers: &str) -> Result<(String, String), Refusal> {
        let mut trail = Trail::new(Point::Request);
        let (message, headers) = (document(message), document(headers));
        let event = event(names, &message, &headers);
        let kept = Rewritten::new(&event, self.context.as_ref());
        let message = parse(&event, &mut trail)?;
        let permit = authorize(message, &self.view(names), &kept, Ok(()), &mut trail)?.0;
        Ok((permit.into_subject().body.text().to_owned(), format!("{trail:?}")))
    }

    /// What the caller sees of an answer with this result to a message that may pass.
    pub(super) fn see(&self, names: Names<'_>, message: &str, result: &str) -> Result<String, Refusal> {
        let (asked, headers) = (document(message), document("{}"));
        let question = Question::of(Message::parse(&event(names, &asked, &headers)).unwrap(), OwnTasks::new())?;
        self.see_of(names, &question, result)
    }

    pub(super) fn see_of(&self, names: Names<'_>, question: &Question<'_>, result: &str) -> Result<String, Refusal> {
        let answer = document(&format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result}}}"));
        let answer = Answer::parse(answer.root()).unwrap();
        let text = see(&self.view(names), question, &answer)?.unwrap_or_else(|| answer.body.text().to_owned());
        Ok(document(&text).root().get("result").unwrap().text().to_owned())
    }
}

pub(super) fn event<'d>(names: Names<'d>, message: &'d Document<'_>, headers: &'d Document<'_>) -> Event<'d> {
    Event {
        http_method: None,
        headers: Headers::new(Some(headers.root())),
        aws_principal: Found::Nothing,
        body: Some(message.root()),
        raw_body: None,
        response: None,
        names,
    }
}

pub(super) fn document(text: &str) -> Document<'static> {
    json::parse_owned(text.to_owned()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(super) fn request(method: &str, params: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{method}\",\"params\":{params}}}")
}

pub(super) fn call(tool: &str) -> String {
    request("tools/call", &format!("{{\"name\":{},\"arguments\":{{\"orderId\":\"A-1\"}}}}", json::quote(tool)))
}

pub(super) fn list() -> String {
    request("tools/list", "{}")
}

/// The names that a list still has.
pub(super) fn names_in(result: &str, list: &str) -> Vec<String> {
    let result = document(result);
    let entries = result.root().get(list).unwrap().elements();
    entries.map(|entry| entry.get("name").unwrap().as_str().unwrap().into_owned()).collect()
}
