//! Whatever comes, the answer is a reply of the documented shape, and nothing passes that the rules do not let pass.

use std::collections::BTreeMap;

use interceptors::event::Point;
use proptest::prelude::{Just, Strategy, any, prop};
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_oneof};
use serde_json::Value;

use crate::mutation::{byte_changes, json_changes, name, runner, text, value};
use crate::naive_policy::permits;
use crate::received::Received;
use crate::stage::BlockingStage;
use crate::twins::has_twins;
use crate::{events, fixtures};

const POINTS: [Point; 2] = [Point::Request, Point::Response];

#[test]
fn bytes_that_are_no_event_are_refused() {
    let stage = BlockingStage::start();
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    runner(1_000).run(&bytes, |bytes| assert_refused(&stage, &bytes)).unwrap();
}

#[test]
fn json_that_is_no_event_is_refused() {
    let stage = BlockingStage::start();
    let tree = value().prop_recursive(6, 40, 6, |inner| {
        let members = prop::collection::btree_map(prop_oneof![name(), ".{0,3}"], inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    runner(1_500).run(&tree, |tree| assert_refused(&stage, tree.to_string().as_bytes())).unwrap();
}

#[test]
fn events_without_a_valid_token_are_refused_however_they_are_changed() {
    let stage = BlockingStage::start();
    let events = fixtures::events();
    events.iter().for_each(|event| assert_refused(&stage, event).unwrap());
    let changed = (select(events), byte_changes(), json_changes(), any::<bool>());
    runner(2_500)
        .run(&changed, |(mut event, byte_changes, json_changes, is_json)| {
            match serde_json::from_slice::<Value>(&event) {
                Ok(mut value) if is_json => {
                    json_changes.iter().for_each(|change| change.make(&mut value));
                    event = text(&value).into_bytes();
                }
                _ => byte_changes.iter().for_each(|change| change.make(&mut event)),
            }
            assert_refused(&stage, &event)
        })
        .unwrap();
}

#[test]
fn a_changed_message_of_a_known_caller_is_refused_or_goes_on_as_it_is_and_permitted() {
    let stage = BlockingStage::start();
    let callers = Caller::all(&stage);
    let changed = (select(fixtures::messages()), json_changes(), byte_changes(), any::<[bool; 2]>(), 0..callers.len());
    let mut forwarded = 0;
    runner(4_000)
        .run(&changed, |(mut message, json_changes, byte_changes, [is_bytes, is_bare], caller)| {
            let caller = &callers[caller];
            json_changes.iter().for_each(|change| change.make(&mut message));
            let mut message = text(&message).into_bytes();
            if is_bytes && !is_bare {
                byte_changes.iter().take(1).for_each(|change| change.make(&mut message));
            }
            let event = events::request(&caller.token, &String::from_utf8_lossy(&message));
            caller.check(&event, &stage.send(Point::Request, event.as_bytes()));
            Ok(())
        })
        .unwrap();
    for message in fixtures::messages() {
        for caller in &callers {
            let event = events::request(&caller.token, &message.to_string());
            forwarded += u32::from(caller.check(&event, &stage.send(Point::Request, event.as_bytes())));
        }
    }
    assert!(forwarded > 50, "only {forwarded} messages went on: the property above says little");
}

#[test]
fn a_changed_event_of_a_known_caller_is_refused_or_goes_on_as_it_is_and_permitted() {
    let stage = BlockingStage::start();
    let callers = Caller::all(&stage);
    let changed = (select(fixtures::messages()), byte_changes(), json_changes(), any::<bool>(), 0..callers.len());
    runner(3_000)
        .run(&changed, |(message, byte_changes, json_changes, is_json, caller)| {
            let caller = &callers[caller];
            let mut event = events::request(&caller.token, &message.to_string()).into_bytes();
            if is_json {
                let mut value = serde_json::from_slice(&event).unwrap();
                json_changes.iter().for_each(|change| change.make(&mut value));
                event = text(&value).into_bytes();
            } else {
                byte_changes.iter().for_each(|change| change.make(&mut event));
            }
            caller.check(&String::from_utf8_lossy(&event), &stage.send(Point::Request, &event));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_changed_answer_is_handed_back_only_for_what_the_caller_may_ask() {
    let stage = BlockingStage::start();
    let callers = Caller::all(&stage);
    let tools = ["orders___getOrder", "orders___purgeAll", "crm___getContact", "payroll___getEmployee", "x___y"];
    let requests: Vec<String> = tools.iter().map(|tool| events::call(tool)).chain([events::list()]).collect();
    let requests = prop_oneof![select(requests), Just("null".to_owned())];
    let changed = (requests, select(fixtures::answers()), json_changes(), 0..callers.len());
    runner(3_000)
        .run(&changed, |(request, mut answer, changes, caller)| {
            let caller = &callers[caller];
            changes.iter().for_each(|change| change.make(&mut answer));
            let event = events::response(&caller.token, &request, &text(&answer));
            let received = stage.send(Point::Response, event.as_bytes());
            let tool = serde_json::from_str::<Value>(&request).unwrap()["params"]["name"].clone();
            let is_permitted = tool.as_str().is_none_or(|tool| permits(&caller.policy, tool));
            assert!(is_permitted || received.is_refused(), "{event}\n{received:?}");
            if let Some(body) = received.body() {
                assert!(!has_twins(body), "{body}");
                serde_json::from_str::<Value>(body).unwrap();
            }
            Ok(())
        })
        .unwrap();
}

fn assert_refused(stage: &BlockingStage, event: &[u8]) -> Result<(), TestCaseError> {
    for point in POINTS {
        let received = stage.send(point, event);
        prop_assert!(received.is_refused(), "{point:?}: {}\n{received:?}", String::from_utf8_lossy(event));
    }
    Ok(())
}

/// A member of a tenant, and what its policy file says.
struct Caller {
    subject: &'static str,
    tenant: &'static str,
    token: String,
    policy: Value,
}

impl Caller {
    fn all(stage: &BlockingStage) -> Vec<Caller> {
        let callers = [("alice", "acme"), ("bob", "globex"), ("judy", "initech"), ("grace", "Tenant-A")];
        let caller = |(subject, tenant): (&'static str, &'static str)| {
            let policy = fixtures::policy(&tenant.to_lowercase());
            Caller { subject, tenant, token: stage.stage.signer.token(subject, tenant), policy }
        };
        callers.map(caller).into()
    }

    /// Whether the message went on, which it may only as it is, with this caller's headers, and if the policy file permits it.
    fn check(&self, event: &str, received: &Received) -> bool {
        let (headers, body) = match received {
            Received::Refused { .. } => return false,
            Received::Forwarded { headers, body } => (headers, body),
            Received::Answered { .. } | Received::Nothing => panic!("answered at REQUEST: {received:?}\n{event}"),
        };
        let expected = [("x-tenant-id", self.tenant), ("x-user-id", self.subject)];
        let expected: BTreeMap<String, String> =
            expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(*headers, expected);
        assert_eq!(events::message_text(event.as_bytes()).as_ref(), Some(body), "not the event's own text: {event}");
        assert!(!has_twins(body), "a member stands twice: {body}");
        let message: Value = serde_json::from_str(body).unwrap();
        match message.get("method").map(|method| method.as_str().unwrap()) {
            Some("tools/call") => {
                let tool = message["params"]["name"].as_str().unwrap();
                assert!(permits(&self.policy, tool), "{tool} is not permitted: {event}");
            }
            Some(method) => assert!(SESSION.contains(&method), "{method}: {event}"),
            None => assert!(message.get("result").is_some() != message.get("error").is_some(), "{event}"),
        }
        true
    }
}

const SESSION: &[&str] = &[
    "initialize",
    "ping",
    "logging/setLevel",
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/progress",
    "notifications/roots/list_changed",
];
