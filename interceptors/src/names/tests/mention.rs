//! What is said of tools without their prefix, with it, and with another target's.

use policy_model::json::quote;

use super::stage::{Stage, call, list, names_in, orders, request};
use crate::message::MessageFault;
use crate::names::Names;
use crate::refusal::Refusal;

/// A tool of orders that may be called, one that may not, and both of crm.
fn stage() -> Stage {
    Stage::of(
        &["agent:tool:orders___*", "agent:tool:crm___get"],
        &["agent:tool:orders___purge", "agent:tool:crm___drop"],
    )
}

#[test]
fn another_targets_name_reaches_nothing_of_it() {
    let stage = Stage::of(&["agent:tool:crm___*", "agent:tool:orders___get"], &[]);
    assert!(stage.ask(Names::GATEWAY, &call("crm___get"), "{}").is_ok());
    assert!(matches!(stage.ask(orders(), &call("crm___get"), "{}"), Err(Refusal::Policy(..))));
    let (body, trail) = self::stage().ask(orders(), &call("crm___get"), "{}").unwrap();
    assert!(body.contains("\"name\":\"crm___get\"") && trail.contains("orders___crm___get"), "{body} {trail}");
}

#[test]
fn what_is_no_name_of_the_target_is_refused_and_not_listed() {
    let stage = Stage::of(&["agent:tool:*", "agent:prompt:*"], &[]);
    let longest = "x".repeat(256 - "orders___".len());
    let long = format!("{longest}x");
    for name in ["_x", "__x", "", "a b", "get\u{200b}", "orders___get", "orders____get", &long] {
        let refused =
            |message: &str, fault| assert_eq!(stage.ask(orders(), message, "{}").err(), Some(Refusal::Message(fault)));
        let name = quote(name);
        refused(&request("tools/call", &format!("{{\"name\":{name}}}")), MessageFault::ToolName);
        refused(&request("prompts/get", &format!("{{\"name\":{name}}}")), MessageFault::PromptName);
        let reference = format!(
            "{{\"ref\":{{\"type\":\"ref/prompt\",\"name\":{name}}},\"argument\":{{\"name\":\"a\",\"value\":\"\"}}}}"
        );
        refused(&request("completion/complete", &reference), MessageFault::Reference);
        for (method, member) in [("tools/list", "tools"), ("prompts/list", "prompts")] {
            let result = format!("{{\"{member}\":[{{\"name\":{name}}},{{\"name\":\"get\"}}]}}");
            let seen = stage.see(orders(), &request(method, "{}"), &result).unwrap();
            assert_eq!(names_in(&seen, member), ["get"], "{name} {method}");
        }
    }
    assert!(stage.ask(orders(), &call(&longest), "{}").is_ok());
}

#[test]
fn the_search_tool_is_the_gateways_alone() {
    const SEARCH: &str = "x_amz_bedrock_agentcore_search";
    let found = r#"{"content":[{"type":"text","text":"{\"tools\":[{\"name\":\"purge\"}]}"}],"structuredContent":{"tools":[{"name":"purge"}]}}"#;
    let only_search = Stage::of(&["agent:tool:x_amz_bedrock_agentcore_search"], &[]);
    assert!(only_search.ask(Names::GATEWAY, &call(SEARCH), "{}").is_ok());
    assert!(only_search.ask(orders(), &call(SEARCH), "{}").is_err());
    // What such a tool returns is what any tool returns.
    assert_eq!(stage().see(orders(), &call(SEARCH), found).unwrap(), found);
    assert_ne!(stage().see(Names::GATEWAY, &call(SEARCH), found).unwrap(), found);
}

#[test]
fn a_header_repeats_the_name_as_written() {
    let header = |name: &str| format!("{{\"Mcp-Method\":\"tools/call\",\"Mcp-Name\":\"{name}\"}}");
    assert!(stage().ask(orders(), &call("get"), &header("get")).is_ok());
    let refused = stage().ask(orders(), &call("get"), &header("orders___get"));
    assert_eq!(refused.err(), Some(Refusal::Message(MessageFault::MirroredHeader)));
    assert!(stage().ask(Names::GATEWAY, &call("orders___get"), &header("orders___get")).is_ok());
}

