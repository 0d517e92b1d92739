//! `tenantgate simulate` from outside: what it prints, and how it ends.
#![cfg(test)]

#[path = "support/simulate_events.rs"]
mod events;
#[path = "support/folder.rs"]
mod folder;

use folder::{Ended, Folder};
use policy_model::recorded::Facts;
use policy_model::{
    Arguments, Caller, Decision, Layers, Policy, Request, Resource, TenantId, ToolName, UserId, decide, json,
};
use serde_json::{Value, json};

const OLD: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"], "principals": { "roles": ["clerk"] } } ] }"#;

/// Managers gain, clerks lose what is expensive.
const NEW: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"], "principals": { "roles": ["clerk", "manager"] } },
  { "ruleId": "R2", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:orders___refund"], "principals": { "roles": ["clerk"] } } ] }"#;

/// A condition that nobody looked at when the calls were made.
const OPEN: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "ruleId": "R1", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"], "principals": { "roles": ["clerk"] },
    "conditions": [ { "path": "$.arguments.amount", "operator": "LESS_THAN", "value": 5 } ] } ] }"#;

#[test]
fn who_gains_and_who_loses_is_told_with_counts() {
    let ended = simulate(NEW, &lines());
    assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{}", ended.out);
    assert!(ended.out.contains("+ subject 22222222222222222222222222222222 gains tool orders___get: 2 calls (now: allowed by R1; the latest: d-4)"), "{}", ended.out);
    assert!(ended.out.contains("- subject 11111111111111111111111111111111 loses tool orders___refund: 1 call (now: denied by R2; the latest: d-2)"), "{}", ended.out);
    assert!(ended.out.ends_with("5 calls decided again: 2 gain access, 1 lose it\n"), "{}", ended.out);
    for left_out in [
        "1 not decided again: answers",
        "1 not decided again: sessions and lists",
        "beside the policies: TOKEN_EXPIRED",
        "1 not decided again: calls of other tenants",
    ] {
        assert!(ended.out.contains(left_out), "{left_out}: {}", ended.out);
    }
}

#[test]
fn what_fails_is_said_by_the_one_who_asks() {
    let folder = Folder::new("simulate");
    let (old, new, open) = (folder.put("old.json", OLD), folder.put("new.json", NEW), folder.put("open.json", OPEN));
    let against = folder.put("audit.jsonl", lines());
    let code = |policy: &str, fail_on: &str| {
        folder.run(&["--policy", policy, "--fail-on", fail_on, "--against", &against]).code
    };
    for fail_on in ["widen", "narrow", "any", "never"] {
        assert_eq!(code(&old, fail_on), 0, "{fail_on}");
    }
    assert_eq!(["widen", "narrow", "any", "never"].map(|fail_on| code(&new, fail_on)), [1, 1, 1, 0]);
    // What was allowed may be denied, and nothing may be allowed that was denied.
    assert_eq!(["widen", "narrow", "any", "never"].map(|fail_on| code(&open, fail_on)), [0, 1, 1, 0]);
    let told = folder.run(&["--policy", &open, "--against", &against]).out;
    assert!(
        told.contains(
            "whether $.arguments.amount LESS_THAN 5 held is not recorded (rule R1): 0 denied, 3 allowed calls"
        ),
        "{told}"
    );
}

#[test]
fn lines_are_read_however_cloudwatch_hands_them_out() {
    let folder = Folder::new("simulate");
    let new = folder.put("new.json", NEW);
    let plain = lines();
    let messages: Vec<Value> = plain.lines().map(|line| json!({"message": line, "timestamp": 1})).collect();
    let wrapped: Vec<String> = messages.iter().map(Value::to_string).collect();
    let stamped: Vec<String> = plain.lines().map(|line| format!("2026-11-22T12:00:00.000Z {line}")).collect();
    let document = serde_json::to_string_pretty(&json!({"events": messages, "searchedLogStreams": []})).unwrap();
    let expected = folder.run_with(&["--policy", &new, "--against", "-"], plain.as_bytes()).out;
    assert!(expected.contains("5 calls decided again"));
    for text in [wrapped.join("\n"), stamped.join("\n"), document] {
        let ended = folder.run_with(&["--policy", &new, "--against", "-"], text.as_bytes());
        assert_eq!((ended.code, ended.out), (1, expected.clone()), "{text}");
    }
}

