//! What each form of rule allows and denies.
#![cfg(test)]

#[path = "support/deciding.rs"]
mod deciding;

use deciding::{ALLOW, DENY, quoted, rule};
use policy_model::ToolName;
use policy_model::tool_name::SEARCH_TOOL;

#[test]
fn an_exact_name_covers_that_tool_only() {
    check(
        &[(ALLOW, "orders___get")],
        None,
        &["orders___get"],
        &["orders___getOrder", "orders___ge", "Orders___get", "get", "a___orders___get"],
    );
}

#[test]
fn a_wildcard_at_the_end_covers_what_begins_so() {
    check(
        &[(ALLOW, "orders___get*")],
        None,
        &["orders___get", "orders___getOrder", "orders___get___x"],
        &["orders___Get", "orders___list", "ordersX___get", "get"],
    );
}

#[test]
fn wildcards_at_the_end_of_what_begins_alike_are_told_apart_in_any_order() {
    let mut patterns = [
        (ALLOW, "t___abc*"),
        (ALLOW, "t___abd*"),
        (ALLOW, "t___a1*"),
        (ALLOW, "u___abcdef*"),
        (ALLOW, "u___abc-*"),
        (ALLOW, "v___*"),
        (ALLOW, "vw___x*"),
    ];
    for _ in 0..patterns.len() {
        patterns.rotate_left(1);
        check(
            &patterns,
            None,
            &["t___abc", "t___abcd", "t___abd", "t___abdx", "t___a1", "u___abcdefg", "u___abc-1", "v___a", "vw___xy"],
            &["t___ab", "t___abe", "t___a", "t___a2", "u___abc", "u___abcde", "u___abcd-", "w___a", "vw___y", "vx___x"],
        );
    }
}

#[test]
fn all_tools_of_a_target_are_not_those_of_a_target_with_a_longer_name() {
    check(
        &[(ALLOW, "orders___*")],
        None,
        &["orders___x", "orders___a___b"],
        &["orders-admin___x", "ordersX___x", "Xorders___x", "orders", "orders_x"],
    );
    check(
        &[(ALLOW, "orders*___x")],
        None,
        &["orders-admin___x", "ordersX___x", "orders___x"],
        &["order___x", "orders___y", "orders___a___x"],
    );
}

#[test]
fn a_wildcard_at_the_start_and_inside_covers_what_fits() {
    check(
        &[(ALLOW, "*___get*Order")],
        None,
        &["a___getOrder", "b.c___getMyOrder"],
        &["a___getOrders", "a___forgetOrder", "getOrder"],
    );
    check(&[(ALLOW, "a*c___*x*")], None, &["ac___x", "abc___axa"], &["ab___x", "abc___y", "a___c___x"]);
    check(&[(ALLOW, "a**b___x")], None, &["ab___x", "a-b___x"], &["a___x", "b___x"]);
}

#[test]
fn a_dot_is_a_dot() {
    check(&[(ALLOW, "a.b___c.*d")], None, &["a.b___c.d", "a.b___c.xd"], &["aXb___c.d", "a.b___cXd", "a-b___c.d"]);
    check(&[(ALLOW, "a-c___x-*z")], None, &["a-c___x-z"], &["b___x-z", "a-c___xyz"]);
}

#[test]
fn a_single_wildcard_covers_every_tool() {
    for all in ["*", "**", "********"] {
        check(&[(ALLOW, all)], None, &["a", "a___b", "a___b___c", SEARCH_TOOL], &[]);
        check(&[(ALLOW, all)], Some("orders"), &["a", "a___b", "orders___a", SEARCH_TOOL], &[]);
        check(&[(ALLOW, "*"), (DENY, all)], None, &[], &["a", "a___b", SEARCH_TOOL]);
    }
}

#[test]
fn a_bare_name_is_allowed_on_the_default_target_only() {
    check(
        &[(ALLOW, "get")],
        Some("orders"),
        &["orders___get"],
        &["get", "admin___get", "orders___getAll", "orders___x___get", "a___orders___get"],
    );
    check(&[(ALLOW, "get*")], Some("orders"), &["orders___get", "orders___getAll"], &["get", "getAll", "admin___get"]);
    check(
        &[(ALLOW, "*get*")],
        Some("orders"),
        &["orders___get", "orders___forget"],
        &["get", "orders-get___x", "get___x"],
    );
}

#[test]
fn a_bare_name_is_allowed_unprefixed_without_default_target() {
    check(&[(ALLOW, "get")], None, &["get"], &["orders___get", "get___x", "getAll", "get_x"]);
    check(&[(ALLOW, "get*")], None, &["get", "getAll", "get_x"], &["orders___get", "get___x", "get-all___x"]);
    check(&[(ALLOW, "g*t")], None, &["get", "g_t"], &["orders___get", "g___t", "geta"]);
    check(&[(ALLOW, "*get")], None, &["get", "forget"], &["orders___get", "get___get"]);
}

