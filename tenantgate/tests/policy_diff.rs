//! `tenantgate policy diff` from outside: what it prints, and how it ends.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use std::fs;
use std::path::Path;

use folder::Folder;
use serde_json::Value;

const OLD: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "ruleId": "R", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], "principals": { "roles": ["clerk"] } } ] }"#;

const NEW: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "ruleId": "R", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], "principals": { "roles": ["clerk", "mana|ger"] },
    "conditions": [ { "path": "$.arguments.n", "operator": "LESS_THAN", "value": 5 } ] } ] }"#;

const BASELINE: &str = r#"{ "policyId": "B", "tenantId": "*", "rules": [
  { "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:b"], "principals": { "roles": ["mana|ger"] } } ] }"#;

const WRONG: &str = r#"{ "policyId": "P", "tenantId": "acme", "rules": [
  { "effect": "PERMIT", "resourceType": "TOOL", "resources": ["agent:tool:a___b"] } ] }"#;

#[test]
fn gains_and_losses_are_told_with_an_example() {
    let folder = Folder::new("policy");
    let (old, new) = (folder.put("old.json", OLD), folder.put("new.json", NEW));
    let ended = folder.run(&["diff", &old, &new]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{}", ended.out);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[0], format!("P (tenant acme): {old} -> {new}"));
    assert!(lines.contains(&"  + role mana|ger gains agent:tool:a___b when $.arguments.n < 5 (was: no rule allows it; now: allowed by R)"), "{}", ended.out);
    assert!(lines.contains(&"  - role clerk loses agent:tool:a___b when not ($.arguments.n < 5) (was: allowed by R; now: no rule allows it)"), "{}", ended.out);
    assert!(ended.out.contains("for example a___b {\"n\":"), "{}", ended.out);
    assert_eq!(lines.last(), Some(&"1 policy: 1 widened, 1 narrowed"));
    assert_eq!(ended.out, folder.run(&["diff", &old, &new]).out);
}

#[test]
fn what_fails_is_said_by_the_one_who_asks() {
    let folder = Folder::new("policy");
    let (old, new) = (folder.put("old.json", OLD), folder.put("new.json", NEW.replace(", \"mana|ger\"", "")));
    let code = |arguments: &[&str]| folder.run(&[&["diff"], arguments].concat()).code;
    // Only narrowed.
    assert_eq!(code(&[&old, &new]), 0);
    assert_eq!(code(&["--fail-on", "narrow", &old, &new]), 1);
    assert_eq!(code(&["--fail-on", "any", &old, &new]), 1);
    assert_eq!(code(&["--fail-on", "widen", &new, &old]), 1);
    assert_eq!(code(&["--fail-on", "never", &new, &old]), 0);
    assert_eq!(code(&["--fail-on", "any", &old, &old]), 0);
    assert_eq!(code(&["--fail-on", "some", &old, &old]), 2);
}

#[test]
fn the_baseline_is_decided_with_on_both_sides() {
    let folder = Folder::new("policy");
    let (old, new) = (folder.put("old.json", OLD), folder.put("new.json", NEW));
    let baseline = folder.put("baseline.json", BASELINE);
    let ended = folder.run(&["diff", "--baseline", &baseline, &old, &new]);
    assert_eq!(ended.code, 0, "{}", ended.out);
    assert_eq!(ended.out.lines().last(), Some("1 policy: 0 widened, 1 narrowed"));
    let ended = folder.run(&["diff", "--baseline", &old, &old, &new]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("its tenantId is not \"*\""), "{}", ended.err);
}

#[test]
fn folders_are_matched_by_tenant_and_policy() {
    let folder = Folder::new("policy");
    for (name, text) in [
        ("old/policies", None),
        ("new", None),
        ("old/policies/acme.json", Some(OLD.to_owned())),
        ("old/policies/gone.json", Some(OLD.replace("acme", "globex"))),
        ("old/policies/baseline.json", Some(BASELINE.to_owned())),
        ("new/acme-2.json", Some(NEW.replace("\"P\"", "\"P-2\""))),
        ("new/added.json", Some(OLD.replace("acme", "initech"))),
    ] {
        match text {
            Some(text) => fs::write(folder.path(name), text).unwrap(),
            None => fs::create_dir_all(folder.path(name)).unwrap(),
        }
    }
    let [old, new] = ["old", "new"].map(|name| folder.path(name).display().to_string());
    let ended = folder.run(&["diff", "--format", "json", &old, &new]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    let told: Vec<(&str, bool, bool, usize)> = report["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| {
            let differences = policy["differences"].as_array().unwrap().len();
            (policy["tenantId"].as_str().unwrap(), policy["old"].is_string(), policy["new"].is_string(), differences)
        })
        .collect();
    let expected = [("*", true, false), ("acme", true, true), ("globex", true, false), ("initech", false, true)];
    assert_eq!(told.iter().map(|own| (own.0, own.1, own.2)).collect::<Vec<_>>(), expected);
    assert!(told.iter().all(|own| own.3 > 0), "{told:?}");
    assert_eq!(report["complete"], true);
    let gain = &report["policies"][3]["differences"][0];
    assert_eq!((&gain["change"], &gain["resource"]), (&"WIDENED".into(), &"agent:tool:a___b".into()));
    assert_eq!(gain["example"]["caller"]["roles"], serde_json::json!(["clerk"]));
    assert_eq!(folder.run(&["diff", &old, &folder.path("new/added.json").display().to_string()]).code, 2);
}

#[test]
fn a_pull_request_gets_tables() {
    let folder = Folder::new("policy");
    let (old, new) = (folder.put("old.json", OLD), folder.put("new.json", NEW));
    let ended = folder.run(&["diff", "--format", "markdown", &old, &new]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.starts_with("**1 policy: 1 widened, 1 narrowed**\n"), "{}", ended.out);
    assert!(
        ended.out.contains("| **gains** | `role mana\\|ger` | `agent:tool:a___b` | `$.arguments.n < 5` |"),
        "{}",
        ended.out
    );
}

#[test]
fn what_is_no_policy_ends_with_2() {
    let folder = Folder::new("policy");
    let (good, wrong) = (folder.put("good.json", OLD), folder.put("wrong.json", WRONG));
    let ended = folder.run(&["diff", &good, &wrong]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("is no policy: rules[0].effect: unknown value \"PERMIT\""), "{}", ended.err);
    assert!(ended.err.contains("see tenantgate policy lint"), "{}", ended.err);
    let other = folder.put("other.json", OLD.replace("acme", "globex"));
    let ended = folder.run(&["diff", &good, &other]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("compare two versions of one tenant's policy"), "{}", ended.err);
    assert_eq!(folder.run(&["diff", &good]).code, 2);
    assert_eq!(folder.run_with(&["diff", "-", &good], OLD.as_bytes()).code, 0);
}

#[test]
fn the_fixtures_are_what_they_are() {
    let registry = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/registry").display().to_string();
    let ended = Folder::new("policy").run(&["diff", "--fail-on", "any", &registry, &registry]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.ends_with("policies: 0 widened, 0 narrowed\n"), "{}", ended.out);
}

#[test]
fn in_a_registry_folder_what_is_in_force_is_compared() {
    let folder = Folder::new("policy");
    let wide = OLD.replace("\"P\"", "\"Q\"").replace("a___b", "*");
    let tenants = |policy: &str, status: &str| {
        format!(r#"[{{"tenantId":"acme","status":"{status}","policyId":"{policy}","shadowPolicyId":"Q"}}]"#)
    };
    for (name, tenants) in [
        ("old", tenants("P", "ACTIVE")),
        ("new", tenants("Q", "ACTIVE")),
        ("stopped", tenants("P", "SUSPENDED")),
        ("missing", tenants("R", "ACTIVE")),
        ("unknown", tenants("P", "active")),
    ] {
        fs::create_dir_all(folder.path(name).join("policies")).unwrap();
        fs::write(folder.path(name).join("policies/p.json"), OLD).unwrap();
        fs::write(folder.path(name).join("policies/q.json"), &wide).unwrap();
        fs::write(folder.path(name).join("tenants.json"), tenants).unwrap();
    }
    fs::create_dir_all(folder.path("bare/policies")).unwrap();
    fs::write(folder.path("bare/policies/p.json"), OLD).unwrap();
    let ended = |old: &str, new: &str| {
        let [old, new] = [old, new].map(|name| folder.path(name).display().to_string());
        folder.run(&["diff", &old, &new])
    };
    // The same policies, and another one that is pointed to.
    let widened = ended("old", "new");
    assert_eq!(widened.code, 1, "{}{}", widened.out, widened.err);
    assert!(widened.out.contains("gains agent:tool:*"), "{}", widened.out);
    assert_eq!(ended("new", "old").code, 0);
    assert_eq!(ended("old", "old").code, 0);
    assert_eq!(ended("old", "stopped").code, 0);
    assert_eq!(ended("stopped", "old").code, 1);
    assert!(ended("old", "missing").err.contains("tenant acme has policy R, which is not in the folder"));
    assert!(ended("old", "unknown").err.contains("is no list of tenants"));
    assert_eq!(ended("old", "bare").code, 2);
}
