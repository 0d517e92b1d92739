//! The policy as a document of this project, and its decisions.

use std::error::Error;

use policy_model::json::{Document, parse_owned};
use policy_model::{
    Arguments, Caller, Decision, Layers, Policy, Request, Resource, TenantId, ToolName, UserId, decide,
};
use serde_json::{Value, json};

use super::policies::{Ask, Effect, Rule, Test, Tool};

/// The policy document.
pub(crate) fn document(rules: &[Rule]) -> String {
    let rules: Vec<Value> = rules.iter().map(rule).collect();
    json!({ "policyId": "P", "tenantId": "bench", "rules": rules }).to_string()
}

fn rule(rule: &Rule) -> Value {
    let effect = match rule.effect {
        Effect::Allow => "ALLOW",
        Effect::Deny => "DENY",
    };
    let resource = match rule.tool {
        Tool::Named(tool) => format!("agent:tool:{}___{tool}", rule.target),
        Tool::Beginning(tool) => format!("agent:tool:{}___{tool}*", rule.target),
    };
    let mut written = json!({ "effect": effect, "resourceType": "TOOL", "resources": [resource] });
    let Some(fields) = written.as_object_mut() else { return written };
    fields.extend(rule.role.map(|role| ("principals".to_owned(), json!({ "roles": [role] }))));
    fields.extend(rule.scope.iter().map(|scope| ("scopes".to_owned(), json!([scope]))));
    fields.extend(rule.condition.map(|condition| {
        let path = format!("$.{}.{}", condition.root, condition.member);
        let condition = match condition.test {
            Test::Equals(value) => json!({ "path": path, "operator": "EQUALS", "value": value }),
            Test::LessThan(value) => json!({ "path": path, "operator": "LESS_THAN", "value": value }),
        };
        ("conditions".to_owned(), json!([condition]))
    }));
    written
}

/// The compiled policy and the requests, as the interceptors have them after the event is parsed.
pub(crate) struct Engine<'a> {
    policy: Policy,
    tenant: TenantId,
    user: UserId,
    asked: Vec<Asked<'a>>,
}

struct Asked<'a> {
    tool: ToolName<'a>,
    roles: &'a [String],
    scopes: &'a [String],
    arguments: Document<'static>,
    claims: Document<'static>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(document: &str, asks: &'a [Ask]) -> Result<Engine<'a>, Box<dyn Error>> {
        let asked = asks.iter().map(|ask| {
            Ok(Asked {
                tool: ToolName::parse(&ask.name)?,
                roles: &ask.roles,
                scopes: &ask.scopes,
                arguments: parse_owned(ask.arguments.to_string())?,
                claims: parse_owned(ask.claims.to_string())?,
            })
        });
        Ok(Engine {
            policy: Policy::parse(document.as_bytes())?,
            tenant: TenantId::parse("bench")?,
            user: UserId::parse("alice")?,
            asked: asked.collect::<Result<_, Box<dyn Error>>>()?,
        })
    }

    /// Answers every request.
    pub(crate) fn decide(&self, answers: &mut Vec<bool>) -> Result<(), Box<dyn Error>> {
        for asked in &self.asked {
            let caller = Caller {
                tenant: &self.tenant,
                user: &self.user,
                issuer: "https://issuer.example",
                agent: None,
                roles: [asked.roles, &[]],
                workspaces: &[],
                scopes: asked.scopes,
                claims: Some(asked.claims.root()),
            };
            let tool = Resource::Tool(asked.tool);
            let request = Request::new(&caller, tool, Arguments::Known(Some(asked.arguments.root())), 0);
            answers.push(match decide(Layers::of(&self.policy), &request, ()) {
                Decision::Permit(_) => true,
                Decision::Denial(_) => false,
            });
        }
        Ok(())
    }
}
