//! A task is recorded once, and again only as the same.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::{TaskRecord, TaskRefusal};

use crate::table::{Table, principal};
use crate::task::{NOW, find, record, task};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_task_three_times_is_one_item_that_lasts_to_the_latest_time() {
    let table = Table::new().await;
    let registry = table.registry();
    for later in 0..3 {
        let again = TaskRecord { expires_at: NOW + later, ..task("acme", "alice", "t-1") };
        record(&registry, &again).await.unwrap();
        assert_eq!(find(&registry, &principal("acme", "alice"), "t-1").await, Ok(again));
    }
    assert_eq!(table.dump().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_differs_in_owner_or_tool_is_a_conflict_and_changes_nothing() {
    let first = task("acme", "alice", "t-1");
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &first).await.unwrap();
    for other in [
        task("acme", "bob", "t-1"),
        TaskRecord { issuer: "https://issuer.example/other".to_owned(), ..first.clone() },
        TaskRecord { tool: "orders___purgeAll".to_owned(), ..first.clone() },
        TaskRecord { tool: "orders___GetOrder".to_owned(), expires_at: u64::MAX, ..first.clone() },
    ] {
        assert_eq!(record(&registry, &other).await, Err(TaskRefusal::Conflict), "{other:?}");
    }
    assert_eq!(find(&registry, &principal("acme", "alice"), "t-1").await, Ok(first));
}

/// A target that gives an id out twice is not made right by time.
#[tokio::test(flavor = "multi_thread")]
async fn an_expired_task_still_keeps_its_id_from_others() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &TaskRecord { expires_at: 1, ..task("acme", "alice", "t-1") }).await.unwrap();
    assert_eq!(record(&registry, &task("acme", "bob", "t-1")).await, Err(TaskRefusal::Conflict));
    record(&registry, &task("acme", "alice", "t-1")).await.unwrap();
    assert!(find(&registry, &principal("acme", "alice"), "t-1").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_no_task_of_this_layout_is_a_conflict() {
    let same = task("acme", "alice", "t-1");
    for (name, value) in [
        ("schema", AttributeValue::N("2".to_owned())),
        ("schema", AttributeValue::S("1".to_owned())),
        ("kind", AttributeValue::S("membership".to_owned())),
        ("tenantId", AttributeValue::S("globex".to_owned())),
        ("taskId", AttributeValue::S("t-2".to_owned())),
    ] {
        let table = Table::new().await;
        let mut item = same.to_item();
        item.insert(name.to_owned(), value.clone());
        table.put(item).await;
        assert_eq!(record(&table.registry(), &same).await, Err(TaskRefusal::Conflict), "{name}: {value:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_for_one_id_one_owner_wins() {
    let table = Table::new().await;
    let registry = std::sync::Arc::new(table.registry());
    let writes = (0..16).map(|number| {
        let registry = std::sync::Arc::clone(&registry);
        tokio::spawn(async move { record(&registry, &task("acme", &format!("user-{number}"), "t-1")).await })
    });
    let mut wins = 0;
    for write in writes.collect::<Vec<_>>() {
        match write.await.unwrap() {
            Ok(()) => wins += 1,
            Err(refusal) => assert_eq!(refusal, TaskRefusal::Conflict),
        }
    }
    assert_eq!(wins, 1);
}
