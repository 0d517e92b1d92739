//! What the official SDK sends and answers, through all of this (`tests/it/a2a/make_samples.py` makes the samples).

use policy_model::Policy;
use policy_model::json::{self, Document, Value};
use policy_registry::TaskId;

use super::{METHODS, asked, policy, see_as, task};
use crate::a2a::answer::Asked;
use crate::a2a::method::{Binding, Method};
use crate::a2a::tasks::{answer_tasks, created_tasks};
use crate::a2a::{A2aRequest, metadata};
use crate::headers::Headers;
use crate::http::ask::{Ask, Verb};
use crate::refusal::Refusal;

#[test]
fn what_the_sdk_sends_is_read() {
    let samples = json::parse(SAMPLES.as_bytes()).unwrap();
    assert_eq!(samples.root().len(), 49);
    for sample in samples.root().elements() {
        let text = |name: &str| sample.get(name).unwrap().as_str().unwrap().into_owned();
        let (version, binding, method) = (text("version"), text("binding"), text("method"));
        let what = format!("{version} {binding} {method} {}", text("body"));
        let (path, query, body) = (text("path"), text("query"), text("body"));
        let document = (!body.is_empty()).then(|| json::parse(body.as_bytes()).unwrap());
        let ask = Ask {
            verb: match text("verb").as_str() {
                "GET" => Verb::Get,
                "POST" => Verb::Post,
                other => {
                    assert_eq!(other, "DELETE");
                    Verb::Delete
                }
            },
            rest: &path,
            query: (!query.is_empty()).then_some(query.as_str()),
            headers: Headers::new(sample.get("headers")),
            body: document.as_ref().map(Document::root),
        };
        let request = A2aRequest::parse(&ask).unwrap_or_else(|fault| panic!("{what}: {fault:?}"));
        assert_eq!(request.method.name(), method, "{what}");
        assert_eq!(request.binding, binding_of(&binding), "{what}");
        assert_eq!(request.id, (binding == "JSON-RPC").then_some("\"r-1\""), "{what}");
        assert_eq!(request.streams, matches!(method.as_str(), "message/stream" | "tasks/resubscribe"), "{what}");
        assert_eq!(request.message.is_some(), method.starts_with("message/"), "{what}");
        assert!(request.tenants.is_empty(), "{what}");
        let is_about = (method.starts_with("tasks/") && method != "tasks/list")
            .then(|| if what.contains("missing") || path.contains("missing") { "missing" } else { "t-1" });
        assert_eq!(request.task.as_ref().map(TaskId::as_str), is_about, "{what}");
        let pushes = what.contains("hook") || method.ends_with("/set");
        assert_eq!(request.push_urls, vec!["https://hooks.example/CANARY-hook"; usize::from(pushes)], "{what}");
        // The protobuf message of version 0.3 has no `referenceTaskIds`.
        let is_old_rest = version == "0.3" && binding == "HTTP+JSON";
        assert_eq!(request.tasks.contains(&task("t-1")), what.contains("CANARY-text"), "{what}");
        assert_eq!(request.tasks.contains(&task("t-0")), what.contains("CANARY-text") && !is_old_rest, "{what}");
        check_metadata(&request, &what);
    }
}

