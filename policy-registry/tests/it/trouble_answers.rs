//! Answers of status 200 that are not the answer.

use policy_registry::record::Item;
use policy_registry::{Refusal, Registry};
use serde_json::{Value, json};

use crate::endpoint::{Endpoint, Reply};
use crate::table::{ask, document, membership, principal, records, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_answer_is_a_grant() {
    let endpoint = Endpoint::new(answer(all())).await;
    assert!(ask(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_the_items_does_not_matter() {
    let items = all().into_iter().rev().collect();
    let endpoint = Endpoint::new(answer(items)).await;
    assert!(ask(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn unprocessed_keys_are_no_answer() {
    let left = json!({"registry": {"Keys": [{"pk": {"S": "TENANT#acme"}, "sk": {"S": "TENANT"}}]}});
    for items in [all(), all()[..1].to_vec(), Vec::new()] {
        let body = json!({"Responses": {"registry": items}, "UnprocessedKeys": left});
        assert_eq!(refused(body.to_string()).await, Refusal::Unavailable("unprocessed keys"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_was_not_asked_for_is_malformed() {
    for (name, other) in [("pk", "TENANT#globex"), ("sk", "POLICY#OLD"), ("pk", "USER#x#alice")] {
        let mut items = all();
        let mut stray = items[1].clone();
        stray[name] = json!({"S": other});
        items.push(stray);
        assert_eq!(refused_items(items).await, Refusal::Malformed("key"), "{name} {other}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_its_key_is_malformed() {
    for name in ["pk", "sk"] {
        for wrong in [None, Some(json!({"N": "1"})), Some(json!({"L": []}))] {
            let mut items = all();
            let item = items[0].as_object_mut().unwrap();
            item.remove(name);
            item.extend(wrong.map(|wrong| (name.to_owned(), wrong)));
            assert_eq!(refused_items(items).await, Refusal::Malformed("key"), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_item_twice_is_malformed() {
    for index in 0..3 {
        let mut items = all();
        items.push(items[index].clone());
        assert_eq!(refused_items(items).await, Refusal::Malformed("key"), "{index}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_json_is_unavailable() {
    let whole = json!({"Responses": {"registry": all()}}).to_string();
    for body in ["{", "[]", "null", "\"text\"", "<html></html>", whole.strip_suffix("]}}").unwrap()] {
        let refusal = refused(body.to_owned()).await;
        assert!(matches!(refusal, Refusal::Unavailable(_)), "{body}: {refusal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_of_another_shape_is_unavailable() {
    for body in [
        json!({"Responses": []}),
        json!({"Responses": {"registry": {}}}),
        json!({"Responses": {"registry": ["item"]}}),
        json!({"Responses": {"registry": [{"pk": "plain"}]}}),
        json!({"Responses": {"registry": [{"pk": {"S": 1}}]}}),
        json!({"Responses": {"registry": [{"pk": null}]}}),
        json!({"Responses": {"registry": [null]}}),
    ] {
        let refusal = refused(body.to_string()).await;
        assert!(matches!(refusal, Refusal::Unavailable(_)), "{body}: {refusal:?}");
    }
}

/// DynamoDB names the table even where it found nothing: an answer without it says nothing of anybody's membership.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_name_the_table_is_no_answer() {
    let stray = json!({"Responses": {"other": all()}}).to_string();
    for body in ["", "{}", r#"{"Responses":null}"#, r#"{"Responses":{}}"#, &stray] {
        let refusal = refused(body.to_owned()).await;
        let is_trouble = matches!(refusal, Refusal::Unavailable(_) | Refusal::Malformed(_));
        assert!(is_trouble, "{body}: {refusal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_of_a_type_that_does_not_exist_yet_is_refused() {
    let mut items = all();
    items[0]["roles"] = json!({"ROLESET": ["admin"]});
    assert_eq!(refused_items(items).await, Refusal::Malformed("roles"));
}

async fn refused_items(items: Vec<Value>) -> Refusal {
    refused(json!({"Responses": {"registry": items}, "UnprocessedKeys": {}}).to_string()).await
}

async fn refused(body: String) -> Refusal {
    let endpoint = Endpoint::new(Reply::Json(200, body)).await;
    refusal(&Registry::new(settings(&endpoint.url)), &principal("acme", "alice")).await
}

fn answer(items: Vec<Value>) -> Reply {
    Reply::Json(200, json!({"Responses": {"registry": items}, "UnprocessedKeys": {}}).to_string())
}

/// The three items that make a grant for alice, as DynamoDB's JSON.
fn all() -> Vec<Value> {
    let (tenant, policy) = records("acme", &document("acme", "p1"));
    [membership("acme", "alice").to_item(), tenant.to_item(), policy.to_item()].iter().map(json_of).collect()
}

/// Items of texts, one number and lists of nothing.
fn json_of(item: &Item) -> Value {
    let value = |value: &aws_sdk_dynamodb::types::AttributeValue| match (value.as_s(), value.as_n(), value.as_l()) {
        (Ok(text), _, _) => json!({"S": text}),
        (_, Ok(number), _) => json!({"N": number}),
        (_, _, Ok(list)) if list.is_empty() => json!({"L": []}),
        other => panic!("{other:?}"),
    };
    item.iter().map(|(name, attribute)| (name.clone(), value(attribute))).collect()
}
