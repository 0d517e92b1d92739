//! Random policies and what is asked of them.

use policy_model::{Layers, Policy};
use serde_json::{Value, json};

use crate::drawing::random::Random;
use crate::drawing::{draw_condition, draw_rule};

/// The policy of a tenant, and the baseline.
pub(crate) struct World {
    pub(crate) policy: Policy,
    pub(crate) baseline: Policy,
    /// DENY rules without conditions, as operators' kills are.
    pub(crate) kills: Policy,
    pub(crate) text: String,
}

impl World {
    /// All of them.
    pub(crate) fn layers(&self) -> Layers<'_> {
        Layers { kills: Some(&self.kills), baseline: Some(&self.baseline), policy: &self.policy }
    }

    /// Follows from a seed.
    pub(crate) fn draw(random: &mut Random) -> World {
        let own: Vec<Value> = (0..1 + random.below(7)).map(|_| rule(random, &["ALLOW", "ALLOW", "DENY"])).collect();
        let denies: Vec<Value> = (0..random.below(3)).map(|_| rule(random, &["DENY"])).collect();
        let mut document = json!({"policyId": "P", "tenantId": "acme", "rules": own});
        if let Some(target) = random.one_of(&[None, Some("a")]) {
            document["defaultTarget"] = json!(target);
        }
        if random.below(6) == 0 {
            document["requireActor"] = json!(true);
        }
        let baseline = json!({"policyId": "B", "tenantId": "*", "rules": denies});
        let parse = |document: &Value| Policy::parse(document.to_string().as_bytes()).unwrap();
        let resources = ["get", "a___put", "b___*"].map(|name| format!("agent:tool:{name}"));
        let kill = json!({"ruleId": "K1", "effect": "DENY", "resourceType": "TOOL", "resources": [random.one_of(&resources.each_ref())]});
        let kills = if random.below(3) == 0 { json!([kill]) } else { json!([]) };
        let kills = json!({"policyId": "K", "tenantId": "*", "rules": kills});
        let text = format!("{document:#}\n{baseline:#}\n{kills:#}");
        World { policy: parse(&document), baseline: parse(&baseline), kills: parse(&kills), text }
    }
}

fn rule(random: &mut Random, effects: &[&str]) -> Value {
    let mut rule = draw_rule(random, effects);
    if random.below(5) == 0 {
        rule["mode"] = json!("LOG_ONLY");
    }
    if random.below(6) == 0 {
        rule["principals"]["workspaces"] = json!([random.one_of(&["w", "*"])]);
    }
    if random.below(4) == 0 {
        let mut conditions = rule["conditions"].as_array().cloned().unwrap_or_default();
        conditions.push(condition(random));
        rule["conditions"] = json!(conditions);
    }
    rule
}

fn condition(random: &mut Random) -> Value {
    match random.below(8) {
        0 => json!({"path": "$.user.roles", "operator": "CONTAINS", "value": random.one_of(&["r", "s"])}),
        1 => json!({"path": "$.user.scopes[*]", "operator": "NOT_EQUALS", "value": "t"}),
        2 => json!({"path": "$.user.id", "operator": random.one_of(&["EQUALS", "NOT_EQUALS"]), "value": "alice"}),
        3 => json!({"path": "$.agent.id", "operator": random.one_of(&["EXISTS", "NOT_EXISTS"])}),
        4 => {
            json!({"path": "$.time", "operator": "BETWEEN", "value": random.one_of(&[["08:00", "18:00"], ["22:00", "06:00"]].each_ref())})
        }
        5 => json!({"path": "$.user.workspaces[*]", "operator": "EQUALS", "value": "w"}),
        6 => json!({"path": "$.claims.n", "operator": "EQUALS", "valuePath": "$.user.id"}),
        _ => draw_condition(random),
    }
}
