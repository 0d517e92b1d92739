//! The same again gives the same, for an event and for a redaction.

use interceptors::event::Point;
use proptest::sample::select;
use serde_json::json;

use crate::mutation::runner;
use crate::received::Received;
use crate::results::result;
use crate::stage::{BlockingStage, Stage};
use crate::{events, fixtures};

#[tokio::test]
async fn the_same_event_three_times_gives_three_equal_replies() {
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let requests =
        fixtures::messages().into_iter().map(|message| (Point::Request, events::request(&token, &message.to_string())));
    let answers = fixtures::answers().into_iter().map(|answer| {
        (Point::Response, events::response(&token, &events::call("crm___getContact"), &answer.to_string()))
    });
    let mut passed = 0;
    for (point, event) in requests.chain(answers) {
        let first = stage.reply(point, event.as_bytes()).await;
        for _ in 0..2 {
            assert_eq!(stage.reply(point, event.as_bytes()).await, first, "{event}");
        }
        passed += usize::from(!Received::read(&first).is_refused());
    }
    assert!(passed > 50, "{passed}");
}

#[test]
fn an_answer_that_was_redacted_is_not_changed_again() {
    let stage = BlockingStage::start();
    let token = stage.stage.signer.token("alice", "acme");
    let mut changed = 0;
    runner(2_000)
        .run(&(select(REDACTED), result()), |(tool, result)| {
            let answer = |body: &str| {
                let event = events::response(&token, &events::call(tool), body);
                stage.send(Point::Response, event.as_bytes())
            };
            if let Some(once) = answer(&events::result(&result)).body() {
                assert_eq!(answer(once).body(), Some(once), "{tool} {result}");
            }
            Ok(())
        })
        .unwrap();
    for tool in REDACTED {
        let (event, body) = planted(&token, tool);
        let received = stage.send(Point::Response, event.as_bytes());
        changed += usize::from(received.body().is_some_and(|redacted| redacted != body));
    }
    assert_eq!(changed, REDACTED.len());
}

#[tokio::test]
async fn a_document_in_a_string_that_is_masked_as_a_whole_is_not_changed_again() {
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    for result in [json!({"note": "{}"}), json!("{\"a\":1}"), json!({"content": [{"type": "text", "text": "[1]"}]})] {
        let answer = async |body: &str| {
            let event = events::response(&token, &events::call("crm___score"), body);
            stage.send(Point::Response, event.as_bytes()).await.body().map(str::to_owned)
        };
        let once = answer(&events::result(&result)).await.unwrap();
        assert_eq!(answer(&once).await.unwrap(), once, "{result}");
    }
}

/// An answer in which each rule of acme finds something.
fn planted(token: &str, tool: &str) -> (String, String) {
    let line = json!({"internal": true, "cost": 5, "iban": "DE00"});
    let result = json!({"structuredContent": {
        "ssn": "123-45-6789", "email": "a@b.example", "card.number": "4111", "lines": [line], "customer": {"taxId": "T1"},
        "iban": "DE00",
    }});
    let body = events::result(&result);
    (events::response(token, &events::call(tool), &body), body)
}

const REDACTED: &[&str] = &[
    "crm___getContact",
    "crm___listContacts",
    "crm___getAccount",
    "crm___score",
    "orders___getInvoice",
    "orders___export",
];