#[test]
fn a_bare_name_is_denied_on_every_target() {
    for default_target in [None, Some("orders")] {
        let denied = ["refund", "orders___refund", "admin___refund", "a.b-c___refund"];
        check(
            &[(ALLOW, "*"), (DENY, "refund")],
            default_target,
            &["orders___refunds", "refund___x", "Refund"],
            &denied,
        );
        let denied = ["refund", "refundAll", "orders___refundAll", "refund-eu___x"];
        check(&[(ALLOW, "*"), (DENY, "refund*")], default_target, &["orders___arefund"], &denied);
        let denied = ["orders___a-admin-b", "admin", "admin___x", "x-admin___y"];
        check(&[(ALLOW, "*"), (DENY, "*admin*")], default_target, &["orders___adm1n"], &denied);
    }
}

#[test]
fn a_deny_overrides_every_allow_in_either_order() {
    let rules = [(ALLOW, "orders___get"), (ALLOW, "*"), (DENY, "orders___g*")];
    check(&rules, None, &["orders___list"], &["orders___get"]);
    let reversed: Vec<(&str, &str)> = rules.iter().rev().copied().collect();
    check(&reversed, None, &["orders___list"], &["orders___get"]);
}

#[test]
fn a_deny_with_delimiter_reaches_its_target_only() {
    check(
        &[(ALLOW, "*"), (DENY, "orders___get")],
        Some("orders"),
        &["get", "admin___get", "orders___list"],
        &["orders___get"],
    );
}

/// A wildcard of a DENY is any run of characters, the delimiter included; that of an ALLOW stays in its part.
#[test]
fn a_wildcard_crosses_the_delimiter_in_a_deny_only() {
    check(&[(ALLOW, "*"), (DENY, "a*___get")], None, &["b___x___get"], &["ab___get", "ab___x___get"]);
    check(&[(ALLOW, "a*___get")], None, &["ab___get"], &["ab___x___get"]);
}

#[test]
fn without_a_rule_nothing_is_allowed() {
    for default_target in [None, Some("orders")] {
        check(&[], default_target, &[], &["a", "orders___a", SEARCH_TOOL]);
        check(&[(DENY, "b")], default_target, &[], &["a", "orders___a", "b"]);
    }
}

#[test]
fn the_search_tool_is_a_tool_like_any_other() {
    check(&[(ALLOW, SEARCH_TOOL)], None, &[SEARCH_TOOL], &["x_amz_bedrock_agentcore_searc"]);
    check(&[(ALLOW, "x_amz_*")], None, &[SEARCH_TOOL], &["orders___x_amz_y"]);
    check(&[(ALLOW, "orders___*")], None, &[], &[SEARCH_TOOL]);
    check(&[(ALLOW, "*"), (DENY, SEARCH_TOOL)], None, &["orders___get"], &[SEARCH_TOOL]);
}

#[test]
fn the_search_tool_has_no_target_whatever_the_default() {
    let on_target = format!("orders___{SEARCH_TOOL}");
    for default_target in [None, Some("orders")] {
        check(&[(ALLOW, SEARCH_TOOL)], default_target, &[SEARCH_TOOL], &[&on_target]);
        check(&[(ALLOW, &on_target)], default_target, &[&on_target], &[SEARCH_TOOL]);
        check(&[(ALLOW, "*"), (DENY, SEARCH_TOOL)], default_target, &["orders___get"], &[SEARCH_TOOL, &on_target]);
    }
    check(&[(ALLOW, "x_amz_*")], Some("orders"), &[&on_target], &[SEARCH_TOOL]);
}

#[test]
fn a_wildcard_in_a_request_is_no_name() {
    for name in ["*", "orders___*", "orders___get*", "agent:tool:*", "agent:tool:orders___get"] {
        assert!(ToolName::parse(name).is_err(), "{name}");
    }
}

/// A policy of one-resource rules allows these names and denies those.
fn check(rules: &[(&str, &str)], default_target: Option<&str>, allowed: &[&str], denied: &[&str]) {
    let rules: Vec<String> = rules.iter().map(|(effect, pattern)| rule(effect, &[pattern], "")).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    for (names, expected) in [(allowed, true), (denied, false)] {
        for name in names {
            let is_allowed = quoted(&rules, default_target, name).0;
            assert_eq!(is_allowed, expected, "{name} under {rules:?}, default target {default_target:?}");
        }
    }
}
