//! A call that is answered with a task makes it the caller's, once and for one tool.

use interceptors::event::Point;
use serde_json::json;

use crate::gatekeeper::Gatekeeper;
use crate::received::Received;
use crate::stage::{item_count, reply};
use crate::tasks::{METHODS, Tasks, about, call, new_task, request, response, task};

#[tokio::test]
async fn the_same_event_three_times_is_one_task_and_one_answer() {
    let tasks = Tasks::start().await;
    let before = item_count(&tasks.stage.endpoint).await;
    let event = response(&tasks.alice, &call("orders___getOrder"), &json!({"task": task("t-1")}));
    let first = tasks.reply(Point::Response, &event).await;
    for _ in 0..2 {
        assert_eq!(tasks.reply(Point::Response, &event).await, first);
    }
    assert_eq!(item_count(&tasks.stage.endpoint).await, before + 1);
    for method in METHODS {
        for (point, event) in [
            (Point::Request, request(&tasks.alice, &about(method, "t-1"))),
            (Point::Response, response(&tasks.alice, &about(method, "t-1"), &task("t-1"))),
        ] {
            let first = tasks.reply(point, &event).await;
            assert!(!Received::read(&first).is_refused());
            for _ in 0..2 {
                assert_eq!(tasks.reply(point, &event).await, first, "{method}");
            }
        }
    }
}

#[tokio::test]
async fn an_id_that_is_another_callers_or_tools_is_withheld() {
    let tasks = Tasks::start().await;
    let ivan = tasks.stage.signer.token("ivan", "acme");
    assert!(!tasks.create(&tasks.alice, "orders___getOrder", "t-1").await.is_refused());
    for (token, tool) in [(&ivan, "orders___getOrder"), (&tasks.alice, "orders___listOrders")] {
        assert_eq!(tasks.create(token, tool, "t-1").await.told(), Some("the answer is withheld"), "{tool}");
    }
    assert!(tasks.is_for(&tasks.alice, "t-1").await && !tasks.is_for(&ivan, "t-1").await);
}

#[tokio::test]
async fn an_id_counts_in_its_tenant_alone() {
    let tasks = Tasks::start().await;
    let judy = tasks.stage.signer.token("judy", "initech");
    for token in [&tasks.alice, &judy] {
        assert!(!tasks.create(token, "orders___getOrder", "t-1").await.is_refused());
    }
    assert!(tasks.is_for(&tasks.alice, "t-1").await && tasks.is_for(&judy, "t-1").await);
}

#[tokio::test]
async fn a_call_that_is_denied_makes_no_task() {
    let tasks = Tasks::start().await;
    for tool in ["orders___purgeAll", "payroll___getEmployee", "a b"] {
        assert!(tasks.create(&tasks.alice, tool, "t-1").await.is_refused(), "{tool}");
        assert!(!tasks.is_for(&tasks.alice, "t-1").await);
    }
}

#[tokio::test]
async fn only_the_answer_to_a_call_makes_a_task() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let created = json!({"task": task("t-2")});
    for method in METHODS {
        assert!(!tasks.answer(&tasks.alice, &about(method, "t-1"), &created).await.is_refused(), "{method}");
    }
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    tasks.answer(&tasks.alice, &ping, &created).await;
    assert!(!tasks.is_for(&tasks.alice, "t-2").await);
}

#[tokio::test]
async fn a_result_that_speaks_of_a_task_makes_none() {
    let tasks = Tasks::start().await;
    for result in [
        json!({"content": [], "task": task("t-2")}),
        json!({"content": [], "structuredContent": {"task": task("t-2")}}),
        json!({"content": [{"type": "text", "text": json!({"task": task("t-2")}).to_string()}]}),
        new_task("t-2"),
    ] {
        assert!(!tasks.answer(&tasks.alice, &call("orders___getOrder"), &result).await.is_refused(), "{result}");
        assert!(!tasks.is_for(&tasks.alice, "t-2").await, "{result}");
    }
}

#[tokio::test]
async fn a_task_that_cannot_be_recorded_as_it_is_is_withheld() {
    let tasks = Tasks::start().await;
    for result in [
        json!({"task": {"taskId": 7}}),
        json!({"task": {"taskId": ""}}),
        json!({"task": {"taskId": "t\n1"}}),
        json!({"task": {"taskId": "x".repeat(257)}}),
        json!({"task": {"taskId": "t-1", "ttl": "soon"}}),
        json!({"resultType": "task"}),
        json!({"resultType": "task", "taskId": "t-1", "task": {"taskId": "t-2"}}),
    ] {
        let received = tasks.answer(&tasks.alice, &call("orders___getOrder"), &result).await;
        assert_eq!(received.told(), Some("the answer is withheld"), "{result}");
    }
    assert!(!tasks.is_for(&tasks.alice, "t-1").await);
}

#[tokio::test]
async fn a_search_makes_no_task() {
    let tasks = Tasks::start().await;
    let bob = tasks.stage.signer.token("bob", "globex");
    let search = "x_amz_bedrock_agentcore_search";
    assert!(!tasks.ask(&bob, &call(search)).await.is_refused());
    assert_eq!(tasks.create(&bob, search, "t-1").await.told(), Some("the answer is withheld"));
    assert!(!tasks.is_for(&bob, "t-1").await);
}

/// A caller with the id would wait for what can never be asked for.
#[tokio::test]
async fn where_a_task_cannot_be_written_its_answer_is_withheld_and_other_answers_are_not() {
    let tasks = Tasks::start().await;
    let gatekeeper = Gatekeeper::start(&tasks.stage.endpoint, "PutItem").await;
    let behind = |point| {
        tasks.stage.interceptor(point, |settings| {
            settings["registry"]["tasks"] = json!("RECORD");
            settings["registry"]["endpointUrl"] = json!(gatekeeper.url);
        })
    };
    let at_response = behind(Point::Response);
    let call = call("orders___getOrder");
    let event = response(&tasks.alice, &call, &json!({"task": task("t-1")}));
    let received = Received::read(&reply(&at_response, event.as_bytes()).await);
    assert_eq!(received.told(), Some("authorization is not available"));
    assert!(!tasks.is_for(&tasks.alice, "t-1").await);
    let event = response(&tasks.alice, &call, &json!({"content": []}));
    assert!(!Received::read(&reply(&at_response, event.as_bytes()).await).is_refused());
    // What was recorded before can still be read.
    tasks.create(&tasks.alice, "orders___getOrder", "t-2").await;
    let event = request(&tasks.alice, &about("tasks/get", "t-2"));
    assert!(!Received::read(&reply(&behind(Point::Request), event.as_bytes()).await).is_refused());
    assert!(gatekeeper.refused() > 0);
}
