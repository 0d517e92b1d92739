//! Principals, scopes, times, modes and layers.
#![cfg(test)]

#[path = "support/asking.rs"]
mod asking;

use asking::asker::seconds;
use asking::resource::resource;
use asking::{Answer, Asker};
use policy_model::{Arguments, Caller, Effect, Layers, Policy, Request, TenantId, UserId, would_decide};
use serde_json::{Value, json};

#[test]
fn every_list_of_principals_that_is_given_must_match() {
    let everything =
        json!({"user": "ann", "agent": "bot", "roles": ["r"], "registryRoles": ["s"], "workspaces": ["w"]});
    for (principals, special, expected) in [
        (json!({"users": ["ann"]}), everything.clone(), true),
        (json!({"users": ["bob", "ann"]}), everything.clone(), true),
        (json!({"users": ["Ann"]}), everything.clone(), false),
        (json!({"users": ["an"]}), everything.clone(), false),
        (json!({"users": ["*"]}), json!({}), true),
        (json!({"roles": ["r"]}), everything.clone(), true),
        (json!({"roles": ["s"]}), everything.clone(), true),
        (json!({"roles": ["w"]}), everything.clone(), false),
        (json!({"roles": ["*"]}), everything.clone(), true),
        (json!({"roles": ["*"]}), json!({}), false),
        (json!({"roles": ["r,s"]}), everything.clone(), false),
        (json!({"workspaces": ["w"]}), everything.clone(), true),
        (json!({"workspaces": ["r"]}), everything.clone(), false),
        (json!({"workspaces": ["*"]}), json!({}), false),
        (json!({"agents": ["bot"]}), everything.clone(), true),
        (json!({"agents": ["*"]}), everything.clone(), true),
        (json!({"agents": ["*"]}), json!({}), false),
        (json!({"agents": ["ann"]}), everything.clone(), false),
        (json!({"users": ["ann"], "roles": ["r"], "workspaces": ["w"], "agents": ["bot"]}), everything.clone(), true),
        (json!({"users": ["ann"], "roles": ["x"]}), everything.clone(), false),
        (json!({"users": ["x"], "roles": ["r"]}), everything.clone(), false),
    ] {
        let rule = json!({"principals": principals});
        assert_eq!(applies(&rule, &special), expected, "{rule} {special}");
    }
}

#[test]
fn all_scopes_are_needed() {
    let rule = json!({"scopes": ["a", "b"]});
    for (scopes, expected) in [
        (json!(["a", "b"]), true),
        (json!(["c", "b", "a"]), true),
        (json!(["a"]), false),
        (json!([]), false),
        (json!(["a b"]), false),
        (json!(["A", "b"]), false),
    ] {
        assert_eq!(applies(&rule, &json!({"scopes": scopes})), expected, "{scopes}");
    }
}

#[test]
fn a_rule_is_in_force_from_its_first_second_to_its_last() {
    let rule = json!({"notBefore": "2026-03-01T00:00:00Z", "notAfter": "2026-03-01T00:00:01+00:00"});
    for (time, expected) in [
        ("2026-02-28T23:59:59Z", false),
        ("2026-03-01T00:00:00Z", true),
        ("2026-03-01T00:00:01Z", true),
        ("2026-03-01T00:00:02Z", false),
    ] {
        assert_eq!(applies(&rule, &json!({"time": time})), expected, "{time}");
    }
    assert!(applies(&json!({"notBefore": "2026-03-01T00:00:00Z"}), &json!({"time": "9999-12-31T23:59:59Z"})));
    assert!(applies(&json!({"notAfter": "2026-03-01T00:00:00Z"}), &json!({"time": "1970-01-01T00:00:00Z"})));
}

/// Whether a rule with these fields applies, which must be the same for an ALLOW and a DENY.
fn applies(fields: &Value, special: &Value) -> bool {
    let rule = |effect: &str| {
        let mut rule = json!({"effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:t"]});
        rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        rule
    };
    let all = json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]});
    let allowed = ask(&policy("acme", &[rule("ALLOW")]), None, special) != Answer::NoRule;
    let denied = matches!(ask(&policy("acme", &[rule("DENY"), all]), None, special), Answer::Denied(..));
    assert_eq!(allowed, denied, "{fields} {special}");
    allowed
}

