//! What is written down of decisions, and what is counted.

use std::collections::BTreeSet;

use interceptors::event::Point;
use interceptors::settings::Settings;
use policy_model::recorded::{Facts, NameHash, NameKind};
use serde_json::{Value, json};

use crate::leaks::Log;
use crate::stage::{self, Stage, aws, reply};
use crate::{emf, events};

#[tokio::test]
async fn calls_that_were_decided_have_facts_and_nothing_else_has() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let alice = stage.signer.token("alice", "acme");
    let call = events::call("orders___getOrder");
    stage.reply(Point::Request, events::request(&alice, &call).as_bytes()).await;
    stage.reply(Point::Request, events::request(&alice, &events::call("nowhere___tool")).as_bytes()).await;
    stage.reply(Point::Request, events::request(&alice, &events::list()).as_bytes()).await;
    stage.reply(Point::Request, events::request("no.such.token", &call).as_bytes()).await;
    stage
        .reply(Point::Response, events::response(&alice, &call, &events::result(&json!({"content": []}))).as_bytes())
        .await;
    let lines = audit_lines(&log);
    let [allowed, denied, others @ ..] = lines.as_slice() else { panic!("{lines:?}") };
    let facts = |line: &Value| Facts::parse(line["facts"].as_str().unwrap_or_else(|| panic!("{line}"))).unwrap();
    assert!(facts(allowed).was_allowed());
    assert!(!facts(denied).was_allowed());
    assert_eq!(facts(allowed).user, NameHash::of(NameKind::User, "alice"));
    assert_eq!(facts(allowed).arguments, None, "there is no key for it");
    assert_eq!(others.len(), 3);
    assert!(others.iter().all(|line| line.get("facts").is_none()), "{others:?}");
}

#[tokio::test]
async fn facts_can_be_left_out() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let interceptor = stage.interceptor(Point::Request, |settings| settings["audit"] = json!({"facts": false}));
    let event = events::request(&stage.signer.token("alice", "acme"), &events::call("orders___getOrder"));
    reply(&interceptor, event.as_bytes()).await;
    assert!(audit_lines(&log).iter().all(|line| line.get("facts").is_none() && line["effect"] == "ALLOW"));
}

