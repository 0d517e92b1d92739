//! What a user may do.

use serde_json::{Value, json};

use crate::registry::{Asked, ISSUER, allow, deny};

fn asked() -> Asked {
    Asked::new(
        "what-can",
        &json!([
            allow("read", "orders___get*", json!({})),
            allow("refund", "orders___refund", json!({"principals": {"roles": ["manager"]}})),
            allow("bobs", "crm___*", json!({"principals": {"users": ["bob"]}})),
            deny(
                "late",
                "getSecret",
                json!({"conditions": [{"path": "$.time", "operator": "BETWEEN", "value": ["22:00", "06:00"]}]})
            ),
        ]),
    )
}

#[test]
fn resources_are_told_with_what_they_need_and_what_cuts_them() {
    let ended = asked().run(&["alice", "--issuer", ISSUER]);
    assert_eq!(ended.code, 0);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(
        lines,
        [
            "acme: user alice, known by https://issuer.example; roles: clerk; workspaces: none; ACTIVE",
            "  ? agent:tool:orders___get*: always, by read of P",
            "    - but not agent:tool:*drop*: always, by no-drop of B",
            "    - but not agent:tool:getSecret: if $.time BETWEEN [\"22:00\",\"06:00\"], by late of P",
            "  ? agent:tool:orders___refund: if the token has the role manager, by refund of P",
            "  - ALLOW bobs of P cannot apply: it is about other users",
        ]
    );
}

#[test]
fn tools_of_a_list_are_asked_about_one_by_one() {
    let asked = asked();
    let list = asked.0.put("list.json", r#"{"tools": [{"name": "orders___getOrder"}, {"name": "orders___refund"}, {"name": "orders___getSecret"}, {"name": "x__y"}]}"#);
    let (code, told) = asked.json(&["bob", "--tenant", "acme", "--tools", &list]);
    let tools: Vec<(&str, &str)> = told["memberships"][0]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["tool"].as_str().unwrap(), own["reach"]["standing"].as_str().unwrap()))
        .collect();
    assert_eq!(code, 0);
    assert_eq!(
        tools,
        [("orders___getOrder", "ALWAYS"), ("orders___refund", "ALWAYS"), ("orders___getSecret", "SOMETIMES")]
    );
}

#[test]
fn whoever_may_nothing_is_told_why() {
    let asked = asked();
    for (arguments, code, words) in [
        (&["carol", "--tenant", "acme"][..], 0, "MEMBER_SUSPENDED"),
        (&["dave", "--issuer", ISSUER], 0, "TENANT_SUSPENDED"),
        (&["nobody", "--tenant", "acme"], 1, "NOT_A_MEMBER"),
        (&["--client", "nightly", "--tenant", "acme"], 0, "client nightly"),
    ] {
        let ended = asked.run(arguments);
        assert_eq!(ended.code, code, "{}", ended.err);
        assert!(ended.out.contains(words), "{}", ended.out);
    }
    assert_eq!(asked.run(&["alice"]).code, 2);
    let none: Value = json!([]);
    assert_eq!(asked.json(&["nobody", "--issuer", ISSUER]).1["memberships"], none);
}
