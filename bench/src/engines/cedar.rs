//! The policy in Cedar: `permit` and `forbid`, tools in their targets, users in their roles.

use std::error::Error;
use std::str::FromStr;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};
use serde_json::{Value, json};

use super::policies::{Ask, Condition, Effect, Rule, Test, Tool};

/// The policies as text.
pub(crate) fn text(rules: &[Rule]) -> String {
    rules.iter().map(policy).collect()
}

fn policy(rule: &Rule) -> String {
    let principal = rule.role.map_or("principal".to_owned(), |role| format!("principal in Role::\"{role}\""));
    let (resource, name) = match rule.tool {
        Tool::Named(tool) => (format!("resource == Tool::\"{}___{tool}\"", rule.target), None),
        Tool::Beginning(tool) => (
            format!("resource in Target::\"{}\"", rule.target),
            Some(format!("resource.name like \"{}___{tool}*\"", rule.target)),
        ),
    };
    let scope = rule.scope.map(|scope| format!("context.scopes.contains(\"{scope}\")"));
    let condition = rule.condition.map(|condition| test(rule.effect, condition));
    let tests: Vec<String> = [name, scope, condition].into_iter().flatten().collect();
    let effect = match rule.effect {
        Effect::Allow => "permit",
        Effect::Deny => "forbid",
    };
    let when = if tests.is_empty() { String::new() } else { format!(" when {{ {} }}", tests.join(" && ")) };
    format!("{effect}({principal}, action == Action::\"call\", {resource}){when};\n")
}

/// A missing value never allows and always denies.
fn test(effect: Effect, condition: Condition) -> String {
    let Condition { root, member, test } = condition;
    let test = match test {
        Test::Equals(value) => format!("context.{root}.{member} == \"{value}\""),
        Test::LessThan(value) => format!("context.{root}.{member} < {value}"),
    };
    match effect {
        Effect::Allow => format!("context.{root} has {member} && {test}"),
        Effect::Deny => format!("(!(context.{root} has {member}) || {test})"),
    }
}

/// The parsed policies, and the requests with the entities that they are about.
pub(crate) struct Engine {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

impl Engine {
    pub(crate) fn new(text: &str, asks: &[Ask]) -> Result<Engine, Box<dyn Error>> {
        let requests = asks.iter().map(request).collect::<Result<_, _>>()?;
        let mut entities: Vec<Value> = asks.iter().flat_map(entities).collect();
        let uid = |entity: &Value| entity.get("uid").map(Value::to_string);
        entities.sort_by_key(uid);
        entities.dedup_by_key(|entity| uid(entity));
        Ok(Engine {
            authorizer: Authorizer::new(),
            policies: PolicySet::from_str(text)?,
            entities: Entities::from_json_value(Value::Array(entities), None)?,
            requests,
        })
    }

    /// Answers every request.
    pub(crate) fn decide(&self, answers: &mut Vec<bool>) -> Result<(), Box<dyn Error>> {
        for request in &self.requests {
            answers.push(match self.authorizer.is_authorized(request, &self.policies, &self.entities).decision() {
                Decision::Allow => true,
                Decision::Deny => false,
            });
        }
        Ok(())
    }
}

/// A user for each set of roles.
fn user(ask: &Ask) -> String {
    format!("alice {}", ask.roles.join(" "))
}

fn request(ask: &Ask) -> Result<Request, Box<dyn Error>> {
    let context = json!({ "scopes": ask.scopes, "arguments": ask.arguments, "claims": ask.claims });
    let context = Context::from_json_value(context, None)?;
    Ok(Request::new(uid("User", &user(ask))?, uid("Action", "call")?, uid("Tool", &ask.name)?, context, None)?)
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, Box<dyn Error>> {
    Ok(EntityUid::from_json(json!({ "type": kind, "id": id }))?)
}

fn entities(ask: &Ask) -> [Value; 2] {
    let roles: Vec<Value> = ask.roles.iter().map(|role| json!({ "type": "Role", "id": role })).collect();
    [
        json!({ "uid": { "type": "User", "id": user(ask) }, "attrs": {}, "parents": roles }),
        json!({
            "uid": { "type": "Tool", "id": ask.name },
            "attrs": { "name": ask.name },
            "parents": [{ "type": "Target", "id": ask.target }],
        }),
    ]
}
