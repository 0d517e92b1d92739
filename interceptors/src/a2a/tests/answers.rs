//! Answers that no proper agent gives, and what is left of those of which a path selects a part.

use policy_model::json;

use super::{asked, policy, see_as};
use crate::a2a::answer::Asked;
use crate::a2a::method::{Binding, Method};
use crate::refusal::Refusal;

#[test]
fn odd_cards_show_nothing_more() {
    let rules = r#"[{"effect":"ALLOW","resourceType":"AGENT","resources":["agent:agent:*"]}]"#;
    let policy = policy(rules, "[]");
    let check = |card: &str, expected: Result<Option<&str>, Refusal>| {
        let document = json::parse(card.as_bytes()).unwrap();
        let asked = asked(Method::Card, Binding::HttpJson);
        assert_eq!(see_as(&policy, &asked, document.root()), expected.map(|it| it.map(str::to_owned)), "{card}");
    };
    check(r#"{"skills":{"id":"a"}}"#, Ok(Some(r#"{"skills":[]}"#)));
    check(r#"{"skills":[{"id":"a"},{"id":"a"},{"id":"b"}]}"#, Ok(Some(r#"{"skills":[{"id":"b"}]}"#)));
    check(r#"{"skills":[{"id":"a/b"},{"id":1},{},{"id":"a","ID":"b"},"c"]}"#, Ok(Some(r#"{"skills":[]}"#)));
    check(r#"{"skills":[],"Skills":[1],"more":{"a":1},"odd":"[1]","plain":1}"#, Ok(Some(r#"{"skills":[],"plain":1}"#)));
    check(
        r#"{"capabilities":{"extensions":[{"params":{"skills":[1],"a":2}}]},"signatures":[1]}"#,
        Ok(Some(r#"{"capabilities":{"extensions":[{"params":{"a":2}}]}}"#)),
    );
    check("[]", Err(Refusal::Answer));
    check(r#"{"skills":[],"skills":[]}"#, Err(Refusal::Answer));
}

#[test]
fn what_is_no_answer_of_the_protocol_does_not_go_on_where_something_is_redacted() {
    let redacting = policy("[]", r#"[{"resources":["agent:agent:*"],"path":"$..ssn","action":"MASK"}]"#);
    let check = |method, binding, text: &str, is_refused: bool| {
        let document = json::parse(text.as_bytes()).unwrap();
        let seen = see_as(&redacting, &asked(method, binding), document.root());
        assert_eq!(seen == Err(Refusal::Answer), is_refused, "{text}: {seen:?}");
    };
    use Binding::{HttpJson, JsonRpc};
    use Method::{MessageSend, PushDelete, TasksGet};
    for text in [
        r#"{"jsonrpc":"2.0","id":1,"result":"text"}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":[]}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"kind":"other"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":{},"message":{}}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":[]}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":{"Artifacts":[]}}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":{"artifacts":{"parts":[]}}}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":{"id":["t"]}}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#,
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"jsonrpc":"2.0","id":1,"error":"text"}"#,
        r#"{"jsonrpc":"2.0","id":1.5,"result":{"task":{}}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":{}},"more":1}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"task":{"metadata":{"a":1,"a":2}}}}"#,
    ] {
        check(MessageSend, JsonRpc, text, true);
    }
    check(MessageSend, JsonRpc, r#"{"jsonrpc":"2.0","id":1,"result":{"task":{}}}"#, false);
    check(TasksGet, HttpJson, r#"{"id":"t"}"#, false);
    check(TasksGet, HttpJson, r#"{"detail":"Not Found"}"#, false);
    check(TasksGet, HttpJson, r#"{"error":null,"id":"t"}"#, false);
    check(TasksGet, HttpJson, r#"{"error":"text"}"#, false);
    check(TasksGet, HttpJson, r#"["id"]"#, true);
    check(PushDelete, HttpJson, "{}", false);
    check(PushDelete, HttpJson, r#"{"ssn":1}"#, true);
    check(PushDelete, JsonRpc, r#"{"jsonrpc":"2.0","id":1}"#, false);
}

#[test]
fn an_error_is_one_by_its_status_too() {
    let redacting = policy("[]", r#"[{"resources":["agent:agent:*"],"path":"$..ssn","action":"MASK"}]"#);
    for (method, text) in [
        (Method::TasksGet, r#"{"detail":"Not Found"}"#),
        (Method::TasksGet, r#"{"error":{"code":404,"message":"no"}}"#),
        (Method::Card, r#"{"error":{"code":404,"message":"no"}}"#),
    ] {
        let document = json::parse(text.as_bytes()).unwrap();
        let asked = Asked { is_error: true, ..asked(method, Binding::HttpJson) };
        assert!(see_as(&redacting, &asked, document.root()).is_ok(), "{text}");
    }
    let no_error = json::parse(br#"{"error":null,"skills":[{"id":"secret"}]}"#).unwrap();
    let card = see_as(&policy("[]", "[]"), &asked(Method::Card, Binding::HttpJson), no_error.root());
    assert!(card.unwrap().is_some_and(|card| !card.contains("secret")));
}

#[test]
fn an_error_does_not_cover_what_was_asked_for() {
    let check = |method, text: &str, expected: Result<Option<&str>, Refusal>| {
        let document = json::parse(text.as_bytes()).unwrap();
        let asked = Asked { is_error: true, ..asked(method, Binding::HttpJson) };
        let seen = see_as(&policy("[]", "[]"), &asked, document.root());
        assert_eq!(seen, expected.map(|it| it.map(str::to_owned)), "{text}");
    };
    check(Method::Card, r#"{"error":null,"skills":[{"id":"a"}]}"#, Ok(Some(r#"{"error":null,"skills":[]}"#)));
    check(Method::Card, r#"{"error":{"a":1},"skills":[{"id":"a"}]}"#, Ok(Some(r#"{"skills":[]}"#)));
    check(Method::Card, r#"{"error":{"a":1},"Skills":[{"id":"a"}]}"#, Ok(Some("{}")));
    check(Method::TasksList, r#"{"error":null,"tasks":[{"id":"t-2"}]}"#, Ok(Some(r#"{"tasks":[]}"#)));
    check(Method::TasksList, r#"{"error":{"a":1},"timestamp":1}"#, Ok(None));
}

#[test]
fn a_selected_object_keeps_its_frame_and_nothing_of_what_is_said_in_it() {
    let check = |path: &str, expected: &str| {
        let redaction = format!(r#"[{{"resources":["agent:agent:*"],"path":"{path}","action":"REMOVE"}}]"#);
        let task = r#"{"id":"t","artifacts":[{"artifactId":"a","name":"n","parts":[{"data":{"k":1}},{"odd":1}],"more":1}],"metadata":{"k":2}}"#;
        let document = json::parse(task.as_bytes()).unwrap();
        let asked = asked(Method::TasksGet, Binding::HttpJson);
        let seen = see_as(&policy("[]", &redaction), &asked, document.root()).unwrap().unwrap();
        assert_eq!(seen, expected, "{path}");
    };
    const MASK: &str = r#"{"kind":"text","text":"****"}"#;
    let odd = |data: &str, name: &str, metadata: &str| {
        format!(
            r#"{{"id":"t","artifacts":[{{"artifactId":"a","name":"{name}","parts":[{data},{MASK}],"more":1}}],"metadata":{metadata}}}"#
        )
    };
    check("$.metadata", &odd(r#"{"data":{"k":1}}"#, "n", "{}"));
    check("$..k", &odd(r#"{"data":{}}"#, "n", "{}"));
    check("$.k", &odd(r#"{"data":{}}"#, "n", "{}"));
    check("$..name", &odd(r#"{"data":{"k":1}}"#, "****", r#"{"k":2}"#));
    check("$..parts", &odd(r#"{"data":{}}"#, "n", r#"{"k":2}"#));
    let all = odd(r#"{"data":{}}"#, "****", r#"{"k":2}"#).replace(r#","more":1"#, "");
    check("$.artifacts", &all);
    check("$", &all.replace(r#"{"k":2}"#, "{}"));
}
