//! A stream goes past the RESPONSE interceptor: where that would have to redact, there is none.

use serde_json::json;

use crate::parts::CANARIES;
use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_refused_where_redactions_are_and_work_where_none_are() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        for wish in ["hello", "task"] {
            let streamed = stage.step("bob", form, json!({"do": "stream", "text": wish})).await;
            let text = streamed.ok().to_string();
            assert!(CANARIES.iter().all(|canary| text.contains(canary)), "{form:?}: {streamed:?}");
        }
        let task = stage.lasting_task("alice", form).await;
        let before = stage.arrived().await;
        for step in [
            json!({"do": "stream", "text": "hello"}),
            json!({"do": "stream", "text": "task"}),
            json!({"do": "subscribe", "task": task}),
        ] {
            stage.step("alice", form, step).await.error();
        }
        assert_eq!(stage.arrived().await, before, "{form:?}");
    }
}