#[test]
fn the_baseline_denies_before_the_tenants_own_policy() {
    let deny = |reason: &str| json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:t"], "reason": reason});
    let allow = json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]});
    let (baseline, tenant) = (policy("*", &[deny("one")]), policy("acme", &[allow.clone(), deny("two")]));
    assert!(baseline.tenant().is_none());
    let by = |reason: &str| Answer::Denied("DENY agent:tool:t".to_owned(), Some(reason.to_owned()));
    assert_eq!(ask(&tenant, Some(&baseline), &json!({})), by("one"));
    assert_eq!(ask(&tenant, None, &json!({})), by("two"));
    assert_eq!(ask(&policy("acme", &[allow]), Some(&baseline), &json!({})), by("one"));
    assert_eq!(ask(&policy("acme", &[]), Some(&policy("*", &[])), &json!({})), Answer::NoRule);
}

#[test]
fn a_rule_that_only_logs_changes_nothing_and_says_what_it_would_do() {
    let rule = |id: &str, effect: &str| json!({"ruleId": id, "effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:t"]});
    let logging = |id: &str, effect: &str| {
        let mut rule = rule(id, effect);
        rule["mode"] = json!("LOG_ONLY");
        rule
    };
    let allowed =
        policy("acme", &[rule("a", "ALLOW"), logging("c", "DENY"), logging("b", "DENY"), logging("d", "ALLOW")]);
    assert_eq!(ask(&allowed, None, &json!({})), Answer::Allowed("a".to_owned()));
    assert_eq!(would(&allowed, None), Some((Effect::Deny, "b".to_owned())));
    let hidden = policy("acme", &[logging("d", "ALLOW"), logging("e", "ALLOW")]);
    assert_eq!(ask(&hidden, None, &json!({})), Answer::NoRule);
    assert_eq!(would(&hidden, None), Some((Effect::Allow, "d".to_owned())));
    assert_eq!(would(&policy("acme", &[rule("a", "ALLOW")]), None), None);

    let whole = |tenant: &str, rules: &[Value]| {
        let document = json!({"policyId": "p", "tenantId": tenant, "mode": "LOG_ONLY", "rules": rules});
        Policy::parse(document.to_string().as_bytes()).unwrap()
    };
    let baseline = whole("*", &[rule("z", "DENY")]);
    assert_eq!(ask(&allowed, Some(&baseline), &json!({})), Answer::Allowed("a".to_owned()));
    assert_eq!(would(&allowed, Some(&baseline)), Some((Effect::Deny, "z".to_owned())));
    let enforced = {
        let mut rule = rule("y", "ALLOW");
        rule["mode"] = json!("ENFORCE");
        rule
    };
    let tenant = whole("acme", &[enforced]);
    assert_eq!(ask(&tenant, None, &json!({})), Answer::NoRule);
    let what = "a policy that only logs, whatever a rule of it says";
    assert_eq!(would(&tenant, None), Some((Effect::Allow, "y".to_owned())), "{what}");
}

#[test]
fn the_baseline_adds_its_redactions_and_one_that_only_logs_none() {
    let redaction = json!({"resources": ["agent:tool:t"], "path": "$.a", "action": "MASK"});
    let document = |tenant: &str, mode: &str| {
        let document =
            json!({"policyId": "p", "tenantId": tenant, "mode": mode, "rules": [], "redactions": [redaction]});
        Policy::parse(document.to_string().as_bytes()).unwrap()
    };
    let (baseline, logging, tenant) = (document("*", "ENFORCE"), document("*", "LOG_ONLY"), policy("acme", &[]));
    let is_empty = |baseline: Option<&Policy>, name: Option<&str>| {
        let resource = name.map(|name| resource("tool", name).unwrap());
        Layers { kills: None, baseline, policy: &tenant }
            .redactor(resource.as_ref().map(std::slice::from_ref), None)
            .is_empty()
    };
    assert!(!is_empty(Some(&baseline), Some("t")) && !is_empty(Some(&baseline), None));
    assert!(is_empty(Some(&baseline), Some("u")));
    assert!(is_empty(Some(&logging), Some("t")) && is_empty(None, Some("t")));
}

fn policy(tenant: &str, rules: &[Value]) -> Policy {
    let document = json!({"policyId": "p", "tenantId": tenant, "rules": rules});
    Policy::parse(document.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

fn ask(policy: &Policy, baseline: Option<&Policy>, special: &Value) -> Answer {
    Asker::new(special).ask(Layers { kills: None, baseline, policy }, "tool", "t", Some("{}"))
}

fn would(policy: &Policy, baseline: Option<&Policy>) -> Option<(Effect, String)> {
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
    let time = seconds("2026-11-21T12:00:00Z");
    let request = Request::new(&caller, resource("tool", "t").unwrap(), Arguments::Known(None), time);
    would_decide(Layers { kills: None, baseline, policy }, &request).map(|would| (would.effect, would.rule.to_string()))
}
