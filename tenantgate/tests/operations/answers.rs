//! Tenants, members, clients, routes and kills, one at a time; what asks, and what is told afterwards.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::desk::{BASELINE, Desk, policy};

const ISSUER: [&str; 2] = ["--issuer", "https://idp.example"];

#[test]
fn a_tenant_goes_through_its_life() {
    let desk = Desk::new();
    desk.put("acme.json", policy("acme", "clerk"));
    assert_eq!(
        desk.done(&["tenant", "add", "acme", "--policy", "acme.json"]),
        "added tenant acme with version 1 of POL\n"
    );
    desk.refused(1, &["tenant", "add", "acme"], "is in the registry");
    desk.refused(
        2,
        &["tenant", "add", "globex", "--policy", "acme.json"],
        "acme.json is for tenant acme, not for tenant globex",
    );
    desk.done(&["tenant", "add", "globex"]);
    desk.done(&["member", "add", "alice", "--tenant", "acme", ISSUER[0], ISSUER[1]]);
    assert_eq!(desk.done(&["tenant", "suspend", "acme"]), "tenant acme is suspended\n");
    assert_eq!(desk.done(&["tenant", "suspend", "acme"]), "tenant acme is suspended already\n");
    let suspended = desk.json(&["tenant", "list", "--suspended"]);
    assert_eq!(
        suspended.as_array().unwrap().iter().map(|one| one["tenantId"].clone()).collect::<Vec<_>>(),
        [json!("acme")]
    );
    let status = desk.run(&["status"]);
    assert_eq!((status.code, status.out.contains("2, 1 suspended: acme")), (0, true), "{}", status.out);
    desk.done(&["tenant", "resume", "acme"]);
    assert_eq!(desk.json(&["tenant", "show", "acme", "--count"])["members"], 1);
    desk.refused(2, &["tenant", "remove", "acme"], "there is no terminal to ask at");
    assert_eq!(desk.done(&["tenant", "remove", "acme", "--yes"]), "removed tenant acme with 1 members and 0 clients\n");
    desk.refused(2, &["tenant", "show", "acme"], "not in the registry");
    desk.refused(2, &["tenant", "remove", "acme", "--yes"], "not in the registry");
    let told = desk.done(&["log", "--tenant", "acme"]);
    assert!(told.contains("TENANT_REMOVED") && told.contains("MEMBER_ADDED"), "{told}");
    desk.done(&["tenant", "add", "acme"]);
    assert_eq!(desk.json(&["policy", "show", "acme"])["version"], 2);
}

#[test]
fn members_and_clients_are_added_replaced_and_removed() {
    let desk = Desk::with_tenants(&["acme", "globex"]);
    let member = |arguments: &[&str]| desk.done(&[&["member"], arguments, &ISSUER].concat());
    let add = ["add", "alice", "--tenant", "acme", "--role", "clerk", "--workspace", "w1"];
    assert_eq!(member(&add), "member alice of tenant acme: added\n");
    assert_eq!(member(&add), "member alice of tenant acme: is there just so already\n");
    assert_eq!(
        member(&["add", "alice", "--tenant", "acme", "--suspended"]),
        "member alice of tenant acme: replaced what was there\n"
    );
    member(&["add", "alice", "--tenant", "globex"]);
    let listed = desk.done(&["member", "list", "--subject", "alice", ISSUER[0], ISSUER[1], "--json"]);
    let listed: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        listed[0],
        json!({"issuer": ISSUER[1], "subject": "alice", "tenantId": "acme", "roles": [], "workspaces": [], "status": "SUSPENDED"})
    );
    assert_eq!((listed.len(), &listed[1]["tenantId"]), (2, &json!("globex")));
    member(&["remove", "alice", "--tenant", "acme", "--yes"]);
    desk.refused(
        2,
        &["member", "remove", "alice", "--tenant", "acme", "--yes", ISSUER[0], ISSUER[1]],
        "not in the registry",
    );
    assert_eq!(desk.done(&["member", "list", "--tenant", "acme"]), "no members\n");
    desk.refused(2, &["member", "list", "--tenant", "nobody"], "not in the registry");
    desk.refused(2, &["member", "add", "bob", "--tenant", "nobody", ISSUER[0], ISSUER[1]], "not in the registry");

    let client = |arguments: &[&str]| desk.done(&[&["client"], arguments, &ISSUER].concat());
    client(&["add", "batch", "--tenant", "acme", "--scope", "orders.read", "--role", "batch"]);
    client(&["add", "agent", "--tenant", "acme", "--all-scopes"]);
    client(&["add", "quiet", "--tenant", "acme", "--no-scopes"]);
    let listed = desk.done(&["client", "list", "--tenant", "acme", "--json"]);
    let scopes: Vec<Value> =
        listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["scopes"].clone()).collect();
    assert_eq!(scopes, [json!(["*"]), json!(["orders.read"]), json!([])]);
    client(&["remove", "batch", "--tenant", "acme", "--yes"]);
    desk.refused(2, &["client", "add", "x", "--tenant", "acme", ISSUER[0], ISSUER[1]], "--all-scopes");
    desk.refused(
        2,
        &["client", "add", "x", "--tenant", "acme", "--scope", "*", ISSUER[0], ISSUER[1]],
        "give --all-scopes",
    );
}

