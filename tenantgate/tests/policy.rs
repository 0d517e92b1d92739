//! `tenantgate policy` from outside: what it prints, and how it ends.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use std::fs;
use std::path::Path;

use folder::Folder;
use serde_json::Value;

const GOOD: &str = r#"{ "policyId": "P", "tenantId": "acme",
  "rules": [ { "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"] } ] }"#;

const EXPIRED: &str = r#"{ "policyId": "P", "tenantId": "acme",
  "rules": [ { "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:a___b"], "notAfter": "2026-01-01T00:00:00Z" } ] }"#;

const WRONG: &str = r#"{ "policyId": "P", "tenantId": "acme",
  "rules": [ { "effect": "PERMIT", "resourceType": "TOOL", "resources": ["agent:tool:a___b"] } ] }"#;

const BASELINE: &str = r#"{ "policyId": "B", "tenantId": "*",
  "rules": [ { "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:b"] } ] }"#;

#[test]
fn a_good_policy_ends_with_0() {
    let folder = Folder::new("policy");
    let ended = folder.run(&["lint", &folder.put("good.json", GOOD)]);
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "1 file: 0 errors, 0 warnings\n", ""));
}

#[test]
fn an_error_ends_with_1_and_points_at_it() {
    let folder = Folder::new("policy");
    let file = folder.put("wrong.json", WRONG);
    let ended = folder.run(&["lint", &file]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let lines: Vec<&str> = ended.out.lines().collect();
    let [head, line, mark, total] = lines.as_slice() else { panic!("{}", ended.out) };
    assert_eq!(
        *head,
        format!("{file}:2:26: error: rules[0].effect: unknown value \"PERMIT\"; one of ALLOW, DENY [unknown-word]")
    );
    assert_eq!(
        *line,
        " 2 |   \"rules\": [ { \"effect\": \"PERMIT\", \"resourceType\": \"TOOL\", \"resources\": [\"agent:tool:a___b\"] } ] }"
    );
    assert_eq!(*mark, "   |                          ^^^^^^^^");
    assert_eq!(*total, "1 file: 1 error, 0 warnings");
}

#[test]
fn warnings_end_with_0_unless_they_are_errors() {
    let folder = Folder::new("policy");
    let file = folder.put("expired.json", EXPIRED);
    let noon = ["--now", "2026-11-21T12:00:00Z"];
    let ended = folder.run(&["lint", noon[0], noon[1], &file]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("warning: rules[0].notAfter: this time is over"), "{}", ended.out);
    assert_eq!(folder.run(&["lint", "--warnings-as-errors", noon[0], noon[1], &file]).code, 1);
    assert_eq!(folder.run(&["lint", "--warnings-as-errors", "--now", "2026-01-01T05:00:00+05:00", &file]).code, 0);
}

#[test]
fn several_files_are_counted_together() {
    let folder = Folder::new("policy");
    let (good, wrong) = (folder.put("good.json", GOOD), folder.put("wrong.json", WRONG));
    let ended = folder.run(&["lint", &good, &wrong, &wrong]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.ends_with("3 files: 2 errors, 0 warnings\n"), "{}", ended.out);
}

#[test]
fn a_program_gets_one_json_document() {
    let folder = Folder::new("policy");
    let (good, wrong) = (folder.put("good.json", GOOD), folder.put("wrong.json", WRONG));
    let ended = folder.run(&["lint", "--json", &good, &wrong]);
    assert_eq!(ended.code, 1);
    let value: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(value[0]["file"], good);
    assert_eq!(value[0]["findings"].as_array().unwrap().len(), 0);
    let finding = &value[1]["findings"][0];
    assert_eq!((&finding["line"], &finding["column"]), (&2.into(), &26.into()));
    assert_eq!((&finding["code"], &finding["severity"]), (&"unknown-word".into(), &"error".into()));
}

#[test]
fn standard_input_is_a_file() {
    let folder = Folder::new("policy");
    let ended = folder.run_with(&["lint", "-"], WRONG.as_bytes());
    assert_eq!(ended.code, 1);
    assert!(ended.out.starts_with("<stdin>:2:26: error: "), "{}", ended.out);
    let ended = folder.run_with(&["lint", "-", "-"], b"");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("- stands twice"), "{}", ended.err);
    let ended = folder.run_with(&["lint", "-"], &vec![b' '; 1 << 21]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("more than 1048576 bytes in the document [too-many]"), "{:.300}", ended.out);
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let folder = Folder::new("policy");
    let good = folder.put("good.json", GOOD);
    let missing = folder.path("missing.json").display().to_string();
    let ended = folder.run(&["lint", &good, &missing]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.starts_with(&format!("tenantgate: error: cannot read {missing}: ")), "{}", ended.err);
    let directory = folder.path("").display().to_string();
    let ended = folder.run(&["lint", &directory]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("is a folder; name the policy files"), "{}", ended.err);
    for arguments in [&["lint"][..], &["lint", "--now", "noon", &good], &["lint", "--what", &good], &["check"]] {
        let ended = folder.run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn the_baseline_and_the_settings_are_known_when_they_are_given() {
    let folder = Folder::new("policy");
    let good = folder.put("good.json", GOOD);
    let baseline = folder.put("baseline.json", BASELINE);
    let ended = folder.run(&["lint", "--baseline", &baseline, &good]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("rules[0] of the baseline denies all of this"), "{}", ended.out);
    for (file, words) in [(&good, "its tenantId is not \"*\""), (&folder.put("wrong.json", WRONG), "lint it by itself")]
    {
        let ended = folder.run(&["lint", "--baseline", file, &good]);
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains(words), "{}", ended.err);
    }
    let claims = folder.put(
        "claims.json",
        GOOD.replace("] } ]", r#"], "conditions": [{ "path": "$.claims.tenant", "operator": "EXISTS" }] } ]"#),
    );
    let settings =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/settings/default.json").display().to_string();
    let ended = folder.run(&["lint", "--settings", &settings, &claims]);
    assert!(ended.out.contains("the tenant is in \"custom:tenant_id\""), "{}", ended.out);
    let ended = folder.run(&["lint", "--settings", &settings, "--claim", "tenant", &claims]);
    assert!(ended.out.starts_with("1 file: 0 errors, 0 warnings"), "{}", ended.out);
    assert!(folder.run(&["lint", &claims]).out.starts_with("1 file: 0 errors, 0 warnings"));
    let ended = folder.run(&["lint", "--settings", &good, &claims]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("cannot be used: issuers: none"), "{}", ended.err);
}

#[test]
fn the_schema_is_the_published_one() {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/policy.schema.json");
    let ended = Folder::new("policy").run(&["schema"]);
    assert_eq!((ended.code, ended.out), (0, fs::read_to_string(published).unwrap()));
}
