//! Publishing: all of it or nothing, and what refuses it.

use serde_json::json;

use crate::desk::{BASELINE, Desk, policy};

#[test]
fn a_folder_is_published_whole() {
    let desk = Desk::with_tenants(&["acme", "globex"]);
    desk.put("policies/acme.json", policy("acme", "clerk"));
    desk.put("policies/globex.json", policy("globex", "clerk"));
    desk.put("policies/notes.txt", "no policy");
    desk.put("base.json", BASELINE);
    let published = desk.json(&["policy", "publish", "policies", "base.json"]);
    let outcomes: Vec<_> = published["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["tenantId"].clone(), one["outcome"].clone()))
        .collect();
    assert_eq!(outcomes, [(json!("*"), json!("NEW")), (json!("acme"), json!("NEW")), (json!("globex"), json!("NEW"))]);
    let again = desk.done(&["policy", "publish", "policies", "base.json"]);
    assert!(again.contains("0 policies published, 3 unchanged"), "{again}");
}

#[test]
fn one_bad_policy_refuses_the_folder() {
    let desk = Desk::with_tenants(&["acme", "globex"]);
    desk.put("policies/acme.json", policy("acme", "clerk"));
    let before = desk.dump();
    for (bad, code, words) in [
        (policy("globex", "clerk").replace("ALLOW", "PERMIT"), 1, "globex.json:2:"),
        (policy("globex", "clerk").replace("POL", "P\u{1b}[31m"), 1, "nothing was published"),
        (String::new(), 1, "not JSON"),
        (policy("nobody", "clerk"), 1, "nobody"),
        (policy("acme", "manager"), 2, "are both for tenant acme; keep one"),
        (format!("{}{}", policy("globex", "clerk"), " ".repeat(390_000)), 2, "380000 bytes"),
    ] {
        desk.put("policies/globex.json", &bad);
        desk.refused(code, &["policy", "publish", "policies"], words);
        assert_eq!(desk.dump(), before, "{words}");
    }
    desk.put("policies/globex.json", b"{ \"policyId\": \"\xff\" }");
    desk.refused(1, &["policy", "publish", "policies"], "not JSON");
    assert_eq!(desk.dump(), before);
}

#[test]
fn what_is_named_must_be_there_and_be_policies() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.put("acme.json", policy("acme", "clerk"));
    desk.put("other.json", policy("globex", "clerk"));
    desk.put("empty/readme.md", "");
    desk.refused(2, &["policy", "publish"], "FILE|DIR");
    desk.refused(2, &["policy", "publish", "nothing.json"], "cannot read nothing.json");
    desk.refused(2, &["policy", "publish", "empty"], "there is no *.json in empty");
    desk.refused(2, &["policy", "publish", "-", "-"], "- stands twice");
    desk.refused(
        2,
        &["policy", "publish", "other.json", "--tenant", "acme"],
        "other.json is for tenant globex, not for tenant acme",
    );
    desk.refused(2, &["policy", "publish", "acme.json", "--expect", "v1"], "expected a version");
    desk.refused(2, &["policy", "publish", "acme.json", "other.json", "--expect", "1"], "--expect is for one policy");
    desk.refused(2, &["policy", "publish", "acme.json", "--comment", "a\u{7}b"], "without control characters");
    desk.refused(2, &["policy", "publish", "acme.json", "--by", ""], "without control characters");
    assert_eq!(desk.json(&["policy", "list", "--tenant", "acme"]).as_array().unwrap().len(), 1);
}

#[test]
fn warnings_are_told_counted_and_refuse_where_that_is_asked_for() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.put("empty.json", r#"{ "policyId": "P", "tenantId": "acme", "rules": [] }"#);
    desk.refused(1, &["policy", "publish", "empty.json", "--warnings-as-errors"], "empty.json:1:");
    assert_eq!(desk.json(&["policy", "show", "acme"])["version"], 1);
    let ended = desk.run(&["policy", "publish", "empty.json"]);
    assert_eq!((ended.code, ended.err.contains("warning")), (0, true), "{}", ended.err);
    assert_ne!(desk.json(&["policy", "show", "acme"])["warnings"], 0);
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.put("acme.json", policy("acme", "clerk"));
    desk.put("other.json", policy("globex", "clerk"));
    let before = desk.dump();
    let told = desk.done(&["policy", "publish", "acme.json", "--dry-run"]);
    assert_eq!(told, "tenant acme: POL would be in force, in the place of version 1\nnothing was written\n");
    desk.refused(1, &["policy", "publish", "acme.json", "--dry-run", "--expect", "2"], "has version 1, not version 2");
    desk.refused(
        2,
        &["policy", "publish", "acme.json", "other.json", "--dry-run"],
        "not in the registry: tenant globex",
    );
    assert_eq!(desk.dump(), before);
}

/// Of a set that was cut off only what still counts is told, and nobody has to complete it.
#[test]
fn what_was_cut_off_is_superseded_or_abandoned() {
    let desk = Desk::with_tenants(&["acme", "globex"]);
    for tenant in ["acme", "globex"] {
        desk.put(&format!("policies/{tenant}.json"), policy(tenant, "clerk"));
        desk.put(&format!("next/{tenant}.json"), policy(tenant, "manager"));
    }
    let set = desk.json(&["policy", "publish", "policies"])["changeSet"].as_str().unwrap().to_owned();
    let items = desk.dump();
    let is_set = |item: &&serde_json::Value| item["kind"]["S"] == "change-set";
    let mut open = items.as_array().unwrap().iter().find(is_set).unwrap().clone();
    open["state"] = json!({"S": "OPEN"});
    open["policies"] = json!({"N": "3"});
    desk.put("folder/items/set.json", open.to_string());
    desk.done(&["registry", "load", "folder"]);
    let status = |code: i32, words: &str| {
        let ended = desk.run(&["status"]);
        assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
        assert!(ended.out.contains(words), "{words:?} is not in {}", ended.out);
    };
    status(1, "2 of 3 policies in force");
    status(1, "publish the same again to complete it");
    desk.done(&["policy", "publish", "next/acme.json"]);
    status(1, "1 of 3 policies in force");
    status(1, "1 were replaced since, and publishing the same again would bring them back");
    desk.done(&["policy", "publish", "next/globex.json"]);
    status(0, "superseded: nothing of it is in force any more");
    desk.refused(2, &["policy", "publish", "--abandon", &set, "policies"], "cannot be used with");
    desk.refused(2, &["policy", "publish", "--abandon", "nothing"], "not in the registry");
    desk.done(&["policy", "publish", "--abandon", &set, "--comment", "no more"]);
    assert!(!desk.done(&["status"]).contains("open change set"));
    assert!(desk.done(&["log", "--platform"]).contains(&format!("CHANGE_SET_ABANDONED changeSet={set}  no more")));
    desk.refused(1, &["policy", "publish", "--abandon", &set], "is ABANDONED, not open");
}

#[test]
fn of_two_publishers_one_is_told() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.put("one.json", policy("acme", "clerk"));
    desk.put("two.json", policy("acme", "manager"));
    desk.done(&["policy", "publish", "one.json", "--expect", "1"]);
    desk.refused(
        1,
        &["policy", "publish", "two.json", "--expect", "1"],
        "version 1 was expected, version 2 is in force",
    );
    let digest = desk.json(&["policy", "show", "acme"])["sha256"].as_str().unwrap().to_owned();
    desk.done(&["policy", "publish", "two.json", "--expect", digest.get(..8).unwrap()]);
    desk.refused(1, &["policy", "publish", "one.json", "--expect", digest.get(..8).unwrap()], "version 3 is in force");
}
