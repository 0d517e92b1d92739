//! An explanation for programs.

use policy_model::decision::Effect;
use policy_model::explanation::{
    Check, ConditionCheck, Explanation, Found, Held, InForce, RuleExplanation, Verdict, Wanted,
};
use serde_json::{Value, json};

use super::source::Read;
use super::words;

/// The rules, those that settle the matter marked.
pub(super) fn rules(explanation: &Explanation<'_>, read: &Read<'_>) -> Value {
    explanation.rules.iter().map(|own| rule(own, read)).collect()
}

/// The rules that do not name what is asked for.
pub(super) fn unnamed(explanation: &Explanation<'_>) -> Value {
    let unnamed = |own: &policy_model::explanation::Unnamed<'_>| {
        let rules: Vec<&str> = own.rules.iter().map(|rule| rule.as_str()).collect();
        json!({"layer": words::layer(own.layer), "policyId": own.policy.as_str(), "rules": rules})
    };
    explanation.unnamed.iter().map(unnamed).collect()
}

/// What the rules that only log would have settled.
pub(super) fn would(explanation: &Explanation<'_>) -> Value {
    let told =
        |(effect, rule): (Effect, &policy_model::RuleId)| json!({"effect": effect.word(), "ruleId": rule.as_str()});
    explanation.would.map_or(Value::Null, told)
}

fn rule(own: &RuleExplanation<'_>, read: &Read<'_>) -> Value {
    let wording = words::wording(read, own.layer, own.number);
    let conditions: Vec<Value> = (own.conditions.iter().enumerate())
        .map(|(number, check)| condition(&words::condition(wording.as_ref(), number), check))
        .collect();
    let verdict = match own.verdict {
        Verdict::Applies => "APPLIES",
        Verdict::DoesNotApply => "DOES_NOT_APPLY",
        Verdict::CannotBeEvaluated => "CANNOT_BE_EVALUATED",
        Verdict::DependsOnArguments => "DEPENDS_ON_ARGUMENTS",
    };
    let mode = if own.is_enforced { "ENFORCE" } else { "LOG_ONLY" };
    json!({"layer": words::layer(own.layer), "policyId": own.policy.as_str(), "ruleId": own.rule.as_str(), "effect": own.effect.word(),
        "mode": mode, "verdict": verdict, "settles": own.settles,
        "resources": wording.as_ref().map(|wording| &wording.resources), "reason": wording.as_ref().and_then(|wording| wording.reason.as_ref()),
        "checks": own.checks.iter().map(check).collect::<Vec<Value>>(), "conditions": conditions})
}

fn check(own: &Check<'_>) -> Value {
    match own {
        Check::Names { list, wanted, matching, holds } => {
            let wanted = match wanted {
                Wanted::Any => json!(["*"]),
                Wanted::OneOf(names) => json!(names),
            };
            json!({"what": words::list_name(*list), "wanted": wanted, "matching": matching, "holds": holds})
        }
        Check::Scopes { wanted, lacking } => {
            json!({"what": "scopes", "wanted": wanted, "lacking": lacking, "holds": lacking.is_empty()})
        }
        Check::Time { first, last, in_force } => {
            let state = match in_force {
                InForce::Yes => "IN_FORCE",
                InForce::NotYet => "NOT_YET",
                InForce::NoLonger => "NO_LONGER",
            };
            json!({"what": "time", "notBefore": first.map(words::time), "notAfter": last.map(words::time),
                "state": state, "holds": own.holds()})
        }
    }
}

fn condition(text: &str, check: &ConditionCheck) -> Value {
    let (held, cause) = match check.held {
        Held::True => ("TRUE", None),
        Held::False => ("FALSE", None),
        Held::Open => ("OPEN", None),
        Held::Indeterminate(cause) => ("INDETERMINATE", Some(words::cause_word(cause))),
    };
    json!({"condition": text, "held": held, "cause": cause, "found": found(&check.found),
        "comparedWith": check.compared_with.as_ref().map(found)})
}

/// JSON types with how many there are; null where it was not looked.
fn found(found: &Found) -> Value {
    match found {
        Found::Unknown | Found::NotLookedAt => Value::Null,
        Found::Values(types) => {
            types.iter().map(|(kind, count)| json!({"type": kind_word(*kind), "count": count})).collect()
        }
    }
}

fn kind_word(kind: policy_model::json::Kind) -> &'static str {
    use policy_model::json::Kind;
    match kind {
        Kind::Null => "null",
        Kind::Bool => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}
