//! Which definitions of a tool are pinned, by which policy, and what an author is told about wrong pins.
#![cfg(test)]

#[path = "support/refusing.rs"]
mod refusing;

use policy_model::policy::{DIGESTS_MAX, PINS_MAX, PinError, Problem};
use policy_model::{Digest, Layers, Pinned, Policy, ToolName};
use refusing::{check, policy};

#[test]
fn a_pinned_tool_has_one_of_its_digests() {
    let tenant = parse("t", &[("orders___get", &[A, B])]);
    let layers = Layers::of(&tenant);
    check_pin(layers, "orders___get", Some(A), Pinned::Met);
    check_pin(layers, "orders___get", Some(B), Pinned::Met);
    check_pin(layers, "orders___get", Some(C), Pinned::Changed);
    check_pin(layers, "orders___get", None, Pinned::Changed);
    for other in ["orders___Get", "orders___ge", "orders___getAll", "get", "crm___get"] {
        check_pin(layers, other, Some(C), Pinned::No);
        check_pin(layers, other, None, Pinned::No);
        assert!(!layers.pins(&ToolName::parse(other).unwrap()));
    }
    assert!(layers.has_pins() && layers.pins(&ToolName::parse("orders___get").unwrap()));
}

#[test]
fn under_two_pins_both_are_met() {
    let (baseline, tenant) = (parse("*", &[("a", &[A, B]), ("b", &[A])]), parse("t", &[("a", &[B, C])]));
    let layers = Layers { kills: None, baseline: Some(&baseline), policy: &tenant };
    check_pin(layers, "a", Some(B), Pinned::Met);
    check_pin(layers, "a", Some(A), Pinned::Changed);
    check_pin(layers, "a", Some(C), Pinned::Changed);
    check_pin(layers, "b", Some(A), Pinned::Met);
    check_pin(layers, "b", Some(B), Pinned::Changed);
    check_pin(layers, "c", Some(B), Pinned::No);
}

