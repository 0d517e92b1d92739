//! A task is for the caller whose call made it, and nobody else finds out that it is there.

use interceptors::event::Point;
use policy_registry::TaskRecord;
use serde_json::json;

use crate::events;
use crate::received::Received;
use crate::signer::claims;
use crate::stage::reply;
use crate::tasks::{METHODS, Tasks, about, call, list, new_task, request, response, task};

#[tokio::test]
async fn its_owner_asks_how_a_task_stands_for_its_result_and_cancels_it() {
    let tasks = Tasks::start().await;
    let created = json!({"task": task("t-1")});
    assert_eq!(tasks.result(&tasks.alice, &call("orders___getOrder"), &created).await, created);
    let returned = json!({"content": [{"type": "text", "text": "Cloudy"}], "isError": false,
                          "_meta": {"io.modelcontextprotocol/related-task": {"taskId": "t-1"}}});
    for (method, result) in [("tasks/get", task("t-1")), ("tasks/result", returned), ("tasks/cancel", task("t-1"))] {
        let message = about(method, "t-1");
        assert_eq!(tasks.ask(&tasks.alice, &message).await.body(), Some(message.to_string().as_str()));
        let answer = tasks.answer(&tasks.alice, &message, &result).await;
        assert_eq!(answer.body(), Some(events::result(&result).as_str()), "{method}");
    }
}

#[tokio::test]
async fn the_same_goes_for_the_version_in_which_a_result_is_a_task() {
    let tasks = Tasks::start().await;
    let mut created = new_task("t-1");
    created["resultType"] = json!("task");
    assert_eq!(tasks.result(&tasks.alice, &call("orders___getOrder"), &created).await, created);
    let done = json!({"resultType": "complete"});
    for (method, result) in [("tasks/get", new_task("t-1")), ("tasks/update", done.clone()), ("tasks/cancel", done)] {
        let message = about(method, "t-1");
        let headers = json!({"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Mcp-Name": "t-1"});
        let event = events::request_with(&tasks.alice, &headers, &message.to_string());
        let received = Received::read(&tasks.reply(Point::Request, &event).await);
        assert_eq!(received.body(), Some(message.to_string().as_str()), "{received:?}");
        let event = events::response_with(&tasks.alice, &headers, &message.to_string(), &events::result(&result));
        let received = Received::read(&tasks.reply(Point::Response, &event).await);
        assert_eq!(received.body(), Some(events::result(&result).as_str()), "{method}: {received:?}");
        let other = json!({"MCP-Protocol-Version": "2026-07-28", "Mcp-Name": "t-2"});
        let event = events::request_with(&tasks.alice, &other, &message.to_string());
        let received = Received::read(&tasks.reply(Point::Request, &event).await);
        assert_eq!(received.told(), Some("the headers disagree with the message"));
    }
}

/// Unknown, foreign, expired and broken are one answer, byte by byte.
#[tokio::test]
async fn whoever_may_not_ask_for_a_task_cannot_tell_that_there_is_one() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    tasks.put("orders___getOrder", "t-over", |task| task.expires_at = 1_600_000_000).await;
    tasks.put("orders___getOrder", "t-other-issuer", |task| task.issuer.push('/')).await;
    tasks.put("x_amz_bedrock_agentcore_search", "t-broken", |_| {}).await;
    let signer = &tasks.stage.signer;
    let token = |subject, tenant| signer.token(subject, tenant);
    let others = [token("ivan", "acme"), token("bob", "globex"), token("ivan", "globex"), token("judy", "initech")];
    let asked = others.iter().map(|other| (other, "t-1"));
    let asked = asked.chain(["t-over", "t-other-issuer", "t-broken", "T-1", "t-1 ", "*"].map(|id| (&tasks.alice, id)));
    for (token, id) in asked {
        for method in METHODS {
            for (point, known) in [(Point::Request, id), (Point::Response, id)] {
                let event = |id: &str| match point {
                    Point::Request => request(token, &about(method, id)),
                    Point::Response => response(token, &about(method, id), &task(known)),
                };
                let got = tasks.reply(point, &event(id)).await;
                assert_eq!(Received::read(&got).told(), Some("the task is not known"), "{method} {id}");
                assert_eq!(got, tasks.reply(point, &event("never-seen")).await, "{method} {id}");
            }
        }
    }
    assert!(tasks.is_for(&tasks.alice, "t-1").await);
}

