//! Publishing, rolling back, retiring and shadowing policies.

use policy_registry::operate::{
    Expectation, OperateError, PolicyDocument, PolicyScope, PublishOptions, PublishOutcome, RollbackTarget,
    ShadowCandidate, VersionName,
};
use policy_registry::record::Action;

use crate::operator::{all, baseline, deeds, history, operator, policy, publish, scope, tenant, with_acme};
use crate::table::{Table, ask, document, principal};

#[tokio::test(flavor = "multi_thread")]
async fn a_published_policy_is_in_force_and_the_log_says_who_and_why() {
    let (table, operator) = with_acme().await;
    table.enroll("acme", "alice", &[]).await;
    let options = PublishOptions { comment: Some("ticket 7".to_owned()), expect: Some(Expectation::Version(1)) };
    let published = operator.publish(&policy("acme", 2), &options).await.unwrap();
    assert_eq!((published.outcome, published.version, published.from_version), (PublishOutcome::New, Some(2), Some(1)));
    let grant = ask(&table.forgetful_registry(), &principal("acme", "alice")).await.grant.unwrap();
    assert_eq!(grant.policy.id().as_str(), "P-acme");
    let log = history(&operator, "acme").await;
    assert_eq!(deeds(&log), [(Action::TenantAdded, None, Some(1)), (Action::PolicyPublished, Some(1), Some(2))]);
    assert_eq!((log[1].author.as_str(), log[1].comment.as_deref()), ("ann", Some("ticket 7")));
    assert_eq!(log.iter().map(|entry| entry.revision()).collect::<Vec<_>>(), [Some(1), Some(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_force_is_not_published_again() {
    let (table, operator) = with_acme().await;
    let before = table.dump().await;
    assert_eq!(publish(&operator, &policy("acme", 1)).await.outcome, PublishOutcome::Unchanged);
    assert_eq!(table.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_has_one_version_however_often_it_is_published() {
    let (_table, operator) = with_acme().await;
    publish(&operator, &policy("acme", 2)).await;
    let again = publish(&operator, &policy("acme", 1)).await;
    assert_eq!((again.outcome, again.version, again.from_version), (PublishOutcome::Again, Some(1), Some(2)));
    let versions = all(operator.versions(&scope("acme"))).await;
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[1].document, policy("acme", 1).text());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_expects_another_version_is_told_what_is_in_force() {
    let (table, operator) = with_acme().await;
    publish(&operator, &policy("acme", 2)).await;
    let before = table.dump().await;
    let sha256 = digits(&policy("acme", 1), 8);
    for expect in [Expectation::Version(1), Expectation::Sha256(sha256)] {
        let options = PublishOptions { comment: None, expect: Some(expect) };
        let refused = operator.publish(&policy("acme", 3), &options).await.unwrap_err();
        let OperateError::NotExpected { what, found, .. } = &refused else { panic!("{refused}") };
        assert_eq!((what.as_str(), found.as_str()), ("tenant acme", "version 2"));
        let refused = operator.rollback(&scope("acme"), &RollbackTarget::Version(1), &options).await.unwrap_err();
        assert!(matches!(refused, OperateError::NotExpected { .. }), "{refused}");
    }
    assert_eq!(table.dump().await, before);
}

#[test]
fn an_expectation_is_a_number_or_digits_of_a_digest() {
    assert_eq!(Expectation::parse("7"), Ok(Expectation::Version(7)));
    assert_eq!(Expectation::parse("0123ABCD"), Ok(Expectation::Sha256("0123abcd".to_owned())));
    assert_eq!(Expectation::parse("01234567"), Ok(Expectation::Sha256("01234567".to_owned())));
    for wrong in ["", "v7", "abc", "0123abcg", &"a".repeat(65), "-1"] {
        assert!(Expectation::parse(wrong).is_err(), "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_policy_becomes_a_version_that_can_be_rolled_back_to() {
    let table = Table::with_acme().await;
    let operator = operator(&table);
    let loaded = operator.version(&scope("acme"), &VersionName::Active).await.unwrap();
    assert_eq!((loaded.version, loaded.document.as_str()), (0, document("acme", "p1").as_str()));
    let published = publish(&operator, &policy("acme", 1)).await;
    assert_eq!((published.from_version, published.version), (Some(1), Some(2)));
    let back = operator.rollback(&scope("acme"), &RollbackTarget::Previous, &PublishOptions::default()).await.unwrap();
    assert_eq!((back.from_version, back.to_version, back.is_changed), (Some(2), 1, true));
    let grant = ask(&table.forgetful_registry(), &principal("acme", "alice")).await.grant.unwrap();
    assert_eq!(grant.policy.id().as_str(), "p1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_was_loaded_over_goes_on_counting() {
    let (table, operator) = with_acme().await;
    publish(&operator, &policy("acme", 2)).await;
    table.publish("acme", &document("acme", "p1")).await;
    let published = publish(&operator, &policy("acme", 3)).await;
    assert_eq!((published.from_version, published.version), (Some(3), Some(4)));
    let revisions: Vec<_> = history(&operator, "acme").await.iter().map(|entry| entry.revision().unwrap()).collect();
    assert_eq!(revisions, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_goes_to_the_version_before_or_to_a_named_one() {
    let (_table, operator) = with_acme().await;
    let (acme, options) = (scope("acme"), PublishOptions::default());
    for number in 2..=3 {
        publish(&operator, &policy("acme", number)).await;
    }
    let to =
        async |target: RollbackTarget| operator.rollback(&acme, &target, &options).await.map(|back| back.to_version);
    assert_eq!(to(RollbackTarget::Previous).await, Ok(2));
    assert_eq!(to(RollbackTarget::Version(1)).await, Ok(1));
    assert_eq!(to(RollbackTarget::Sha256(digits(&policy("acme", 3), 12))).await, Ok(3));
    assert_eq!(to(RollbackTarget::Version(3)).await, Ok(3));
    assert!(matches!(to(RollbackTarget::Version(4)).await, Err(OperateError::NotFound(_))));
    assert_eq!(all(operator.versions(&acme)).await.len(), 3);
    assert_eq!(operator.tenant(&tenant("acme")).await.unwrap().revision, 6);
}

/// Whoever rolls back what somebody else has rolled back already does not bring back what was wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_rollback_goes_further_back() {
    let (_table, operator) = with_acme().await;
    let (acme, options) = (scope("acme"), PublishOptions::default());
    let back = async || operator.rollback(&acme, &RollbackTarget::Previous, &options).await.map(|back| back.to_version);
    for number in 2..=3 {
        publish(&operator, &policy("acme", number)).await;
    }
    assert_eq!((back().await, back().await), (Ok(2), Ok(1)));
    assert!(matches!(back().await, Err(OperateError::NotFound(_))));
    publish(&operator, &policy("acme", 4)).await;
    assert_eq!(back().await, Ok(1));
    // Added again it has no life before.
    publish(&operator, &policy("acme", 2)).await;
    operator.remove_tenant(&tenant("acme"), None, |_| {}).await.unwrap();
    operator.add_tenant(&tenant("acme"), Some(&policy("acme", 3)), None).await.unwrap();
    assert!(matches!(back().await, Err(OperateError::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_version_comes_into_force_no_more() {
    let (_table, operator) = with_acme().await;
    let (acme, options) = (scope("acme"), PublishOptions::default());
    publish(&operator, &policy("acme", 2)).await;
    assert!(matches!(operator.retire(&acme, 2, None).await, Err(OperateError::Refused(_))));
    assert_eq!(operator.retire(&acme, 1, Some("leak")).await, Ok(true));
    assert_eq!(operator.retire(&acme, 1, None).await, Ok(false));
    assert!(operator.version(&acme, &VersionName::Number(1)).await.unwrap().retired_at.is_some());
    let refused = [
        operator.rollback(&acme, &RollbackTarget::Version(1), &options).await.map(drop),
        operator.publish(&policy("acme", 1), &options).await.map(drop),
        operator.set_shadow(&tenant("acme"), &ShadowCandidate::Version(1), None).await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(OperateError::Refused(_))), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_is_decided_beside_until_it_is_cleared_or_in_force() {
    let (table, operator) = with_acme().await;
    table.enroll("acme", "alice", &[]).await;
    let (acme, registry) = (tenant("acme"), table.forgetful_registry());
    let has_shadow = async || ask(&registry, &principal("acme", "alice")).await.grant.unwrap().shadow.is_some();
    let candidate = policy("acme", 2);
    let set = operator.set_shadow(&acme, &ShadowCandidate::Document(&candidate), None).await.unwrap();
    assert_eq!((set.from_version, set.to_version, set.is_changed), (None, Some(2), true));
    assert!(!operator.set_shadow(&acme, &ShadowCandidate::Version(2), None).await.unwrap().is_changed);
    assert!(has_shadow().await);
    assert!(matches!(operator.retire(&scope("acme"), 2, None).await, Err(OperateError::Refused(_))));
    assert!(operator.clear_shadow(&acme, None).await.unwrap().is_changed);
    assert!(!operator.clear_shadow(&acme, None).await.unwrap().is_changed);
    assert!(!has_shadow().await);
    operator.set_shadow(&acme, &ShadowCandidate::Version(2), None).await.unwrap();
    let published = publish(&operator, &candidate).await;
    assert_eq!((published.outcome, published.version), (PublishOutcome::Again, Some(2)));
    assert!(published.is_shadow_cleared && !has_shadow().await);
    let refused = operator.set_shadow(&acme, &ShadowCandidate::Version(2), None).await;
    assert!(matches!(refused, Err(OperateError::Refused(_))), "in force");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_has_versions_of_its_own() {
    let (table, operator) = with_acme().await;
    table.enroll("acme", "alice", &[]).await;
    assert!(matches!(operator.policy_state(&PolicyScope::Baseline).await, Err(OperateError::NotFound(_))));
    let first = publish(&operator, &baseline(1)).await;
    assert_eq!((first.version, first.from), (Some(1), None));
    publish(&operator, &baseline(2)).await;
    operator.rollback(&PolicyScope::Baseline, &RollbackTarget::Previous, &PublishOptions::default()).await.unwrap();
    let state = operator.policy_state(&PolicyScope::Baseline).await.unwrap();
    assert_eq!((state.policy_version, state.revision, state.versions), (Some(1), 3, 2));
    assert!(ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap().baseline.is_some());
    assert_eq!(all(operator.revisions(None)).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_for_a_tenant_that_is_not_there() {
    let (table, operator) = with_acme().await;
    let before = table.dump().await;
    let refused = operator.publish(&policy("globex", 1), &PublishOptions::default()).await.unwrap_err();
    assert_eq!(refused, OperateError::NotFound("tenant globex".to_owned()));
    assert_eq!(table.dump().await, before);
}

fn digits(document: &PolicyDocument, count: usize) -> String {
    document.sha256().chars().take(count).collect()
}