fn check_metadata(request: &A2aRequest<'_>, what: &str) {
    assert_eq!(metadata::reserve(request, "tenantContext"), Ok(None), "{what}");
    let Some(body) = request.body else { return };
    let written = metadata::write(body, request.binding, "tenantContext", "e30.e30.c2ln");
    if request.message.is_none() {
        assert_eq!(written, body.text(), "{what}");
        return;
    }
    assert_eq!(written.matches(r#""tenantContext":"e30.e30.c2ln""#).count(), 1, "{what}");
    let without = written
        .replace(r#","tenantContext":"e30.e30.c2ln""#, "")
        .replace(r#","metadata":{"tenantContext":"e30.e30.c2ln"}"#, "");
    assert_eq!(without, body.text(), "{what}");
}

#[test]
fn what_the_sdk_answers_is_redacted_in_every_place() {
    let samples = json::parse(SAMPLES.as_bytes()).unwrap();
    let redactions = r#"[{"resources":["agent:agent:*"],"path":"$..note","action":"MASK"},
        {"resources":["agent:agent:*"],"path":"$..ssn","action":"REMOVE"},
        {"resources":["agent:agent:*"],"path":"$..url","action":"MASK"},
        {"resources":["agent:agent:*"],"path":"$..uri","action":"MASK"},
        {"resources":["agent:agent:*"],"path":"$..fileWithUri","action":"REMOVE"},
        {"resources":["agent:agent:*"],"path":"$..text","action":"MASK"},
        {"resources":["agent:agent:*"],"path":"$..name","action":"REMOVE"},
        {"resources":["agent:agent:*"],"path":"$..filename","action":"HASH"},
        {"resources":["agent:agent:*"],"path":"$..description","action":"TRUNCATE","length":3},
        {"resources":["agent:agent:*"],"path":"$..message","action":"MASK"},
        {"resources":["agent:agent:*"],"path":"$..authentication","action":"MASK"},
        {"resources":["agent:agent:*"],"path":"$..token","action":"REMOVE"}]"#;
    let redactions = redactions.replace(r#""HASH""#, r#""MASK""#).replace(r#""TRUNCATE","length":3"#, r#""MASK""#);
    let policy = policy("[]", &redactions);
    for_each_answer(samples.root(), &policy, |asked, answer, seen, what| {
        let seen = seen.unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
        let shown = seen.clone().unwrap_or_else(|| answer.text().to_owned());
        assert!(
            !shown.contains("CANARY") && !shown.contains("Q0FOQVJZ") && !shown.contains("UTBGT1"),
            "{what}: {shown}"
        );
        let document = json::parse(shown.as_bytes()).unwrap();
        // Twice is the same as once, and what identifies things is still there.
        assert!(
            matches!(see_as(&policy, asked, document.root()), Ok(None))
                || matches!(see_as(&policy, asked, document.root()), Ok(Some(again)) if again == shown),
            "{what}: {shown}"
        );
        for word in ["\"t-1\"", "\"c-1\"", "\"m-1\"", "\"a-1\"", "2026-01-01T00:00:00Z", "INPUT_REQUIRED", "\"r-1\""] {
            assert_eq!(shown.contains(word), answer.text().contains(word), "{what}: {word} in {shown}");
        }
    });
}

#[test]
fn without_redactions_answers_stay_as_they_are() {
    let samples = json::parse(SAMPLES.as_bytes()).unwrap();
    let rules = r#"[{"effect":"ALLOW","resourceType":"AGENT","resources":["agent:agent:*"]}]"#;
    for_each_answer(samples.root(), &policy(rules, "[]"), |asked, _, seen, what| match asked.method {
        // One of two tasks is the caller's.
        Method::TasksList => {
            let seen = seen.unwrap().unwrap();
            assert!(seen.contains("\"t-1\"") && !seen.contains("\"t-2\""), "{what}");
            assert!(seen.contains("\"nextPageToken\":\"n-2\"") && seen.contains("\"totalSize\":1"), "{what}");
        }
        Method::MessageSend
        | Method::MessageStream
        | Method::TasksGet
        | Method::TasksCancel
        | Method::TasksResubscribe
        | Method::PushSet
        | Method::PushGet
        | Method::PushList
        | Method::PushDelete
        | Method::ExtendedCard
        | Method::Card => assert_eq!(seen, Ok(None), "{what}"),
    });
}

#[test]
fn answers_say_which_tasks_they_show() {
    let samples = json::parse(SAMPLES.as_bytes()).unwrap();
    for_each_answer(samples.root(), &policy("[]", "[]"), |asked, answer, _, what| {
        let created = created_tasks(asked, answer).unwrap();
        assert_eq!(created.tasks, vec![task("t-1"); usize::from(asked.method.has_message())], "{what}");
        if asked.method != Method::TasksList {
            assert_eq!(answer_tasks(asked, answer, &task("t-1")), Ok(()), "{what}");
        }
        let names_one = answer.text().contains("t-1") && asked.method != Method::TasksList;
        assert_eq!(answer_tasks(asked, answer, &task("t-9")).is_err(), names_one, "{what}");
    });
}

#[test]
fn a_card_shows_the_skills_that_the_caller_may_ask_for() {
    let samples = json::parse(SAMPLES.as_bytes()).unwrap();
    let rules = r#"[{"effect":"ALLOW","resourceType":"AGENT","resources":["agent:agent:support*"]},
        {"effect":"DENY","resourceType":"AGENT","resources":["agent:agent:*/admin"]}]"#;
    let detect = r#"[{"resources":["agent:agent:*"],"detect":["EMAIL"],"action":"MASK"}]"#;
    let policy = policy(rules, detect);
    let mut cards = 0;
    for_each_answer(samples.root(), &policy, |asked, _, seen, what| {
        if matches!(asked.method, Method::Card | Method::ExtendedCard) {
            cards += 1;
            let seen = seen.unwrap().unwrap();
            assert!(seen.contains("\"refund\"") && !seen.contains("\"admin\""), "{what}: {seen}");
            assert!(!seen.contains("canary@mail.example") && !seen.contains("signature"), "{what}: {seen}");
            assert!(seen.contains("https://gateway.example/support"), "{what}: {seen}");
        }
    });
    assert_eq!(cards, 5);
}

fn for_each_answer(
    samples: Value<'_>,
    policy: &Policy,
    mut check: impl FnMut(&Asked<'_>, Value<'_>, Result<Option<String>, Refusal>, &str),
) {
    for sample in samples.elements() {
        let text = |name: &str| sample.get(name).unwrap().as_str().unwrap().into_owned();
        let method = METHODS.iter().find(|method| method.name() == text("method")).unwrap();
        let asked = asked(*method, binding_of(&text("binding")));
        for answer in sample.get("answers").unwrap().elements() {
            let answer = answer.as_str().unwrap();
            let document = json::parse(answer.as_bytes()).unwrap();
            let is_error = asked.binding == Binding::HttpJson && document.root().get("error").is_some();
            let asked = Asked { is_error, ..asked };
            let what = format!("{} {} {} {answer}", text("version"), text("binding"), text("method"));
            check(&asked, document.root(), see_as(policy, &asked, document.root()), &what);
        }
    }
}

fn binding_of(text: &str) -> Binding {
    if text == "JSON-RPC" { Binding::JsonRpc } else { Binding::HttpJson }
}

const SAMPLES: &str = include_str!("../../../tests/it/a2a/samples.json");