#[tokio::test]
async fn what_else_a_caller_says_of_a_task_decides_nothing() {
    let tasks = Tasks::start().await;
    let signer = &tasks.stage.signer;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    tasks.create(&signer.token("ivan", "acme"), "orders___getOrder", "t-2").await;
    let related = |id: &str| json!({"io.modelcontextprotocol/related-task": {"taskId": id}});
    for (id, meta, is_own) in [("t-1", "t-2", true), ("t-2", "t-1", false), ("t-3", "t-1", false)] {
        let mut message = about("tasks/get", id);
        message["params"]["_meta"] = related(meta);
        message["params"]["name"] = json!("orders___getOrder");
        assert_eq!(!tasks.ask(&tasks.alice, &message).await.is_refused(), is_own, "{message}");
        let mut answer = task(meta);
        answer["_meta"] = related("t-1");
        assert_eq!(!tasks.answer(&tasks.alice, &message, &answer).await.is_refused(), is_own, "{message}");
    }
}

#[tokio::test]
async fn a_message_without_one_proper_task_id_is_refused() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let params = [
        json!({}),
        json!({"taskId": null}),
        json!({"taskId": 1}),
        json!({"taskId": ["t-1"]}),
        json!({"taskId": ""}),
        json!({"taskId": "t\n1"}),
        json!({"taskId": "t\u{2014}1"}),
        json!({"taskId": "x".repeat(257)}),
    ];
    for params in params {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": params});
        assert_eq!(tasks.ask(&tasks.alice, &message).await.told(), Some("the parameters are not valid"), "{message}");
    }
    for params in [json!({"taskID": "t-1"}), json!({"taskId": "t-1", "TaskId": "t-2"})] {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": params});
        assert_eq!(tasks.ask(&tasks.alice, &message).await.told(), Some("the message is not a valid request"));
    }
}

#[tokio::test]
async fn at_response_a_task_counts_for_as_long_as_its_answer_may_take() {
    let tasks = Tasks::start().await;
    let over = |seconds: u64| move |task: &mut TaskRecord| task.expires_at = crate::signer::unix_now() - seconds;
    tasks.put("orders___getOrder", "t-1", over(60)).await;
    tasks.put("orders___getOrder", "t-2", over(3_600)).await;
    for (id, is_seen) in [("t-1", true), ("t-2", false)] {
        let message = about("tasks/result", id);
        assert!(tasks.ask(&tasks.alice, &message).await.is_refused());
        let answer = tasks.answer(&tasks.alice, &message, &json!({"content": []})).await;
        assert_eq!(!answer.is_refused(), is_seen, "{id}: {answer:?}");
    }
}

#[tokio::test]
async fn where_tasks_are_off_no_method_of_theirs_is_allowed_and_nothing_is_recorded() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let before = crate::stage::item_count(&tasks.stage.endpoint).await;
    for word in [None, Some("OFF")] {
        let interceptor = |point| {
            tasks.stage.interceptor(point, |settings| {
                settings["registry"]
                    .as_object_mut()
                    .unwrap()
                    .extend(word.map(|word| ("tasks".to_owned(), json!(word))));
            })
        };
        let (at_request, at_response) = (interceptor(Point::Request), interceptor(Point::Response));
        for message in METHODS.iter().map(|method| about(method, "t-1")).chain([list()]) {
            let event = request(&tasks.alice, &message);
            let received = Received::read(&reply(&at_request, event.as_bytes()).await);
            assert_eq!(received.told(), Some("the method is not allowed"), "{message}");
            let event = response(&tasks.alice, &message, &task("t-1"));
            let received = Received::read(&reply(&at_response, event.as_bytes()).await);
            assert_eq!(received.told(), Some("the method is not allowed"), "{message}");
        }
        for result in [json!({"task": task("t-9")}), json!({"task": {"taskId": 7}})] {
            let event = response(&tasks.alice, &call("orders___getOrder"), &result);
            assert!(!Received::read(&reply(&at_response, event.as_bytes()).await).is_refused(), "{result}");
        }
    }
    assert_eq!(crate::stage::item_count(&tasks.stage.endpoint).await, before);
}

#[tokio::test]
async fn a_status_notification_of_a_client_is_never_allowed() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let message = json!({"jsonrpc": "2.0", "method": "notifications/tasks/status", "params": task("t-1")});
    assert_eq!(tasks.ask(&tasks.alice, &message).await.told(), Some("the method is not allowed"));
}

#[tokio::test]
async fn the_agent_that_calls_for_a_user_does_not_make_a_task_anothers() {
    let tasks = Tasks::start().await;
    let mut by_agent = claims("alice", "acme");
    by_agent["act"] = json!({"sub": "console"});
    let by_agent = tasks.stage.signer.sign(&by_agent);
    tasks.create(&by_agent, "orders___getOrder", "t-1").await;
    assert!(tasks.is_for(&tasks.alice, "t-1").await && tasks.is_for(&by_agent, "t-1").await);
}
