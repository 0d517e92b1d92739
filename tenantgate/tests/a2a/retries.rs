//! The gateway may ask twice: the same question has the same answer, and no other question passes under its id.

use serde_json::json;

use crate::interceptors::Point;
use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_the_same_and_another_request_under_its_id_is_refused() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        for step in
            [json!({"do": "card"}), json!({"do": "send", "text": "hello"}), json!({"do": "send", "text": "task"})]
        {
            for caller in ["alice", "bob"] {
                stage.step(caller, form, step.clone()).await.ok();
            }
            let mut exchanges = stage.gateway.exchanges();
            let (bob, alice) = (exchanges.pop().unwrap(), exchanges.pop().unwrap());
            let kept = stage.table().context_lengths().await.len();
            for own in [&alice, &bob] {
                let again = stage.gateway.ask(Point::Request, &own.request_event, &own.context).await;
                assert_eq!(again, own.request_reply, "{form:?}: {step}");
                let again =
                    stage.gateway.ask(Point::Response, own.response_event.as_ref().unwrap(), &own.context).await;
                assert_eq!(Some(&again), own.response_reply.as_ref(), "{form:?}: {step}");
            }
            assert_eq!(stage.table().context_lengths().await.len(), kept, "{form:?}: {step}");
            for (one, other) in [(&alice, &bob), (&bob, &alice)] {
                let refused = stage.gateway.ask(Point::Request, &one.request_event, &other.context).await;
                assert!(refused.contains("transformedGatewayResponse"), "{form:?}: {step}: {refused}");
                assert!(!refused.contains("transformedGatewayRequest"), "{form:?}: {step}: {refused}");
            }
            // The answer is the caller's whose request had the id, whoever's it was said to be.
            let again =
                stage.gateway.ask(Point::Response, alice.response_event.as_ref().unwrap(), &alice.context).await;
            assert_eq!(Some(again), alice.response_reply, "{form:?}: {step}");
        }
    }
}
