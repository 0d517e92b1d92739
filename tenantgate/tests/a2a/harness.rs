//! The harness itself: client and agent understand each other through a gateway whose interceptors change nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::interceptors::Interceptors;
use crate::parts::CANARIES;
use crate::stage::{FORMS, Form, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn the_peers_understand_each_other_through_the_gateway() {
    let Some(mut stage) = Stage::scripted(Interceptors::PASSING).await else { return };
    for form in FORMS {
        let card = stage.step("alice", form, json!({"do": "card"})).await;
        assert_eq!(card.ok()["name"], "support", "{form:?}");
        for (wish, member) in [("hello", "message"), ("task", "task")] {
            let said = stage.step("alice", form, json!({"do": "send", "text": wish, "discover": true})).await;
            let text = said.ok()[member].to_string();
            assert!(CANARIES.iter().all(|canary| text.contains(canary)), "{form:?}: {said:?}");
            let streamed = stage.step("alice", form, json!({"do": "stream", "text": wish})).await;
            let text = streamed.ok().to_string();
            assert!(CANARIES.iter().all(|canary| text.contains(canary)), "{form:?}: {streamed:?}");
        }
        let extended = stage.step("alice", form, json!({"do": "extended"})).await;
        assert_eq!(extended.ok()["name"], "support, extended", "{form:?}");
        every_method_of_a_task(&mut stage, form).await;
    }
    let exchanges = stage.gateway.exchanges();
    assert_eq!(stage.arrived().await, exchanges.len());
    // Per form: two messages, a task, and a task that is followed to its end.
    let streams = exchanges.iter().filter(|exchange| exchange.response_event.is_none()).count();
    assert_eq!(streams, 3 * FORMS.len(), "streams go past RESPONSE, and nothing else does");
}

async fn every_method_of_a_task(stage: &mut Stage, form: Form) {
    let task = stage.lasting_task("alice", form).await;
    let push = json!({"do": "push-set", "task": task, "push": "https://hooks.acme.example/a"});
    assert_eq!(stage.step("alice", form, push).await.ok()["url"], "https://hooks.acme.example/a", "{form:?}");
    let push = stage.step("alice", form, json!({"do": "push-get", "task": task})).await;
    assert_eq!(push.ok()["taskId"], task.as_str(), "{form:?}");
    if form != (Form { binding: "HTTP+JSON", version: "0.3" }) {
        let list = stage.step("alice", form, json!({"do": "push-list", "task": task})).await;
        assert_eq!(list.ok()["configs"].as_array().unwrap().len(), 1, "{form:?}");
        stage.step("alice", form, json!({"do": "push-delete", "task": task})).await.ok();
        let list = stage.step("alice", form, json!({"do": "push-list", "task": task})).await;
        assert_eq!(list.ok(), &json!({}), "{form:?}");
    }
    if form.version == "1.0" {
        let list = stage.step("alice", form, json!({"do": "list"})).await;
        assert!(list.ok()["tasks"].as_array().unwrap().iter().any(|listed| listed["id"] == task.as_str()), "{form:?}");
    }
    let cancelled = stage.step("alice", form, json!({"do": "cancel", "task": task})).await;
    assert_eq!(cancelled.ok()["status"]["state"], "TASK_STATE_CANCELED", "{form:?}");
    let again = stage.step("alice", form, json!({"do": "get", "task": task})).await;
    assert_eq!(again.ok()["status"]["state"], "TASK_STATE_CANCELED", "{form:?}");
    let later = stage.step("alice", form, json!({"do": "send", "text": "later", "polling": true})).await;
    let followed = stage.step("alice", form, json!({"do": "subscribe", "task": later.task()})).await;
    assert!(followed.ok().to_string().contains("TASK_STATE_COMPLETED"), "{form:?}: {followed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_are_those_of_the_guide() {
    let Some(mut stage) = Stage::scripted(Interceptors::PASSING).await else { return };
    let form = FORMS[2];
    stage.step("alice", form, json!({"do": "send", "text": "hello"})).await.ok();
    stage.step("alice", form, json!({"do": "list", "request": {"pageSize": 7}})).await.ok();
    let exchanges = stage.gateway.exchanges();
    let [sent, listed] = [0, 1].map(|index| exchanges[index].request_event["http"]["gatewayRequest"].clone());
    assert_eq!((&sent["path"], &sent["httpMethod"]), (&json!("/support/message:send"), &json!("POST")));
    assert_eq!(sent["headers"]["Authorization"], format!("Bearer {}", stage.token("alice")));
    assert_eq!(sent["headers"]["A2a-Version"], "1.0");
    let body = STANDARD.decode(sent["body"].as_str().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["message"]["parts"][0]["text"], "hello");
    assert_eq!((&listed["path"], &listed["body"]), (&json!("/support/tasks?pageSize=7"), &Value::Null));
    let answered = &exchanges[0].response_event.as_ref().unwrap()["http"];
    assert_eq!((&answered["gatewayRequest"], &answered["gatewayResponse"]["headers"]), (&Value::Null, &Value::Null));
    assert_eq!(answered["gatewayResponse"]["statusCode"], 200);
    assert_eq!(answered["gatewayResponse"]["contentType"], "application/a2a+json");
    let ids: Vec<&Value> = exchanges.iter().map(|exchange| &exchange.context["custom"]["REQUEST_ID"]).collect();
    assert_eq!(ids[0].as_str().unwrap().len(), 36);
    assert_ne!(ids[0], ids[1]);
    let arrived = stage.agent.requests().await;
    assert_eq!((&arrived[1]["path"], &arrived[1]["query"]), (&json!("/tasks"), &json!("pageSize=7")));
    assert!(!arrived[0]["headers"].to_string().contains(stage.token("alice")), "the token goes nowhere by itself");
}
