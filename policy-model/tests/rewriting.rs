//! What a policy makes of the arguments of a call.
#![cfg(test)]

#[path = "support/argument_entries.rs"]
mod argument_entries;
#[path = "support/asker.rs"]
mod asker;
#[path = "support/resource.rs"]
mod resource;
#[path = "support/rewriting.rs"]
mod rewriting;

use argument_entries::{entry, parse, set, set_from};
use policy_model::Layers;
use policy_model::rewriting::Unresolved;
use rewriting::rewrite;
use serde_json::{Value, json};

fn remove(path: &str) -> String {
    entry("REMOVE", path, "")
}

fn mask(path: &str) -> String {
    entry("MASK", path, "")
}

/// What alice's call of `t` is rewritten to.
fn of(entries: &[String], arguments: &str) -> Result<String, Unresolved> {
    let policy = parse("acme", &entries.join(","));
    let special = json!({"claims": {"tenant": "acme", "twins": [1, 2], "nested": {"a": [1, "ü"]}}});
    Ok(rewrite(Layers::of(&policy), &special, "tool", "t", Some(arguments))?.unwrap_or_else(|| arguments.to_owned()))
}

fn check(entries: &[String], arguments: &str, expected: &str) {
    assert_eq!(of(entries, arguments).as_deref(), Ok(expected), "{entries:?} {arguments}");
}

