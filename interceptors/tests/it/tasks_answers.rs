//! What a task's tool returned is redacted as if it had been returned at once.

use serde_json::{Value, json};

use crate::tasks::{Tasks, about, call, new_task, task};

/// Its `ssn` is masked and its `email` removed.
const TOOL: &str = "crm___getContact";

#[tokio::test]
async fn the_result_of_a_task_is_redacted_like_the_result_of_a_call() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, TOOL, "t-1").await;
    for result in [
        returned(),
        json!({"content": [{"type": "text", "text": "ssn 078-05-1120"}], "isError": true}),
        json!({"content": [{"type": "image", "data": "AAAA", "mimeType": "image/png"}]}),
        json!({"structuredContent": [{"ssn": 5}], "_meta": {"ssn": "078-05-1120"}, "other": "078-05-1120"}),
    ] {
        let at_once = tasks.result(&tasks.alice, &call(TOOL), &result).await;
        assert_ne!(at_once, result);
        assert_eq!(tasks.result(&tasks.alice, &about("tasks/result", "t-1"), &result).await, at_once);
        // 2026-07-28 answers with it within the state.
        let mut state = new_task("t-1");
        state["status"] = json!("completed");
        state["result"] = result;
        let seen = tasks.result(&tasks.alice, &about("tasks/get", "t-1"), &state).await;
        state["result"] = at_once;
        state["statusMessage"] = json!("****");
        assert_eq!(seen, state);
    }
}

#[tokio::test]
async fn of_a_tasks_state_the_protocols_words_stay_and_the_rest_is_free_text() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, TOOL, "t-1").await;
    for (method, mut state) in
        [("tasks/get", task("t-1")), ("tasks/cancel", task("t-1")), ("tasks/get", new_task("t-1"))]
    {
        state["note"] = json!("078-05-1120");
        state["ssn"] = json!("078-05-1120");
        let seen = tasks.result(&tasks.alice, &about(method, "t-1"), &state).await;
        for name in ["statusMessage", "note", "ssn"] {
            state[name] = json!("****");
        }
        assert_eq!(seen, state, "{method}");
    }
    let odd =
        json!({"taskId": ["078-05-1120"], "status": "at 078-05-1120", "ttl": "078-05-1120", "createdAt": {"ssn": 1}});
    let seen = tasks.result(&tasks.alice, &about("tasks/get", "t-1"), &odd).await;
    assert_eq!(seen["status"], "****");
    assert_eq!(seen["ttl"], "****");
    assert_eq!(seen["createdAt"], json!({"ssn": "****"}));
}

#[tokio::test]
async fn a_created_task_keeps_what_the_caller_needs_in_either_form() {
    let tasks = Tasks::start().await;
    let mut flat = new_task("t-2");
    flat["resultType"] = json!("task");
    for (mut result, place) in [(json!({"task": task("t-1")}), "/task"), (flat, "")] {
        let seen = tasks.result(&tasks.alice, &call(TOOL), &result).await;
        result.pointer_mut(place).unwrap()["statusMessage"] = json!("****");
        assert_eq!(seen, result);
    }
    assert!(tasks.is_for(&tasks.alice, "t-1").await && tasks.is_for(&tasks.alice, "t-2").await);
}

/// A tool that calls its result a task gets nothing through by that.
#[tokio::test]
async fn a_result_that_calls_itself_a_task_is_redacted_all_the_same() {
    let tasks = Tasks::start().await;
    let mut result = returned();
    for (name, value) in new_task("t-1").as_object().unwrap() {
        result[name] = value.clone();
    }
    result["resultType"] = json!("task");
    result["content"] = json!([{"type": "text", "text": "ssn 078-05-1120"}]);
    let seen = tasks.result(&tasks.alice, &call(TOOL), &result).await.to_string();
    assert!(!seen.contains("078-05-1120") && !seen.contains("a@b.example"), "{seen}");
}