#[test]
fn routes_are_bound_listed_and_removed() {
    let desk = Desk::new();
    let add = [
        "route",
        "add",
        "/support",
        "--binding-id",
        "support-a2a",
        "--protocol",
        "a2a",
        "--agent-name",
        "support",
        "--app-id",
        "helpdesk",
    ];
    assert_eq!(desk.done(&add), "route /support to agent support: added\n");
    let mut other = add;
    other[2] = "/other";
    desk.refused(1, &other, "give each binding its own");
    desk.refused(2, &[&["route", "add", "support/"], &add[3..]].concat(), "like \"/support\"");
    let listed = desk.json(&["route", "list"]);
    assert_eq!(
        listed,
        json!([{"bindingId": "support-a2a", "path": "/support", "protocol": "A2A", "agentName": "support", "appId": "helpdesk", "responses": "ANY", "status": "ACTIVE"}])
    );
    desk.refused(2, &["route", "remove", "/support"], "there is no terminal to ask at");
    desk.done(&["route", "remove", "/support", "--yes"]);
    desk.refused(2, &["route", "remove", "/support", "--yes"], "not in the registry");
    assert_eq!(desk.done(&["route", "list"]), "no routes\n");
    assert!(desk.done(&["log", "--platform"]).contains("ROUTE_REMOVED bindingId=support-a2a path=/support"));
}

#[test]
fn what_is_stopped_is_told_until_it_is_lifted() {
    let desk = Desk::with_tenants(&["acme"]);
    assert_eq!(desk.run(&["status"]).code, 0);
    desk.refused(2, &["kill", "all"], "there is no terminal to ask at");
    assert_eq!(desk.run(&["status"]).code, 0);
    let stopped = desk.json(&["kill", "tenant", "acme", "--comment", "stolen key"]);
    let told = desk.run(&["status"]);
    assert_eq!(told.code, 1);
    assert!(told.out.contains("tenant acme, by ops at") && told.out.contains("stolen key"), "{}", told.out);
    desk.done(&["kill", "tool", "orders___refund"]);
    desk.done(&["kill", "tool", "orders___refund", "--tenant", "acme"]);
    desk.done(&["kill", "all", "--yes"]);
    let status: Value = serde_json::from_str(&desk.run(&["status", "--json"]).out).unwrap();
    assert_eq!(status["kills"].as_array().unwrap().len(), 4);
    desk.done(&["kill", "lift", stopped["id"].as_str().unwrap()]);
    desk.refused(2, &["kill", "lift", "nothing"], "not in the registry");
    desk.refused(2, &["kill", "lift"], "--all");
    desk.refused(2, &["kill", "lift", "--all"], "there is no terminal to ask at");
    desk.done(&["kill", "lift", "--all", "--yes"]);
    assert_eq!(desk.done(&["kill", "lift", "--all"]), "nothing is stopped\n");
    assert_eq!(desk.run(&["status"]).code, 0);
    let told = desk.done(&["log", "--platform"]);
    assert_eq!(told.matches("KILL_LIFTED").count(), 4, "{told}");
}

