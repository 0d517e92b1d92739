//! The product, asked the same questions.

use policy_model::json::{Document, parse_owned};
use policy_model::{
    AgentName, Arguments, Decision, Denial, Layers, ModelName, Policy, Resource, ResourceUri, TenantId, ToolName,
    UriTemplate, UserId, decide, would_decide,
};

use crate::caller::Caller;
use crate::json::Json;
use crate::outcome::{Outcome, Would};
use crate::policy::{self, Effect, Kind};
use crate::request::Request;

/// Parsed policies.
pub(crate) struct Product {
    baseline: Option<Policy>,
    policy: Policy,
}

impl Product {
    pub(crate) fn new(layers: &policy::Layers) -> Product {
        Product { baseline: layers.baseline.as_ref().map(parse), policy: parse(&layers.policy) }
    }

    fn layers(&self) -> Layers<'_> {
        Layers { kills: None, baseline: self.baseline.as_ref(), policy: &self.policy }
    }

    /// What is decided, and what rules in LOG_ONLY would have settled.
    pub(crate) fn decide(&self, caller: &Asker<'_>, request: &Request) -> (Outcome, Would) {
        let arguments = request.arguments.as_ref().map(document);
        let arguments = Arguments::Known(arguments.as_ref().map(Document::root));
        self.ask(caller, resource(request.kind, &request.name), arguments, request.seconds)
    }

    /// Whether discovery shows what is asked for.
    pub(crate) fn lists(&self, caller: &Asker<'_>, request: &Request) -> bool {
        let resource = resource(request.kind, &request.name);
        self.ask(caller, resource, Arguments::Unknown, request.seconds).0.is_allowed()
    }

    /// Whether discovery shows a template.
    pub(crate) fn lists_template(&self, caller: &Asker<'_>, template: &str, seconds: i64) -> bool {
        let resource = Resource::Template(UriTemplate::parse(template).unwrap());
        self.ask(caller, resource, Arguments::Unknown, seconds).0.is_allowed()
    }

    fn ask(
        &self,
        caller: &Asker<'_>,
        resource: Resource<'_>,
        arguments: Arguments<'_>,
        seconds: i64,
    ) -> (Outcome, Would) {
        let own = policy_model::Caller {
            tenant: &caller.tenant,
            user: &caller.user,
            issuer: &caller.caller.issuer,
            agent: caller.caller.agent.as_deref(),
            roles: [&caller.caller.token_roles, &caller.caller.registry_roles],
            workspaces: &caller.caller.workspaces,
            scopes: &caller.caller.scopes,
            claims: caller.claims.as_ref().map(Document::root),
        };
        let request = policy_model::Request::new(&own, resource, arguments, seconds);
        let outcome = match decide(self.layers(), &request, ()) {
            Decision::Permit(permit) => Outcome::Allowed(permit.rule().unwrap().to_string()),
            Decision::Denial(Denial::Killed { rule } | Denial::Rule { rule, .. }) => Outcome::Denied(rule.to_string()),
            Decision::Denial(Denial::NoRule) => Outcome::NoRule,
        };
        let would = would_decide(self.layers(), &request).map(|would| {
            let effect = match would.effect {
                policy_model::Effect::Allow => Effect::Allow,
                policy_model::Effect::Deny => Effect::Deny,
            };
            (effect, would.rule.to_string())
        });
        (outcome, would)
    }
}

/// A caller with everything parsed.
pub(crate) struct Asker<'c> {
    caller: &'c Caller,
    tenant: TenantId,
    user: UserId,
    claims: Option<Document<'static>>,
}

impl<'c> Asker<'c> {
    pub(crate) fn new(caller: &'c Caller) -> Asker<'c> {
        Asker {
            caller,
            tenant: TenantId::parse(&caller.tenant).unwrap(),
            user: UserId::parse(&caller.user).unwrap(),
            claims: caller.claims.as_ref().map(document),
        }
    }
}

fn parse(policy: &policy::Policy) -> Policy {
    let text = policy.to_string();
    Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn document(value: &Json) -> Document<'static> {
    parse_owned(value.to_string()).unwrap()
}

fn resource(kind: Kind, name: &str) -> Resource<'_> {
    match kind {
        Kind::Tool => Resource::Tool(ToolName::parse(name).unwrap()),
        Kind::Prompt => Resource::Prompt(ToolName::parse(name).unwrap()),
        Kind::Resource => Resource::Uri(ResourceUri::parse(name).unwrap()),
        Kind::Agent => Resource::Agent(AgentName::parse(name).or_else(|| AgentName::parse_skill(name)).unwrap()),
        Kind::Model => Resource::Model(ModelName::parse(name).unwrap()),
    }
}