#[tokio::test]
async fn digests_of_arguments_are_a_tenant_s_own() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef").unwrap();
    let interceptor = stage.interceptor(Point::Request, |settings| {
        settings["hashKeys"] = json!({"audit-2026": {"file": secret}});
        settings["audit"] = json!({"argumentsKey": "audit-2026"});
    });
    let call = |arguments: &str| events::call_with("x___y", &json!({})).replace("{}", arguments);
    for (user, tenant, arguments) in [
        ("alice", "acme", r#"{"a":1,"b":"x"}"#),
        ("alice", "acme", r#"{ "b" : "\u0078", "a":1.0 }"#),
        ("alice", "acme", r#"{"a":2,"b":"x"}"#),
        ("bob", "globex", r#"{"a":1,"b":"x"}"#),
    ] {
        let event = events::request(&stage.signer.token(user, tenant), &call(arguments));
        reply(&interceptor, event.as_bytes()).await;
    }
    let digests: Vec<Option<[u8; 16]>> = audit_lines(&log)
        .iter()
        .filter_map(|line| Facts::parse(line["facts"].as_str()?).ok())
        .map(|facts| facts.arguments)
        .collect();
    let [first, same, other, foreign] = digests.as_slice() else { panic!("{digests:?} {:?}", audit_lines(&log)) };
    assert!(first.is_some() && first == same && first != other && first != foreign, "{digests:?}");
}

#[tokio::test]
async fn every_decision_is_counted_in_closed_lists() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let mut sent = 0;
    let mut texts: Vec<String> = vec!["no JSON".to_owned(), "{}".to_owned(), "{\"http\":{}}".to_owned()];
    for (user, tenant) in
        [("alice", "acme"), ("mallory-\u{202e}", "acme"), ("alice", "no-such-tenant"), ("ursula", "umbrella")]
    {
        let token = stage.signer.token(user, tenant);
        for tool in ["orders___getOrder", "trial___read", "canary___tool", "crm___getContact", ""] {
            let call = events::call(tool);
            texts.push(events::request(&token, &call));
            texts.push(events::response(
                &token,
                &call,
                &events::result(&json!({"structuredContent": {"ssn": "x"}, "content": []})),
            ));
        }
        texts.push(events::request(&token, &events::list()));
    }
    for point in [Point::Request, Point::Response] {
        let interceptor =
            stage.interceptor(point, |settings| settings["metrics"] = json!({"namespace": "tenantgate/test"}));
        for text in &texts {
            reply(&interceptor, text.as_bytes()).await;
            sent += 1;
        }
    }
    let documents = documents(&log);
    assert_eq!(documents.len(), sent);
    let mut series = BTreeSet::new();
    for text in &documents {
        let document: Value = serde_json::from_str(text).unwrap();
        assert_eq!(emf::problems(&document), Vec::<String>::new(), "{text}");
        assert_eq!(document["Decisions"], 1);
        series.extend(emf::series(&document));
        assert!(text.len() < 1_200, "{}", text.len());
        let canaries = ["canary", "alice", "acme", "mallory", "orders", "no-such", "getOrder"];
        assert!(canaries.iter().all(|canary| !text.contains(canary)), "{text}");
    }
    // Two points, two effects and eleven classes at most, and the twelve metrics of each point.
    assert!(series.len() > 10 && series.len() <= 46, "{} {series:#?}", series.len());
    let said: BTreeSet<&str> = series.iter().flat_map(|own| own.split([' ', '='])).collect();
    for word in [
        "ALLOWED",
        "POLICY",
        "OUTSIDE",
        "FAULT_GATEWAY",
        "CacheHits",
        "CacheMisses",
        "RegistryTime",
        "VerificationTime",
    ] {
        assert!(said.contains(word), "{word}: {series:#?}");
    }
}

#[tokio::test]
async fn nothing_is_counted_unless_the_settings_say_where() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let event = events::request(&stage.signer.token("alice", "acme"), &events::call("orders___getOrder"));
    stage.reply(Point::Request, event.as_bytes()).await;
    assert_eq!((audit_lines(&log).len(), documents(&log).len()), (1, 0));
}

#[tokio::test]
async fn allows_are_left_out_and_nothing_else() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let interceptor = stage.interceptor(Point::Request, |settings| {
        settings["audit"] = json!({"sampleAllows": 0});
        settings["metrics"] = json!({"namespace": "tenantgate/test"});
    });
    let call = |user, tenant, tool: &str| events::request(&stage.signer.token(user, tenant), &events::call(tool));
    let allowed = call("alice", "acme", "orders___getOrder");
    let denied = call("alice", "acme", "nowhere___tool");
    let log_only = call("ursula", "umbrella", "trial___read");
    for event in [&allowed, &denied, &allowed, &log_only, "{"] {
        reply(&interceptor, event.as_bytes()).await;
    }
    let lines = audit_lines(&log);
    let told: Vec<[&str; 2]> =
        lines.iter().map(|line| ["effect", "reason"].map(|name| line[name].as_str().unwrap())).collect();
    assert_eq!(told, [["DENY", "NO_RULE"], ["ALLOW", "ALLOW_RULE"], ["DENY", "EVENT_UNREADABLE"]], "{lines:#?}");
    assert!(lines.iter().all(|line| line.get("sampleRate").is_none()), "they stand for themselves");
    assert_eq!(documents(&log).len(), 5);
}

#[tokio::test]
async fn an_allow_that_is_written_says_for_how_many_it_stands() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let interceptor =
        stage.interceptor(Point::Request, |settings| settings["audit"] = json!({"sampleAllows": 0.999_999}));
    let event = events::request(&stage.signer.token("alice", "acme"), &events::call("orders___getOrder"));
    reply(&interceptor, event.as_bytes()).await;
    assert_eq!(audit_lines(&log)[0]["sampleRate"], json!(0.999_999));
}

