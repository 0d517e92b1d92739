//! One request is one context, however often the gateway sends it, and an answer is seen as the one who asked may see it.

use std::cell::Cell;

use interceptors::event::Point;
use proptest::prelude::any;
use proptest::sample::select;
use serde_json::{Value, json};

use super::events::{answer, body_text};
use super::samples::{self, Sample};
use super::stage::{Caller, HttpStage, PLAIN, REDACTED};
use crate::mutation::runner;
use crate::received::{Received, decoded};

#[test]
fn the_same_request_three_times_is_one_context_and_one_answer() {
    let stage = HttpStage::start();
    for caller in stage.callers().iter().take(2) {
        for sample in samples::all() {
            let (event, request_id) = (sample.asked.event(&caller.token).to_string(), stage.new_id());
            let before = stage.item_count();
            let first = stage.reply(Point::Request, event.as_bytes(), &request_id);
            assert!(!Received::read(&first).is_refused(), "{event} {first}");
            for _ in 0..2 {
                assert_eq!(stage.reply(Point::Request, event.as_bytes(), &request_id), first, "{event}");
            }
            assert_eq!(stage.item_count(), before + 1, "{event}");
            let response = answer(sample.content_type, &sample.answer).to_string();
            let seen = stage.reply(Point::Response, response.as_bytes(), &request_id);
            for _ in 0..2 {
                assert_eq!(stage.reply(Point::Response, response.as_bytes(), &request_id), seen, "{event}");
            }
            assert_eq!(stage.item_count(), before + 1, "{event}");
        }
    }
}

#[test]
fn an_answer_is_seen_as_whoever_asked_first_under_its_id_may_see_it() {
    let stage = HttpStage::start();
    let askers: Vec<Caller> = [PLAIN, REDACTED].map(|tenant| stage.caller(tenant).clone()).into();
    let asked: Vec<(Sample, Value)> =
        samples::all().into_iter().filter_map(|sample| planted(&sample).map(|answer| (sample, answer))).collect();
    assert!(asked.len() >= 8, "{}", asked.len());
    let (shared, refused) = (Cell::new(0), Cell::new(0));
    let turns = (select(asked.clone()), select(asked), select(askers.clone()), select(askers), any::<bool>());
    runner(400)
        .run(&turns, |((sample, answered), (other, _), caller, intruder, is_late)| {
            let request_id = stage.new_id();
            let first = stage.send(Point::Request, &sample.asked.event(&caller.token), &request_id);
            assert!(!first.is_refused(), "{first:?}");
            let event = answer("application/json", answered.to_string().as_bytes());
            let see = || stage.send(Point::Response, &event, &request_id);
            let before = is_late.then(see);
            let second = stage.send(Point::Request, &other.asked.event(&intruder.token), &request_id);
            match (&first, &second) {
                (Received::Forwarded { headers: own, .. }, Received::Forwarded { headers: others, .. }) => {
                    assert_eq!(own, others, "another request goes through under one id: {sample:?} {other:?}");
                    shared.set(shared.get() + 1);
                }
                (_, second) => {
                    assert!(second.is_refused());
                    let is_same = sample.asked.body == other.asked.body && sample.asked.path == other.asked.path;
                    assert!(!is_same || caller.tenant != intruder.tenant, "{sample:?}");
                    refused.set(refused.get() + 1);
                }
            }
            let seen = see();
            let text =
                String::from_utf8(decoded(seen.body().unwrap_or_else(|| panic!("{sample:?} {seen:?}")))).unwrap();
            assert_eq!(text.contains(CANARY), caller.tenant == PLAIN, "{text}");
            if caller.tenant == PLAIN {
                assert_eq!(seen.body(), Some(body_text(&event).as_str()));
            }
            assert!(before.is_none_or(|before| before == seen));
            Ok(())
        })
        .unwrap();
    assert!(shared.get() > 20 && refused.get() > 200, "{} {}", shared.get(), refused.get());
}

#[test]
fn an_answer_without_a_request_is_nobodys() {
    let stage = HttpStage::start();
    for sample in samples::all() {
        let received = stage.send(Point::Response, &answer(sample.content_type, &sample.answer), &stage.new_id());
        assert_eq!(received.told(), Some("the answer is withheld"), "{sample:?}");
    }
}

/// An answer to a sample with something in it that one of two tenants may not see; none where its protocol has no place for it.
fn planted(sample: &Sample) -> Option<Value> {
    let data = json!({"ssn": CANARY});
    let body: Value = serde_json::from_slice(sample.asked.body.as_deref()?).ok()?;
    let text = json!({"ssn": CANARY}).to_string();
    let is_rpc = body.get("jsonrpc").is_some();
    let part = json!({"kind": "data", "data": data});
    let message = json!({"kind": "message", "messageId": "m-1", "role": "agent", "parts": [part]});
    let new = json!({"message": {"messageId": "m-1", "role": "ROLE_AGENT", "parts": [{"data": data}]}});
    let old = json!({"msg": {"messageId": "m-1", "role": "ROLE_AGENT", "content": [{"data": {"data": data}}]}});
    Some(match (sample.protocol, sample.asked.path.as_str(), body["method"].as_str()) {
        ("HTTP", _, _) => data,
        ("A2A", _, Some("message/send")) => json!({"jsonrpc": "2.0", "id": body["id"], "result": message}),
        ("A2A", _, Some("SendMessage")) => json!({"jsonrpc": "2.0", "id": body["id"], "result": new}),
        ("A2A", "/support/message:send", _) => new,
        ("A2A", "/support/v1/message:send", _) => old,
        ("MCP", _, Some("tools/call")) if is_rpc => {
            let content = json!([{"type": "text", "text": text}]);
            json!({"jsonrpc": "2.0", "id": body["id"], "result": {"content": content, "isError": false}})
        }
        ("INFERENCE", "/llm/v1/chat/completions", _) => {
            let message = json!({"role": "assistant", "content": text});
            json!({"id": "c", "object": "chat.completion", "choices": [{"index": 0, "message": message}]})
        }
        ("INFERENCE", "/llm/v1/messages", _) => {
            json!({"id": "m", "type": "message", "role": "assistant", "content": [{"type": "text", "text": text}]})
        }
        _ => return None,
    })
}

const CANARY: &str = "CANARY-6b21f7d09ac4";
