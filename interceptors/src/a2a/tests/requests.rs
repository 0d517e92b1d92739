//! Requests that are refused, and all that is found in others.

use policy_model::json;

use super::{post, task};
use crate::a2a::fault::A2aFault;
use crate::a2a::{A2aRequest, metadata};
use crate::http::ask::{Ask, Verb};

#[test]
fn requests_that_can_be_read_in_two_ways_are_refused() {
    let send = |params: &str| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{params}}}"#);
    let part = |part: &str| send(&format!(r#"{{"message":{{"messageId":"m","parts":[{part}]}}}}"#));
    let with = |more: &str| send(&format!(r#"{{"message":{{"messageId":"m","parts":[]{more}}}}}"#));
    let config = |more: &str| send(&format!(r#"{{"message":{{"parts":[]}},"configuration":{more}}}"#));
    for (text, fault) in [
        ("[]".to_owned(), A2aFault::Batch),
        ("1".to_owned(), A2aFault::NotAnObject),
        (r#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"t"},"result":1}"#.into(), A2aFault::StrayMember),
        (r#"{"jsonrpc":"2.0","id":1,"Method":"GetTask","params":{"id":"t"}}"#.into(), A2aFault::StrayMember),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"t","id":"u"}}"#.into(),
            A2aFault::AmbiguousMember,
        ),
        (r#"{"jsonrpc":"1.0","id":1,"method":"GetTask","params":{"id":"t"}}"#.into(), A2aFault::JsonRpcVersion),
        (r#"{"jsonrpc":"2.0","id":null,"method":"GetTask","params":{"id":"t"}}"#.into(), A2aFault::Id),
        (r#"{"jsonrpc":"2.0","method":"GetTask","params":{"id":"t"}}"#.into(), A2aFault::Id),
        (r#"{"jsonrpc":"2.0","id":1,"method":1}"#.into(), A2aFault::MethodType),
        (r#"{"jsonrpc":"2.0","id":1,"method":"gettask"}"#.into(), A2aFault::UnknownMethod),
        (r#"{"jsonrpc":"2.0","id":1,"method":"GetTask"}"#.into(), A2aFault::Params),
        (r#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":[]}"#.into(), A2aFault::Params),
        (r#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{}}"#.into(), A2aFault::TaskId),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"t","taskId":"u"}}"#.into(),
            A2aFault::StrayMember,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tasks/pushNotificationConfig/set","params":{"taskId":"t"}}"#.into(),
            A2aFault::PushUrl,
        ),
        (send(r#"{"message":{"parts":[]},"Message":{}}"#), A2aFault::AmbiguousMember),
        (send(r#"{"message":{"parts":[]},"other":{}}"#), A2aFault::StrayMember),
        (with(r#","task_id":"t""#), A2aFault::AmbiguousMember),
        (with(r#","taskId":1"#), A2aFault::TaskId),
        (with(r#","referenceTaskIds":"t""#), A2aFault::TaskId),
        (with(r#","content":[]"#), A2aFault::AmbiguousMember),
        (with(r#","kind":"task""#), A2aFault::Params),
        (with(r#","metadata":[]"#), A2aFault::Params),
        (part(r#"{}"#), A2aFault::Part),
        (part(r#""text""#), A2aFault::Part),
        (part(r#"{"text":"a","url":"b"}"#), A2aFault::Part),
        (part(r#"{"text":1}"#), A2aFault::Part),
        (part(r#"{"kind":"data","text":"a"}"#), A2aFault::Part),
        (part(r#"{"kind":"file","file":{"uri":"a"}}"#), A2aFault::Part),
        (part(r#"{"text":"a","Data":{}}"#), A2aFault::AmbiguousMember),
        (config(r#"{"push_notification_config":{"url":"https://a.example"}}"#), A2aFault::AmbiguousMember),
        (config(r#"{"taskPushNotificationConfig":{"URL":"https://a.example"}}"#), A2aFault::AmbiguousMember),
        (config(r#"{"taskPushNotificationConfig":{}}"#), A2aFault::PushUrl),
        (config(r#"{"taskPushNotificationConfig":"https://a.example"}"#), A2aFault::Params),
    ] {
        let document = json::parse(text.as_bytes()).unwrap();
        assert_eq!(A2aRequest::parse(&post("/", document.root())).err(), Some(fault), "{text}");
        assert!(fault.code().starts_with("A2A_") && fault.told().code < -32000, "{text}");
    }
}

#[test]
fn every_tenant_and_every_url_is_found() {
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"tenant":"a","message":{"parts":[],"taskId":"t-1"},
        "configuration":{"taskPushNotificationConfig":{"tenant":"b","taskId":"t-2","url":"https://one.example"},
        "pushNotificationConfig":{"url":"https://two.example"}}}}"#;
    let document = json::parse(text.as_bytes()).unwrap();
    let request = A2aRequest::parse(&post("", document.root())).unwrap();
    assert_eq!(request.tenants, ["a", "b"]);
    assert_eq!(request.push_urls, ["https://two.example", "https://one.example"]);
    assert_eq!(request.tasks, [task("t-1"), task("t-2")]);
    // The official client of version 0.3 writes the names of the fields.
    let text = r#"{"request":{"content":[],"task_id":"t-1"},"configuration":{"push_notification":{"url":"https://one.example"}}}"#;
    let document = json::parse(text.as_bytes()).unwrap();
    let request = A2aRequest::parse(&post("/v1/message:send", document.root())).unwrap();
    assert_eq!((request.push_urls.len(), request.tasks), (1, vec![task("t-1")]));
    for twice in [
        r#"{"request":{"content":[]},"message":{"content":[]}}"#,
        r#"{"request":{"content":[],"task_id":"t-1","taskId":"t-2"}}"#,
    ] {
        let document = json::parse(twice.as_bytes()).unwrap();
        let found = A2aRequest::parse(&post("/v1/message:send", document.root()));
        assert_eq!(found.err(), Some(A2aFault::AmbiguousMember), "{twice}");
    }
    let other = json::parse(br#"{"id":"t-2"}"#).unwrap();
    assert_eq!(A2aRequest::parse(&post("/tasks/t-1:cancel", other.root())).err(), Some(A2aFault::TaskId));
    let get = Ask { verb: Verb::Get, ..post("/tasks/t-1", other.root()) };
    assert_eq!(A2aRequest::parse(&get).err(), Some(A2aFault::Body));
}

#[test]
fn the_reserved_name_is_ours_alone() {
    let check = |metadata: &str, expected: Result<Option<&str>, A2aFault>| {
        let text = |metadata: &str| {
            format!(
                r#"{{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{{"message":{{"parts":[],"metadata":{metadata}}}}}}}"#
            )
        };
        let body = text(metadata);
        let document = json::parse(body.as_bytes()).unwrap();
        let request = A2aRequest::parse(&post("", document.root())).unwrap();
        assert_eq!(metadata::reserve(&request, "tenantContext"), expected.map(|it| it.map(text)), "{metadata}");
        let written = metadata::write(document.root(), request.binding, "tenantContext", "ours");
        assert_eq!(written.matches("ours").count(), 1, "{written}");
        assert!(!written.contains("theirs"), "{written}");
    };
    check(r#"{"a":1}"#, Ok(None));
    check("null", Ok(None));
    check(r#"{"a":1,"tenantContext":"theirs","b":2}"#, Ok(Some(r#"{"a":1,"b":2}"#)));
    check(r#"{"tenantContext":{"x":"theirs"}}"#, Ok(Some("{}")));
    check(r#"{"tenant_context":1}"#, Err(A2aFault::ReservedMetadata));
    check(r#"{"TENANTCONTEXT":1}"#, Err(A2aFault::ReservedMetadata));
}
