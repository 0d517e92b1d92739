//! What detectors find in the arguments of a call, and what is refused in them.
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
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::Layers;
use policy_model::rewriting::Unresolved;
use rewriting::rewrite;
use serde_json::{Value, json};

#[test]
fn what_is_found_becomes_the_mask_and_the_text_around_it_stays() {
    let entries = [mask_found(&["EMAIL", "PAYMENT_CARD"])];
    check(
        &entries,
        r#"{ "to":"write to ann@example.com, or bob@example.com!", "n" : [ {"x":"4111 1111 1111 1111"}, 1.50 ], "y":"\u00e9" }"#,
        r#"{ "to":"write to ****, or ****!", "n" : [ {"x":"****"}, 1.50 ], "y":"\u00e9" }"#,
    );
    check(&entries, r#"{"card":4111111111111111,"id":4111111111111112}"#, r#"{"card":"****","id":4111111111111112}"#);
    for number in ["4111111111111111.0", "4.111111111111111e15", "41111111111111110E-1", "4111111111111111e0"] {
        check(&entries, &format!("{{\"card\":{number}}}"), r#"{"card":"****"}"#);
        assert!(of(&[refuse_found(&["PAYMENT_CARD"])], &format!("{{\"card\":{number}}}")).is_err(), "{number}");
    }
    for number in ["4111111111111112.0", "4111111111111111.5", "4111111111111111e99", "1e9999999999999999999"] {
        check(&entries, &format!("{{\"card\":{number}}}"), &format!("{{\"card\":{number}}}"));
    }
    check(&entries, r#"{"a":"ann\u0040example.com"}"#, r#"{"a":"****"}"#);
    check(
        &entries,
        r#"{"a":"call 212-555-0123","b":null,"c":true,"d":"****"}"#,
        r#"{"a":"call 212-555-0123","b":null,"c":true,"d":"****"}"#,
    );
}

#[test]
fn json_in_texts_is_looked_into_as_in_results() {
    let entries = [mask_found(&["EMAIL"])];
    let text = |text: &str| json!({ "body": text }).to_string();
    for (before, after) in [
        (r#"{"mail":"ann@example.com","n":1.0}"#, r#"{"mail":"****","n":1.0}"#),
        (r#"see {"mail":"ann@example.com"} there"#, r#"see {"mail":"****"} there"#),
        (r#"["{\"mail\":\"ann@example.com\"}"]"#, r#"["{\"mail\":\"****\"}"]"#),
        (r#"{"mail":"nobody"}"#, r#"{"mail":"nobody"}"#),
        (r#"{"mail":"ann@example.com""#, r#"{"mail":"****""#),
    ] {
        check(&entries, &text(before), &text(after));
        if before.ends_with('}') && before.starts_with('{') {
            check(&entries, &text(&STANDARD.encode(before)), &text(&STANDARD.encode(after)));
        }
    }
    // What is in more layers than are looked into is taken for found.
    let mut deep = r#"{"a":1}"#.to_owned();
    for _ in 0..5 {
        deep = json!([deep]).to_string();
    }
    let told = of(&entries, &text(&deep)).unwrap();
    assert!(told.contains("****"), "{told}");
    assert!(matches!(of(&[refuse_found(&["EMAIL"])], &text(&deep)), Err(Unresolved::Found(_))));
}

#[test]
fn a_path_says_where_is_looked() {
    let at = |path: &str| entry("MASK", path, r#","detect":["EMAIL"]"#);
    let arguments =
        r#"{"a":"ann@example.com","o":{"a":"ann@example.com","l":["bob@example.com",{"x":"c@example.com"}]}}"#;
    check(
        &[at("$.arguments.o.l")],
        arguments,
        r#"{"a":"ann@example.com","o":{"a":"ann@example.com","l":["****",{"x":"****"}]}}"#,
    );
    check(
        &[at("$.arguments..a")],
        arguments,
        r#"{"a":"****","o":{"a":"****","l":["bob@example.com",{"x":"c@example.com"}]}}"#,
    );
    check(&[at("$.arguments.none")], arguments, arguments);
    // What two entries reach is looked into by both.
    let card = entry("MASK", "$.arguments.o", r#","detect":["US_SSN"]"#);
    check(
        &[at("$.arguments.o.x"), card],
        r#"{"o":{"x":"ann@example.com 123-45-6789","y":"ann@example.com 123-45-6789"}}"#,
        r#"{"o":{"x":"**** ****","y":"ann@example.com ****"}}"#,
    );
    assert!(matches!(of(&[at("$.arguments.o")], r#"{"O":1}"#), Err(Unresolved::OtherSpelling(_))));
    assert!(matches!(of(&[at("$.arguments.o.x")], r#"{"o":["ann@example.com"]}"#), Err(Unresolved::Parent(_))));
}

#[test]
fn what_is_found_in_the_name_of_a_member_is_refused() {
    for entry in [mask_found(&["EMAIL"]), refuse_found(&["EMAIL"])] {
        let entries = [entry];
        for arguments in [
            json!({"ann@example.com": 1}),
            json!({"o": [{"x ann@example.com": {}}]}),
            json!({"body": r#"{"ann@example.com":1}"#}),
            json!({"body": r#"x {"ann\u0040example.com":1} y"#}),
            json!({"body": STANDARD.encode(r#"{"ann@example.com":1}"#)}),
        ] {
            let told = of(&entries, &arguments.to_string());
            assert!(matches!(told, Err(Unresolved::FoundInName(_) | Unresolved::Found(_))), "{arguments}: {told:?}");
        }
        check(&entries, r#"{"ann at example.com":1}"#, r#"{"ann at example.com":1}"#);
    }
    // A path that selects the value has nothing to say of its name, and neither has broken JSON any.
    let below = entry("MASK", "$.arguments.*", r#","detect":["EMAIL"]"#);
    check(&[below], r#"{"ann@example.com":"bob@example.com"}"#, r#"{"ann@example.com":"****"}"#);
    check(&[mask_found(&["EMAIL"])], r#"{"a":"{\"ann@example.com\":1"}"#, r#"{"a":"{\"****\":1"}"#);
}

#[test]
fn a_call_is_refused_where_refuse_finds_something() {
    let entries = [refuse_found(&["EMAIL", "IBAN"])];
    for arguments in [
        r#"{"a":"ann@example.com"}"#,
        r#"{"o":[{"x":"to DE89 3704 0044 0532 0130 00"}]}"#,
        r#"{"body":"{\"a\":\"ann@example.com\"}"}"#,
    ] {
        assert_eq!(of(&entries, arguments), Err(Unresolved::Found("EMAIL, IBAN".to_owned())), "{arguments}");
    }
    for arguments in
        ["{}", r#"{"a":"ann at example.com"}"#, r#"{"a":"DE89 3704 0044 0532 0130 01"}"#, r#"{"a":"****"}"#]
    {
        check(&entries, arguments, arguments);
    }
}

#[test]
fn a_call_is_refused_where_the_path_of_refuse_selects_something() {
    let refuse = |path: &str| [entry("REFUSE", path, "")];
    for (path, arguments) in [
        ("$.arguments.debug", r#"{"debug":null}"#),
        ("$.arguments.o.debug", r#"{"o":{"debug":false}}"#),
        ("$.arguments..debug", r#"{"o":[{"debug":0}]}"#),
        ("$.arguments.l[2]", r#"{"l":[1,2,3]}"#),
        ("$.arguments[?@ == 'x']", r#"{"a":"x"}"#),
    ] {
        assert_eq!(of(&refuse(path), arguments), Err(Unresolved::There(path.to_owned())), "{path} {arguments}");
    }
    for (path, arguments) in [
        ("$.arguments.debug", "{}"),
        ("$.arguments.o.debug", r#"{"o":{},"debug":1}"#),
        ("$.arguments.l[2]", r#"{"l":[1,2]}"#),
        ("$.arguments[?@ == 'x']", r#"{"a":"X"}"#),
    ] {
        check(&refuse(path), arguments, arguments);
    }
    assert!(matches!(of(&refuse("$.arguments.debug"), r#"{"Debug":1}"#), Err(Unresolved::OtherSpelling(_))));
    assert!(matches!(of(&refuse("$.arguments.o.x"), r#"{"o":[{"x":1}]}"#), Err(Unresolved::Parent(_))));
}

#[test]
fn refuse_looks_at_what_has_come_of_all_others() {
    let email = r#"{"mail":"ann@example.com"}"#;
    for other in
        [entry("REMOVE", "$.arguments.mail", ""), entry("MASK", "$.arguments.mail", ""), mask_found(&["EMAIL"])]
    {
        assert!(of(&[refuse_found(&["EMAIL"]), other.clone()], email).is_ok(), "{other}");
    }
    check(&[refuse_found(&["EMAIL"]), set("$.arguments.mail", "0")], email, r#"{"mail":0}"#);
    check(&[entry("REFUSE", "$.arguments.mail", ""), entry("REMOVE", "$.arguments.mail", "")], email, "{}");
    let told = of(&[entry("REFUSE", "$.arguments.a", ""), set("$.arguments.a", "1")], "{}");
    assert_eq!(told, Err(Unresolved::There("$.arguments.a".to_owned())));
    let told = of(&[refuse_found(&["EMAIL"]), set_from("$.arguments.a", "$.claims.mail")], "{}");
    assert_eq!(told, Err(Unresolved::Found("EMAIL".to_owned())));
}

#[test]
fn what_a_set_writes_is_not_masked_by_its_own_policy_but_by_the_baseline() {
    let own = [mask_found(&["EMAIL"]), set_from("$.arguments.me", "$.claims.mail")];
    check(&own, r#"{"me":"eve@example.com"}"#, r#"{"me":"ann@example.com"}"#);
    let under = |tenant: &str, baseline: &str, arguments: &str| {
        let (tenant, baseline) = (parse("acme", tenant), parse("*", baseline));
        let layers = Layers { kills: None, baseline: Some(&baseline), policy: &tenant };
        rewrite(layers, &claims(), "tool", "t", Some(arguments)).map(Option::unwrap_or_default)
    };
    let set = set_from("$.arguments.me", "$.claims.mail");
    assert_eq!(under(&set, &mask_found(&["EMAIL"]), "{}").as_deref(), Ok(r#"{"me":"****"}"#));
    assert_eq!(under(&mask_found(&["EMAIL"]), &set, "{}").as_deref(), Ok(r#"{"me":"ann@example.com"}"#));
    // What either refuses is looked for in what both have made of it.
    assert_eq!(
        under(&refuse_found(&["EMAIL"]), &mask_found(&["EMAIL"]), r#"{"a":"x@example.com"}"#).as_deref(),
        Ok(r#"{"a":"****"}"#)
    );
    assert!(under(&refuse_found(&["EMAIL"]), &set, "{}").is_err());
    assert!(under(&set, &refuse_found(&["EMAIL"]), "{}").is_err());
}

#[test]
fn calls_without_arguments_have_nothing_to_be_found() {
    let policy = parse("acme", &[mask_found(&["EMAIL"]), refuse_found(&["JWT"])].join(","));
    assert_eq!(rewrite(Layers::of(&policy), &Value::Null, "tool", "t", None), Ok(None));
    let completion = Layers::of(&policy).check_completion(&resource::resource("tool", "t").unwrap());
    assert_eq!(completion, Err(Unresolved::Completion));
}

#[test]
fn looking_is_bounded() {
    let entries: Vec<String> = (0..100).map(|_| mask_found(&["EMAIL"])).collect();
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(1_000_000));
    check(&entries, &long, &long);
    let list = |count: usize| format!(r#"{{"a":[{}1]}}"#, "\"a.b\",".repeat(count));
    check(&entries, &list(100_000), &list(100_000));
    for arguments in [format!(r#"{{"a":"{}"}}"#, "x".repeat(20_000_000)), list(3_000_000)] {
        assert_eq!(of(&entries, &arguments), Err(Unresolved::TooMuchWork));
    }
    assert_eq!(of(&[refuse_found(&["EMAIL"])], &list(3_000_000)), Err(Unresolved::TooMuchWork));
}

fn mask_found(words: &[&str]) -> String {
    found("MASK", words)
}

fn refuse_found(words: &[&str]) -> String {
    found("REFUSE", words)
}

fn found(action: &str, words: &[&str]) -> String {
    json!({"resources": ["agent:tool:t"], "action": action, "detect": words}).to_string()
}

fn claims() -> Value {
    json!({"claims": {"mail": "ann@example.com"}})
}

/// What alice's call of `t` is rewritten to.
fn of(entries: &[String], arguments: &str) -> Result<String, Unresolved> {
    let policy = parse("acme", &entries.join(","));
    let told = rewrite(Layers::of(&policy), &claims(), "tool", "t", Some(arguments))?;
    Ok(told.unwrap_or_else(|| arguments.to_owned()))
}

fn check(entries: &[String], arguments: &str, expected: &str) {
    assert_eq!(of(entries, arguments).as_deref(), Ok(expected), "{entries:?} {arguments:.300}");
}
