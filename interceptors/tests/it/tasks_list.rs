//! A task is listed if and only if the caller could ask for it.

use serde_json::{Value, json};

use crate::stage::publish;
use crate::tasks::{Tasks, list, task};

#[tokio::test]
async fn a_list_keeps_the_callers_own_tasks_and_all_that_is_around_them() {
    let tasks = Tasks::start().await;
    let ivan = tasks.stage.signer.token("ivan", "acme");
    for (token, id) in [(&tasks.alice, "t-1"), (&ivan, "t-2"), (&tasks.alice, "t-3")] {
        tasks.create(token, "orders___getOrder", id).await;
    }
    tasks.put("orders___getOrder", "t-over", |task| task.expires_at = 1_600_000_000).await;
    assert!(!tasks.ask(&tasks.alice, &list()).await.is_refused());
    let all = ["t-1", "t-2", "t-3", "t-over", "never-seen"];
    let result = json!({"tasks": all.map(task), "nextCursor": "c-1", "_meta": {"note": "n"}});
    for (token, own) in [(&tasks.alice, vec!["t-1", "t-3"]), (&ivan, vec!["t-2"])] {
        let expected: Vec<Value> = own.into_iter().map(task).collect();
        let seen = tasks.result(token, &list(), &result).await;
        assert_eq!(seen, json!({"tasks": expected, "nextCursor": "c-1", "_meta": {"note": "n"}}));
    }
    let bob = tasks.stage.signer.token("bob", "globex");
    assert_eq!(tasks.result(&bob, &list(), &result).await["tasks"], json!([]));
}

#[tokio::test]
async fn a_task_whose_tool_is_not_listed_any_more_is_not_either() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    tasks.create(&tasks.alice, "orders___listOrders", "t-2").await;
    let rule = json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___listOrders"]});
    publish(&tasks.stage.endpoint, &json!({"policyId": "POL-NOW", "tenantId": "acme", "rules": [rule]})).await;
    let result = json!({"tasks": [task("t-1"), task("t-2")]});
    assert_eq!(tasks.result(&tasks.alice, &list(), &result).await, json!({"tasks": [task("t-2")]}));
}

#[tokio::test]
async fn entries_of_an_odd_shape_are_dropped() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let result = |entries: Value| json!({"tasks": entries});
    for entries in [
        json!([{"TaskId": "t-1"}]),
        json!([{"taskId": "t-1", "TaskID": "t-2"}]),
        json!([{"taskId": ["t-1"]}]),
        json!([{"taskId": " t-1"}]),
        json!([{"task": {"taskId": "t-1"}}]),
        json!([["t-1"], "t-1", null, 1, {}]),
        json!([task("t-1"), task("t-1")]),
        json!({"t-1": task("t-1")}),
        json!("t-1"),
    ] {
        let seen = tasks.result(&tasks.alice, &list(), &result(entries.clone())).await;
        assert_eq!(seen, result(json!([])), "{entries}");
    }
    for odd in [json!([task("t-1")]), json!("t-1"), json!(null)] {
        assert_eq!(tasks.result(&tasks.alice, &list(), &odd).await, result(json!([])));
    }
    let more = json!({"tasks": [], "Tasks": [task("t-2")], "others": [task("t-2")], "_meta": {"tasks": [task("t-2")]}});
    assert_eq!(tasks.result(&tasks.alice, &list(), &more).await, result(json!([])));
}

#[tokio::test]
async fn of_an_entry_there_stays_what_the_protocol_says_of_a_task() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let mut entry = task("t-1");
    entry["result"] = json!({"content": [{"type": "text", "text": "x"}]});
    entry["_meta"] = json!({"tool": "orders___purgeAll"});
    entry["status"] = json!({"is": "odd"});
    let mut expected = task("t-1");
    expected.as_object_mut().unwrap().remove("status");
    let seen = tasks.result(&tasks.alice, &list(), &json!({"tasks": [entry]})).await;
    assert_eq!(seen["tasks"], json!([expected]));
}

#[tokio::test]
async fn messages_of_tools_with_redactions_are_masked_and_those_of_others_are_not() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "crm___getContact", "t-1").await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-2").await;
    let seen = tasks.result(&tasks.alice, &list(), &json!({"tasks": [task("t-1"), task("t-2")]})).await;
    let mut masked = task("t-1");
    masked["statusMessage"] = json!("****");
    assert_eq!(seen["tasks"], json!([masked, task("t-2")]));
}

#[tokio::test]
async fn of_a_long_list_the_first_thousand_are_looked_up() {
    let tasks = Tasks::start().await;
    for id in ["t-0", "t-150", "t-999", "t-1000"] {
        tasks.create(&tasks.alice, "orders___getOrder", id).await;
    }
    let entries: Vec<Value> = (0..1_100).map(|number| task(&format!("t-{number}"))).collect();
    let seen = tasks.result(&tasks.alice, &list(), &json!({"tasks": entries})).await;
    assert_eq!(seen["tasks"], json!([task("t-0"), task("t-150"), task("t-999")]));
}

#[tokio::test]
async fn an_error_in_the_place_of_a_list_is_redacted_by_all_that_there_is() {
    let tasks = Tasks::start().await;
    let error =
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"078-05-1120","data":{"ssn":"078-05-1120"}}}"#;
    let event = crate::events::response(&tasks.alice, &list().to_string(), error);
    let reply = tasks.reply(interceptors::event::Point::Response, &event).await;
    assert!(reply.contains("-32603") && !reply.contains("078-05-1120"), "{reply}");
}
