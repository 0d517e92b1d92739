//! Several operators at once: one wins, and the others are told.

use policy_registry::operate::{Expectation, OperateError, PublishOptions};

use crate::operator::{all, history, member, operator, policy, scope, subject, tenant, with_acme};

#[tokio::test(flavor = "multi_thread")]
async fn of_publishers_who_expect_the_same_version_one_wins() {
    let (table, _) = with_acme().await;
    for round in 0..10_u64 {
        let tasks: Vec<_> = (0..4)
            .map(|publisher| {
                let operator = operator(&table);
                tokio::spawn(async move {
                    let options = PublishOptions { comment: None, expect: Some(Expectation::Version(round + 1)) };
                    operator.publish(&policy("acme", 10 + 4 * round + publisher), &options).await
                })
            })
            .collect();
        let (mut won, mut told) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Ok(published) => {
                    assert_eq!((published.from_version, published.version), (Some(round + 1), Some(round + 2)));
                    won += 1;
                }
                Err(OperateError::NotExpected { found, .. }) => {
                    assert_eq!(found, format!("version {}", round + 2));
                    told += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((won, told), (1, 3));
    }
    assert_eq!(all(operator(&table).versions(&scope("acme"))).await.len(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_wins_against_whoever_publishes() {
    let (table, operator_of_one) = with_acme().await;
    let publisher = operator(&table);
    let task = tokio::spawn(async move {
        for number in 2..30 {
            publisher.publish(&policy("acme", number), &PublishOptions::default()).await.unwrap();
        }
    });
    for _ in 0..10 {
        assert!(operator_of_one.suspend_tenant(&tenant("acme"), None).await.unwrap().is_changed);
        assert!(operator_of_one.resume_tenant(&tenant("acme"), None).await.unwrap().is_changed);
    }
    task.await.unwrap();
    let log = history(&operator_of_one, "acme").await;
    assert_eq!(log.len(), 1 + 28 + 20, "each change has its revision");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_is_added_again_meanwhile_keeps_its_new_members() {
    let (table, one) = with_acme().await;
    let acme = tenant("acme");
    for number in 0..250 {
        table.put(member("acme", &format!("u{number}"), &[]).to_item()).await;
    }
    let other = operator(&table);
    let handle = tokio::runtime::Handle::current();
    let mut is_added = false;
    let removed = one.remove_tenant(&acme, None, |stage| {
        let is_last = matches!(stage, policy_registry::operate::RemovalStage::Members(250));
        if is_last && !is_added {
            tokio::task::block_in_place(|| {
                handle.block_on(async {
                    other.add_tenant(&tenant("acme"), None, None).await.unwrap();
                    other.add_member(&member("acme", "new", &[]), None).await.unwrap();
                });
            });
            is_added = true;
        }
    });
    assert!(matches!(removed.await, Err(OperateError::Conflict { .. })));
    assert!(is_added && one.member(&acme, &subject("new")).await.unwrap().is_some());
}