#[test]
fn programs_and_pull_requests_are_told_the_same() {
    let folder = Folder::new("simulate");
    let (new, against) = (folder.put("new.json", NEW), folder.put("audit.jsonl", lines()));
    let run = |format: &str| folder.run(&["--policy", &new, "--against", &against, "--format", format]).out;
    let report: Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(report["counts"], json!({"gained": 2, "lost": 1, "mayGain": 0, "mayLose": 0}));
    assert_eq!(report["changes"][0]["change"], "GAINS");
    assert_eq!(report["complete"], true);
    let markdown = run("markdown");
    assert!(markdown.starts_with("**5 calls decided again: 2 gain access, 1 lose it**\n"), "{markdown}");
    assert!(markdown.contains("| `acme` | **gains** | `22222222222222222222222222222222` | `tool orders___get` | 2 | `allowed by R1` | `d-4` |"), "{markdown}");
}

#[test]
fn a_new_baseline_is_decided_over_the_policies_of_then() {
    let folder = Folder::new("simulate");
    let baseline = folder.put(
        "baseline.json",
        r#"{ "policyId": "B", "tenantId": "*", "rules": [
      { "ruleId": "B1", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*refund"] } ] }"#,
    );
    let ended =
        folder.run_with(&["--baseline", &baseline, "--against", "-", "--fail-on", "narrow"], lines().as_bytes());
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("loses tool orders___refund: 1 call (now: denied by B1"), "{}", ended.out);
    assert!(ended.out.contains("6 calls decided again"), "every tenant's: {}", ended.out);
}

