//! What a rule says of whom it is about, in words.

use policy_model::comparison::Wording;
use policy_model::decision::Effect;
use policy_model::explanation::{Check, Wanted as Names};
use policy_model::reach::Statement;
use serde_json::{Value, json};

use crate::explain::source::Read;
use crate::explain::tree::{Line, Mark};
use crate::explain::words;

/// As in `+ R3 of POL-ACME: role clerk, with scope orders, when $.arguments.amount <= 500`.
pub(super) fn line(own: &Statement<'_>, read: &Read<'_>) -> Line {
    let wording = words::wording(read, own.layer, own.number);
    let (mark, verb) = match own.effect {
        Effect::Allow => (Mark::Yes, "allows"),
        Effect::Deny => (Mark::No, "denies"),
    };
    Line::new(1, mark, format!("{} of {} {verb} {}", own.rule, own.policy, whom(own, wording.as_ref())))
}

/// Whom a rule is about and when.
fn whom(own: &Statement<'_>, wording: Option<&Wording>) -> String {
    let mut parts: Vec<String> = own
        .principals
        .iter()
        .map(|(list, names)| match names {
            Names::Any => format!("any of {}", words::list_name(*list)),
            Names::OneOf(names) => format!("{} {}", words::list_name(*list), words::or(names)),
        })
        .collect();
    if parts.is_empty() {
        parts.push("everybody".to_owned());
    }
    if !own.scopes.is_empty() {
        parts.push(format!(
            "with the scopes {}",
            own.scopes.iter().map(|scope| &**scope).collect::<Vec<&str>>().join(" and ")
        ));
    }
    if own.conditions > 0 {
        let conditions = (0..own.conditions).map(|number| words::condition(wording, number));
        parts.push(format!("when {}", conditions.collect::<Vec<String>>().join(" and ")));
    }
    parts.extend(own.time.as_ref().map(words::check));
    parts.join(", ")
}

pub(super) fn json(own: &Statement<'_>, read: &Read<'_>) -> Value {
    let wording = words::wording(read, own.layer, own.number);
    let principals: serde_json::Map<String, Value> = (own.principals.iter())
        .map(|(list, names)| {
            let names = match names {
                Names::Any => json!(["*"]),
                Names::OneOf(names) => json!(names),
            };
            (words::list_name(*list).to_owned(), names)
        })
        .collect();
    let is_in_force = own.time.as_ref().is_none_or(Check::holds);
    json!({"layer": words::layer(own.layer), "policyId": own.policy.as_str(), "ruleId": own.rule.as_str(), "effect": own.effect.word(),
        "principals": principals, "scopes": own.scopes, "conditions": wording.map(|wording| wording.conditions), "isInForce": is_in_force})
}
