//! The `arguments` and `headers` of a policy document: what its author is told.
#![cfg(test)]

#[path = "support/refusing.rs"]
mod refusing;

use policy_model::policy::{
    ARGUMENTS_MAX, ArgumentError, HEADERS_MAX, HeaderError, PatternError, Problem, SelectorError, VALUE_BYTES_MAX,
};
use policy_model::{Policy, header};
use refusing::{check, policy};

fn argument(members: &str) -> String {
    policy(&format!(r#""rules":[],"arguments":[{{"resources":["agent:tool:*"],{members}}}]"#))
}

fn header(members: &str) -> String {
    policy(&format!(r#""rules":[],"headers":[{{{members}}}]"#))
}

#[test]
fn every_form_is_valid() {
    for (action, path, more) in [
        ("SET", "$.arguments.a", r#","value":null"#),
        ("SET", "$['arguments']['a.b'].c", r#","value":{"x":[1]},"description":"d""#),
        ("SET", "$.arguments.a", r#","valuePath":"$.claims['custom:tenant']""#),
        ("SET", "$.arguments.a", r#","valuePath":"$.user.roles""#),
        ("SET", "$.arguments.a", r#","valuePath":"$.decision.id""#),
        ("REMOVE", "$.arguments.*", ""),
        ("REMOVE", "$.arguments..[?@.x == $.arguments.y]", ""),
        ("REMOVE", "$.arguments.l[0].x", ""),
        ("MASK", "$.arguments.l[0]", ""),
    ] {
        let document = argument(&format!(r#""action":"{action}","path":"{path}"{more}"#));
        Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    }
    for members in [
        r#""name":"x-workspace","value":"eu west, 1""#,
        r#""name":"X_Department","valuePath":"$.claims.department","description":"d""#,
        r#""name":"X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tier","value":"1""#,
    ] {
        Policy::parse(header(members).as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    }
    Policy::parse(policy(r#""rules":[],"arguments":[],"headers":[]"#).as_bytes()).unwrap();
    Policy::parse(br#"{"policyId":"p","tenantId":"*","rules":[],"headers":[{"name":"x-a","value":"b"}]}"#).unwrap();
}

#[test]
fn an_argument_is_a_place_in_the_arguments() {
    let at = "arguments[0].path";
    let is_path = |problem: &Problem| matches!(problem, Problem::NotAPath(_, _));
    for path in ["$.claims.tenant", "$", "$.Arguments.a", "$..a", "arguments.a", "$.arguments[?@.a == $.claims.a]"] {
        check(&argument(&format!(r#""action":"REMOVE","path":"{path}""#)), at, "is not a path", is_path);
    }
    check(&argument(r#""action":"MASK","path":"$.claims""#), at, "as in $.arguments", |problem| {
        matches!(problem, Problem::NotAPath(_, SelectorError::Root(_)))
    });
    for action in [r#""action":"REMOVE""#, r#""action":"MASK""#, r#""action":"SET","value":{}"#] {
        let document = argument(&format!(r#"{action},"path":"$.arguments""#));
        check(&document, at, "something in the arguments", |problem| {
            *problem == Problem::Argument(ArgumentError::NoArgument)
        });
    }
    for path in ["$.arguments.*", "$.arguments..a", "$.arguments[0]", "$.arguments['a','b']", "$.arguments[?@.a]"] {
        let document = argument(&format!(r#""action":"SET","value":1,"path":"{path}""#));
        check(&document, at, "names only", |problem| *problem == Problem::Argument(ArgumentError::NotNames));
    }
    for path in ["$.arguments.l[0]", "$.arguments..[-1]", "$.arguments.l[1:]", "$.arguments.l['a',0]"] {
        let document = argument(&format!(r#""action":"REMOVE","path":"{path}""#));
        check(&document, at, "by its number", |problem| *problem == Problem::Argument(ArgumentError::ByNumber));
    }
}

#[test]
fn detectors_are_for_mask_and_refuse() {
    for members in [
        r#""detect":["EMAIL"],"action":"MASK""#,
        r#""detect":["EMAIL","JWT"],"action":"REFUSE""#,
        r#""path":"$.arguments","detect":["EMAIL"],"action":"MASK""#,
        r#""path":"$.arguments..a","detect":["EMAIL"],"action":"REFUSE""#,
        r#""path":"$.arguments.l[0]","action":"REFUSE""#,
    ] {
        Policy::parse(argument(members).as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    }
    for (members, at, words, expected) in [
        (r#""action":"MASK""#, "arguments[0]", "neither", ArgumentError::Nothing),
        (r#""action":"SET","value":1"#, "arguments[0]", "neither", ArgumentError::Nothing),
        (
            r#""path":"$.arguments.a","detect":["EMAIL"],"action":"REMOVE""#,
            "arguments[0].detect",
            "REMOVE takes no \"detect\"",
            ArgumentError::NoDetectors("REMOVE"),
        ),
        (
            r#""path":"$.arguments.a","detect":["EMAIL"],"action":"SET","value":1"#,
            "arguments[0].detect",
            "SET takes no \"detect\"",
            ArgumentError::NoDetectors("SET"),
        ),
        (r#""path":"$.arguments","action":"REFUSE""#, "arguments[0].path", "something in", ArgumentError::NoArgument),
        (
            r#""path":"$.arguments.a","action":"REFUSE","value":1"#,
            "arguments[0]",
            "takes no value",
            ArgumentError::NeedsNone("REFUSE"),
        ),
    ] {
        check(&argument(members), at, words, |problem| *problem == Problem::Argument(expected.clone()));
    }
    check(&argument(r#""detect":[],"action":"MASK""#), "arguments[0].detect", "name what", |problem| {
        matches!(problem, Problem::EmptyList(_))
    });
    check(&argument(r#""detect":["MAIL"],"action":"MASK""#), "arguments[0].detect[0]", "EMAIL", |problem| {
        matches!(problem, Problem::UnknownWord(..))
    });
}

#[test]
fn only_set_has_a_value_and_exactly_one() {
    let at = "arguments[0]";
    check(&argument(r#""action":"SET","path":"$.arguments.a""#), at, "SET needs", |problem| {
        *problem == Problem::Argument(ArgumentError::NoValue)
    });
    let both = r#""action":"SET","path":"$.arguments.a","value":1,"valuePath":"$.claims.a""#;
    check(&argument(both), at, "keep one", |problem| *problem == Problem::TwoValues);
    for (action, value) in [("REMOVE", r#""value":null"#), ("MASK", r#""valuePath":"$.claims.a""#)] {
        let document = argument(&format!(r#""action":"{action}","path":"$.arguments.a",{value}"#));
        check(&document, at, "takes no value", |problem| {
            matches!(problem, Problem::Argument(ArgumentError::NeedsNone(_)))
        });
    }
    let value = |value: &str| argument(&format!(r#""action":"SET","path":"$.arguments.a","value":{value}"#));
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    Policy::parse(value(&text(VALUE_BYTES_MAX)).as_bytes()).unwrap();
    check(&value(&text(VALUE_BYTES_MAX + 1)), "arguments[0].value", "longer than 1024 bytes", |problem| {
        *problem == Problem::Argument(ArgumentError::TooLong)
    });
    check(&value(r#"[{"a":1,"\u0061":2}]"#), "arguments[0].value", "field \"a\" stands twice", |problem| {
        matches!(problem, Problem::DuplicateField(_))
    });
    for path in ["$.arguments.b", "$.claims[?@ == $.arguments.b]", "$.time", "$.other", "claims"] {
        let document = argument(&format!(r#""action":"SET","path":"$.arguments.a","valuePath":"{path}""#));
        check(&document, "arguments[0].valuePath", "is not a path", |problem| matches!(problem, Problem::NotAPath(..)));
    }
}

#[test]
fn an_entry_has_the_known_members() {
    check(
        &argument(r#""action":"DROP","path":"$.arguments.a""#),
        "arguments[0].action",
        "SET, REMOVE, MASK, REFUSE",
        |problem| matches!(problem, Problem::UnknownWord(..)),
    );
    check(&argument(r#""path":"$.arguments.a""#), "arguments[0]", "\"action\" is missing", |problem| {
        matches!(problem, Problem::Missing("action"))
    });
    check(
        &argument(r#""action":"MASK","path":"$.arguments.a","effect":"ALLOW""#),
        "arguments[0]",
        "unknown field",
        |problem| matches!(problem, Problem::UnknownField(..)),
    );
    check(&policy(r#""rules":[],"arguments":{}"#), "arguments", "expected a list", |problem| {
        matches!(problem, Problem::WrongType(_))
    });
    for resource in ["agent:resource:*", "agent:agent:*", "agent:model:*", "tool:a"] {
        let document = policy(&format!(
            r#""rules":[],"arguments":[{{"resources":["agent:tool:a","{resource}"],"path":"$.arguments.a","action":"MASK"}}]"#
        ));
        check(&document, "arguments[0].resources[1]", "only tools and prompts have arguments", |problem| {
            matches!(problem, Problem::NotAResource(_, PatternError::NotCalled))
        });
    }
}

#[test]
fn a_header_has_a_name_that_may_be_set() {
    for name in [
        "",
        "a b",
        "x:y",
        "ü",
        "Authorization",
        "authorization",
        "proxy_authorization",
        "Cookie",
        "Host",
        "x-forwarded-for",
        "X_Forwarded_For",
        "content-type",
        "accept",
        "mcp-session-id",
        "x-amz-date",
        "x-amzn-trace-id",
        "sec-fetch-mode",
        &"x".repeat(header::NAME_BYTES_MAX + 1),
    ] {
        check(&header(&format!(r#""name":"{name}","value":"v""#)), "headers[0].name", "cannot be set", |problem| {
            matches!(problem, Problem::Header(HeaderError::Name(_)))
        });
    }
}

#[test]
fn a_header_stands_once_whatever_its_spelling() {
    for other in ["x-tier", "X-Tier", "x_tier"] {
        let document = policy(&format!(
            r#""rules":[],"headers":[{{"name":"x-tier","value":"a"}},{{"name":"{other}","value":"a"}}]"#
        ));
        check(&document, "headers[1].name", "stands twice", |problem| {
            matches!(problem, Problem::Header(HeaderError::Twice(_)))
        });
    }
}

#[test]
fn a_header_has_one_value_that_arrives_as_it_is() {
    let too_long = "x".repeat(header::VALUE_BYTES_MAX + 1);
    for value in ["", " ", " a", "a ", "a\\r\\nx-b: c", "a\\n", "\\u0000", "a\\tb", "é", "\\u007f", &too_long] {
        check(
            &header(&format!(r#""name":"x-a","value":"{value}""#)),
            "headers[0].value",
            "printable ASCII",
            |problem| *problem == Problem::Header(HeaderError::Value),
        );
    }
    check(&header(r#""name":"x-a","value":7"#), "headers[0].value", "expected a string", |problem| {
        matches!(problem, Problem::WrongType(_))
    });
    check(&header(r#""name":"x-a""#), "headers[0]", "\"value\" or \"valuePath\"", |problem| {
        *problem == Problem::Header(HeaderError::NoValue)
    });
    check(&header(r#""name":"x-a","value":"a","valuePath":"$.claims.a""#), "headers[0]", "keep one", |problem| {
        *problem == Problem::TwoValues
    });
    for path in ["$.arguments.a", "$.tool.name", "$"] {
        let document = header(&format!(r#""name":"x-a","valuePath":"{path}""#));
        check(&document, "headers[0].valuePath", "is not a path", |problem| matches!(problem, Problem::NotAPath(..)));
    }
}

#[test]
fn there_are_bounds() {
    let arguments = |count: usize| {
        let entry = r#"{"resources":["agent:tool:a"],"action":"MASK","path":"$.arguments.a"}"#;
        policy(&format!(r#""rules":[],"arguments":[{}]"#, vec![entry; count].join(",")))
    };
    Policy::parse(arguments(ARGUMENTS_MAX).as_bytes()).unwrap();
    check(&arguments(ARGUMENTS_MAX + 1), "arguments", "more than 1000 arguments", |problem| {
        matches!(problem, Problem::TooMany(..))
    });
    let headers = |count: usize| {
        let headers: Vec<String> = (0..count).map(|number| format!(r#"{{"name":"x-{number}","value":"a"}}"#)).collect();
        policy(&format!(r#""rules":[],"headers":[{}]"#, headers.join(",")))
    };
    Policy::parse(headers(HEADERS_MAX).as_bytes()).unwrap();
    check(&headers(HEADERS_MAX + 1), "headers", "more than 10 headers", |problem| {
        matches!(problem, Problem::TooMany(..))
    });
    let wild: Vec<String> = (0..257).map(|number| format!("\"agent:tool:a*{number}\"")).collect();
    let document = policy(&format!(
        r#""rules":[],"arguments":[{{"resources":[{}],"action":"MASK","path":"$.arguments.a"}}]"#,
        wild.join(",")
    ));
    check(&document, "arguments", "wildcard inside", |problem| matches!(problem, Problem::TooManyInnerWildcards(_)));
}

#[test]
fn all_that_is_wrong_is_told() {
    let document = policy(r#""rules":[],"arguments":[{},{"resources":[]}],"headers":[{"name":"host","value":"a"}]"#);
    let errors = Policy::check(document.as_bytes()).unwrap_err();
    let places: Vec<&str> = std::iter::once(&errors.first).chain(&errors.others).map(|error| error.place()).collect();
    assert_eq!(places, ["arguments[0]", "arguments[1]", "headers[0].name"]);
}
