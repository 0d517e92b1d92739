//! What a policy says of agents and models besides its rules: tokens, redactions, URLs to call back, answers without a caller.
#![cfg(test)]

#[path = "support/asker.rs"]
mod asker;
#[path = "support/resource.rs"]
mod resource;

use asker::Asker;
use policy_model::policy::{LimitError, PatternError, Problem, PushUrlError};
use policy_model::{Layers, ModelName, Policy, PolicyError};
use resource::resource;
use serde_json::{Value, json};

#[test]
fn of_several_bounds_of_tokens_the_smallest_counts() {
    let tenant = parse("acme", &limits(&[("*", 900), ("gpt-*", 500), ("azure/gpt-5", 100), ("gpt-*-mini", 700)]));
    for (model, expected) in [
        ("nova", 900),
        ("gpt-4", 500),
        ("openai/gpt-5", 500),
        ("azure/gpt-5", 100),
        ("azure/gpt-5-mini", 500),
        ("a/b/gpt-4", 500),
        ("a/azure/gpt-5", 100),
    ] {
        assert_eq!(Layers::of(&tenant).max_tokens(&model_name(model)), Some(expected), "{model}");
    }
    let baseline = parse("*", &limits(&[("nova", 300), ("azure/*", 200)]));
    let layers = Layers { kills: None, baseline: Some(&baseline), policy: &tenant };
    for (model, expected) in [("nova", 300), ("x/nova", 300), ("azure/gpt-5", 100), ("azure/gpt-4", 200)] {
        assert_eq!(layers.max_tokens(&model_name(model)), Some(expected), "{model}");
    }
    let logged = format!(r#"{},"mode":"LOG_ONLY""#, limits(&[("*", 1)]));
    for other in [parse("acme", ""), parse("acme", &limits(&[("x", 1)])), parse("acme", &logged)] {
        assert_eq!(Layers::of(&other).max_tokens(&model_name("nova")), None);
    }
}

#[test]
fn a_limit_is_about_models_or_about_arguments() {
    let entry = |resources: Value, bounds: Value| {
        let mut entry = bounds;
        entry["resources"] = resources;
        error(&format!(r#""limits":[{entry}]"#))
    };
    let tokens = json!({ "maxTokens": 1 });
    let depth = json!({ "argumentDepthMax": 1 });
    let both = json!({ "maxTokens": 1, "argumentDepthMax": 1 });
    let not_a_resource = |text: &str, why| Problem::NotAResource(text.to_owned(), why);
    for (resources, bounds, place, problem, words) in [
        (json!(["agent:model:a"]), &both, "limits[0]", Problem::Limit(LimitError::Mixed), "write two entries"),
        (
            json!(["agent:model:a", "agent:tool:a"]),
            &tokens,
            "limits[0].resources[1]",
            not_a_resource("agent:tool:a", PatternError::NoTokens),
            "expected agent:model: and a name",
        ),
        (
            json!(["agent:agent:a"]),
            &tokens,
            "limits[0].resources[0]",
            not_a_resource("agent:agent:a", PatternError::NoTokens),
            "maxTokens is about models only",
        ),
        (
            json!(["agent:tool:a", "agent:model:a"]),
            &depth,
            "limits[0].resources[1]",
            not_a_resource("agent:model:a", PatternError::NotMeasured),
            "or for models maxTokens",
        ),
    ] {
        let told = entry(resources, bounds.clone());
        assert_eq!((told.place(), told.problem()), (place, &problem));
        assert!(told.to_string().contains(words), "{told}");
    }
    for wrong in [json!(0), json!(1_000_000_001), json!(-1), json!(1.5), json!("1"), Value::Null] {
        let told = entry(json!(["agent:model:a"]), json!({ "maxTokens": wrong }));
        assert_eq!(told.problem(), &Problem::NotACount(1, 1_000_000_000), "{told}");
    }
    parse("acme", &limits(&[("a", 1_000_000_000)]));
}

#[test]
fn what_agents_and_models_answer_is_redacted() {
    let policy = parse(
        "acme",
        r#""redactions":[
            {"resources":["agent:agent:support"],"path":"$..iban","action":"MASK","keepLast":4,"unless":{"roles":["auditor"]}},
            {"resources":["agent:agent:sup*"],"detect":["EMAIL"],"action":"REMOVE","unless":{"scopes":["mail"]}},
            {"resources":["agent:agent:orders/refund"],"path":"$.a","action":"MASK"},
            {"resources":["agent:model:gpt-*"],"path":"$..content","action":"REPLACE","with":"gone"},
            {"resources":["agent:model:azure/*"],"detect":["US_SSN"],"action":"MASK"}]"#,
    );
    let nobody = Value::Null;
    let iban = r#"{"iban":"DE89370400440532013000","n":1.0}"#;
    let masked = r#"{"iban":"****3000","n":1.0}"#;
    for (kind, name, special, before, after) in [
        ("agent", "support", &nobody, iban, masked),
        ("agent", "support/pay", &nobody, iban, masked),
        ("agent", "support", &json!({"roles": ["auditor"]}), iban, iban),
        ("agent", "supper", &nobody, iban, iban),
        ("agent", "orders", &nobody, iban, iban),
        ("agent", "supper", &nobody, r#"{"to":"to ann@example.com"}"#, r#"{"to":"to "}"#),
        ("agent", "supper", &json!({"scopes": ["mail"]}), r#"{"to":"ann@example.com"}"#, r#"{"to":"ann@example.com"}"#),
        ("agent", "orders", &nobody, r#"{"a":1}"#, r#"{"a":1}"#),
        ("agent", "orders/refund", &nobody, r#"{"a":1}"#, r#"{"a":"****"}"#),
        ("model", "gpt-5", &nobody, r#"{"content":"a"}"#, r#"{"content":"gone"}"#),
        ("model", "openai/gpt-5", &nobody, r#"{"content":"a"}"#, r#"{"content":"gone"}"#),
        ("model", "openai/nova", &nobody, r#"{"content":"a"}"#, r#"{"content":"a"}"#),
        ("model", "azure/nova", &nobody, r#"{"a":"SSN 536-22-8726"}"#, r#"{"a":"SSN ****"}"#),
        ("model", "t/openai/gpt-5", &nobody, r#"{"content":"a"}"#, r#"{"content":"gone"}"#),
        ("model", "t/azure/nova", &nobody, r#"{"a":"SSN 536-22-8726"}"#, r#"{"a":"SSN ****"}"#),
        ("model", "nova", &nobody, r#"{"a":"SSN 536-22-8726"}"#, r#"{"a":"SSN 536-22-8726"}"#),
    ] {
        let resources = [resource(kind, name).unwrap()];
        let (is_empty, told) = Asker::new(special).with_caller(|caller, _| {
            let redactor = Layers::of(&policy).redactor(Some(&resources), Some(caller));
            (redactor.is_empty(), redactor.redact_json(before).unwrap_or_else(|| before.to_owned()))
        });
        assert_eq!(told, after, "{kind} {name} {special}");
        assert!(!is_empty || before == after, "{kind} {name} {special}");
    }
    let none = [resource("model", "nova").unwrap()];
    assert!(Layers::of(&policy).redactor(Some(&none), None).is_empty());
    assert!(!Layers::of(&policy).redactor(None, None).is_empty());
}

#[test]
fn only_a_listed_url_is_called() {
    let urls = r#""pushNotificationUrls":["https://a.example/in/*","https://*.b.example:8443/*/end","https://1.1.1.1/",
        "https://10.0.0.1/*","https://[::1]/*","https://metadata.google.internal/*","https://localhost/*"]"#;
    let policy = parse("acme", urls);
    let baseline = parse("*", "");
    let layers = Layers { kills: None, baseline: Some(&baseline), policy: &policy };
    for url in [
        "https://a.example/in/",
        "https://a.example/in/x/y?z",
        "https://x.b.example:8443/a/end",
        "https://x.y.b.example:8443/a/b?c/end",
        "https://1.1.1.1/",
    ] {
        assert!(layers.allows_push_url(url), "{url}");
        assert!(!Layers::of(&baseline).allows_push_url(url), "{url}");
        let logged = parse("acme", &format!(r#"{urls},"mode":"LOG_ONLY""#));
        assert!(!Layers::of(&logged).allows_push_url(url), "{url}");
    }
    for url in [
        "https://a.example/in",
        "https://a.example/",
        "https://a.example/in/../x",
        "https://a.example.evil.example/in/x",
        "https://evil.example/a.example/in/x",
        "https://b.example:8443/a/end",
        "https://x.b.example/a/end",
        "https://evil.example/.b.example:8443/a/end",
        "https://x.b.example:8443.evil.example/a/end",
        "https://evil.example:8443/x.b.example:8443/a/end",
        "https://1.1.1.1/a",
        "https://10.0.0.1/a",
        "https://[::1]/a",
        "https://metadata.google.internal/a",
        "https://localhost/a",
        "http://a.example/in/",
    ] {
        assert!(!layers.allows_push_url(url), "{url}");
    }
    for members in ["", r#""pushNotificationUrls":[]"#] {
        assert!(!Layers::of(&parse("acme", members)).allows_push_url("https://a.example/in/"));
    }
}

#[test]
fn a_pattern_of_urls_has_its_host_written_out() {
    for (url, expected, words) in [
        ("http://a.example/*", PushUrlError::NotHttps, "expected https://, a host and a path"),
        ("agent:resource:https://a.example/*", PushUrlError::NotHttps, "as in https://hooks.example.com/*"),
        ("*", PushUrlError::NotHttps, ""),
        ("https://a.example", PushUrlError::NotHttps, ""),
        ("https://a.example?*", PushUrlError::NotHttps, ""),
        ("https://*/*", PushUrlError::Host, "the host is written out"),
        ("https://*:8443/*", PushUrlError::Host, ""),
        ("https://*.example/*", PushUrlError::Host, "a domain of two labels or more"),
        ("https://*.example:8443/*", PushUrlError::Host, ""),
        ("https://*a.example/*", PushUrlError::Host, ""),
        ("https://a*.example/*", PushUrlError::Host, ""),
        ("https://*.*.example/*", PushUrlError::Host, ""),
        ("https://a.b.*/*", PushUrlError::Host, ""),
        ("https://a.example:*/*", PushUrlError::Host, ""),
        ("https://*.0.0.1/*", PushUrlError::Host, ""),
        ("https://*.[::1]/*", PushUrlError::Host, ""),
        ("https:///*", PushUrlError::Host, ""),
        ("https://A.example/*", PushUrlError::Pattern(PatternError::NotNormal), "not in normal form"),
        ("https://127.1/*", PushUrlError::Pattern(PatternError::NotNormal), ""),
        ("https://a@b.example/*", PushUrlError::Pattern(PatternError::NotNormal), ""),
        ("https://a.example/../*", PushUrlError::Pattern(PatternError::NotNormal), ""),
        ("https://a.example/*#*", PushUrlError::Pattern(PatternError::NotNormal), ""),
        ("https://a.example/*********", PushUrlError::Pattern(PatternError::TooManyWildcards), "more than 8"),
    ] {
        let told = error(&format!(r#""pushNotificationUrls":["https://a.example/*","{url}"]"#));
        let problem = Problem::PushUrl(url.to_owned(), expected);
        assert_eq!((told.place(), told.problem()), ("pushNotificationUrls[1]", &problem), "{told}");
        assert!(told.to_string().contains(words), "{told}");
    }
    let many = |count: usize| format!(r#""pushNotificationUrls":{}"#, json!(vec!["https://a.example/*"; count]));
    parse("acme", &many(100));
    assert_eq!(error(&many(101)).to_string(), "pushNotificationUrls: more than 100 patterns of URLs to call back");
    let told =
        Policy::parse(document("*", r#""pushNotificationUrls":["https://a.example/*"]"#).as_bytes()).unwrap_err();
    assert!(matches!(told.problem(), Problem::NotInBaseline(_)), "{told}");
}

#[test]
fn either_policy_in_force_can_require_the_decision_context() {
    let (yes, no, logged) = (
        r#""requireDecisionContext":true"#,
        r#""requireDecisionContext":false"#,
        r#""requireDecisionContext":true,"mode":"LOG_ONLY""#,
    );
    for (tenant, baseline, expected) in [
        ("", None, false),
        (no, Some(no), false),
        (yes, None, true),
        (yes, Some(no), true),
        ("", Some(yes), true),
        (logged, None, false),
        ("", Some(logged), false),
    ] {
        let (policy, baseline) = (parse("acme", tenant), baseline.map(|members| parse("*", members)));
        let layers = Layers { kills: None, baseline: baseline.as_ref(), policy: &policy };
        assert_eq!(layers.requires_decision_context(), expected, "{tenant} {baseline:?}");
    }
    for wrong in ["null", "1", "\"true\"", "[]"] {
        let told = error(&format!(r#""requireDecisionContext":{wrong}"#));
        assert_eq!(told.to_string(), "requireDecisionContext: expected true or false", "{wrong}");
    }
}

#[test]
fn a_policy_reads_claims_where_a_condition_does() {
    let rule = |condition: &str| {
        format!(
            r#""rules":[{{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:*"],"conditions":[{condition}]}}]"#
        )
    };
    for (members, expected) in [
        (r#""rules":[]"#.to_owned(), false),
        (rule(r#"{"path":"$.tenant.id","operator":"EQUALS","value":"claims"}"#), false),
        (rule(r#"{"path":"$.claims.department","operator":"EXISTS"}"#), true),
        (rule(r#"{"path":"$.tenant.id","operator":"EQUALS","valuePath":"$['claims'].t"}"#), true),
        (rule(r#"{"path":"$.arguments[?@.a == $.claims.b]","operator":"EXISTS"}"#), true),
    ] {
        let policy = format!(r#"{{"policyId":"P","tenantId":"acme",{members}}}"#);
        assert_eq!(Policy::parse(policy.as_bytes()).unwrap().reads_claims(), expected, "{members}");
    }
}

/// Limits of tokens for models.
fn limits(limits: &[(&str, u64)]) -> String {
    let limit =
        |(model, most): &(&str, u64)| json!({ "resources": [format!("agent:model:{model}")], "maxTokens": most });
    format!(r#""limits":{}"#, limits.iter().map(limit).collect::<Value>())
}

fn model_name(text: &str) -> ModelName<'_> {
    ModelName::parse(text).unwrap()
}

fn error(members: &str) -> PolicyError {
    Policy::parse(document("acme", members).as_bytes()).map(drop).unwrap_err()
}

fn parse(tenant: &str, members: &str) -> Policy {
    let document = document(tenant, members);
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

fn document(tenant: &str, members: &str) -> String {
    let members = if members.is_empty() { String::new() } else { format!(",{members}") };
    format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":[]{members}}}"#)
}
