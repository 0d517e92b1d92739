//! A changed tool is recorded once, and as long as its lists show the change.

use policy_model::ToolName;
use policy_registry::key::Key;
use policy_registry::{CHANGES_WRITTEN_MAX, ChangeRefusal, Registry, Sighting};
use serde_json::Value;

use crate::change::{ORDERS, changed, digest, find, name, note, note_at, operations, tenant};
use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, settings};
use crate::task::{NOW, deadline};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_recorded_with_its_digest_and_time() {
    let table = Table::new().await;
    note(&table.registry(), &[(ORDERS, changed('a')), ("crm___get", Sighting::Changed(None))]).await.unwrap();
    let found = table.registry();
    assert_eq!(find(&found, ORDERS).await, Ok(Some(digest('a'))));
    assert_eq!(find(&found, "crm___get").await, Ok(Some(None)));
    assert_eq!(find(&found, "orders___GetOrder").await, Ok(None));
    let other = found.find_change(&tenant("globex"), &name(ORDERS), deadline()).await;
    assert_eq!(other, Ok(None));
    let items: Vec<Value> = table.dump().await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[1]["pk"]["S"], format!("CHANGE#acme#{ORDERS}"));
    assert_eq!((&items[1]["kind"]["S"], &items[1]["sha256"]["S"]), (&"change".into(), &"a".repeat(64).into()));
    assert_eq!((&items[1]["seenAt"]["N"], &items[0]["sha256"]["S"]), (&NOW.to_string().into(), &"NONE".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_change_again_writes_nothing_and_another_one_takes_its_place() {
    let table = Table::new().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    for (now, sighting) in [(1, changed('a')), (2, changed('a')), (3, changed('b')), (4, changed('b'))] {
        note_at(&registry, now, &[(ORDERS, sighting)]).await.unwrap();
    }
    let expected = ["BatchGetItem", "BatchWriteItem", "BatchGetItem", "BatchGetItem", "BatchWriteItem", "BatchGetItem"];
    assert_eq!(operations(&endpoint), expected);
    let items = table.dump().await;
    assert_eq!((items.len(), &items[0]["seenAt"]["N"]), (1, &"3".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_is_as_pinned_again_loses_its_record() {
    let table = Table::new().await;
    let registry = table.registry();
    note(&registry, &[(ORDERS, changed('a')), ("crm___get", changed('a'))]).await.unwrap();
    note(&registry, &[(ORDERS, Sighting::Pinned)]).await.unwrap();
    assert_eq!((find(&registry, ORDERS).await, find(&registry, "crm___get").await), (Ok(None), Ok(Some(digest('a')))));
    assert_eq!(table.dump().await.len(), 1);
    // Nothing is there to be removed.
    note(&registry, &[(ORDERS, Sighting::Pinned)]).await.unwrap();
}

/// Between the read and the removal somebody saw another change.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_somebody_made_meanwhile_stays() {
    let table = Table::new().await;
    let held = Registry::new(settings(&table.url));
    note(&held, &[(ORDERS, changed('a'))]).await.unwrap();
    let stale = Endpoint::new(Reply::Forward(table.address)).await;
    let answer = serde_json::json!({"Responses": {"registry": [table.dump().await[0]]}, "UnprocessedKeys": {}});
    note(&held, &[(ORDERS, changed('b'))]).await.unwrap();
    stale.reply_with(Reply::Once(
        Box::new(Reply::Json(200, answer.to_string())),
        Box::new(Reply::Forward(table.address)),
    ));
    note(&Registry::new(settings(&stale.url)), &[(ORDERS, Sighting::Pinned)]).await.unwrap();
    assert_eq!(operations(&stale), ["BatchGetItem", "DeleteItem"]);
    assert_eq!(find(&table.registry(), ORDERS).await, Ok(Some(digest('b'))));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_are_noted_25_at_a_time() {
    let table = Table::new().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let names: Vec<String> = (0..230).map(|number| format!("orders___t{number}")).collect();
    let seen: Vec<(&str, Sighting)> = names.iter().map(|name| (name.as_str(), changed('a'))).collect();
    note(&Registry::new(settings(&endpoint.url)), &seen).await.unwrap();
    let operations = operations(&endpoint);
    let count = |wanted: &str| operations.iter().filter(|operation| *operation == wanted).count();
    assert_eq!((count("BatchGetItem"), count("BatchWriteItem"), operations.len()), (3, 10, 13));
    assert_eq!(table.dump().await.len(), 230);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_more_changes_than_one_list_may_have_the_first_are_noted() {
    let table = Table::new().await;
    let names: Vec<String> = (0..=CHANGES_WRITTEN_MAX).map(|number| format!("orders___t{number}")).collect();
    let seen: Vec<(&str, Sighting)> = names.iter().map(|name| (name.as_str(), changed('a'))).collect();
    assert_eq!(note(&table.registry(), &seen).await, Err(ChangeRefusal::TooMany));
    assert_eq!(table.dump().await.len(), CHANGES_WRITTEN_MAX);
    // The rest is noted with the next list.
    note(&table.registry(), &seen).await.unwrap();
    assert_eq!(table.dump().await.len(), CHANGES_WRITTEN_MAX + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_record_is_left() {
    let table = Table::new().await;
    let registry = std::sync::Arc::new(table.registry());
    let writes = (0..16).map(|number| {
        let registry = std::sync::Arc::clone(&registry);
        let sighting = if number % 2 == 0 { changed('a') } else { changed('b') };
        tokio::spawn(async move { note(&registry, &[(ORDERS, sighting)]).await })
    });
    for write in writes.collect::<Vec<_>>() {
        write.await.unwrap().unwrap();
    }
    assert_eq!(table.dump().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_asks_once_for_as_long_as_an_answer_counts() {
    let table = Table::new().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = std::sync::Arc::new(Registry::new(settings(&endpoint.url)));
    let questions = (0..20).map(|_| {
        let registry = std::sync::Arc::clone(&registry);
        tokio::spawn(async move { find(&registry, ORDERS).await })
    });
    for question in questions.collect::<Vec<_>>() {
        assert_eq!(question.await.unwrap(), Ok(None));
    }
    assert_eq!(endpoint.request_count(), 1);
    // What a list of this process shows counts at once.
    note(&registry, &[(ORDERS, changed('a'))]).await.unwrap();
    assert_eq!(find(&registry, ORDERS).await, Ok(Some(digest('a'))));
    assert_eq!(endpoint.request_count(), 3);
    note(&registry, &[(ORDERS, Sighting::Pinned)]).await.unwrap();
    assert_eq!(find(&registry, ORDERS).await, Ok(None));
    assert_eq!(endpoint.request_count(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_old_is_asked_for_again() {
    let table = Table::new().await;
    let registry = table.forgetful_registry();
    assert_eq!(find(&registry, ORDERS).await, Ok(None));
    note(&table.registry(), &[(ORDERS, changed('a'))]).await.unwrap();
    assert_eq!(find(&registry, ORDERS).await, Ok(Some(digest('a'))));
    table.delete(Key::change(&tenant("acme"), &name(ORDERS))).await;
    assert_eq!(find(&registry, ORDERS).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_tools_are_looked_up_a_hundred_at_a_time() {
    let table = Table::new().await;
    note(&table.registry(), &[("orders___t7", changed('a'))]).await.unwrap();
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    let names: Vec<String> = (0..150).map(|number| format!("orders___t{number}")).collect();
    let tools: Vec<ToolName<'_>> = names.iter().map(|tool| name(tool)).collect();
    let found = registry.find_changes(&tenant("acme"), &tools, deadline()).await.unwrap();
    assert_eq!((found.len(), found["orders___t7"].definition), (1, digest('a')));
    assert!(registry.find_changes(&tenant("acme"), &[], deadline()).await.unwrap().is_empty());
    assert_eq!(endpoint.request_count(), 2);
}
