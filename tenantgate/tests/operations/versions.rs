//! Versions: which are in force, and how that is changed.

use serde_json::json;

use crate::desk::{BASELINE, Desk, FILE, policy};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("one.json", policy("acme", "clerk"));
    desk.put("two.json", policy("acme", "manager"));
    desk.done(&["tenant", "add", "acme", "--policy", "one.json"]);
    desk
}

fn in_force(desk: &Desk) -> u64 {
    desk.json(&["policy", "show", "acme"])["version"].as_u64().unwrap()
}

#[test]
fn what_was_published_is_exported_byte_for_byte() {
    let desk = desk();
    desk.done(&["policy", "publish", "two.json", "--comment", "managers"]);
    assert_eq!(desk.done(&["policy", "export", "acme@1"]), policy("acme", "clerk"));
    assert_eq!(desk.done(&["policy", "export", "acme"]), policy("acme", "manager"));
    desk.done(&["policy", "export", "acme@1", "--out", "back.json"]);
    assert_eq!(std::fs::read_to_string(desk.path("back.json")).unwrap(), policy("acme", "clerk"));
    desk.refused(2, &["policy", "export", "acme@2", "--out", "back.json"], "cannot write back.json");
    assert_eq!(std::fs::read_to_string(desk.path("back.json")).unwrap(), policy("acme", "clerk"));
    let shown = desk.json(&["policy", "show", "acme@2"]);
    assert_eq!(
        (&shown["comment"], &shown["author"], &shown["state"]),
        (&json!("managers"), &json!("ops"), &json!("active"))
    );
    assert_eq!(shown["document"]["rules"][0]["principals"]["roles"], json!(["manager"]));
    let digest = shown["sha256"].as_str().unwrap();
    let by_digest = format!("acme@{}", digest.get(..12).unwrap());
    assert_eq!(desk.json(&["policy", "show", &by_digest])["version"], 2);
}

#[test]
fn an_older_version_comes_into_force_again_without_a_new_one() {
    let desk = desk();
    desk.done(&["policy", "publish", "two.json"]);
    assert_eq!(
        desk.done(&["policy", "rollback", "acme"]),
        "tenant acme: version 1 is in force again (was version 2)\n"
    );
    assert_eq!(in_force(&desk), 1);
    desk.refused(
        1,
        &["policy", "rollback", "acme@2", "--expect", "2"],
        "version 2 was expected, version 1 is in force",
    );
    desk.done(&["policy", "rollback", "acme@2", "--expect", "1"]);
    assert_eq!(in_force(&desk), 2);
    assert_eq!(desk.done(&["policy", "rollback", "acme@2"]), "tenant acme: version 2 is in force already\n");
    desk.refused(2, &["policy", "rollback", "acme@3"], "not in the registry");
    desk.refused(2, &["policy", "rollback", "nobody"], "not in the registry");
    assert_eq!(desk.json(&["policy", "list", "--tenant", "acme"]).as_array().unwrap().len(), 2);
    let actions: Vec<String> = desk
        .json(&["policy", "history", "acme"])
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions, ["POLICY_ROLLED_BACK", "POLICY_ROLLED_BACK", "POLICY_PUBLISHED", "TENANT_ADDED"]);
}

#[test]
fn what_counts_is_not_retired_and_what_is_retired_does_not_count() {
    let desk = desk();
    desk.done(&["policy", "publish", "two.json"]);
    desk.refused(1, &["policy", "retire", "acme@2"], "in force");
    desk.refused(2, &["policy", "retire", "acme"], "name the version, as acme@3");
    desk.done(&["policy", "shadow", "set", "acme@1"]);
    desk.refused(1, &["policy", "retire", "acme@1"], "the shadow");
    desk.done(&["policy", "shadow", "clear", "acme"]);
    desk.done(&["policy", "retire", "acme@1"]);
    assert_eq!(desk.done(&["policy", "retire", "acme@1"]), "tenant acme: version 1 was retired before\n");
    desk.refused(1, &["policy", "rollback", "acme@1"], "retired");
    desk.refused(1, &["policy", "shadow", "set", "acme@1"], "retired");
    desk.refused(1, &["policy", "publish", "one.json"], "retired");
    assert_eq!(in_force(&desk), 2);
    assert_eq!(desk.done(&["policy", "export", "acme@1"]), policy("acme", "clerk"));
}

#[test]
fn a_candidate_is_a_version_before_it_counts() {
    let desk = desk();
    assert_eq!(desk.done(&["policy", "shadow", "set", "two.json"]), "tenant acme: version 2 is the shadow\n");
    assert_eq!(desk.done(&["policy", "shadow", "set", "acme@2"]), "tenant acme: version 2 is the shadow already\n");
    assert_eq!(in_force(&desk), 1);
    assert_eq!(desk.json(&["policy", "show", "acme@shadow"])["version"], 2);
    let published = desk.json(&["policy", "publish", "two.json"]);
    assert_eq!(
        published["policies"][0],
        json!({
            "tenantId": "acme", "policyId": "POL", "outcome": "AGAIN", "version": 2, "fromVersion": 1, "shadowCleared": true,
            "sha256": published["policies"][0]["sha256"],
        })
    );
    desk.refused(2, &["policy", "show", "acme@shadow"], "not in the registry");
    desk.refused(1, &["policy", "shadow", "set", "acme@active"], "in force");
    desk.put("base.json", BASELINE);
    desk.refused(2, &["policy", "shadow", "set", "base.json"], "a baseline has no shadow");
}

#[test]
fn versions_of_the_registry_are_compared_like_files() {
    let desk = desk();
    desk.done(&["policy", "publish", "two.json"]);
    let ended = desk.run(&["policy", "diff", "acme@1", "acme@active", "--semantic"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.starts_with("POL (tenant acme): acme@1 -> acme@active\n"), "{}", ended.out);
    assert!(ended.out.contains("role manager gains"), "{}", ended.out);
    assert_eq!(desk.run(&["policy", "diff", "acme@2", "two.json"]).out, "1 policy: 0 widened, 0 narrowed\n");
    desk.refused(2, &["policy", "diff", "acme@1", "acme@9"], "not in the registry");
    // Files need no registry, and a file of that name is meant where there is one.
    assert_eq!(desk.plain(&["policy", "diff", "one.json", "one.json"]).code, 0);
    desk.put("acme@1", policy("acme", "manager"));
    assert_eq!(desk.plain(&["policy", "diff", "acme@1", "two.json", "--file", "nothing.db"]).code, 0);
    desk.put("base.json", BASELINE);
    desk.done(&["policy", "publish", "base.json"]);
    assert_eq!(desk.run(&["policy", "diff", "acme@2", "two.json", "--baseline", "*@active"]).code, 0);
}

#[test]
fn a_loaded_policy_is_a_version_once_another_is_published() {
    let desk = Desk::new();
    let fixtures = crate::desk::project().join("fixtures/registry");
    desk.done(&["registry", "load", fixtures.to_str().unwrap()]);
    let loaded = desk.json(&["policy", "show", "acme"]);
    assert_eq!(loaded["version"], json!(null));
    desk.put("two.json", policy("acme", "manager"));
    let published = desk.done(&["policy", "publish", "two.json"]);
    assert_eq!(published, "tenant acme: version 2 of POL is in force (was version 1)\n");
    desk.done(&["policy", "rollback", "acme"]);
    assert_eq!(desk.json(&["policy", "show", "acme"])["sha256"], loaded["sha256"]);
    assert!(desk.path(FILE).is_file());
}
