//! A table that has too much to do.

use policy_registry::client;
use policy_registry::operate::{MemberLine, Operator};
use serde_json::{Value, json};

use crate::endpoint::{Endpoint, Reply};
use crate::operator::{all, member, policy, publish, tenant, with_acme};
use crate::table::{TABLE, client_settings};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_throttled_is_tried_again() {
    let (table, _) = with_acme().await;
    let throttled = json!({"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"});
    // More often than the client alone tries again.
    let mut reply = Reply::Forward(table.address);
    for _ in 0..4 {
        reply = Reply::Once(Box::new(Reply::Json(400, throttled.to_string())), Box::new(reply));
    }
    let endpoint = Endpoint::new(reply).await;
    let operator = through(&endpoint);
    assert_eq!(publish(&operator, &policy("acme", 2)).await.version, Some(2));
    assert!(endpoint.request_count() >= 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_unprocessed_is_written_after_all() {
    let (table, plain) = with_acme().await;
    let lines = || (0..5).map(|number| MemberLine { number, member: Ok(member("acme", &format!("u{number}"), &[])) });
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let operator = through(&endpoint);
    let plan = operator.check_import(lines()).await.unwrap();
    // The very first write, which is the entry in the log, is left over.
    let left = json!({"PutRequest": {"Item": {"pk": {"S": "LOG#acme"}, "sk": {"S": "MEMBER#x"}}}});
    let left: Value = json!({"UnprocessedItems": {TABLE: [left]}});
    let rest = Reply::Forward(table.address);
    endpoint.reply_with(Reply::Once(Box::new(Reply::Json(200, left.to_string())), Box::new(rest)));
    operator.import_members(&plan, lines(), None, |_| {}).await.unwrap();
    let again: Vec<Value> = endpoint.requests().into_iter().map(|request| request.body).collect();
    assert!(again.iter().any(|body| body["RequestItems"][TABLE][0]["PutRequest"]["Item"]["sk"]["S"] == "MEMBER#x"));
    assert_eq!(all(plain.members(&tenant("acme"))).await.len(), 5);
}

fn through(endpoint: &Endpoint) -> Operator {
    Operator::new(client::build(&client_settings(&endpoint.url)).unwrap(), TABLE, "ann").unwrap()
}
