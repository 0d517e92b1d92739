//! A task is its owner's, in its tenant, until its time is over.

use policy_registry::TaskRefusal;

use crate::table::{ISSUER, Table, of_issuer, principal};
use crate::task::{self, NOW, find, find_all, id, record, task};

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_task_is_found_by_its_owner_as_it_was_recorded() {
    let table = Table::new().await;
    let registry = table.registry();
    for name in ["t-1", "786512e2-9e0d-44bd-8f29-789f320fe840", "a#b %23/{}\"~", " ", &"/".repeat(256)] {
        let task = task("acme", "alice", name);
        record(&registry, &task).await.unwrap();
        assert_eq!(find(&registry, &principal("acme", "alice"), name).await.unwrap(), task, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_counts_to_its_last_second() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &task("acme", "alice", "t-1")).await.unwrap();
    let last = NOW + 60;
    for (now, expected) in
        [(0, None), (last, None), (last + 1, Some(TaskRefusal::Expired)), (u64::MAX, Some(TaskRefusal::Expired))]
    {
        let found = registry.find_task(&principal("acme", "alice"), &id("t-1"), now, task::deadline()).await;
        assert_eq!(found.err(), expected, "{now}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_another_user_of_the_tenant_is_foreign() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &task("acme", "alice", "t-1")).await.unwrap();
    let others = [
        principal("acme", "bob"),
        principal("acme", "Alice"),
        of_issuer("https://issuer.example/other", "alice", "acme"),
        of_issuer("https://issuer.example/main/", "alice", "acme"),
    ];
    for other in others {
        assert_eq!(find(&registry, &other, "t-1").await, Err(TaskRefusal::Foreign), "{other:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_unknown_in_another_tenant_and_under_another_id() {
    let table = Table::new().await;
    let registry = table.registry();
    record(&registry, &task("acme", "alice", "t-1")).await.unwrap();
    for tenant in ["globex", "acme-eu", "Acme", "acm"] {
        let same_user = of_issuer(ISSUER, "alice", tenant);
        assert_eq!(find(&registry, &same_user, "t-1").await, Err(TaskRefusal::Unknown), "{tenant}");
    }
    for name in ["t-2", "T-1", "t-1 ", " t-1", "t%2D1", "acme#t-1", "TASK#acme#t-1", "*"] {
        assert_eq!(find(&registry, &principal("acme", "alice"), name).await, Err(TaskRefusal::Unknown), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_may_stand_in_two_tenants() {
    let table = Table::new().await;
    let registry = table.registry();
    for (tenant, subject) in [("acme", "alice"), ("globex", "bob")] {
        record(&registry, &task(tenant, subject, "t-1")).await.unwrap();
    }
    for (tenant, subject) in [("acme", "alice"), ("globex", "bob")] {
        assert_eq!(find(&registry, &principal(tenant, subject), "t-1").await.unwrap().subject, subject);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_ids_the_callers_own_are_found() {
    let table = Table::new().await;
    let registry = table.registry();
    let alice = principal("acme", "alice");
    for number in 0..250 {
        record(&registry, &task("acme", if number % 2 == 0 { "alice" } else { "bob" }, &format!("t-{number}")))
            .await
            .unwrap();
    }
    let mut over = task("acme", "alice", "t-over");
    over.expires_at = NOW - 1;
    record(&registry, &over).await.unwrap();
    let names: Vec<String> = (0..260).map(|number| format!("t-{number}")).chain(["t-over".to_owned()]).collect();
    let found = find_all(&registry, &alice, &names).await.unwrap();
    assert_eq!(found.len(), 125);
    assert!(found.iter().all(|(id, task)| task.id == *id && task.subject == "alice"));
    assert!(found.contains_key(&id("t-0")) && !found.contains_key(&id("t-1")) && !found.contains_key(&id("t-over")));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_more_than_a_thousand_ids_the_first_thousand_are_looked_for_each_once() {
    let table = Table::new().await;
    let registry = table.registry();
    let alice = principal("acme", "alice");
    for name in ["t-0", "t-999", "t-1000"] {
        record(&registry, &task("acme", "alice", name)).await.unwrap();
    }
    let names: Vec<String> = (0..1_001).flat_map(|number| vec![format!("t-{number}"); 2]).collect();
    let found = find_all(&registry, &alice, &names).await.unwrap();
    assert!(found.contains_key(&id("t-0")) && found.contains_key(&id("t-999")) && found.len() == 2);
    assert!(find_all(&registry, &alice, &[]).await.unwrap().is_empty());
}
