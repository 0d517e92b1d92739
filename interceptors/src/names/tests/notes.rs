//! What is known of tools by their full names: arguments that are ours, definitions that are pinned, tasks.

use std::collections::BTreeMap;
use std::time::Duration;

use policy_model::json;
use policy_model::{TenantId, ToolName, UserId};
use policy_registry::{AwsEnvironment, Principal, PrincipalKind, TaskId, TaskRecord, sha256};

use super::stage::{Stage, document, event, list, orders, request};
use crate::message::Message;
use crate::names::Names;
use crate::question::Question;
use crate::settings::{ContextKey, ContextKeySource, ContextTarget, RemoteKey, TenantContextSettings};
use crate::tenant_context::Arn;

#[test]
fn the_argument_that_is_ours_is_that_of_the_target() {
    let mut stage = Stage::of(&["agent:tool:*"], &[]);
    stage.context = Some(context("orders"));
    let message = r#"{"name":"get","arguments":{"id":1,"tenantContext":"forged"}}"#;
    let body = |names, stage: &Stage| stage.ask(names, &request("tools/call", message), "{}").unwrap().0;
    let went_on = body(orders(), &stage);
    assert!(
        went_on.contains(r#""name":"get""#) && went_on.contains(r#""id":1"#) && !went_on.contains("forged"),
        "{went_on}"
    );
    let shown = r#"{"tools":[{"name":"get","inputSchema":{"properties":{"id":{},"tenantContext":{}}}}]}"#;
    assert!(!stage.see(orders(), &list(), shown).unwrap().contains("tenantContext"));
    // Of other targets, and of unprefixed tools of the gateway, it is the caller's.
    assert!(body(Names::GATEWAY, &stage).contains("forged"));
    stage.context = Some(context("crm"));
    assert!(body(orders(), &stage).contains("forged"));
}

#[test]
fn every_message_within_a_target_goes_to_it() {
    for (method, params) in [
        ("tools/call", r#"{"name":"crm___get"}"#),
        ("tools/list", "{}"),
        ("initialize", "{}"),
        ("resources/read", r#"{"uri":"mem:a"}"#),
    ] {
        let (message, headers) = (document(&request(method, params)), document("{}"));
        let target = |names| Message::parse(&event(names, &message, &headers)).unwrap().target().map(str::to_owned);
        assert_eq!(target(orders()).as_deref(), Some("orders"), "{method}");
        assert_eq!(target(Names::GATEWAY).as_deref(), (method == "tools/call").then_some("crm"), "{method}");
    }
}

#[test]
fn a_pin_is_of_the_entry_with_its_full_name() {
    let entry = |name: &str, text: &str| format!(r#"{{"description":"{text}","name":"{name}"}}"#);
    let digest = |entry: &str| sha256(json::parse(entry.as_bytes()).unwrap().root().canonical().unwrap().as_bytes());
    let digest = digest(&entry("orders___get", "Finds an order"));
    let stage = Stage::new(&format!(
        r#""rules":[{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___*"]}}],"pins":[{{"tool":"orders___get","sha256":["{digest}"]}}]"#
    ));
    for (names, name, text, is_shown) in [
        (orders(), "get", "Finds an order", true),
        (orders(), "get", "Finds an order and sends it", false),
        (orders(), "list", "whatever it says", true),
        (orders(), "orders___get", "Finds an order", false),
        (Names::GATEWAY, "orders___get", "Finds an order", true),
        (Names::GATEWAY, "orders___get", "Finds an order and sends it", false),
    ] {
        let entry = entry(name, text);
        let seen = stage.see(names, &list(), &format!("{{\"tools\":[{entry}]}}")).unwrap();
        assert_eq!(seen.contains(&entry), is_shown, "{entry}: {seen}");
    }
}

#[test]
fn only_tasks_of_the_target_are_listed_within_it() {
    let stage = Stage::of(&["agent:tool:*"], &[]);
    let owner = Principal {
        kind: PrincipalKind::User,
        agent: None,
        issuer: "https://issuer.example".into(),
        subject: UserId::parse("alice").unwrap(),
        tenant: TenantId::parse("acme").unwrap(),
    };
    let task = |(id, tool): (&str, &str)| {
        let id = TaskId::parse(id).unwrap();
        (id.clone(), TaskRecord::of_call(&owner, id, &ToolName::parse(tool).unwrap(), 1))
    };
    let own = || [("t-1", "orders___export"), ("t-2", "crm___export")].map(task).into_iter().collect();
    let listed = r#"{"tasks":[{"taskId":"t-1"},{"taskId":"t-2"},{"taskId":"t-3"}]}"#;
    let seen =
        |names| stage.see_of(names, &Question::recalled(Some("tasks/list"), None, own()).unwrap(), listed).unwrap();
    assert_eq!(seen(orders()), r#"{"tasks":[{"taskId":"t-1"}]}"#);
    assert_eq!(seen(Names::GATEWAY), r#"{"tasks":[{"taskId":"t-1"},{"taskId":"t-2"}]}"#);
}

#[test]
fn a_note_that_says_no_question_is_none() {
    let tool = ToolName::parse("orders___get").unwrap();
    let (tool, prompt) = (policy_model::Resource::Tool(tool), policy_model::Resource::Prompt(tool));
    let recalled = |method, resource| Question::recalled(method, resource, Default::default());
    assert!(matches!(recalled(Some("tasks/result"), Some(&tool)), Ok(Question::Task { .. })));
    assert!(matches!(recalled(Some("tools/call"), Some(&tool)), Ok(Question::Call { is_search: false, .. })));
    assert!(matches!(recalled(Some("notifications/cancelled"), None), Ok(Question::Unanswered)));
    assert!(matches!(recalled(None, None), Ok(Question::Unanswered)));
    for (method, resource) in [
        ("tools/call", None),
        ("tools/call", Some(&prompt)),
        ("prompts/get", Some(&tool)),
        ("tasks/get", Some(&prompt)),
        ("tasks/get", None),
        ("tools/list", Some(&tool)),
        ("subscriptions/listen", None),
        ("Tools/list", None),
    ] {
        assert!(recalled(Some(method), resource).is_err(), "{method}");
    }
}

fn context(target: &str) -> TenantContextSettings {
    let arn = Arn::of_secret("arn:aws:secretsmanager:eu-west-1:123456789012:secret:context-AbCdEf");
    let arn = arn.unwrap_or_else(|_| panic!("no ARN"));
    let own = ContextTarget { audience: "x".to_owned(), argument: Some("tenantContext".to_owned()), metadata: None };
    TenantContextSettings {
        issuer: "https://tenantgate.example".to_owned(),
        header: "x-tenant-context".to_owned(),
        lifetime: Duration::from_secs(60),
        signing: ContextKey {
            id: "k".to_owned(),
            source: ContextKeySource::SecretsManager(RemoteKey { arn, endpoint_url: None }),
        },
        others: Vec::new(),
        audience: "all".to_owned(),
        targets: BTreeMap::from([(target.to_owned(), own)]),
        aws: AwsEnvironment::default(),
    }
}
