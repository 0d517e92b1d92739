//! What a route binding says beside where its path leads.

use serde_json::json;

use crate::headers::values;
use crate::parts::CANARIES;
use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_binding_refuses_and_no_shorter_one_takes_its_place() {
    let Some(mut stage) = Stage::real().await else { return };
    for caller in ["alice", "bob"] {
        for form in FORMS {
            for step in [
                json!({"do": "card", "path": "/closed"}),
                json!({"do": "extended", "path": "/closed"}),
                json!({"do": "send", "text": "hello", "path": "/closed"}),
                json!({"do": "stream", "text": "hello", "path": "/closed"}),
            ] {
                let refused = stage.step(caller, form, step).await;
                assert!(refused.error()["message"].as_str().unwrap().contains("403"), "{form:?}: {refused:?}");
            }
        }
    }
    assert_eq!(stage.arrived().await, 0);
    // Only the path of one form leads there, below an active binding.
    for form in FORMS {
        let before = stage.arrived().await;
        let said = stage.step("bob", form, json!({"do": "send", "text": "hello", "path": "/half"})).await;
        let is_closed = (form.binding, form.version) == ("HTTP+JSON", "1.0");
        if is_closed {
            said.error()
        } else {
            said.ok()
        };
        assert_eq!(stage.arrived().await, before + usize::from(!is_closed), "{form:?}");
        assert_eq!(stage.step("bob", form, json!({"do": "card", "path": "/half"})).await.ok()["name"], "support");
    }
    stage.still_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_may_stream_is_asked_for_only_where_the_binding_says_that_none_does() {
    let Some(mut stage) = Stage::real().await else { return };
    let accept = json!({"accept": "application/json, text/event-stream"});
    for form in FORMS {
        let step = |path: &str| json!({"do": "send", "text": "hello", "path": path, "headers": accept});
        let before = stage.arrived().await;
        stage.step("alice", form, step("/support")).await.error();
        assert_eq!(stage.arrived().await, before, "{form:?}");
        stage.step("bob", form, step("/support")).await.ok();
        let said = stage.step("alice", form, step("/buffered")).await;
        let text = said.ok()["message"].to_string();
        assert!(text.contains("A-7") && !CANARIES.iter().any(|canary| text.contains(canary)), "{form:?}: {text}");
        let arrived = stage.agent.requests().await;
        assert_eq!(values(arrived.last().unwrap(), "x-route-binding-id"), ["buffered-a2a"], "{form:?}");
        // What asks for a stream in so many words is denied there, too.
        let before = stage.arrived().await;
        stage.step("alice", form, json!({"do": "stream", "text": "hello", "path": "/buffered"})).await.error();
        assert_eq!(stage.arrived().await, before, "{form:?}");
        stage.step("bob", form, json!({"do": "stream", "text": "hello", "path": "/buffered"})).await.ok();
    }
}
