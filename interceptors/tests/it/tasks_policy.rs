//! A task can be asked for while its tool is listed for the caller, by the policy that is in force then.

use serde_json::{Value, json};

use crate::stage::publish;
use crate::tasks::{METHODS, Tasks, about, task};

#[tokio::test]
async fn a_tool_that_was_denied_meanwhile_takes_its_tasks_with_it() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    tasks.create(&tasks.alice, "orders___listOrders", "t-2").await;
    let denied =
        json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:getOrder"], "reason": "Closed"});
    in_force(&tasks, &[all(), denied]).await;
    for method in METHODS {
        let message = about(method, "t-1");
        for received in
            [tasks.ask(&tasks.alice, &message).await, tasks.answer(&tasks.alice, &message, &task("t-1")).await]
        {
            assert_eq!(received.told(), Some("the tool call is denied by policy"), "{method}: {received:?}");
        }
    }
    assert!(tasks.is_for(&tasks.alice, "t-2").await);
    in_force(&tasks, &[all()]).await;
    assert!(tasks.is_for(&tasks.alice, "t-1").await);
}

#[tokio::test]
async fn a_tool_that_nothing_allows_any_more_takes_its_tasks_with_it() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    in_force(&tasks, &[]).await;
    assert!(!tasks.is_for(&tasks.alice, "t-1").await);
}

/// The arguments of the call are gone, so that the question is whether some could be allowed.
#[tokio::test]
async fn a_rule_on_arguments_leaves_a_task_as_long_as_some_arguments_could_be_allowed() {
    let condition =
        |operator: &str, value: Value| json!({"path": "$.arguments.amount", "operator": operator, "value": value});
    let on = |effect: &str, condition: &Value| {
        json!({"effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:orders___getOrder"],
               "conditions": [condition]})
    };
    let small = condition("LESS_THAN", json!(500));
    let big = condition("GREATER_THAN", json!(500));
    let of_nobody = json!({"path": "$.claims.department", "operator": "EQUALS", "value": "sales"});
    for (rules, is_for) in [
        (vec![on("ALLOW", &small)], true),
        (vec![all(), on("DENY", &big)], true),
        (vec![on("ALLOW", &small), on("DENY", &small)], false),
        // What cannot be evaluated, whatever the arguments are, denies.
        (vec![all(), on("DENY", &of_nobody)], false),
        (vec![on("ALLOW", &of_nobody)], false),
    ] {
        let tasks = Tasks::start().await;
        tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
        in_force(&tasks, &rules).await;
        assert_eq!(tasks.is_for(&tasks.alice, "t-1").await, is_for, "{rules:?}");
    }
}

#[tokio::test]
async fn what_the_caller_says_in_an_update_is_no_argument() {
    let tasks = Tasks::start().await;
    tasks.create(&tasks.alice, "orders___getOrder", "t-1").await;
    let denied = json!({"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*"],
                        "conditions": [{"path": "$.arguments.amount", "operator": "EXISTS"}]});
    in_force(&tasks, &[all(), denied]).await;
    let mut message = about("tasks/update", "t-1");
    message["params"]["inputResponses"] = json!({"amount": {"amount": 1}});
    message["params"]["arguments"] = json!({"amount": 1});
    assert!(!tasks.ask(&tasks.alice, &message).await.is_refused());
}

fn all() -> Value {
    json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"]})
}

async fn in_force(tasks: &Tasks, rules: &[Value]) {
    publish(&tasks.stage.endpoint, &json!({"policyId": "POL-NOW", "tenantId": "acme", "rules": rules})).await;
}