#[test]
fn nothing_to_decide_is_no_success() {
    let folder = Folder::new("simulate");
    let new = folder.put("new.json", NEW);
    let baseline = folder.put("baseline.json", r#"{ "policyId": "B", "tenantId": "*", "rules": [] }"#);
    for (arguments, input, words) in [
        (vec!["--policy", &new, "--against", "-"], "START RequestId: 1\n", "no audit line was found"),
        (vec!["--policy", &new, "--against", "-"], "", "no audit line was found"),
        (vec!["--policy", &baseline, "--against", "-"], "", "--baseline"),
        (vec!["--baseline", &new, "--against", "-"], "", "is a policy of the tenant acme"),
        (vec!["--policy", &new, "--policy", &new, "--against", "-"], "", "both of the tenant acme"),
        (vec!["--policy", "-", "--against", "-"], "", "standard input can be read once"),
        (vec!["--policy", &new, "--against", "nowhere.jsonl"], "", "nowhere.jsonl"),
        (vec!["--policy", &new], "", "--against"),
    ] {
        let ended = folder.run_with(&arguments, input.as_bytes());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
    }
    let others = folder.run_with(
        &["--policy", &new, "--against", "-"],
        line("globex", "1", &["clerk"], "orders___get", "x").as_bytes(),
    );
    assert_eq!(others.code, 2);
    assert!(others.err.contains("none of 1 audit lines"), "{}", others.err);
}

#[test]
fn lines_that_cannot_be_read_may_be_of_any_call() {
    let folder = Folder::new("simulate");
    let old = folder.put("old.json", OLD);
    let run = |input: &str, fail_on: &str| {
        folder.run_with(&["--policy", &old, "--fail-on", fail_on, "--against", "-"], input.as_bytes())
    };
    let good = line("acme", "1", &["clerk"], "orders___get", "d-1");
    let other = line("acme", "2", &["manager"], "orders___get", "d-2");
    let (start, end) = other.split_once("\"effect\"").unwrap();
    let quoted = other.replace('"', "\"\"");
    for unreadable in [
        start.to_owned(),
        end.to_owned(),
        format!("\"2026\",\"{quoted}\""),
        other.replace("\"acme\"", "[\"acme\"]"),
        other.replace("\"acme\"", "\"a b\""),
        json!({"message": start}).to_string(),
        format!("{{\"events\":\"{}\"}}", "x".repeat(3 << 20)),
    ] {
        let input = format!("{good}\n{unreadable}\n");
        let ended = run(&input, "widen");
        assert_eq!(ended.code, 1, "{unreadable:.200}: {}{}", ended.out, ended.err);
        assert!(ended.out.contains("1 not decided again: audit lines that cannot be read"), "{}", ended.out);
        assert!(ended.out.contains("of 1 it cannot be told (1 may gain, 1 may lose)"), "{}", ended.out);
        assert_eq!((run(&input, "narrow").code, run(&input, "never").code), (1, 0));
        assert_eq!(run(&unreadable, "never").code, 2, "nothing was decided: {unreadable:.200}");
    }
    let foreign = format!("{good}\n{}\n", json!({"target": "tenantgate::identity", "decisionId": "d"}));
    assert_eq!(run(&foreign, "any").code, 0);
    let nameless = format!("{good}\n{}\n", other.replace("\"tool\":\"orders___get\"", "\"later\":1"));
    let ended = run(&nameless, "widen");
    assert_eq!(ended.code, 1, "{}", ended.out);
    assert!(
        ended.out.contains("cannot be told: the line does not say what was asked for: 1 denied, 0 allowed"),
        "{}",
        ended.out
    );
}

#[test]
fn nothing_of_a_line_speaks_to_the_terminal() {
    let hostile = line("acme", "1", &["manager"], "orders___get", "x")
        .replace("\"decisionId\":\"x\"", "\"decisionId\":\"\\u001b[31m\\u202e\"");
    let ended = simulate(NEW, &hostile);
    assert!(
        ended.out.contains("gains tool orders___get") && !ended.out.contains(['\u{1b}', '\u{202e}']),
        "{}",
        ended.out
    );
}

fn simulate(policy: &str, lines: &str) -> Ended {
    let folder = Folder::new("simulate");
    let policy = folder.put("policy.json", policy);
    folder.run_with(&["--policy", &policy, "--against", "-"], lines.as_bytes())
}

/// Calls of a clerk and a manager, and what else a log has.
fn lines() -> String {
    let audit = |more: Value| {
        let mut line = json!({"timestamp": "2026-11-22T12:00:00Z", "level": "INFO", "target": "tenantgate::audit", "decisionId": "o",
            "point": "request", "tenant": "acme", "effect": "ALLOW", "cache": "HIT", "durationUs": 5});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line.to_string()
    };
    [
        line("acme", "1", &["clerk"], "orders___get", "d-1"),
        line("acme", "1", &["clerk"], "orders___refund", "d-2"),
        line("acme", "1", &["clerk"], "orders___get", "d-3"),
        "START RequestId: 7".to_owned(),
        line("acme", "2", &["manager"], "orders___get", "d-0"),
        line("acme", "2", &["manager"], "orders___get", "d-4"),
        line("globex", "3", &["manager"], "orders___get", "d-5"),
        audit(json!({"point": "response", "tool": "orders___get", "reason": "UNCHANGED"})),
        audit(json!({"method": "tools/list", "reason": "SESSION"})),
        audit(json!({"method": "tools/call", "effect": "DENY", "reason": "TOKEN_EXPIRED"})),
    ]
    .join("\n")
}

/// The line of a call that the older policy decided.
fn line(tenant: &str, user: &str, roles: &[&str], tool: &str, id: &str) -> String {
    let policy = Policy::parse(OLD.replace("acme", tenant).as_bytes()).unwrap();
    let (tenant_id, user_id) = (TenantId::parse(tenant).unwrap(), UserId::parse(user).unwrap());
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    let claims = json::parse(b"{}").unwrap();
    let caller = Caller {
        tenant: &tenant_id,
        user: &user_id,
        issuer: "https://issuer.example",
        agent: None,
        roles: [&roles, &[]],
        workspaces: &[],
        scopes: &[],
        claims: Some(claims.root()),
    };
    let thing = Resource::Tool(ToolName::parse(tool).unwrap());
    let arguments = json::parse(br#"{"amount":7}"#).unwrap();
    let request = Request::new(&caller, thing, Arguments::Known(Some(arguments.root())), 1_795_262_400);
    let decision = decide(Layers::of(&policy), &request, ());
    let facts = Facts::of(Layers::of(&policy), None, &request, &decision).unwrap().to_string();
    let (effect, reason) = match decision {
        Decision::Permit(_) => ("ALLOW", "ALLOW_RULE"),
        Decision::Denial(_) => ("DENY", "NO_RULE"),
    };
    json!({"timestamp": "2026-11-22T12:00:00Z", "level": "INFO", "target": "tenantgate::audit", "decisionId": id, "point": "request",
        "tenant": tenant, "subject": user.repeat(32), "method": "tools/call", "tool": tool, "effect": effect, "reason": reason,
        "policyId": "P", "facts": facts, "cache": "HIT", "durationUs": 5})
    .to_string()
}
