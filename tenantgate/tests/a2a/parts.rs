//! Redactions reach the parts of messages and artifacts: text, data and files.

use serde_json::json;

use crate::stage::{FORMS, Stage};

/// What the agent puts into the four parts of every answer: text, data, bytes (in base64) and the URL of a file.
pub(crate) const CANARIES: [&str; 4] =
    ["4111 1111 1111 1111", "219-09-9999", "Y2FuYXJ5LW9mLXRoZS1maWxlLTdmM2E=", "canary-of-the-url-9c1e"];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_policy_redacts_is_left_in_any_part_and_the_rest_is_there() {
    let Some(mut stage) = Stage::real().await else { return };
    for (caller, redacted) in [("alice", true), ("bob", false)] {
        for form in FORMS {
            let said = stage.step(caller, form, json!({"do": "send", "text": "hello"})).await;
            let done = stage.step(caller, form, json!({"do": "send", "text": "task"})).await;
            let task = done.task();
            let again = stage.step(caller, form, json!({"do": "get", "task": task})).await;
            assert_eq!(said.ok()["message"]["parts"].as_array().unwrap().len(), 4, "{caller}, {form:?}");
            assert_eq!(done.ok()["task"]["artifacts"][0]["parts"].as_array().unwrap().len(), 4, "{caller}, {form:?}");
            assert_eq!(again.ok()["artifacts"][0]["parts"].as_array().unwrap().len(), 4, "{caller}, {form:?}");
            for answer in [said.ok(), done.ok(), again.ok()] {
                let text = answer.to_string();
                for canary in CANARIES {
                    assert_eq!(text.contains(canary), !redacted, "{caller}, {form:?}, {canary}: {text}");
                }
                assert!(text.contains("A-7") && text.contains("Ann"), "{caller}, {form:?}: {text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_task_said_later_is_redacted_too() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        let later = stage.step("alice", form, json!({"do": "send", "text": "later", "polling": true})).await;
        let step = json!({"do": "get", "task": later.task()});
        let mut state = stage.step("alice", form, step.clone()).await;
        for _ in 0..50 {
            if state.ok()["status"]["state"] == "TASK_STATE_COMPLETED" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            state = stage.step("alice", form, step.clone()).await;
        }
        let text = state.ok().to_string();
        assert!(text.contains("TASK_STATE_COMPLETED") && text.contains("A-7"), "{form:?}: {text}");
        assert!(!CANARIES.iter().any(|canary| text.contains(canary)), "{form:?}: {text}");
        if form.version == "1.0" {
            let list = json!({"do": "list", "request": {"includeArtifacts": true}});
            let list = stage.step("alice", form, list).await.ok().to_string();
            assert!(list.contains("A-7"), "{form:?}: {list}");
            assert!(!CANARIES.iter().any(|canary| list.contains(canary)), "{form:?}: {list}");
        }
    }
}
