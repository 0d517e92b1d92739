//! A value under a redaction rule does not come back, whatever the target packed it into.

use interceptors::event::Point;
use proptest::prelude::prop;
use proptest::prop_assert;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::events;
use crate::mutation::runner;
use crate::received::Received;
use crate::results::result;
use crate::stage::BlockingStage;

#[test]
fn a_secret_in_any_two_packings_is_gone_and_not_everything_is_withheld() {
    let stage = BlockingStage::start();
    let mut leaks = Vec::new();
    let mut answered = 0;
    let none_or_one = || [None].into_iter().chain(PACKINGS.iter().copied().map(Some));
    for (inner, outer) in none_or_one().flat_map(|inner| none_or_one().map(move |outer| (inner, outer))) {
        let packings: Vec<Packing> = inner.into_iter().chain(outer).collect();
        for place in PLACES {
            let reply = reply(&stage, &packings, *place, &json!({}));
            answered += u32::from(!Received::read(&reply).is_refused());
            if reply.contains(SECRET) {
                leaks.push((packings.clone(), place));
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks: {leaks:?}", leaks.len());
    assert!(answered > 300, "{answered}");
}

#[test]
fn a_secret_is_gone_however_it_is_packed_and_whatever_stands_beside_it() {
    let stage = BlockingStage::start();
    let cases = (prop::collection::vec(select(PACKINGS), 0..6), select(PLACES), result());
    runner(800)
        .run(&cases, |(packings, place, beside)| {
            let reply = reply(&stage, &packings, place, &beside);
            prop_assert!(!reply.contains(SECRET), "{packings:?} in {place:?}: {reply}");
            Ok(())
        })
        .unwrap();
}

/// The reply to a result of `crm___listContacts`, in which acme masks every `ssn`.
fn reply(stage: &BlockingStage, packings: &[Packing], place: Place, beside: &Value) -> String {
    let secret = json!({"ssn": {"deep": [SECRET]}, "beside": 1});
    let packed = packings.iter().fold(secret, |value, packing| packing.pack(value));
    let token = stage.stage.signer.token("alice", "acme");
    let answer = events::result(&place.put(packed, beside));
    stage.reply(Point::Response, events::response(&token, &events::call("crm___listContacts"), &answer).as_bytes())
}

const SECRET: &str = "SECRET-41bc90e7";

/// Where in a result.
#[derive(Debug, Clone, Copy)]
enum Place {
    Structured,
    Text,
    Resource,
    Meta,
}

const PLACES: &[Place] = &[Place::Structured, Place::Text, Place::Resource, Place::Meta];

impl Place {
    fn put(self, value: Value, beside: &Value) -> Value {
        let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self {
            Place::Structured => json!({"content": [], "structuredContent": value, "_meta": beside}),
            Place::Text => json!({"content": [{"type": "text", "text": text()}], "structuredContent": beside}),
            Place::Resource => {
                json!({"content": [{"type": "resource", "resource": {"uri": "x:y", "text": text()}}], "_meta": beside})
            }
            Place::Meta => json!({"content": [], "_meta": {"x": value}, "structuredContent": beside}),
        }
    }
}

/// A way in which a target may hand out a JSON value.
#[derive(Debug, Clone, Copy)]
enum Packing {
    Object,
    Array,
    Encoded,
    Proxy,
    Fenced,
    Prose,
    Padded,
    Logged,
    Escaped,
}

impl Packing {
    fn pack(self, value: Value) -> Value {
        match self {
            Packing::Object => json!({"data": value, "ok": true}),
            Packing::Array => json!([1, value]),
            Packing::Encoded => json!(value.to_string()),
            Packing::Proxy => json!({"statusCode": 200, "body": value.to_string()}),
            Packing::Fenced => json!(format!("```json\n{value}\n```")),
            Packing::Prose => json!(format!("Here it is: {value}, as you asked.")),
            Packing::Logged => json!(format!("payload={}", json!(serde_json::to_string_pretty(&value).unwrap()))),
            Packing::Escaped => json!(format!("payload={}", value.to_string().replace('"', "\\u0022"))),
            Packing::Padded => json!(format!("\n \t{value}\u{a0}")),
        }
    }
}

const PACKINGS: &[Packing] = &[
    Packing::Object,
    Packing::Array,
    Packing::Encoded,
    Packing::Proxy,
    Packing::Fenced,
    Packing::Prose,
    Packing::Padded,
    Packing::Logged,
    Packing::Escaped,
];
