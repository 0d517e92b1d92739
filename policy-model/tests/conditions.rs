//! What each operator says of values of each type, at its boundaries, and of what is missing.
#![cfg(test)]

#[path = "support/truth.rs"]
mod truth;

use truth::Truth::{self, False, Indeterminate, True};
use truth::truth_of;

/// Values that have another type than a string.
const NO_STRINGS: &[&str] = &["1", "true", "null", "[]", "[\"a\"]", "{}", "{\"a\":\"a\"}"];

/// Values that have another type than a number.
const NO_NUMBERS: &[&str] = &["\"1\"", "true", "null", "[]", "[1]", "{}", "\"\""];

#[test]
fn equal_is_what_has_the_same_type_and_value() {
    check(
        "EQUALS",
        r#""a""#,
        &[(r#""a""#, True), (r#""\u0061""#, True), (r#""A""#, False), (r#""""#, False), (r#""a ""#, False)],
    );
    check("EQUALS", r#""""#, &[(r#""""#, True), (r#"" ""#, False)]);
    check_all("EQUALS", r#""a""#, NO_STRINGS, Indeterminate);
    check("EQUALS", "1", &[("1", True), ("1.0", True), ("10e-1", True), ("0.1E+1", True), ("2", False), ("-1", False)]);
    check_all("EQUALS", "1", NO_NUMBERS, Indeterminate);
    check("EQUALS", "0", &[("-0", True), ("0e5", True), ("-0.0", True), ("1e-400", False)]);
    check("EQUALS", "true", &[("true", True), ("false", False), ("1", Indeterminate), (r#""true""#, Indeterminate)]);
    check("EQUALS", "null", &[("null", True), ("0", False), (r#""""#, False), ("[]", False), ("{}", False)]);
    check("EQUALS", "18446744073709551616", &[("18446744073709551616", True), ("18446744073709551617", False)]);
    check("EQUALS", "0.1", &[("0.1", True), ("0.1000000000000000000000000000001", False)]);
    check("EQUALS", "1e400", &[("1e400", True), ("10e399", True), ("1e401", False)]);
}

#[test]
fn unequal_is_the_negation_where_there_is_an_answer() {
    check("NOT_EQUALS", r#""a""#, &[(r#""a""#, False), (r#""b""#, True)]);
    check_all("NOT_EQUALS", r#""a""#, NO_STRINGS, Indeterminate);
    check("NOT_EQUALS", "1", &[("1.0", False), ("1.01", True)]);
    check_all("NOT_EQUALS", "1", NO_NUMBERS, Indeterminate);
    check("NOT_EQUALS", "null", &[("null", False), ("0", True), ("[]", True), ("false", True)]);
    check("NOT_EQUALS", "false", &[("true", True), ("false", False), ("null", Indeterminate)]);
}

#[test]
fn in_a_list_is_what_equals_one_of_it() {
    let list = r#"["a","b"]"#;
    check("IN", list, &[(r#""a""#, True), (r#""b""#, True), (r#""c""#, False), (r#""A""#, False), (r#""""#, False)]);
    check_all("IN", list, NO_STRINGS, Indeterminate);
    check("IN", "[1,2]", &[("2.0", True), ("1.5", False), ("3", False)]);
    check_all("IN", "[1,2]", NO_NUMBERS, Indeterminate);
    check("NOT_IN", list, &[(r#""a""#, False), (r#""c""#, True)]);
    check_all("NOT_IN", list, NO_STRINGS, Indeterminate);
}

#[test]
fn numbers_are_ordered_exactly() {
    for (operator, below, equal, above) in [
        ("LESS_THAN", True, False, False),
        ("LESS_THAN_OR_EQUAL", True, True, False),
        ("GREATER_THAN", False, False, True),
        ("GREATER_THAN_OR_EQUAL", False, True, True),
    ] {
        check(operator, "500", &[("499", below), ("500", equal), ("5e2", equal), ("500.0", equal), ("501", above)]);
        check(operator, "500", &[("499.99999999999999999999999", below), ("500.00000000000000000000001", above)]);
        check(operator, "-1", &[("-2", below), ("-1.0", equal), ("0", above), ("-0.99", above)]);
        check(operator, "0", &[("-1e-400", below), ("-0", equal), ("1e-400", above)]);
        check(operator, "9007199254740993", &[("9007199254740992", below), ("9007199254740994", above)]);
        check(operator, "1e999", &[("1e998", below), ("10e998", equal), ("1e1000", above)]);
        check_all(operator, "1", NO_NUMBERS, Indeterminate);
        check(operator, "1", &[("1e99999999999999999999", Indeterminate)]);
    }
}

#[test]
fn strings_are_looked_into() {
    for (operator, start, middle, end) in
        [("CONTAINS", True, True, True), ("STARTS_WITH", True, False, False), ("ENDS_WITH", False, False, True)]
    {
        check(operator, r#""ab""#, &[(r#""abc""#, start), (r#""xabc""#, middle), (r#""xab""#, end), (r#""ab""#, True)]);
        check(operator, r#""ab""#, &[(r#""a""#, False), (r#""""#, False), (r#""AB""#, False), (r#""acb""#, False)]);
        check(operator, r#""*""#, &[(r#""abc""#, False), (r#""*""#, True)]);
    }
    for operator in ["STARTS_WITH", "ENDS_WITH"] {
        check_all(operator, r#""a""#, NO_STRINGS, Indeterminate);
    }
    check_all("CONTAINS", r#""a""#, &["1", "true", "null", "{}", "{\"a\":\"a\"}"], Indeterminate);
}

#[test]
fn a_list_contains_what_equals_an_element() {
    check("CONTAINS", r#""a""#, &[(r#"["a"]"#, True), (r#"["b","a"]"#, True), (r#"["b"]"#, False), ("[]", False)]);
    check("CONTAINS", r#""a""#, &[(r#"["ab"]"#, False), (r#"["b",1]"#, Indeterminate), (r#"[1,"a"]"#, True)]);
    check("CONTAINS", r#""a""#, &[(r#"[["a"]]"#, Indeterminate), ("[null]", Indeterminate)]);
    check("CONTAINS", "1", &[("[1.0]", True), ("[2]", False), (r#"["1"]"#, Indeterminate), (r#""1""#, Indeterminate)]);
    check("CONTAINS", "null", &[("[null]", True), (r#"["a",1]"#, False), (r#""null""#, Indeterminate)]);
    check("CONTAINS", "true", &[("[true]", True), ("[false]", False), ("[1]", Indeterminate)]);
}

#[test]
fn like_knows_one_wildcard() {
    check("LIKE", r#""a*c""#, &[(r#""ac""#, True), (r#""abc""#, True), (r#""a\nc""#, True), (r#""abcd""#, False)]);
    check("LIKE", r#""a*c""#, &[(r#""xabc""#, False), (r#""ABC""#, False), (r#""a""#, False), (r#""""#, False)]);
    check("LIKE", r#""*""#, &[(r#""""#, True), (r#""x""#, True)]);
    check("LIKE", r#""a.c?[b]""#, &[(r#""a.c?[b]""#, True), (r#""abcx[b]""#, False), (r#""a.cb""#, False)]);
    check("LIKE", r#""*a*b*""#, &[(r#""xaxbx""#, True), (r#""ba""#, False)]);
    check_all("LIKE", r#""*""#, NO_STRINGS, Indeterminate);
}

#[test]
fn an_expression_must_fit_the_whole_string() {
    check("MATCHES", r#""a+|bc""#, &[(r#""aa""#, True), (r#""bc""#, True), (r#""aab""#, False), (r#""xbc""#, False)]);
    check("MATCHES", r#""a""#, &[(r#""a\n""#, False), (r#""\na""#, False), (r#""b\na\nb""#, False), (r#""""#, False)]);
    check("MATCHES", r#""(?m)^a$""#, &[(r#""a""#, True), (r#""a\nb""#, False)]);
    check("MATCHES", r#""[0-9]{2}\\.x?""#, &[(r#""12.""#, True), (r#""12.x""#, True), (r#""12x""#, False)]);
    check("MATCHES", r#""(?i)abc""#, &[(r#""ABC""#, True)]);
    check("MATCHES", r#"".*""#, &[(r#""""#, True), (r#""\n""#, False)]);
    check_all("MATCHES", r#"".*""#, NO_STRINGS, Indeterminate);
}

#[test]
fn an_address_is_in_a_network() {
    let v4 = r#""10.1.0.0/16""#;
    check("IN_CIDR", v4, &[(r#""10.1.0.0""#, True), (r#""10.1.255.255""#, True), (r#""10.0.255.255""#, False)]);
    check("IN_CIDR", v4, &[(r#""10.2.0.0""#, False), (r#""::ffff:10.1.2.3""#, True), (r#""::ffff:a01:203""#, True)]);
    check("IN_CIDR", v4, &[(r#""::10.1.2.3""#, False), (r#""2001:db8::1""#, False), (r#""::ffff:10.2.0.0""#, False)]);
    let bad = [r#""""#, r#""10.1.2""#, r#""10.1.2.03""#, r#""10.1.2.3/32""#, r#""10.1.2.3:80""#, r#"" 10.1.2.3""#];
    check_all("IN_CIDR", v4, &bad, Indeterminate);
    check_all("IN_CIDR", v4, &[r#""0x0a010203""#, r#""167837187""#, r#""fe80::1%eth0""#, r#""[::1]""#], Indeterminate);
    check_all("IN_CIDR", v4, NO_STRINGS, Indeterminate);
    let v6 = r#"["2001:db8::/32","192.0.2.1/32"]"#;
    check("IN_CIDR", v6, &[(r#""2001:db8::""#, True), (r#""2001:DB8:ffff::1""#, True), (r#""2001:db9::""#, False)]);
    check("IN_CIDR", v6, &[(r#""192.0.2.1""#, True), (r#""192.0.2.2""#, False)]);
    check("IN_CIDR", r#""0.0.0.0/0""#, &[(r#""1.2.3.4""#, True), (r#""::1""#, False)]);
    check("IN_CIDR", r#""::/0""#, &[(r#""1.2.3.4""#, False), (r#""::ffff:1.2.3.4""#, False), (r#""::1""#, True)]);
}

#[test]
fn a_time_of_the_day_is_between_two() {
    let at = |time: &str| format!("\"2026-11-21T{time}\"");
    for (time, day, night) in [
        ("07:59:59Z", False, True),
        ("08:00:00Z", True, False),
        ("08:00:00.000001Z", True, False),
        ("12:30:00Z", True, False),
        ("17:59:59.999Z", True, False),
        ("18:00:00Z", False, True),
        ("00:00:00Z", False, True),
        ("23:59:59Z", False, True),
        ("09:30:00+02:00", False, True),
        ("10:00:00+02:00", True, False),
        ("23:00:00-10:00", True, False),
    ] {
        check("BETWEEN", r#"["08:00","18:00"]"#, &[(&at(time), day)]);
        check("BETWEEN", r#"["18:00:00","08:00:00"]"#, &[(&at(time), night)]);
    }
    check("BETWEEN", r#"["08:00:30","08:00:31"]"#, &[(&at("08:00:30Z"), True), (&at("08:00:31Z"), False)]);
    let bad = [r#""""#, r#""08:00""#, r#""2026-11-21""#, r#""2026-11-21T08:00:00""#, r#""2026-11-21T25:00:00Z""#];
    check_all("BETWEEN", r#"["08:00","18:00"]"#, &bad, Indeterminate);
    check_all("BETWEEN", r#"["08:00","18:00"]"#, NO_STRINGS, Indeterminate);
}

#[test]
fn existence_asks_for_a_value_of_any_kind() {
    let of = |operator: &str, arguments: &str| {
        truth_of(&format!(r#"{{"path":"$.arguments.x","operator":"{operator}"}}"#), arguments)
    };
    for value in ["1", "null", "\"\"", "[]", "{}", "false"] {
        assert_eq!(of("EXISTS", &format!("{{\"x\":{value}}}")), True, "{value}");
        assert_eq!(of("NOT_EXISTS", &format!("{{\"x\":{value}}}")), False, "{value}");
    }
    assert_eq!((of("EXISTS", "{}"), of("NOT_EXISTS", "{}")), (False, True));
    assert_eq!((of("EXISTS", r#"{"y":{"x":1}}"#), of("NOT_EXISTS", r#"{"y":1}"#)), (False, True));
}

#[test]
fn what_is_missing_has_no_answer() {
    for (operator, value) in [
        ("EQUALS", "null"),
        ("EQUALS", "1"),
        ("NOT_EQUALS", "1"),
        ("NOT_EQUALS", "null"),
        ("IN", "[1]"),
        ("NOT_IN", "[1]"),
        ("LESS_THAN", "1"),
        ("LESS_THAN_OR_EQUAL", "1"),
        ("GREATER_THAN", "1"),
        ("GREATER_THAN_OR_EQUAL", "1"),
        ("CONTAINS", "1"),
        ("STARTS_WITH", "\"a\""),
        ("ENDS_WITH", "\"a\""),
        ("LIKE", "\"*\""),
        ("MATCHES", "\".*\""),
        ("IN_CIDR", "\"::/0\""),
        ("BETWEEN", "[\"00:00\",\"23:59\"]"),
    ] {
        let condition = format!(r#"{{"path":"$.arguments.x","operator":"{operator}","value":{value}}}"#);
        for arguments in ["{}", r#"{"y":1}"#, r#"{"y":{"x":1}}"#, r#"{"X":1}"#] {
            assert_eq!(truth_of(&condition, arguments), Indeterminate, "{operator} {arguments}");
        }
    }
}

fn check(operator: &str, value: &str, rows: &[(&str, Truth)]) {
    for (argument, expected) in rows {
        assert_eq!(truth(operator, value, argument), *expected, "{argument} {operator} {value}");
    }
}

fn check_all(operator: &str, value: &str, arguments: &[&str], expected: Truth) {
    arguments.iter().for_each(|argument| check(operator, value, &[(argument, expected)]));
}

/// Whether the argument `x` is as the operator wants.
fn truth(operator: &str, value: &str, argument: &str) -> Truth {
    let condition = format!(r#"{{"path":"$.arguments.x","operator":"{operator}","value":{value}}}"#);
    truth_of(&condition, &format!(r#"{{"x":{argument}}}"#))
}
