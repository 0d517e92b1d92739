//! Importing members: which lines are refused, and that nothing is written then.

use std::fs;

use serde_json::{Value, json};

use crate::desk::Desk;

const WHERE: [&str; 4] = ["--tenant", "acme", "--issuer", "https://idp.example"];

fn import<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["member", "import", file], &WHERE[..], more].concat()
}

#[test]
fn both_formats_are_imported_and_listed_as_they_are_imported() {
    let desk = Desk::with_tenants(&["acme", "globex"]);
    desk.put(
        "one.csv",
        "\u{feff}subject,roles,workspaces,status\r\nalice,clerk;manager,w1,ACTIVE\r\nbob,,,SUSPENDED\r\n",
    );
    let told = desk.done(&import("one.csv", &[]));
    assert_eq!(told, "imported 2 members: 2 added, 0 replaced, 0 unchanged; 0 lines refused\n");
    let listed = desk.done(&["member", "list", "--tenant", "acme", "--json"]);
    desk.put("two.jsonl", listed.replace("\"acme\"", "\"globex\""));
    let imported = desk.json(&["member", "import", "two.jsonl"]);
    assert_eq!(imported, json!({"added": 2, "replaced": 0, "unchanged": 0, "refused": 0, "keptSuspended": 0}));
    let of_globex = desk.done(&["member", "list", "--tenant", "globex", "--json"]);
    assert_eq!(of_globex.replace("\"globex\"", "\"acme\""), listed);
    desk.put("one.csv", "subject,roles\nalice,clerk\ncarol,clerk\n");
    let imported = desk.json(&import("one.csv", &[]));
    assert_eq!(imported, json!({"added": 1, "replaced": 1, "unchanged": 0, "refused": 0, "keptSuspended": 0}));
    assert_eq!(desk.json(&import("one.csv", &[]))["unchanged"], 2);
    assert!(desk.done(&["log", "--tenant", "acme"]).contains("MEMBERS_IMPORTED"));
}

#[test]
fn one_refused_line_refuses_all_of_them() {
    let desk = Desk::with_tenants(&["acme"]);
    let lines = "subject,roles,tenantId\nalice,clerk,\nb\u{1b}[2Job,clerk,\ncarol,clerk,globex\nalice,clerk,acme\n\"dave,clerk,\n";
    desk.put("m.csv", lines);
    let before = desk.dump();
    let ended = desk.run(&import("m.csv", &["--report", "refused.jsonl"]));
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("4 lines are refused, and nothing was imported"), "{}", ended.err);
    assert!(!ended.err.contains('\u{1b}'), "{}", ended.err);
    assert_eq!(desk.dump(), before);
    let report = fs::read_to_string(desk.path("refused.jsonl")).unwrap();
    let numbers: Vec<u64> =
        report.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 4, 5, 6]);
    let told = desk.done(&import("m.csv", &["--skip-refused", "--dry-run"]));
    assert_eq!(told, "1 members would be imported, 4 lines are refused; nothing was written\n");
    assert_eq!(desk.dump(), before);
    desk.done(&import("m.csv", &["--skip-refused"]));
    assert_eq!(desk.done(&["member", "list", "--tenant", "acme"]).lines().count(), 1);
}

#[test]
fn a_tenant_that_is_not_there_refuses_each_of_its_lines() {
    let desk = Desk::with_tenants(&["acme"]);
    let lines: Vec<String> =
        (0..1_200).map(|number| format!("user{number},{}", if number % 100 == 0 { "acme" } else { "gone" })).collect();
    desk.put("m.csv", format!("subject,tenantId\n{}\n", lines.join("\n")));
    let arguments = ["member", "import", "m.csv", "--issuer", "https://idp.example"];
    desk.refused(2, &arguments, "and 1168 more; --report FILE writes all of them");
    let imported = desk.json(&[&arguments[..], &["--skip-refused", "--report", "refused.jsonl"]].concat());
    assert_eq!(imported, json!({"added": 12, "replaced": 0, "unchanged": 0, "refused": 1_188, "keptSuspended": 0}));
    assert_eq!(fs::read_to_string(desk.path("refused.jsonl")).unwrap().lines().count(), 1_188);
}

#[test]
fn a_file_that_is_none_is_refused_with_its_reason() {
    let desk = Desk::with_tenants(&["acme"]);
    desk.put("empty.csv", "");
    desk.put("header.csv", "subject,roles\r\n");
    desk.put("excel.csv", "subject;roles\r\nalice;clerk\r\n");
    desk.put("wide.csv", [0xff, 0xfe, b's', 0]);
    desk.put("members", "subject\nalice\n");
    desk.put("huge.csv", vec![b'x'; 64 * 1024 * 1024 + 1]);
    for (file, words) in [
        ("empty.csv", "there is no member in it"),
        ("header.csv", "there is no member in it"),
        ("excel.csv", "save it with commas"),
        ("wide.csv", "not UTF-8"),
        ("members", "give --format csv or --format jsonl"),
        ("huge.csv", "split it"),
        ("nothing.csv", "cannot read"),
        (".", "is a folder"),
    ] {
        desk.refused(2, &import(file, &[]), words);
    }
    desk.done(&import("members", &["--format", "csv"]));
    desk.refused(
        2,
        &import("members", &["--format", "csv", "--report", "no/such/report"]),
        "cannot write no/such/report",
    );
}