#[test]
fn a_policy_that_only_logs_pins_nothing() {
    let pins = format!(r#""mode":"LOG_ONLY","rules":[],"pins":[{{"tool":"a","sha256":["{A}"]}}]"#);
    let policy = Policy::parse(policy(&pins).as_bytes()).unwrap();
    assert!(!Layers::of(&policy).has_pins());
    check_pin(Layers::of(&policy), "a", None, Pinned::No);
}

#[test]
fn a_policy_may_have_no_pins() {
    for members in [r#""rules":[]"#, r#""rules":[],"pins":[]"#] {
        let policy = Policy::parse(policy(members).as_bytes()).unwrap();
        assert!(!Layers::of(&policy).has_pins());
    }
}

#[test]
fn a_pin_is_of_one_tool() {
    for name in ["", "agent:tool:a", "*", "orders___*", "a b", "orders____get", "a__b", "get\\u200b", &"a".repeat(257)]
    {
        let text = pin(&format!(r#""tool":"{name}","sha256":["{A}"]"#));
        check(&text, "pins[0].tool", "is not the name of one tool as lists have it", |problem| {
            matches!(problem, Problem::Pin(PinError::Tool(_)))
        });
    }
}

#[test]
fn a_tool_is_pinned_once_in_a_policy() {
    let entry = |tool: &str| format!(r#"{{"tool":"{tool}","sha256":["{A}"]}}"#);
    let text = policy(&format!(r#""rules":[],"pins":[{},{},{}]"#, entry("a"), entry("A"), entry("a")));
    check(&text, "pins[2].tool", "tool \"a\" is pinned by another entry; put all its digests into one", |problem| {
        matches!(problem, Problem::Pin(PinError::Twice(_)))
    });
}

#[test]
fn a_digest_is_64_lower_case_hexadecimal_digits() {
    let short = "a".repeat(63);
    let (upper, odd) = (A.to_uppercase(), format!("{short}g"));
    let wide = format!("{}é", "a".repeat(62));
    for digest in ["", &short, &format!("{A}a"), &upper, &odd, &wide, &format!("sha256:{A}"), &format!(" {short}")] {
        let text = pin(&format!(r#""tool":"a","sha256":["{A}","{digest}"]"#));
        check(&text, "pins[0].sha256[1]", "is not a SHA-256 in 64 lower-case", |problem| {
            matches!(problem, Problem::Pin(PinError::Digest(_)))
        });
    }
    let text = pin(r#""tool":"a","sha256":[1]"#);
    check(&text, "pins[0].sha256[0]", "expected a string", |problem| matches!(problem, Problem::WrongType(_)));
    let text = pin(&format!(r#""tool":"a","sha256":"{A}""#));
    check(&text, "pins[0].sha256", "expected a list", |problem| matches!(problem, Problem::WrongType(_)));
    let text = pin(r#""tool":"a","sha256":[]"#);
    check(&text, "pins[0].sha256", "prints the digest", |problem| matches!(problem, Problem::EmptyList(_)));
}

#[test]
fn a_pin_has_its_fields_and_no_others() {
    let missing = |problem: &Problem| matches!(problem, Problem::Missing(_));
    check(&pin(&format!(r#""sha256":["{A}"]"#)), "pins[0]", "\"tool\" is missing", missing);
    check(&pin(r#""tool":"a""#), "pins[0]", "\"sha256\" is missing", missing);
    let text = pin(&format!(r#""tool":"a","sha256":["{A}"],"until":1"#));
    check(&text, "pins[0]", "unknown field \"until\"; known here: tool, sha256, description", |problem| {
        matches!(problem, Problem::UnknownField(..))
    });
    Policy::parse(pin(&format!(r#""tool":"a","sha256":["{A}"],"description":"v2, reviewed""#)).as_bytes()).unwrap();
}

#[test]
fn pins_and_digests_are_bounded() {
    let digests =
        |count: usize| pin(&format!(r#""tool":"a","sha256":[{}]"#, vec![format!("\"{A}\""); count].join(",")));
    Policy::parse(digests(DIGESTS_MAX).as_bytes()).unwrap();
    let too_many = |problem: &Problem| matches!(problem, Problem::TooMany(..));
    check(&digests(DIGESTS_MAX + 1), "pins[0].sha256", "more than 10 digests of a tool", too_many);
    let pins = |count: usize| {
        let pins: Vec<String> = (0..count).map(|number| format!(r#"{{"tool":"{number}","sha256":["{A}"]}}"#)).collect();
        policy(&format!(r#""rules":[],"pins":[{}]"#, pins.join(",")))
    };
    assert!(Layers::of(&Policy::parse(pins(PINS_MAX).as_bytes()).unwrap()).pins(&ToolName::parse("9999").unwrap()));
    check(&pins(PINS_MAX + 1), "pins", "more than 10000 pins", too_many);
}

fn check_pin(layers: Layers<'_>, tool: &str, digest: Option<&str>, expected: Pinned) {
    let digest = digest.map(|digest| Digest::parse(digest).unwrap());
    assert_eq!(
        layers.check_definition(&ToolName::parse(tool).unwrap(), digest.as_ref()),
        expected,
        "{tool} {digest:?}"
    );
}

fn parse(tenant: &str, pins: &[(&str, &[&str])]) -> Policy {
    let pin = |(tool, digests): &(&str, &[&str])| {
        let digests: Vec<String> = digests.iter().map(|digest| format!("\"{digest}\"")).collect();
        format!(r#"{{"tool":"{tool}","sha256":[{}]}}"#, digests.join(","))
    };
    let pins: Vec<String> = pins.iter().map(pin).collect();
    let document = format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":[],"pins":[{}]}}"#, pins.join(","));
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

fn pin(members: &str) -> String {
    policy(&format!(r#""rules":[],"pins":[{{{members}}}]"#))
}

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const C: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
