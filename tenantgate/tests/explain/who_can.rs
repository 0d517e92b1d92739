//! Who may call a tool.

use serde_json::{Value, json};

use crate::registry::{Asked, ISSUER, allow, deny};

fn rules() -> Value {
    json!([
        allow("clerks", "pay", json!({"principals": {"roles": ["clerk"]}, "scopes": ["write"]})),
        allow("managers", "pay", json!({"principals": {"workspaces": ["emea"]}})),
        deny("guests", "pay", json!({"principals": {"roles": ["guest"]}})),
    ])
}

#[test]
fn rules_are_told_with_all_that_they_ask() {
    let ended = Asked::new("who-can", &rules()).run(&["pay", "--tenant", "acme"]);
    assert_eq!(ended.code, 0);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(
        lines,
        [
            "+ acme (P)",
            "  + clerks of P allows roles clerk, with the scopes write",
            "  + managers of P allows workspaces emea",
            "  - guests of P denies roles guest",
        ]
    );
}

#[test]
fn members_that_may_the_same_are_counted_together() {
    let asked = Asked::new("who-can", &rules());
    let (_, told) = asked.json(&["pay", "--tenant", "acme", "--with-members"]);
    let groups: Vec<(&str, u64, Value)> = told["tenants"][0]["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["standing"].as_str().unwrap(), group["count"].as_u64().unwrap(), group["names"].clone()))
        .collect();
    assert_eq!(
        groups,
        [
            ("SOMETIMES", 1, json!(["user alice"])),
            ("SOMETIMES", 1, json!(["user bob"])),
            ("NEVER", 1, json!(["client nightly"])),
            ("SUSPENDED", 1, json!(["user carol"])),
        ]
    );
}

#[test]
fn of_many_members_only_some_are_named_unless_all_are_wanted() {
    let asked = Asked::new("who-can", &json!([allow("all", "pay", json!({}))]));
    let members: Vec<Value> = (0..300)
        .map(|number| json!({"issuer": ISSUER, "subject": format!("u{number}"), "tenantId": "acme", "roles": [format!("r{number}")], "status": "ACTIVE"}))
        .collect();
    asked.put("members.json", &json!(members));
    let names = |more: &[&str]| {
        let (_, told) = asked.json(&[&["pay", "--tenant", "acme", "--with-members"], more].concat());
        let group = &told["tenants"][0]["members"][0];
        assert_eq!((&group["standing"], &group["count"]), (&json!("ALWAYS"), &json!(301)));
        group["names"].as_array().unwrap().len()
    };
    assert_eq!((names(&[]), names(&["--all"])), (10, 301));
}

#[test]
fn members_in_whom_each_rule_sees_another_are_bounded_groups() {
    let rules: Vec<Value> = (0..300)
        .map(|number| {
            allow(
                &format!("R{number}"),
                "pay",
                json!({"principals": {"users": [format!("u{number}")]}, "scopes": ["s"]}),
            )
        })
        .collect();
    let asked = Asked::new("who-can", &json!(rules));
    let members: Vec<Value> = (0..300)
        .map(|number| json!({"issuer": ISSUER, "subject": format!("u{number}"), "tenantId": "acme", "roles": [], "status": "ACTIVE"}))
        .collect();
    asked.put("members.json", &json!(members));
    let (_, told) = asked.json(&["pay", "--tenant", "acme", "--with-members"]);
    let groups = told["tenants"][0]["members"].as_array().unwrap();
    let counted: u64 = groups.iter().map(|group| group["count"].as_u64().unwrap()).sum();
    assert_eq!((groups.len(), counted), (201, 301));
    assert!(groups.iter().any(|group| group["standing"] == "OTHERS"));
}

#[test]
fn all_tenants_are_asked_and_those_without_a_rule_counted() {
    let asked = Asked::new("who-can", &rules());
    let (_, told) = asked.json(&["pay"]);
    assert_eq!((told["tenants"].as_array().unwrap().len(), &told["tenantsWithoutARule"]), (1, &json!(0)));
    assert_eq!(told["tenantsRefused"], json!({"TENANT_SUSPENDED": 1}));
    assert!(asked.run(&["pay"]).out.contains("(TENANT_SUSPENDED): 1 tenant"));
    let (_, told) = asked.json(&["pay", "--none"]);
    let refused: Vec<&Value> =
        told["tenants"].as_array().unwrap().iter().filter_map(|tenant| tenant.get("refused")).collect();
    assert_eq!(refused.len(), 1);
    assert!(refused[0].as_str().unwrap().contains("TENANT_SUSPENDED"));
    let ended = asked.run(&["a__b"]);
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("nobody can") && ended.out.contains("TOOL_NAME"));
}
