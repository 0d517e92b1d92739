//! The path alone selects the route.

use std::cell::RefCell;
use std::collections::BTreeMap;

use interceptors::event::Point;
use proptest::prelude::{Strategy, any, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::{Value, json};

use super::events::Asked;
use super::samples;
use super::stage::{BOUND, Bound, HttpStage};
use crate::mutation::runner;
use crate::received::Received;

#[test]
fn any_two_callers_of_a_path_are_led_to_one_binding_or_nowhere() {
    let stage = HttpStage::start();
    let led = RefCell::new(BTreeMap::<&str, [usize; 4]>::new());
    let requests = (path(), exchange(), hints());
    runner(2_000)
        .run(&requests, |(path, (verb, headers, body), hints)| {
            let mut headers = headers;
            headers.as_object_mut().unwrap().extend(hints.as_object().unwrap().clone());
            let asked = Asked { verb, path: path.clone(), headers, body };
            let expected = bound_to(&path);
            for (index, caller) in stage.callers().iter().enumerate() {
                match stage.send(Point::Request, &asked.event(&caller.token), &stage.new_id()) {
                    Received::Forwarded { headers, .. } => {
                        let bound = expected.unwrap_or_else(|| panic!("{path} leads to {headers:?}"));
                        assert_eq!(said(&headers), [bound.agent, bound.app, bound.id], "{path}");
                        led.borrow_mut().entry(bound.id).or_default()[index] += 1;
                    }
                    received @ (Received::Refused { .. } | Received::Answered { .. } | Received::Nothing) => {
                        assert!(received.is_refused(), "{path} {received:?}");
                    }
                }
            }
            Ok(())
        })
        .unwrap();
    let led = led.into_inner();
    for bound in BOUND.iter().filter(|bound| bound.is_active) {
        assert!(led.get(bound.id).is_some_and(|callers| callers.iter().any(|count| *count > 0)), "{}", bound.id);
    }
    assert!(led.values().all(|callers| callers[..2].iter().all(|count| *count > 0)), "{led:?}");
}

/// The longest binding whose segments begin the path, if it is one that leads anywhere: by other code than the registry's.
fn bound_to(path: &str) -> Option<&'static Bound> {
    let segments: Vec<&str> = path.split('?').next()?.split('/').collect();
    let begins = |bound: &&Bound| segments.starts_with(&bound.path.split('/').collect::<Vec<_>>());
    BOUND.iter().filter(begins).max_by_key(|bound| bound.path.len()).filter(|bound| bound.is_active)
}

fn said(headers: &BTreeMap<String, String>) -> [&str; 3] {
    ["x-agent-name", "x-app-id", "x-route-binding-id"].map(|name| headers[name].as_str())
}

/// Paths that are bound, that stand beside one that is, and any other.
fn path() -> impl Strategy<Value = String> {
    let known =
        prop_oneof![select(PATHS).prop_map(str::to_owned), select(&BOUND).prop_map(|bound| bound.path.to_owned())];
    let more = prop_oneof![
        6 => select(SEGMENTS).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9._~:@-]{1,6}",
        1 => select(&["..", ".", "", "%2e", "a;b", "\\"][..]).prop_map(str::to_owned),
    ];
    let tail = prop::collection::vec(more, 0..3)
        .prop_map(|segments| segments.into_iter().map(|segment| format!("/{segment}")).collect::<String>());
    prop_oneof![
        6 => known.clone(),
        4 => (known, tail).prop_map(|(known, tail)| format!("{known}{tail}")),
        1 => "(/[a-z]{1,5}){0,3}",
    ]
}

/// A request as some protocol has it.
fn exchange() -> impl Strategy<Value = (&'static str, Value, Option<Vec<u8>>)> {
    let asked: Vec<Asked> = samples::all().into_iter().map(|sample| sample.asked).collect();
    select(asked).prop_map(|asked| (asked.verb, asked.headers, asked.body))
}

/// Headers by which somebody would like to be led elsewhere.
fn hints() -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        select(&BOUND).prop_map(|bound| bound.id.to_owned()),
        select(&BOUND).prop_map(|bound| bound.agent.to_owned()),
        select(&["acme", "globex", "umbrella", "/shop", "*"][..]).prop_map(str::to_owned),
    ];
    let hints = prop::collection::btree_map(select(HINTS).prop_map(str::to_owned), value, 0..4);
    (hints, any::<bool>()).prop_map(|(hints, is_none)| if is_none { json!({}) } else { json!(hints) })
}

const PATHS: &[&str] = &[
    "/shop/invocations",
    "/shop/desk/invocations",
    "/shop/desk/old",
    "/shop/desk/old/invocations",
    "/shop/desks",
    "/Shop/invocations",
    "/support/",
    "/support/v1/message:send",
    "/support/message:send",
    "/support/.well-known/agent-card.json",
    "/files/mcp",
    "/llm/v1/chat/completions",
    "/llm/inner/v1/chat/completions",
    "/llm/inner/v1/messages",
    "/llm/v1/responses",
    "/shopping",
    "/",
    "",
];

const SEGMENTS: &[&str] = &["invocations", "desk", "old", "mcp", "v1", "inner", "acme", "globex", "ping", "chat"];

const HINTS: &[&str] = &[
    "x-agent-name",
    "x-app-id",
    "x-route-binding-id",
    "x-tenant-id",
    "x-tenant-selector",
    "x-forwarded-path",
    "x-original-url",
    "x-rewrite-url",
    "host",
    "X-Forwarded-Prefix",
];
