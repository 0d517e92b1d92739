//! Which values a redaction reaches, and what becomes of them.
#![cfg(test)]

#[path = "support/random.rs"]
mod random;
#[path = "support/redacting.rs"]
mod redacting;

use policy_model::{Layers, Resource, ToolName};
use random::Random;
use redacting::{policy, redacted};

const MASK: &str = "MASK";
const REMOVE: &str = "REMOVE";

#[test]
fn a_name_reaches_the_member_and_no_other() {
    check(
        &[(MASK, "$.ssn")],
        r#"{"ssn":"1","SSN":"2","x":{"ssn":"3"}}"#,
        r#"{"ssn":"****","SSN":"2","x":{"ssn":"3"}}"#,
    );
    check(&[(REMOVE, "$.ssn")], r#"{"ssn":"1","x":{"ssn":"3"}}"#, r#"{"x":{"ssn":"3"}}"#);
    check(&[(MASK, "$.a.b.c")], r#"{"a":{"b":{"c":1,"d":2}}}"#, r#"{"a":{"b":{"c":"****","d":2}}}"#);
    check(&[(MASK, "$.a.b")], r#"{"a":[{"b":1}],"b":2}"#, r#"{"a":[{"b":1}],"b":2}"#);
}

#[test]
fn a_quoted_name_is_reached_exactly() {
    check(&[(MASK, "$['a.b']")], r#"{"a.b":1,"a":{"b":2}}"#, r#"{"a.b":"****","a":{"b":2}}"#);
    check(&[(MASK, "$.a.b")], r#"{"a.b":1,"a":{"b":2}}"#, r#"{"a.b":1,"a":{"b":"****"}}"#);
    check(&[(MASK, "$[\"it's\"]")], r#"{"it's":1}"#, r#"{"it's":"****"}"#);
    check(&[(MASK, "$['it\\'s']")], r#"{"it's":1,"it\\'s":2}"#, r#"{"it's":"****","it\\'s":2}"#);
    check(&[(MASK, "$[\"a\\\"b\"]")], r#"{"a\"b":1,"ab":2}"#, r#"{"a\"b":"****","ab":2}"#);
    check(&[(MASK, "$['a\\\\b']")], r#"{"a\\b":1,"ab":2}"#, r#"{"a\\b":"****","ab":2}"#);
    check(&[(MASK, "$['a/b']"), (MASK, "$['c\\/d']")], r#"{"a\/b":1,"c/d":2}"#, r#"{"a\/b":"****","c/d":"****"}"#);
    check(&[(MASK, "$['*']"), (MASK, "$['[0]']")], r#"{"*":1,"[0]":2,"a":3}"#, r#"{"*":"****","[0]":"****","a":3}"#);
    check(&[(MASK, "$['']")], r#"{"":1," ":2}"#, r#"{"":"****"," ":2}"#);
}

#[test]
fn a_name_is_reached_however_the_document_and_the_path_spell_it() {
    check(&[(MASK, "$.ssn")], r#"{"\u0073s\u006e":1}"#, r#"{"\u0073s\u006e":"****"}"#);
    check(&[(MASK, "$['\\u0073sn']")], r#"{"ssn":1}"#, r#"{"ssn":"****"}"#);
    check(
        &[(MASK, "$['\\uD83D\\uDE00']"), (MASK, "$.é")],
        r#"{"😀":1,"\u00e9":2}"#,
        r#"{"😀":"****","\u00e9":"****"}"#,
    );
    check(&[(MASK, "$['\\n']")], "{\"\\n\":1,\"n\":2}", "{\"\\n\":\"****\",\"n\":2}");
}

/// No-break space and the like are part of a shorthand name (RFC 9535, 2.5.1.1), not space around it.
#[test]
fn a_name_that_ends_in_unicode_space_is_not_the_name_without_it() {
    check(&[(MASK, "$['ssn\u{a0}']")], "{\"ssn\":1,\"ssn\u{a0}\":2}", "{\"ssn\":1,\"ssn\u{a0}\":\"****\"}");
}

#[test]
fn every_member_of_a_name_that_stands_twice_is_reached() {
    check(&[(MASK, "$.a")], r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"a":"****","b":2,"\u0061":"****"}"#);
    check(&[(REMOVE, "$..a")], r#"{"a":1,"b":{"a":2,"a":3}}"#, r#"{"b":{}}"#);
}

#[test]
fn an_index_counts_from_either_end() {
    check(&[(MASK, "$[0]")], "[1,2,3]", "[\"****\",2,3]");
    check(&[(MASK, "$[-1]")], "[1,2,3]", "[1,2,\"****\"]");
    check(&[(MASK, "$[-3]"), (MASK, "$[3]"), (MASK, "$[-4]")], "[1,2,3]", "[\"****\",2,3]");
    check(&[(MASK, "$.a[1].b")], r#"{"a":[{"b":1},{"b":2}]}"#, r#"{"a":[{"b":1},{"b":"****"}]}"#);
    check(&[(MASK, "$[0]")], r#"{"0":1}"#, r#"{"0":1}"#);
    check(&[(MASK, "$[9007199254740991]"), (MASK, "$[-9007199254740991]")], "[1]", "[1]");
}

#[test]
fn a_slice_reaches_its_elements() {
    check(&[(MASK, "$[1:3]")], "[1,2,3,4]", "[1,\"****\",\"****\",4]");
    check(&[(MASK, "$[-2:]")], "[1,2,3]", "[1,\"****\",\"****\"]");
    check(&[(MASK, "$[::2]")], "[1,2,3]", "[\"****\",2,\"****\"]");
    check(&[(MASK, "$[2:0:-1]")], "[1,2,3]", "[1,\"****\",\"****\"]");
    check(&[(MASK, "$[::-2]")], "[1,2,3,4]", "[1,\"****\",3,\"****\"]");
    check(&[(MASK, "$[::0]"), (MASK, "$[5:]"), (MASK, "$[2:1]")], "[1,2,3]", "[1,2,3]");
    check(&[(REMOVE, "$[1:]")], "[1,2,3]", "[1]");
}

#[test]
fn several_elements_of_one_array_are_removed_together() {
    check(&[(REMOVE, "$[0]"), (REMOVE, "$[1]")], "[1,2,3]", "[3]");
    check(&[(REMOVE, "$[0]"), (REMOVE, "$[0]")], "[1,2,3]", "[2,3]");
    check(&[(REMOVE, "$[0,2]"), (MASK, "$[1]")], "[1,2,3,4]", "[\"****\",4]");
    check(&[(REMOVE, "$[-1]"), (REMOVE, "$[0]")], "[1]", "[]");
}

#[test]
fn a_wildcard_reaches_all_members_and_elements() {
    check(&[(MASK, "$.a[*].b")], r#"{"a":[{"b":1,"c":2},{"b":3}]}"#, r#"{"a":[{"b":"****","c":2},{"b":"****"}]}"#);
    check(&[(MASK, "$.*")], r#"{"a":1,"b":[2]}"#, r#"{"a":"****","b":"****"}"#);
    check(&[(REMOVE, "$[*]")], "[1,[2]]", "[]");
    check(&[(MASK, "$.*")], "7", "7");
}

#[test]
fn a_descent_reaches_every_depth() {
    let document = r#"{"ssn":1,"a":[{"ssn":2},[{"b":{"ssn":{"ssn":3}}}]]}"#;
    check(&[(MASK, "$..ssn")], document, r#"{"ssn":"****","a":[{"ssn":"****"},[{"b":{"ssn":"****"}}]]}"#);
    check(&[(REMOVE, "$..ssn")], document, r#"{"a":[{},[{"b":{}}]]}"#);
    check(&[(MASK, "$.a..b..ssn")], document, r#"{"ssn":1,"a":[{"ssn":2},[{"b":{"ssn":"****"}}]]}"#);
    check(&[(MASK, "$..[0]")], "[[1,2],3]", "[\"****\",3]");
    check(&[(MASK, "$..*")], r#"{"a":[1]}"#, r#"{"a":"****"}"#);
}

#[test]
fn a_union_reaches_each_of_its_parts() {
    check(&[(MASK, "$['a','c']")], r#"{"a":1,"b":2,"c":3}"#, r#"{"a":"****","b":2,"c":"****"}"#);
    check(&[(MASK, "$[0,-1,0]")], "[1,2,3]", "[\"****\",2,\"****\"]");
    check(&[(MASK, "$..['a',0]")], r#"[1,{"a":[2,3],"b":[4]}]"#, r#"["****",{"a":"****","b":["****"]}]"#);
}

#[test]
fn a_value_of_any_type_is_masked() {
    for value in
        ["1", "-1.50e400", "true", "false", "null", "\"\"", "\"text\"", "[]", "[1,[2]]", "{}", r#"{"b":{"c":1}}"#]
    {
        check(&[(MASK, "$.a")], &format!("{{\"a\":{value},\"z\":0}}"), r#"{"a":"****","z":0}"#);
        check(&[(REMOVE, "$.a")], &format!("{{\"a\":{value},\"z\":0}}"), r#"{"z":0}"#);
    }
}

#[test]
fn the_root_is_masked_or_becomes_null() {
    check(&[(MASK, "$")], r#"{"a":1}"#, "\"****\"");
    check(&[(REMOVE, "$")], r#"{"a":1}"#, "null");
    check(&[(MASK, "$.a"), (REMOVE, "$")], r#"{"a":1}"#, "null");
}

#[test]
fn a_value_that_is_both_masked_and_removed_is_removed() {
    check(&[(MASK, "$.a"), (REMOVE, "$.a")], r#"{"a":1,"b":2}"#, r#"{"b":2}"#);
    check(&[(MASK, "$..x"), (REMOVE, "$.a")], r#"{"a":{"x":1},"x":2}"#, r#"{"x":"****"}"#);
    check(&[(MASK, "$.a"), (REMOVE, "$..x")], r#"{"a":{"x":1},"x":2}"#, r#"{"a":"****"}"#);
    check(&[(MASK, "$[*]"), (REMOVE, "$[1]")], "[1,2,3]", "[\"****\",\"****\"]");
}

#[test]
fn what_is_not_selected_stays_byte_for_byte() {
    check(
        &[(MASK, "$.ssn"), (REMOVE, "$.x")],
        r#"{"z":1.50E+02,"ssn":1,"big":12345678901234567891,"t":"\u0041\/é","d":{ "k" : [ -0 , 1e400 ] },"x":0,"n":null}"#,
        r#"{"z":1.50E+02,"ssn":"****","big":12345678901234567891,"t":"\u0041\/é","d":{ "k" : [ -0 , 1e400 ] },"n":null}"#,
    );
    check(&[(MASK, "$.none")], " { \"a\" : 1 } ".trim(), "{ \"a\" : 1 }");
    check(&[], r#"{ "ssn" : "{\"ssn\":1}" }"#, r#"{ "ssn" : "{\"ssn\":1}" }"#);
}

#[test]
fn a_redaction_applies_to_the_tools_that_it_names() {
    let document = r#"{"policyId":"p","tenantId":"t","defaultTarget":"orders","rules":[],"redactions":[
        {"resources":["agent:tool:orders___*"],"path":"$.a","action":"MASK"},
        {"resources":["agent:tool:get"],"path":"$.b","action":"MASK"}]}"#;
    let policy = policy_model::Policy::parse(document.as_bytes()).unwrap();
    for (tool, is_empty) in
        [("orders___list", false), ("admin___get", false), ("get", false), ("orders-x___list", true)]
    {
        assert_eq!(
            Layers::of(&policy).redactor(Some(&[Resource::Tool(ToolName::parse(tool).unwrap())]), None).is_empty(),
            is_empty,
            "{tool}"
        );
    }
    assert!(!Layers::of(&policy).redactor(None, None).is_empty());
    let text = r#"{"a":1,"b":2}"#;
    let both = Layers::of(&policy).redactor(None, None).redact_json(text).unwrap();
    assert_eq!(both, r#"{"a":"****","b":"****"}"#);
    assert_eq!(
        Layers::of(&policy)
            .redactor(Some(&[Resource::Tool(ToolName::parse("orders___list").unwrap())]), None)
            .redact_json(text)
            .unwrap(),
        r#"{"a":"****","b":2}"#
    );
}

/// Elements are removed all or none here: after the removal of one, an index would select another.
#[test]
fn redactions_in_any_order_and_twice_give_one_result() {
    let paths = [
        "$.a",
        "$.b",
        "$..a",
        "$..b.c",
        "$.a.*",
        "$[*].a",
        "$..*.c",
        "$.*",
        "$['a','c']",
        "$..[0]",
        "$[1:]",
        "$..[-1].b",
    ];
    let mut changed = 0;
    for seed in 0..3_000 {
        let random = &mut Random::new(seed);
        let document = document(random, 4);
        let mut rules: Vec<(&str, &str)> = Vec::new();
        for _ in 0..1 + random.below(4) {
            let nth = random.below(paths.len());
            rules.push((if nth < 9 { random.one_of(&[MASK, REMOVE]) } else { MASK }, paths[nth]));
        }
        let once = redacted(&policy(&rules), &document);
        check(&rules, &document, &once);
        assert_eq!(redacted(&policy(&rules), &once), once, "{rules:?} twice on {document}");
        changed += usize::from(once != document);
    }
    assert!(changed >= 1_000, "{changed} documents were changed");
}

fn document(random: &mut Random, depth: usize) -> String {
    let count = random.below(4);
    match random.below(if depth == 0 { 1 } else { 3 }) {
        0 => random.one_of(&["1", "\"x\"", "null", "1.0e0", "\"{\\\"a\\\":1}\""]).to_owned(),
        1 => format!("[{}]", (0..count).map(|_| document(random, depth - 1)).collect::<Vec<_>>().join(",")),
        _ => {
            let mut member = |name: &str| format!("\"{name}\":{}", document(random, depth - 1));
            format!("{{{}}}", ["a", "b", "c"][..count].iter().map(|name| member(name)).collect::<Vec<_>>().join(","))
        }
    }
}

/// The result, in either order of the rules.
fn check(rules: &[(&str, &str)], document: &str, expected: &str) {
    let reversed: Vec<(&str, &str)> = rules.iter().rev().copied().collect();
    for rules in [rules, &reversed] {
        assert_eq!(redacted(&policy(rules), document), expected, "{rules:?} on {document}");
    }
}