#[test]
fn what_was_stopped_before_is_told_and_a_name_that_is_none_is_refused() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.done(&["kill", "tool", "orders___refund", "--reason", "incident 9"]);
    let again = desk.done(&["kill", "tool", "orders___refund", "--reason", "incident 10", "--by", "other"]);
    assert!(again.starts_with("tool orders___refund was stopped before, by ops at "), "{again}");
    assert!(again.contains("incident 9; lift it with") && !again.contains("incident 10"), "{again}");
    assert_eq!(desk.json(&["kill", "tool", "orders___refund"])["changed"], false);
    let wrong = desk.run(&["kill", "tool", "orders__refund"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    assert!(wrong.err.contains("exactly three underscores") && !wrong.err.contains("rules["), "{}", wrong.err);
}

#[test]
fn kills_that_cannot_be_read_are_told_and_replaced() {
    let desk = Desk::with_tenants(&["acme"]);
    let bad = json!({"pk": {"S": "KILL"}, "sk": {"S": "KILL"}, "schema": {"N": "1"}, "kind": {"S": "kill-switch"},
        "revision": {"N": "4"}, "document": {"S": "{\"kills\":[{\"scope\":\"NEW\"}]}"}});
    desk.put("folder/items/kill.json", bad.to_string());
    desk.done(&["registry", "load", "folder"]);
    let status = desk.run(&["status"]);
    assert_eq!(status.code, 1);
    for words in ["EVERYBODY IS REFUSED: the item of the kills is malformed: document", "1, none suspended"] {
        assert!(status.out.contains(words), "{}", status.out);
    }
    desk.refused(1, &["kill", "all", "--yes"], "the item of the kills is malformed");
    desk.refused(2, &["kill", "lift", "--all"], "there is no terminal to ask at");
    let lifted = desk.done(&["kill", "lift", "--all", "--yes", "--comment", "repaired"]);
    assert_eq!(lifted, "the kills could not be read and were replaced: nothing is stopped\n");
    assert_eq!(desk.run(&["status"]).code, 0);
    let log = desk.done(&["log", "--platform"]);
    assert!(log.contains("KILL_LIFTED unreadable=document  repaired"), "{log}");
    assert_eq!(desk.json(&["kill", "all", "--yes"])["id"], "K6");
}

#[test]
fn a_baseline_that_cannot_be_read_is_told() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.put("base.json", BASELINE);
    desk.done(&["policy", "publish", "base.json"]);
    let items = desk.dump();
    let is_pointer = |item: &&Value| item["sk"]["S"] == "BASELINE";
    let mut pointer = items.as_array().unwrap().iter().find(is_pointer).unwrap().clone();
    pointer["policySha256"] = json!({"N": "1"});
    desk.put("folder/items/baseline.json", pointer.to_string());
    desk.done(&["registry", "load", "folder"]);
    let status = desk.run(&["status"]);
    assert_eq!(status.code, 1, "{}", status.err);
    assert!(status.out.contains("EVERYBODY IS REFUSED: the baseline is malformed"), "{}", status.out);
    assert!(status.out.contains("1, none suspended"), "{}", status.out);
}

/// One line for a set, and the newest first also within a second.
#[test]
fn the_log_tells_of_sets_and_the_newest_first() {
    let desk = Desk::with_tenants(&["zeta", "acme"]);
    desk.put("policies/acme.json", policy("acme", "clerk"));
    desk.put("policies/zeta.json", policy("zeta", "clerk"));
    let set = desk.json(&["policy", "publish", "policies", "--comment", "both"])["changeSet"].clone();
    let log = desk.json(&["log"]);
    let entries = log.as_array().unwrap();
    let of_set: Vec<&Value> = entries.iter().filter(|entry| entry["changeSet"] == set).collect();
    assert_eq!(of_set.len(), 1, "{log:#}");
    assert_eq!(of_set[0]["details"], json!({"policies": "2", "state": "DONE"}));
    assert_eq!((&of_set[0]["comment"], &of_set[0]["author"]), (&json!("both"), &json!("ops")));
    let tenants: Vec<&Value> =
        entries.iter().map(|entry| &entry["tenantId"]).filter(|tenant| !tenant.is_null()).collect();
    assert_eq!(tenants, ["acme", "zeta"]);
    let text = desk.done(&["log"]);
    assert!(text.contains(&format!("policies=2 state=DONE changeSet={}", set.as_str().unwrap())), "{text}");
    desk.refused(2, &["log", "--tenant", "nosuch"], "tenant nosuch is not in the registry");
    desk.refused(2, &["policy", "history", "nobody"], "tenant nobody is not in the registry");
}

#[test]
fn what_is_in_force_is_told_in_one_look() {
    let desk = Desk::with_tenants(&["acme", "globex"]);
    desk.put("base.json", BASELINE);
    desk.put("next.json", policy("acme", "clerk"));
    desk.done(&["policy", "publish", "base.json"]);
    desk.done(&["policy", "shadow", "set", "next.json"]);
    let status = desk.json(&["status"]);
    assert_eq!(
        (&status["tenants"], &status["shadows"], &status["baseline"]["version"]),
        (&json!(2), &json!(1), &json!(1))
    );
    let listed = desk.done(&["policy", "list"]);
    let rows: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((rows[1][0], rows[1][2], rows[2][0], rows[2][5], rows[3][5]), ("*", "1", "acme", "2", "-"));
}

/// At a terminal the command asks, and only yes is yes.
#[test]
fn a_terminal_is_asked() {
    let desk = Desk::with_tenants(&["acme"]);
    for (answer, is_gone) in [("\n", false), ("n\n", false), ("yess\n", false), ("y\n", true)] {
        let line = format!("{} tenant remove acme --file registry.db", env!("CARGO_BIN_EXE_tenantgate"));
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(desk.path(""))
            .env("USER", "ops")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("Remove tenant acme with 0 members and 0 clients from the table"), "{text}");
        assert_eq!(output.status.success(), is_gone, "{answer:?}: {text}");
        assert_eq!(desk.run(&["tenant", "show", "acme"]).code == 2, is_gone);
    }
}