#[test]
fn a_hidden_name_is_found_with_its_prefix_and_without() {
    let result = |text: &str| {
        format!(
            r#"{{"tools":[{{"name":"get","inputSchema":{{}},"_meta":{{"note":{}}}}},{{"name":"purge","inputSchema":{{}}}}]}}"#,
            quote(text)
        )
    };
    for (text, is_shown) in [
        ("first get, then list", true),
        ("first purge, then list", false),
        ("purge.", false),
        ("mcp__gateway__purge", false),
        ("purged", true),
        ("Purge", true),
        ("pur\u{200b}ge", false),
        ("first orders___get", true),
        ("first orders___purge", false),
        ("mcp__gateway__orders___purge", false),
        // As another target's it may be used, as one of this target's it may too.
        ("first crm___get", true),
        ("first crm___drop", false),
        ("first billing___pay", false),
        (r#"{"name":"purge","inputSchema":{}}"#, false),
        (r#"{"name":"wipe","inputSchema":{}}"#, true),
    ] {
        let seen = stage().see(orders(), &list(), &result(text)).unwrap();
        assert_eq!(names_in(&seen, "tools"), ["get"]);
        assert_eq!(seen.contains(&quote(text)), is_shown, "{text}: {seen}");
    }
    // In either reading: here the other target's tool may be used, and this target's of that name may not.
    let narrow = Stage::of(&["agent:tool:orders___get", "agent:tool:crm___get"], &[]);
    assert!(!narrow.see(orders(), &list(), &result("first crm___get")).unwrap().contains("crm___get"));
    assert!(
        narrow
            .see(Names::GATEWAY, &list(), r#"{"tools":[{"name":"orders___get","_meta":{"note":"first crm___get"}}]}"#)
            .unwrap()
            .contains("crm___get")
    );
}

#[test]
fn what_describes_a_tool_without_its_prefix_is_one() {
    let described = |name: &str, more: &str| format!(r#"{{"tools":[],"_meta":{{"a":{{"name":"{name}",{more}}}}}}}"#);
    let has = |result: &str, name: &str| stage().see(orders(), &list(), result).unwrap().contains(name);
    for more in [r#""inputSchema":{}"#, r#""parameters":{}"#, r#""function":{}"#] {
        assert!(has(&described("get", more), "get"), "{more}");
        assert!(!has(&described("purge", more), "purge"), "{more}");
        assert!(has(&described("orders___get", more), "orders___get"), "{more}");
        assert!(!has(&described("orders___purge", more), "orders___purge"), "{more}");
    }
    // Anything may have a name and a description, such as the arguments of a prompt.
    assert!(has(&described("purge", r#""description":"x""#), "purge"));
    let prompts = r#"{"prompts":[{"name":"ask","arguments":[{"name":"purge","description":"x"}]}]}"#;
    let stage = Stage::of(&["agent:prompt:orders___ask"], &[]);
    assert_eq!(stage.see(orders(), &request("prompts/list", "{}"), prompts).unwrap(), prompts);
    assert_eq!(stage.see(Names::GATEWAY, &request("prompts/list", "{}"), prompts).unwrap(), r#"{"prompts":[]}"#);
}

#[test]
fn a_hidden_tool_takes_no_word_of_the_protocol_along() {
    let result = r#"{"tools":[{"name":"private"},{"name":"description"},{"name":"get","description":"finds"}],"ttlMs":5,"cacheScope":"private","resultType":"complete"}"#;
    let seen = Stage::of(&["agent:tool:orders___get"], &[]).see(orders(), &list(), result).unwrap();
    assert_eq!(
        seen,
        r#"{"tools":[{"name":"get","description":"finds"}],"ttlMs":5,"cacheScope":"private","resultType":"complete"}"#
    );
}