#[tokio::test]
async fn a_failed_task_and_what_it_asks_of_the_user_are_redacted() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, TOOL, "t-1").await;
    let mut state = new_task("t-1");
    state["error"] =
        json!({"code": -32603, "message": "no row for 078-05-1120", "data": {"ssn": "078-05-1120", "row": 7}});
    state["inputRequests"] = json!({"name": {"method": "elicitation/create", "params":
        {"mode": "form", "message": "Is it 078-05-1120?", "requestedSchema": {"type": "object", "properties": {}}}}});
    let seen = tasks.result(&tasks.alice, &about("tasks/get", "t-1"), &state).await;
    assert_eq!(seen["error"], json!({"code": -32603, "message": "****", "data": {"ssn": "****", "row": 7}}));
    assert_eq!(seen["inputRequests"]["name"]["params"]["message"], "****");
    assert_eq!(seen["inputRequests"]["name"]["method"], "elicitation/create");
    assert!(!seen.to_string().contains("078-05-1120"));
}

#[tokio::test]
async fn a_value_that_is_left_elsewhere_in_a_tasks_state_withholds_it() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, TOOL, "t-1").await;
    let mut state = new_task("t-1");
    state["result"] = json!({"structuredContent": {"ssn": "078-05-1120", "note": "it is 078-05-1120"}});
    let received = tasks.answer(&tasks.alice, &about("tasks/get", "t-1"), &state).await;
    assert_eq!(received.told(), Some("the answer is withheld"));
}

#[tokio::test]
async fn a_tasks_state_that_could_be_read_in_two_ways_is_withheld() {
    let tasks = Tasks::start().await;
    for tool in [TOOL, "orders___getOrder"] {
        let id = format!("t-{tool}");
        tasks.create(&tasks.alice, tool, &id).await;
        for (place, name) in [
            ("", "Result"),
            ("", "taskid"),
            ("", "Error"),
            ("", "Content"),
            ("/result", "Content"),
            ("/error", "Message"),
        ] {
            let mut state = new_task(&id);
            state["result"] = json!({"content": []});
            state["error"] = json!({"code": 1});
            state.pointer_mut(place).unwrap()[name] = json!("078-05-1120");
            let received = tasks.answer(&tasks.alice, &about("tasks/get", &id), &state).await;
            assert_eq!(received.told(), Some("the answer is withheld"), "{place}/{name}");
        }
    }
}

#[tokio::test]
async fn an_error_in_the_place_of_a_tasks_answer_is_redacted() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, TOOL, "t-1").await;
    let error =
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no 078-05-1120","data":{"ssn":"078-05-1120"}}}"#;
    for method in ["tasks/get", "tasks/result", "tasks/cancel"] {
        let message = about(method, "t-1").to_string();
        let event = crate::events::response(&tasks.alice, &message, error);
        let reply = tasks.reply(interceptors::event::Point::Response, &event).await;
        assert!(reply.contains("-32602") && !reply.contains("078-05-1120"), "{method}: {reply}");
    }
}

#[tokio::test]
async fn tools_that_a_task_returned_are_filtered_like_those_of_a_call() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let result = json!({"content": [], "tools": [{"name": "orders___getOrder"}, {"name": "orders___purgeAll"}]});
    let filtered = json!({"content": [], "tools": [{"name": "orders___getOrder"}]});
    assert_eq!(tasks.result(&tasks.alice, &about("tasks/result", "t-1"), &result).await, filtered);
    let mut state = new_task("t-1");
    state["result"] = result;
    assert_eq!(tasks.result(&tasks.alice, &about("tasks/get", "t-1"), &state).await["result"], filtered);
}

#[tokio::test]
async fn the_time_of_a_task_is_not_one_for_caches() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let message = about("tasks/get", "t-1");
    let mut state = new_task("t-1");
    assert_eq!(tasks.result(&tasks.alice, &message, &state).await, state);
    state["cacheScope"] = json!("public");
    assert_eq!(tasks.result(&tasks.alice, &message, &state).await["cacheScope"], "private");
}

fn returned() -> Value {
    let text = json!({"ssn": "078-05-1120", "email": "a@b.example", "name": "Ada"});
    json!({"content": [{"type": "text", "text": text.to_string()}], "structuredContent": text, "isError": false})
}
