//! Why a request is decided as it is.

use serde_json::{Value, json};

use crate::registry::{Asked, allow, deny, run_command};

const ALICE: &[&str] = &["--as", "alice", "--tenant", "acme"];

fn asked() -> Asked {
    Asked::new(
        "explain",
        &json!([
            allow(
                "small",
                "pay",
                json!({"principals": {"roles": ["clerk"]}, "scopes": ["write"],
                "conditions": [{"path": "$.arguments.amount", "operator": "LESS_THAN", "value": 500}]})
            ),
            deny(
                "foreign",
                "pay",
                json!({"principals": {"agents": ["*"]}, "conditions": [
                {"path": "$.claims.country", "operator": "NOT_EQUALS", "value": "DE"}]})
            ),
            deny("logged", "pay", json!({"mode": "LOG_ONLY"})),
            allow("other", "list", json!({})),
        ]),
    )
}

#[test]
fn what_is_allowed_ends_with_0_and_names_the_rule() {
    let (code, told) =
        asked().json(&[ALICE, &["--scope", "write", "tools/call", "pay", "--arguments", r#"{"amount": 7}"#]].concat());
    assert_eq!((code, &told["effect"], &told["reason"]), (0, &json!("ALLOW"), &json!("ALLOW_RULE")));
    assert_eq!(told["settledBy"], json!({"layer": "TENANT", "policyId": "P", "ruleId": "small"}));
    assert_eq!(told["logOnly"], json!({"effect": "DENY", "ruleId": "logged"}));
    assert_eq!(told["caller"]["registryRoles"], json!(["clerk"]));
    assert_eq!(told["caller"]["issuer"], json!("https://issuer.example"), "it is found");
    assert_eq!(told["notNaming"][1]["rules"], json!(["other"]));
}

#[test]
fn what_does_not_fit_is_told_by_type_and_never_by_value() {
    let arguments = [
        ALICE,
        &["tools/call", "pay", "--arguments", r#"{"amount": "secret"}"#, "--claims", r#"{"country": "secret"}"#],
    ];
    let ended = asked().run(&arguments.concat());
    assert_eq!(ended.code, 1);
    for line in [
        "- DENIED  tools/call pay",
        "  - ALLOW small of P: does not apply",
        "    - scopes: write missing of write",
        "    ? $.arguments.amount < 500: cannot be evaluated: found a string; the operator does not compare that: there is no conversion between types",
        "    - agents: any, and there is none",
        "    + $.claims.country != \"DE\": holds: found a string",
        "1 rule of P: not about it: other",
    ] {
        assert!(ended.out.lines().any(|own| own == line), "{line}\n{}", ended.out);
    }
    assert!(!ended.out.contains("secret") && !ended.out.contains('\u{1b}'), "{}", ended.out);
}

#[test]
fn the_baseline_is_told_apart() {
    let (code, told) = asked().json(&[ALICE, &["tools/call", "drop_all"]].concat());
    assert_eq!((code, &told["reason"]), (1, &json!("DENY_RULE")));
    assert_eq!(told["settledBy"], json!({"layer": "BASELINE", "policyId": "B", "ruleId": "no-drop"}));
}

#[test]
fn what_the_registry_refuses_is_told_in_the_words_of_the_audit_line() {
    let asked = asked();
    for (caller, code) in [
        (["--as", "carol", "--tenant", "acme"], "MEMBER_SUSPENDED"),
        (["--as", "nobody", "--tenant", "acme"], "NOT_A_MEMBER"),
        (["--as", "dave", "--tenant", "globex"], "TENANT_SUSPENDED"),
        (["--client", "other", "--tenant", "acme"], "NOT_A_MEMBER"),
    ] {
        let (ended, told) = asked.json(&[&caller[..], &["tools/call", "list"]].concat());
        assert_eq!((ended, &told["reason"], &told["refusedBeforePolicy"]), (1, &json!(code), &json!(true)), "{told:#}");
        assert!(told["remedy"].as_str().is_some_and(|remedy| remedy.len() > 10));
    }
}

#[test]
fn the_only_tenant_of_a_user_is_taken() {
    let (code, told) = asked().json(&["--as", "alice", "--issuer", "https://issuer.example", "tools/call", "list"]);
    assert_eq!((code, &told["caller"]["tenantId"]), (0, &json!("acme")));
    assert_eq!(asked().run(&["--as", "alice", "tools/call", "list"]).code, 2, "nothing says who knows her");
}

#[test]
fn scopes_that_do_not_count_for_a_client_are_told() {
    let (_, told) = asked().json(&[
        "--client",
        "nightly",
        "--tenant",
        "acme",
        "--scope",
        "read",
        "--scope",
        "write",
        "tools/call",
        "list",
    ]);
    assert_eq!((&told["caller"]["scopes"], &told["caller"]["uncountedScopes"]), (&json!(["read"]), &json!(["write"])));
}

#[test]
fn a_list_is_about_any_arguments() {
    let (code, told) = asked().json(&[ALICE, &["--scope", "write", "tools/list", "pay"]].concat());
    assert_eq!((code, &told["effect"]), (0, &json!("ALLOW")));
    let small = told["rules"].as_array().unwrap().iter().find(|rule| rule["ruleId"] == "small").unwrap();
    assert_eq!((&small["verdict"], &small["conditions"][0]["held"]), (&json!("DEPENDS_ON_ARGUMENTS"), &json!("OPEN")));
}

#[test]
fn arguments_that_the_policy_does_not_want_are_told_although_a_rule_allows() {
    let rules = json!([allow("all", "pay", json!({}))]);
    let limits = json!([{"resources": ["agent:tool:pay"], "argumentBytesMax": 10}]);
    let policy = json!({"policyId": "P", "tenantId": "acme", "rules": rules, "limits": limits});
    let asked = Asked::with("explain", policy);
    let call = |arguments: &str| asked.json(&[ALICE, &["tools/call", "pay", "--arguments", arguments]].concat());
    assert_eq!(call("{}").0, 0);
    let (code, told) = call(r#"{"text": "longer than ten bytes"}"#);
    assert_eq!((code, &told["reason"], &told["settledBy"]["ruleId"]), (1, &json!("ARGUMENTS_LIMIT"), &json!("all")));
}

#[test]
fn a_user_without_the_agent_that_a_policy_wants_is_told() {
    let policy =
        json!({"policyId": "P", "tenantId": "acme", "requireActor": true, "rules": [allow("all", "pay", json!({}))]});
    let asked = Asked::with("explain", policy);
    let (code, told) = asked.json(&[ALICE, &["tools/call", "pay"]].concat());
    assert_eq!((code, &told["reason"]), (1, &json!("ACTOR_REQUIRED")));
    assert_eq!(asked.run(&[ALICE, &["--agent", "desk", "tools/call", "pay"]].concat()).code, 0);
    assert_eq!(asked.run(&["--client", "nightly", "--tenant", "acme", "tools/call", "pay"]).code, 0);
}

#[test]
fn loose_files_are_explained_without_a_registry() {
    let asked = asked();
    let file = |name: &str| asked.path().join("policies").join(name).display().to_string();
    let (policy, baseline) = (file("p.json"), file("b.json"));
    let loose = ["--policy", &policy, "--baseline", &baseline, "--as", "eve", "--json"];
    let run = |more: &[&str]| {
        let ended = asked.0.run(&[&loose, more].concat());
        (ended.code, serde_json::from_str::<Value>(&ended.out).unwrap_or_else(|_| panic!("{}", ended.err)))
    };
    let (code, told) =
        run(&["--role", "clerk", "--scope", "write", "tools/call", "pay", "--arguments", r#"{"amount":1}"#]);
    assert_eq!((code, &told["caller"]["tokenRoles"]), (0, &json!(["clerk"])));
    assert_eq!(run(&["tools/call", "drop"]).1["settledBy"]["layer"], json!("BASELINE"));
}

#[test]
fn prompts_resources_agents_and_models_are_explained_too() {
    let mut rules = Vec::new();
    for (kind, name) in [
        ("PROMPT", "prompt:greet"),
        ("RESOURCE", "resource:file:///a"),
        ("AGENT", "agent:desk"),
        ("MODEL", "model:gpt-5"),
    ] {
        rules.push(
            json!({"ruleId": kind, "effect": "ALLOW", "resourceType": kind, "resources": [format!("agent:{name}")]}),
        );
    }
    let asked = Asked::new("explain", &json!(rules));
    for (method, name, rule) in [
        ("prompts/get", "greet", "PROMPT"),
        ("resources/read", "file:///a", "RESOURCE"),
        ("agents", "desk", "AGENT"),
        ("agents", "desk/skill", "AGENT"),
        ("models", "gpt-5", "MODEL"),
    ] {
        let (code, told) = asked.json(&[ALICE, &[method, name]].concat());
        assert_eq!((code, &told["settledBy"]["ruleId"]), (0, &json!(rule)), "{method} {name}");
        assert_eq!(asked.run(&[ALICE, &[method, "other:"]].concat()).code, 1);
    }
}

#[test]
fn reasons_are_told() {
    let asked = asked();
    let ended = asked.0.run(&["--reason", "no_rule"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.starts_with("NO_RULE\n  means  No ALLOW rule"), "{}", ended.out);
    let all = asked.0.run(&["--reason", "--json"]);
    let all: Value = serde_json::from_str(&all.out).unwrap();
    assert!(all.as_array().unwrap().len() > 150);
    let unknown = asked.0.run(&["--reason", "TENANT_WRONG"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("TENANT_UNKNOWN"), "{}", unknown.err);
}

#[test]
fn what_an_operator_stopped_is_told_by_all_three_commands() {
    let asked = asked();
    let file = asked.0.path("registry.db").display().to_string();
    let folder = asked.path().display().to_string();
    let run = run_command;
    for words in [
        &["registry", "create", "--file", &file][..],
        &["registry", "load", &folder, "--file", &file],
        &["kill", "tool", "list", "--by", "me", "--comment", "incident", "--file", &file],
    ] {
        let ended = run(words);
        assert_eq!(ended.code, 0, "{words:?} {}", ended.err);
    }
    let explained = run(&["explain", "--file", &file, "--as", "alice", "--tenant", "acme", "tools/call", "list"]);
    assert_eq!(explained.code, 1, "{}", explained.err);
    assert!(explained.out.contains("Why: an operator stopped it: kill "), "{}", explained.out);
    assert!(explained.out.contains("means: An operator stopped the tenant, what was asked for, or everything."));
    let who = run(&["who-can", "list", "--file", &file, "--tenant", "acme", "--with-members"]);
    assert!(who.out.contains("3 may not: an operator stopped it by kill "), "{}", who.out);
    let what = run(&["what-can", "alice", "--file", &file, "--tenant", "acme"]);
    assert!(what.out.contains("agent:tool:list: an operator stopped it, by kill "), "{}", what.out);
    assert_eq!(run(&["kill", "tenant", "acme", "--by", "me", "--comment", "incident", "--file", &file]).code, 0);
    let explained =
        run(&["explain", "--file", &file, "--as", "alice", "--tenant", "acme", "tools/call", "pay", "--json"]);
    let told: Value = serde_json::from_str(&explained.out).unwrap();
    assert_eq!((&told["reason"], &told["refusedBeforePolicy"]), (&json!("KILLED"), &json!(true)));
    for words in [&["who-can", "pay", "--tenant", "acme"][..], &["what-can", "alice", "--tenant", "acme"]] {
        assert!(run(&[words, &["--file", &file]].concat()).out.contains("KILLED"));
    }
}