#[tokio::test]
async fn lines_can_have_the_names_of_open_telemetry() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = json!({"traceparent": format!("00-{trace}-00f067aa0ba902b7-01")});
    let token = stage.signer.token("alice", "acme");
    let event = |tool: &str| events::request_with(&token, &sent, &events::call(tool));
    let interceptor = stage.interceptor(Point::Request, |settings| settings["audit"] = json!({"openTelemetry": true}));
    let went_on = reply(&interceptor, event("orders___getOrder").as_bytes()).await;
    reply(&interceptor, event("nowhere___tool").as_bytes()).await;
    stage.reply(Point::Request, event("orders___getOrder").as_bytes()).await;
    let lines = audit_lines(&log);
    let [allowed, denied, plain] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(allowed["trace_id"], trace);
    let header = format!("00-{trace}-{}-01", allowed["span_id"].as_str().unwrap());
    assert!(went_on.contains(&header), "the span is the one that goes on: {went_on}");
    for (name, value) in [
        ("mcp.method.name", "tools/call"),
        ("gen_ai.operation.name", "execute_tool"),
        ("gen_ai.tool.name", "orders___getOrder"),
    ] {
        assert_eq!(allowed[name], value, "{name}");
    }
    assert_eq!(allowed.get("error.type"), None);
    assert_eq!(denied["error.type"], denied["reason"]);
    let own = |line: &Value| line.as_object().unwrap().keys().any(|name| name.contains('.') || name.contains('_'));
    assert!(own(allowed) && !own(plain), "{plain}");
}

#[test]
fn settings_of_reporting_are_checked() {
    let signer = crate::signer::Signer::new("es256");
    for (member, value, words) in [
        ("audit", json!({"sampleAllows": 1.5}), Some("audit.sampleAllows")),
        ("audit", json!({"sampleAllows": -0.1}), Some("audit.sampleAllows")),
        ("audit", json!({"argumentsKey": "nowhere"}), Some("audit.argumentsKey")),
        ("audit", json!({"sampleDenies": 0.1}), Some("unknown field")),
        ("metrics", json!({}), Some("namespace")),
        ("metrics", json!({"namespace": ""}), Some("metrics.namespace")),
        ("metrics", json!({"namespace": "AWS/Lambda"}), Some("metrics.namespace")),
        ("metrics", json!({"namespace": ":x"}), Some("metrics.namespace")),
        ("metrics", json!({"namespace": "a\"b"}), Some("metrics.namespace")),
        ("metrics", json!({"namespace": "a".repeat(256)}), Some("metrics.namespace")),
        ("metrics", json!({"namespace": "acme/tenantgate#1"}), None),
        ("audit", json!({"sampleAllows": 0.1, "openTelemetry": true, "facts": true}), None),
    ] {
        let mut settings = stage::settings("http://127.0.0.1:1", &signer);
        settings[member] = value.clone();
        let problem = Settings::parse(&settings.to_string(), aws()).err().map(|error| error.to_string());
        match words {
            None => assert_eq!(problem, None, "{value}"),
            Some(words) => assert!(problem.clone().is_some_and(|text| text.contains(words)), "{value}: {problem:?}"),
        }
    }
}

/// Whoever copies a query from the page finds what it asks for.
#[test]
fn queries_of_the_page_ask_for_fields_that_lines_have() {
    let page = include_str!("../../../docs/observability.md");
    let line = include_str!("../../src/audit/line.rs");
    let is_field = |word: &str| {
        line.contains(&format!("\n            {word} =")) || line.contains(&format!("\n            {word},\n"))
    };
    let always = ["timestamp", "target"];
    let mut queries = 0;
    for query in page.split("\n```\n").skip(1).step_by(2).filter(|block| block.starts_with("filter ")) {
        queries += 1;
        let unquoted: String = query.split('"').step_by(2).collect::<Vec<&str>>().join(" ");
        let words = unquoted
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| word.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !KEYWORDS.contains(word));
        let named: Vec<&str> =
            unquoted.split(" as ").skip(1).filter_map(|rest| rest.split([' ', ',', '\n']).next()).collect();
        for word in words.filter(|word| !named.contains(word)) {
            assert!(is_field(word) || always.contains(&word), "{word} in {query}");
        }
    }
    assert!(queries >= 10, "{queries}");
    assert!(!is_field("tenantId") && is_field("durationUs"), "the negative twin");
}

/// Of the language of CloudWatch Logs Insights.
const KEYWORDS: &[&str] = &[
    "and",
    "as",
    "bin",
    "by",
    "coalesce",
    "count",
    "count_distinct",
    "desc",
    "fields",
    "filter",
    "in",
    "ispresent",
    "latest",
    "max",
    "or",
    "pct",
    "sort",
    "stats",
    "sum",
];

fn audit_lines(log: &Log) -> Vec<Value> {
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("\"target\":\"tenantgate::audit\""));
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn documents(log: &Log) -> Vec<String> {
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("\"target\":\"tenantgate::metrics\""));
    lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["document"].as_str().unwrap().to_owned()).collect()
}
