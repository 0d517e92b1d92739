//! Where conditions look: roots, several values, values elsewhere, other spellings.
#![cfg(test)]

#[path = "support/truth.rs"]
mod truth;

use serde_json::json;
use truth::Truth::{self, False, Indeterminate, True};
use truth::asking::Asker;
use truth::{holds, truth_for, truth_of};

#[test]
fn a_path_begins_at_a_root_and_finds_nothing_elsewhere() {
    let asker = Asker::new(&json!({
        "user": "bob", "agent": "planner", "roles": ["clerk"], "registryRoles": ["lead"], "workspaces": ["w"],
        "scopes": ["s"], "claims": {"department": "sales", "level": 7}, "time": "2026-01-02T03:04:05Z",
    }));
    let arguments =
        r#"{"department":"hr","claims":{"department":"hr"},"user":{"id":"eve"},"time":"2030-01-01T00:00:00Z"}"#;
    for (path, value) in [
        ("$.claims.department", "\"sales\""),
        ("$.claims.level", "7"),
        ("$['claims']['department']", "\"sales\""),
        ("$.arguments.department", "\"hr\""),
        ("$.arguments.claims.department", "\"hr\""),
        ("$.tool.name", "\"t\""),
        ("$.tenant.id", "\"acme\""),
        ("$.user.id", "\"bob\""),
        ("$.user.issuer", "\"https://issuer.example\""),
        ("$.user.roles[0]", "\"clerk\""),
        ("$.user.roles[1]", "\"lead\""),
        ("$.user.workspaces[0]", "\"w\""),
        ("$.user.scopes[0]", "\"s\""),
        ("$.agent.id", "\"planner\""),
        ("$.time", "\"2026-01-02T03:04:05Z\""),
    ] {
        let condition = format!(r#"{{"path":"{path}","operator":"EQUALS","value":{value}}}"#);
        assert_eq!(truth_for(&asker, &condition, arguments), True, "{condition}");
    }
    for path in ["$.tool.target", "$.claims.none", "$.tenant.name", "$.user.id.x", "$.claims", "$.arguments.Department"]
    {
        let condition = format!(r#"{{"path":"{path}","operator":"EQUALS","value":"sales"}}"#);
        assert_eq!(truth_for(&asker, &condition, arguments), Indeterminate, "{condition}");
    }
    let without = Asker::new(&json!({}));
    assert_eq!(truth_for(&without, r#"{"path":"$.agent.id","operator":"NOT_EXISTS"}"#, "{}"), True);
}

#[test]
fn an_allow_needs_all_values_and_a_deny_any() {
    let condition = r#"{"path":"$.arguments.list[*].n","operator":"LESS_THAN","value":5}"#;
    let asker = Asker::new(&json!({}));
    for (list, allows, denies) in [
        ("[{\"n\":1},{\"n\":4}]", true, true),
        ("[{\"n\":1},{\"n\":5}]", false, true),
        ("[{\"n\":9},{\"n\":5}]", false, false),
        ("[{\"n\":9},{\"n\":\"1\"}]", false, true),
        ("[{\"n\":1},{\"n\":\"1\"}]", false, true),
        ("[{\"m\":1}]", false, true),
        ("[{\"n\":1},{\"m\":1}]", true, true),
        ("[]", false, true),
    ] {
        let arguments = format!("{{\"list\":{list}}}");
        assert_eq!(holds(&asker, "ALLOW", condition, &arguments), allows, "ALLOW {list}");
        assert_eq!(holds(&asker, "DENY", condition, &arguments), denies, "DENY {list}");
    }
}

#[test]
fn a_value_stands_elsewhere() {
    let asker =
        Asker::new(&json!({"claims": {"tenant": "acme", "max": 10, "ids": ["a", "b"], "none": [], "empty": ""}}));
    let check = |path: &str, operator: &str, value_path: &str, arguments: &str, expected: Truth| {
        let condition = format!(r#"{{"path":"{path}","operator":"{operator}","valuePath":"{value_path}"}}"#);
        assert_eq!(truth_for(&asker, &condition, arguments), expected, "{condition} {arguments}");
    };
    let x = "$.arguments.x";
    check(x, "EQUALS", "$.claims.tenant", r#"{"x":"acme"}"#, True);
    check(x, "EQUALS", "$.claims.tenant", r#"{"x":"globex"}"#, False);
    check(x, "EQUALS", "$.claims.tenant", r#"{"x":["acme"]}"#, Indeterminate);
    check(x, "EQUALS", "$.claims.missing", r#"{"x":"acme"}"#, Indeterminate);
    check(x, "EQUALS", "$.claims.ids", r#"{"x":"a"}"#, Indeterminate);
    check(x, "EQUALS", "$.claims.ids[*]", r#"{"x":"a"}"#, Indeterminate);
    check(x, "EQUALS", "$.claims.ids[0]", r#"{"x":"a"}"#, True);
    check(x, "NOT_EQUALS", "$.claims.tenant", r#"{"x":"globex"}"#, True);
    check(x, "IN", "$.claims.ids", r#"{"x":"b"}"#, True);
    check(x, "IN", "$.claims.ids", r#"{"x":"c"}"#, False);
    check(x, "IN", "$.claims.none", r#"{"x":"c"}"#, False);
    check(x, "IN", "$.claims.tenant", r#"{"x":"acme"}"#, Indeterminate);
    check(x, "NOT_IN", "$.claims.ids", r#"{"x":"c"}"#, True);
    check(x, "LESS_THAN_OR_EQUAL", "$.claims.max", r#"{"x":10}"#, True);
    check(x, "LESS_THAN_OR_EQUAL", "$.claims.max", r#"{"x":10.5}"#, False);
    check(x, "LESS_THAN", "$.arguments.y", r#"{"x":1,"y":2}"#, True);
    check(x, "LESS_THAN", "$.arguments.y", r#"{"x":1,"y":"2"}"#, Indeterminate);
    check(x, "STARTS_WITH", "$.claims.tenant", r#"{"x":"acme/7"}"#, True);
    check(x, "STARTS_WITH", "$.claims.empty", r#"{"x":"acme/7"}"#, Indeterminate);
    check(x, "ENDS_WITH", "$.claims.empty", r#"{"x":"acme/7"}"#, Indeterminate);
    check(x, "CONTAINS", "$.claims.empty", r#"{"x":"acme/7"}"#, Indeterminate);
    check(x, "CONTAINS", "$.claims.tenant", r#"{"x":["acme"]}"#, True);
    check(x, "CONTAINS", "$.claims.ids", r#"{"x":["a"]}"#, Indeterminate);
    check("$.claims.ids", "CONTAINS", "$.arguments.x", r#"{"x":"b"}"#, True);
    check("$.user.id", "EQUALS", "$.arguments.x", r#"{"x":"alice"}"#, True);
}

#[test]
fn a_filter_may_look_into_another_root() {
    assert_eq!(truth_of(r#"{"path":"$.arguments.x","operator":"EQUALS","value":10}"#, r#"{"x":10}"#), True);
    let asker = Asker::new(&json!({"claims": {"max": 10}}));
    let condition = r#"{"path":"$.arguments.list[?@.n > $.claims.max]","operator":"NOT_EXISTS"}"#;
    assert_eq!(truth_for(&asker, condition, r#"{"list":[{"n":9},{"n":10}]}"#), True);
    assert_eq!(truth_for(&asker, condition, r#"{"list":[{"n":9},{"n":11}]}"#), False);
}

#[test]
fn another_spelling_of_an_argument_makes_a_condition_indeterminate() {
    let exists = r#"{"path":"$.arguments.pay.amount","operator":"EXISTS"}"#;
    for (arguments, expected) in [
        (r#"{"pay":{"amount":1}}"#, True),
        (r#"{"pay":{}}"#, False),
        (r#"{}"#, False),
        (r#"{"pay":{"Amount":1}}"#, Indeterminate),
        (r#"{"pay":{"amount":1,"AMOUNT":1}}"#, Indeterminate),
        (r#"{"Pay":{"amount":1}}"#, Indeterminate),
        (r#"{"pay":{"amount":1},"PAY":{}}"#, Indeterminate),
        (r#"{"pay":{"amount":1},"other":{"Amount":1}}"#, True),
        (r#"{"pay":{"amounts":1}}"#, False),
    ] {
        assert_eq!(truth_of(exists, arguments), expected, "{arguments}");
    }
    let folded = r#"{"path":"$.arguments.task","operator":"NOT_EXISTS"}"#;
    assert_eq!(truth_of(folded, "{\"ta\u{17f}k\":1}"), Indeterminate);
    assert_eq!(truth_of(folded, "{\"tas\u{212a}\":1}"), Indeterminate);
    let anywhere = r#"{"path":"$.arguments..amount","operator":"EXISTS"}"#;
    assert_eq!(truth_of(anywhere, r#"{"a":[{"Amount":1}]}"#), Indeterminate);
    assert_eq!(truth_of(anywhere, r#"{"a":[{"amounts":1}],"Arguments":1}"#), False);
    let filtered = r#"{"path":"$.arguments.list[?@.kind == 'x']","operator":"EXISTS"}"#;
    assert_eq!(truth_of(filtered, r#"{"list":[{"Kind":"x"}]}"#), Indeterminate);
    let value = r#"{"path":"$.user.id","operator":"EQUALS","valuePath":"$.arguments.owner"}"#;
    assert_eq!(truth_of(value, r#"{"owner":"alice"}"#), True);
    assert_eq!(truth_of(value, r#"{"owner":"alice","Owner":"bob"}"#), Indeterminate);
    let claims = r#"{"path":"$.claims.a","operator":"EXISTS"}"#;
    assert_eq!(truth_for(&Asker::new(&json!({"claims": {"a": 1, "A": 1}})), claims, r#"{"A":1}"#), True);
}

#[test]
fn the_spelling_of_arguments_matters_only_to_conditions_on_arguments() {
    let asker = Asker::new(&json!({"claims": {"teams": [{"name": "a"}], "level": 7}}));
    for path in ["$.claims.teams[*].name", "$.claims..name", "$.claims.teams[?@.name == 'a'].name", "$.tool..name"] {
        let condition = format!(r#"{{"path":"{path}","operator":"IN","value":["a","t"]}}"#);
        let arguments = r#"{"Name":"b","TEAMS":[],"Claims":{}}"#;
        assert_eq!(truth_for(&asker, &condition, arguments), True, "{condition}");
    }
}

#[test]
fn work_beyond_the_budget_leaves_no_answer() {
    let list = vec!["0"; 5_000].join(",");
    let condition = r#"{"path":"$.arguments.list[?count($.arguments.list[*]) > 1]","operator":"EXISTS"}"#;
    assert_eq!(truth_of(condition, &format!("{{\"list\":[{list}]}}")), Indeterminate);
    assert_eq!(truth_of(condition, "{\"list\":[0,0]}"), True);
    // Each value is looked for in the whole list, and at worst each state of an expression waits for each byte.
    let numbers = |count: usize| (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    let lists = |count: usize| format!("{{\"ids\":[{0}],\"all\":[{0}]}}", numbers(count));
    let among = r#"{"path":"$.arguments.ids[*]","operator":"IN","valuePath":"$.arguments.all"}"#;
    assert_eq!(truth_of(among, &lists(1_000)), True);
    assert_eq!(truth_of(among, &lists(300_000)), Indeterminate);
    let written = format!(r#"{{"path":"$.arguments.ids[*]","operator":"NOT_IN","value":[{}]}}"#, numbers(1_000));
    assert_eq!(truth_of(&written, &lists(100_000)), Indeterminate);
    let lists = |count: usize| {
        let list = format!("[{}]", vec!["0"; 1_500].join(","));
        format!("{{\"lists\":[{}]}}", vec![list.as_str(); count].join(","))
    };
    let contains = r#"{"path":"$.arguments.lists[*]","operator":"CONTAINS","value":0}"#;
    assert_eq!(truth_of(contains, &lists(1_000)), True);
    assert_eq!(truth_of(contains, &lists(3_000)), Indeterminate);
    // A long number is read for each value that is compared with it.
    let compared = r#"{"path":"$.arguments.ids[*]","operator":"LESS_THAN","valuePath":"$.arguments.most"}"#;
    let numbers = |count: usize, digits: usize| {
        format!("{{\"ids\":[{}],\"most\":{}}}", vec!["0"; count].join(","), "9".repeat(digits))
    };
    assert_eq!(truth_of(compared, &numbers(10_000, 1_000)), True);
    assert_eq!(truth_of(compared, &numbers(200_000, 1_000_000)), Indeterminate);
    let wide = r#"{"path":"$.arguments.x","operator":"MATCHES","value":"[ab]*a[ab]{801}"}"#;
    let letters = |count: usize| format!("{{\"x\":\"{}\"}}", "ab".repeat(count));
    assert_eq!(truth_of(wide, &letters(1_000)), True);
    assert_eq!(truth_of(wide, &letters(1 << 20)), Indeterminate);
    let narrow = r#"{"path":"$.arguments.x","operator":"MATCHES","value":"[a-z]+"}"#;
    assert_eq!(truth_of(narrow, &letters(200_000)), True);
    let text = "a".repeat(40 << 20);
    let contains = r#"{"path":"$.arguments.x","operator":"CONTAINS","value":"b"}"#;
    assert_eq!(truth_of(contains, &format!("{{\"x\":\"{text}\"}}")), Indeterminate);
    assert_eq!(truth_of(contains, &format!("{{\"x\":\"{}\"}}", "a".repeat(1 << 20))), False);
}
