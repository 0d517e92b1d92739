//! Whatever an event is, the reply is of its family, and of the documented shape.

use interceptors::event::Point;
use proptest::prelude::any;
use proptest::sample::select;
use serde_json::Value;

use super::samples;
use super::stage::HttpStage;
use crate::events;
use crate::mutation::{byte_changes, json_changes, runner, text};
use crate::received::Received;
use crate::twins::has_twins;

#[test]
fn a_reply_is_of_the_family_of_its_event_and_of_no_other() {
    let stage = HttpStage::start();
    let events = events_of_both_families(&stage);
    let mut passed = 0;
    for (point, event, request_id) in &events {
        passed += usize::from(!check(&stage, *point, event.to_string().as_bytes(), request_id).is_refused());
    }
    // One half is at the point at which it belongs.
    assert!(passed * 2 > events.len() - 8, "only {passed} of {} pass", events.len());
    let changed = (select(events), json_changes(), byte_changes(), any::<[bool; 2]>());
    runner(1_500)
        .run(&changed, |((point, mut event, request_id), json_changes, byte_changes, [is_json, is_bytes])| {
            if is_json {
                json_changes.iter().for_each(|change| change.make(&mut event));
            }
            let mut event = text(&event).into_bytes();
            if is_bytes {
                byte_changes.iter().take(2).for_each(|change| change.make(&mut event));
            }
            check(&stage, point, &event, &request_id);
            Ok(())
        })
        .unwrap();
}

/// Everything at both points, each with the id under which a request of its kind has gone through.
fn events_of_both_families(stage: &HttpStage) -> Vec<(Point, Value, String)> {
    let mut found = Vec::new();
    for caller in stage.callers().iter().take(2) {
        for sample in samples::all() {
            let request_id = stage.new_id();
            let request = sample.asked.event(&caller.token);
            stage.send(Point::Request, &request, &request_id);
            for event in [request, super::events::answer(sample.content_type, &sample.answer)] {
                found.extend([Point::Request, Point::Response].map(|point| (point, event.clone(), request_id.clone())));
            }
        }
        for message in [events::call("files___find"), events::list()] {
            let answer = events::result(&serde_json::json!({"tools": []}));
            for event in [events::request(&caller.token, &message), events::response(&caller.token, &message, &answer)]
            {
                let event: Value = serde_json::from_str(&event).unwrap();
                found.extend([Point::Request, Point::Response].map(|point| (point, event.clone(), stage.new_id())));
            }
        }
    }
    found
}

/// What is received, once all of it is as documented.
fn check(stage: &HttpStage, point: Point, event: &[u8], request_id: &str) -> Received {
    let reply = stage.reply(point, event, request_id);
    let shown = || format!("{point:?} {}\n{reply}", String::from_utf8_lossy(event));
    assert!(!has_twins(&reply) && !reply.contains(":null"), "{}", shown());
    let received = Received::read(&reply);
    let (is_mcp, is_http) = families(&serde_json::from_str(&reply).unwrap());
    match serde_json::from_slice::<Value>(event) {
        // `{}` and the like, and both, are of no family.
        Ok(event) => match families(&event) {
            (mcp, http) if mcp != http => assert_eq!((is_mcp, is_http), (mcp, http), "{}", shown()),
            (_, _) => assert!(is_mcp && is_http && received.is_refused(), "{}", shown()),
        },
        Err(_) => assert!(received.is_refused(), "{}", shown()),
    }
    received
}

fn families(document: &Value) -> (bool, bool) {
    (document.get("mcp").is_some(), document.get("http").is_some())
}