#[test]
fn a_value_is_set_over_whatever_the_caller_sent() {
    let entries = [set_from("$.arguments.tenant_id", "$.claims.tenant")];
    check(&entries, r#"{"tenant_id":"globex","q":1}"#, r#"{"tenant_id":"acme","q":1}"#);
    check(&entries, r#"{"q":1}"#, r#"{"q":1,"tenant_id":"acme"}"#);
    check(&entries, "{}", r#"{"tenant_id":"acme"}"#);
    for sent in ["null", "{}", "[\"globex\"]", "1e400"] {
        check(&entries, &format!(r#"{{"tenant_id":{sent}}}"#), r#"{"tenant_id":"acme"}"#);
    }
    check(&entries, r#"{"\u0074enant_id":"globex"}"#, r#"{"\u0074enant_id":"acme"}"#);
}

#[test]
fn every_other_byte_stays_as_it_was() {
    let entries = [set("$.arguments.a", "1"), mask("$.arguments.b"), remove("$.arguments.c")];
    check(
        &entries,
        "{ \"x\" : 1.50 ,\n \"b\":{\"y\":2},\t\"c\":[ ], \"\\u0061\" : 0 , \"z\":\"\\/\" }",
        "{ \"x\" : 1.50 ,\n \"b\":\"****\", \"\\u0061\" : 1 , \"z\":\"\\/\" }",
    );
}

#[test]
fn missing_objects_are_made_once_for_all_that_is_set_in_them() {
    let entries = [set("$.arguments.ctx.b.c", "1"), set("$.arguments.ctx.a", "2"), set("$.arguments['c.d']", "3")];
    check(&entries, "{}", r#"{"c.d":3,"ctx":{"a":2,"b":{"c":1}}}"#);
    check(&entries, r#"{"ctx":{"x":0}}"#, r#"{"ctx":{"x":0,"a":2,"b":{"c":1}},"c.d":3}"#);
    check(&entries, r#"{"ctx":{"b":{"c":9},"a":9}}"#, r#"{"ctx":{"b":{"c":1},"a":2},"c.d":3}"#);
    check(&[set("$.arguments.o", r#"{"a":1,"b":1}"#), set("$.arguments.o.b", "2")], "{}", r#"{"o":{"a":1,"b":2}}"#);
}

#[test]
fn missing_arguments_are_made_only_where_something_is_set() {
    let none = |entries: &[String]| {
        let policy = parse("acme", &entries.join(","));
        rewrite(Layers::of(&policy), &Value::Null, "tool", "t", None)
    };
    assert_eq!(none(&[set("$.arguments.a", "true")]), Ok(Some(r#"{"a":true}"#.to_owned())));
    assert_eq!(none(&[remove("$.arguments.a"), mask("$.arguments.*")]), Ok(None));
}

#[test]
fn a_value_is_written_as_the_policy_or_the_claim_writes_it() {
    check(&[set("$.arguments.a", r#"{"b":[1.0,"\u00e9"]}"#)], "{}", r#"{"a":{"b":[1.0,"\u00e9"]}}"#);
    check(&[set_from("$.arguments.a", "$.claims.nested")], "{}", r#"{"a":{"a":[1,"ü"]}}"#);
    check(&[set_from("$.arguments.a", "$.tool.name")], "{}", r#"{"a":"t"}"#);
    check(&[set_from("$.arguments.a", "$.user.id")], "{}", r#"{"a":"alice"}"#);
    check(&[set_from("$.arguments.a", "$.tenant.id")], "{}", r#"{"a":"acme"}"#);
}

#[test]
fn all_that_is_selected_is_removed_or_masked() {
    check(&[remove("$.arguments.debug")], r#"{"debug":true,"x":{"debug":1}}"#, r#"{"x":{"debug":1}}"#);
    check(&[remove("$.arguments..debug")], r#"{"debug":true,"x":[{"debug":1}]}"#, r#"{"x":[{}]}"#);
    check(
        &[mask("$.arguments..card")],
        r#"{"card":4111,"x":[{"card":{"n":1}}]}"#,
        r#"{"card":"****","x":[{"card":"****"}]}"#,
    );
    check(&[mask("$.arguments.cards[0]")], r#"{"cards":[1,2]}"#, r#"{"cards":["****",2]}"#);
    check(
        &[remove("$.arguments.l[?@.hidden == true]")],
        r#"{"l":[{"hidden":true},{"hidden":false}]}"#,
        r#"{"l":[{"hidden":false}]}"#,
    );
    check(&[remove("$.arguments.l[0].x")], r#"{"l":[{"x":1},{"x":2}]}"#, r#"{"l":[{},{"x":2}]}"#);
    check(&[remove("$.arguments.*")], r#"{"a":1,"b":[]}"#, "{}");
}

#[test]
fn of_one_policy_values_are_removed_then_masked_then_set() {
    check(&[set("$.arguments.a", "1"), remove("$.arguments.a")], r#"{"a":9,"z":0}"#, r#"{"z":0,"a":1}"#);
    check(&[set("$.arguments.a", "1"), mask("$.arguments.a")], r#"{"a":9,"z":0}"#, r#"{"a":1,"z":0}"#);
    check(&[mask("$.arguments.a"), remove("$.arguments.a")], r#"{"a":9,"z":0}"#, r#"{"z":0}"#);
    check(&[mask("$.arguments.o"), remove("$.arguments.o.x")], r#"{"o":{"x":1}}"#, r#"{"o":"****"}"#);
}

#[test]
fn a_member_in_another_spelling_makes_the_call_one_to_refuse() {
    let refused = |entry: String, arguments: &str| {
        let told = of(std::slice::from_ref(&entry), arguments);
        assert!(matches!(told, Err(Unresolved::OtherSpelling(_))), "{entry} {arguments}: {told:?}");
    };
    for entry in [set("$.arguments.debug", "1"), remove("$.arguments.debug"), mask("$.arguments.debug")] {
        refused(entry.clone(), r#"{"Debug":1}"#);
        refused(entry.clone(), r#"{"debug":1,"DEBUG":1}"#);
        refused(entry.clone(), r#"{"\u0044ebug":1}"#);
    }
    // A path of names is looked for step by step.
    check(&[remove("$.arguments.debug")], r#"{"x":{"Debug":1}}"#, r#"{"x":{"Debug":1}}"#);
    refused(set("$.arguments.kind", "1"), "{\"\u{212a}ind\":1}");
    refused(set("$.arguments.ctx.tenant", "1"), r#"{"ctx":{"Tenant":1}}"#);
    refused(set("$.arguments.ctx.tenant", "1"), r#"{"CTX":{"tenant":1}}"#);
    refused(mask("$.arguments..card"), r#"{"x":[{"Card":1}]}"#);
    refused(remove("$.arguments.l[?@.hidden]"), r#"{"l":[{"HIDDEN":1}]}"#);
    refused(set("$.arguments.straße", "1"), r#"{"STRASSE":1}"#);
}

#[test]
fn what_is_no_object_is_not_written_into() {
    for parent in ["null", "1", "\"x\"", "[]", "[{}]", "true"] {
        let told = of(&[set("$.arguments.o.a", "1")], &format!(r#"{{"o":{parent}}}"#));
        assert_eq!(told, Err(Unresolved::Parent("$.arguments.o.a".to_owned())), "{parent}");
    }
    assert!(matches!(of(&[set("$.arguments.o", "1"), set("$.arguments.o.a", "1")], "{}"), Err(Unresolved::Parent(_))));
}

#[test]
fn what_is_to_go_away_is_not_passed_over_in_a_list_or_a_text() {
    for entry in [remove("$.arguments.o.a"), mask("$.arguments.o.a")] {
        for parent in [r#"[{"a":1}]"#, "[]", r#""{\"a\":1}""#, "\"\""] {
            let told = of(std::slice::from_ref(&entry), &format!(r#"{{"o":{parent}}}"#));
            assert_eq!(told, Err(Unresolved::Parent("$.arguments.o.a".to_owned())), "{entry} {parent}");
        }
        for arguments in ["{}", r#"{"o":null}"#, r#"{"o":1}"#, r#"{"o":{"b":[]}}"#, r#"{"a":[]}"#, r#"{"o":"****"}"#] {
            check(std::slice::from_ref(&entry), arguments, arguments);
        }
        let arguments = r#"{"p":[1]}"#;
        check(std::slice::from_ref(&entry), arguments, arguments);
    }
    // What stands at the end of the path may be anything.
    check(&[remove("$.arguments.o.a")], r#"{"o":{"a":["x"]}}"#, r#"{"o":{}}"#);
    // Other paths select what is there.
    check(&[remove("$.arguments.o[*].a")], r#"{"o":[{"a":1},"a"]}"#, r#"{"o":[{},"a"]}"#);
}

#[test]
fn completions_of_what_has_entries_are_refused() {
    let policy = parse("acme", &set("$.arguments.a", "1"));
    let baseline = parse("*", &set("$.arguments.a", "1"));
    let other = parse("acme", "");
    let of =
        |layers: Layers<'_>, kind: &str, name: &str| layers.check_completion(&resource::resource(kind, name).unwrap());
    let under = |policy, baseline| Layers { kills: None, policy, baseline: Some(baseline) };
    assert_eq!(of(Layers::of(&policy), "tool", "t"), Err(Unresolved::Completion));
    assert_eq!(of(under(&other, &baseline), "tool", "t"), Err(Unresolved::Completion));
    assert_eq!(of(Layers::of(&policy), "tool", "u"), Ok(()));
    assert_eq!(of(Layers::of(&policy), "prompt", "t"), Ok(()));
    assert_eq!(of(Layers::of(&other), "tool", "t"), Ok(()));
}

#[test]
fn arguments_that_can_be_read_in_two_ways_are_refused() {
    let entries = [set("$.arguments.a", "1")];
    for arguments in [r#"{"a":1,"a":2}"#, r#"{"b":1,"\u0062":2}"#, r#"{"o":{"x":1,"x":1}}"#, "[]", "null", "\"{}\""] {
        assert_eq!(of(&entries, arguments), Err(Unresolved::NoObject), "{arguments}");
    }
}

#[test]
fn a_value_path_selects_exactly_one_value() {
    for path in
        ["$.claims.none", "$.claims.twins[*]", "$.claims.tenant.x", "$.agent.id", "$.tool.target", "$.claims..*"]
    {
        let told = of(&[set_from("$.arguments.a", path)], r#"{"a":"mine"}"#);
        assert_eq!(told, Err(Unresolved::Value("$.arguments.a".to_owned())), "{path}");
    }
    let policy = parse("acme", &set_from("$.arguments.a", "$.claims.a"));
    let told = rewrite(Layers::of(&policy), &json!({"claims": {"a": null}}), "tool", "t", Some("{}"));
    assert_eq!(told, Ok(Some(r#"{"a":null}"#.to_owned())));
}

#[test]
fn one_path_has_one_value() {
    let told = of(&[set("$.arguments.a", "1"), set("$['arguments'][\"a\"]", "2")], "{}");
    assert!(matches!(told, Err(Unresolved::Conflict(_))), "{told:?}");
    for entries in [
        [set("$.arguments.a", "1.0"), set("$.arguments.a", "1")],
        [set("$.arguments.a", "1"), set("$.arguments.a", "1.0")],
    ] {
        check(&entries, "{}", r#"{"a":1}"#);
    }
    check(&[set("$.arguments.a", "\"acme\""), set_from("$.arguments.a", "$.claims.tenant")], "{}", r#"{"a":"acme"}"#);
}

#[test]
fn what_would_come_out_otherwise_the_next_time_is_refused() {
    for (entries, arguments) in [
        (vec![mask("$.arguments.o"), set("$.arguments.o.a", "1")], "{}"),
        (vec![set("$.arguments.a", "1"), set("$.arguments.A", "1")], "{}"),
        (vec![remove("$.arguments.l[?@ != $.arguments.t]"), set("$.arguments.t", "1")], r#"{"l":[1,2],"t":2}"#),
    ] {
        assert!(of(&entries, arguments).is_err(), "{entries:?}");
    }
    check(
        &[remove("$.arguments.l[?@ != $.arguments.t]"), set("$.arguments.t", "1")],
        r#"{"l":[1,2],"t":1}"#,
        r#"{"l":[1],"t":1}"#,
    );
}

#[test]
fn the_baseline_is_made_last_and_wins() {
    let baseline = parse("*", &set("$.arguments.a", "\"platform\""));
    let tenant = parse("acme", &[set("$.arguments.a", "\"own\""), set("$.arguments.b", "\"own\"")].join(","));
    let layers = Layers { kills: None, baseline: Some(&baseline), policy: &tenant };
    let told = rewrite(layers, &Value::Null, "tool", "t", Some(r#"{"a":"model"}"#));
    assert_eq!(told, Ok(Some(r#"{"a":"platform","b":"own"}"#.to_owned())));
}

#[test]
fn an_entry_reaches_what_a_deny_would_reach() {
    let policy = parse(
        "acme",
        r#"{"resources":["agent:tool:get*","agent:prompt:orders___ask"],"path":"$.arguments.a","action":"SET","value":1}"#,
    );
    let told =
        |kind: &str, name: &str| rewrite(Layers::of(&policy), &Value::Null, kind, name, Some("{}")).unwrap().is_some();
    for (kind, name) in [("tool", "getOrder"), ("tool", "orders___getOrder"), ("prompt", "orders___ask")] {
        assert!(told(kind, name), "{kind} {name}");
    }
    for (kind, name) in [("tool", "orders___listOrders"), ("prompt", "getOrder"), ("tool", "orders___ask")] {
        assert!(!told(kind, name), "{kind} {name}");
    }
}

#[test]
fn a_policy_that_only_logs_changes_nothing() {
    let document = format!(
        r#"{{"policyId":"p","tenantId":"acme","mode":"LOG_ONLY","rules":[],"arguments":[{}]}}"#,
        set("$.arguments.a", "1")
    );
    let policy = policy_model::Policy::parse(document.as_bytes()).unwrap();
    assert_eq!(rewrite(Layers::of(&policy), &Value::Null, "tool", "t", Some("{}")), Ok(None));
}

#[test]
fn what_nests_too_deep_is_refused() {
    let path = format!("$.arguments{}", ".a".repeat(62));
    let deep = format!("{}1{}", "[".repeat(70), "]".repeat(70));
    assert_eq!(of(&[set(&path, &deep)], "{}"), Err(Unresolved::TooDeep));
}

/// A thousand entries, and names that are folded as a whole.
#[test]
fn what_takes_too_long_is_refused() {
    let entries: Vec<String> = (0..1_000).map(|number| mask(&format!("$.arguments..ä{number}"))).collect();
    let members: Vec<String> = (0..200_000).map(|number| format!("\"ß{number}\":0")).collect();
    for arguments in [format!("{{{}}}", members.join(",")), format!("{{\"{}\":1}}", "ß".repeat(2_000_000))] {
        let started = std::time::Instant::now();
        assert_eq!(of(&entries, &arguments), Err(Unresolved::TooMuchWork));
        println!("{:?}", started.elapsed());
    }
}
