//! Publishing several policies at once.

use policy_registry::operate::{ChangeSetOptions, OperateError, PolicyDocument, PublishOutcome, change_set_id};
use policy_registry::record::{Action, ChangeSetState};

use crate::operator::{all, baseline, operator, policy, publish, scope, tenant};
use crate::table::Table;

#[tokio::test(flavor = "multi_thread")]
async fn a_small_set_is_in_force_at_once() {
    let (table, operator) = with_tenants(3).await;
    let documents = [policy("t1", 2), policy("t0", 2), policy("t2", 1), baseline(1)];
    let report = operator.publish_all(&documents, &ChangeSetOptions::default(), |_| {}).await.unwrap();
    assert_eq!((report.published.len(), report.changed()), (4, 3));
    assert_eq!(report.id.as_deref(), Some(change_set_id(&documents).as_str()));
    let sets = all(operator.change_sets()).await;
    assert_eq!((sets.len(), sets[0].state, sets[0].policies), (1, ChangeSetState::Done, 4));
    let entries = all(operator.entries_of_change_set(&sets[0].id)).await;
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.action == Action::PolicyPublished));
    let before = table.dump().await;
    let again = operator.publish_all(&documents, &ChangeSetOptions::default(), |_| {}).await.unwrap();
    assert_eq!((again.changed(), table.dump().await), (0, before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_set_comes_into_force_tenant_by_tenant() {
    let (_table, operator) = with_tenants(60).await;
    let documents: Vec<PolicyDocument> = (0..60).map(|number| policy(&format!("t{number}"), 2)).collect();
    let mut seen = Vec::new();
    let report = operator.publish_all(&documents, &ChangeSetOptions::default(), |at| seen.push(at.done)).await.unwrap();
    assert!(report.published.iter().all(|published| published.outcome == PublishOutcome::New));
    assert!(seen.len() > 1 && seen.is_sorted() && seen.last() == Some(&60), "{seen:?}");
    let sets = all(operator.change_sets()).await;
    assert_eq!((sets.len(), sets[0].state), (1, ChangeSetState::Done));
    assert_eq!(all(operator.entries_of_change_set(&sets[0].id)).await.len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_of_the_longest_documents_fits_transactions() {
    let (_table, operator) = with_tenants(6).await;
    let long = |number: u64| {
        let padding = " ".repeat(370_000);
        let text = format!(r#"{{"policyId":"L","tenantId":"t{number}",{padding}"rules":[]}}"#);
        PolicyDocument::parse(text).unwrap()
    };
    let documents: Vec<PolicyDocument> = (0..6).map(long).collect();
    let report = operator.publish_all(&documents, &ChangeSetOptions::default(), |_| {}).await.unwrap();
    assert_eq!(report.changed(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_published_refuses_all() {
    let (table, operator) = with_tenants(2).await;
    publish(&operator, &policy("t1", 2)).await;
    operator.retire(&scope("t1"), 1, None).await.unwrap();
    let before = table.dump().await;
    for wrong in [policy("t7", 1), policy("t0", 3), policy("t1", 1)] {
        let refused = operator.publish_all(&[policy("t0", 2), wrong], &ChangeSetOptions::default(), |_| {}).await;
        assert!(matches!(refused, Err(OperateError::Refused(_))), "{refused:?}");
    }
    assert_eq!(table.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_meanwhile_stops_the_set_and_stays() {
    let (table, operator) = with_tenants(60).await;
    let documents: Vec<PolicyDocument> = (0..60).map(|number| policy(&format!("t{number}"), 2)).collect();
    let other = self::operator(&table);
    let handle = tokio::runtime::Handle::current();
    let mut is_first = true;
    let options = ChangeSetOptions::default();
    let refused = operator.publish_all(&documents, &options, |_| {
        if std::mem::take(&mut is_first) {
            tokio::task::block_in_place(|| handle.block_on(publish(&other, &policy("t9", 3))));
        }
    });
    let refused = refused.await.unwrap_err();
    let OperateError::Conflict { what, expected, found } = &refused else { panic!("{refused}") };
    assert_eq!((what.as_str(), expected.as_str(), found.as_str()), ("tenant t9", "version 1", "version 2"));
    let versions = all(operator.tenants()).await;
    assert!(versions.iter().any(|state| state.policy_version == Some(1)), "not all was published");
    assert_eq!(operator.tenant(&tenant("t9")).await.unwrap().policy.sha256, policy("t9", 3).sha256());
    assert_eq!(all(operator.change_sets()).await[0].state, ChangeSetState::Open);
    operator.publish_all(&documents, &ChangeSetOptions::default(), |_| {}).await.unwrap();
    assert_eq!(all(operator.change_sets()).await[0].state, ChangeSetState::Done);
}

/// `t0` and so on, each with its policy 1.
async fn with_tenants(count: u64) -> (Table, policy_registry::operate::Operator) {
    let table = Table::new().await;
    let operator = operator(&table);
    for number in 0..count {
        let id = format!("t{number}");
        operator.add_tenant(&tenant(&id), Some(&policy(&id, 1)), None).await.unwrap();
    }
    (table, operator)
}
