//! The baseline changes: so do all grants, as soon as they are asked for again.

use std::sync::Arc;
use std::time::Duration;

use policy_registry::key::{Key, Place};
use policy_registry::record::Baseline;
use policy_registry::{BaselineMode, CacheState, Grant, PolicyFault, Refusal, Registry, Settings};
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, baseline, baseline_records, document, principal, refusal, settings};
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_baseline_is_read_once_by_all_tenants_together() {
    let (table, endpoint, registry) = forgetful().await;
    let (alice, bob) = (principal("acme", "alice"), principal("globex", "bob"));
    assert_eq!(id(&granted(&registry, "acme", "alice").await), Some("one"));
    assert_eq!(id(&granted(&registry, "globex", "bob").await), Some("one"));
    table.publish_baseline(&baseline("two")).await;
    for _ in 0..2 {
        for principal in [&alice, &bob] {
            assert_eq!(id(&ask(&registry, principal).await.grant.unwrap()), Some("two"));
        }
    }
    let asked: Vec<usize> = endpoint.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [7, 6, 4, 1, 4, 4, 4]);
    assert_eq!(endpoint.asked()[3], ["* POLICY#ACTIVE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_baseline_is_seen_by_a_process_that_knew_none() {
    let (table, endpoint, registry) = forgetful().await;
    table.delete(Baseline::key()).await;
    table.delete(Key::policy(&Place::Baseline)).await;
    for _ in 0..2 {
        assert_eq!(id(&granted(&registry, "acme", "alice").await), None);
    }
    table.publish_baseline(&baseline("two")).await;
    assert_eq!(id(&granted(&registry, "acme", "alice").await), Some("two"));
    let asked: Vec<usize> = endpoint.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [7, 4, 4, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_that_was_held_is_not_used_once_it_is_gone() {
    let (table, endpoint, registry) = forgetful().await;
    let alice = principal("acme", "alice");
    assert_eq!(id(&granted(&registry, "acme", "alice").await), Some("one"));
    table.delete(Baseline::key()).await;
    assert_eq!(id(&granted(&registry, "acme", "alice").await), None);
    let strict = Settings { baseline: BaselineMode::Required, ..without_lifetime(&endpoint.url) };
    let strict = Registry::new(strict);
    assert_eq!(refusal(&strict, &alice).await, Refusal::NoBaseline);
    table.publish_baseline(&baseline("one")).await;
    assert!(ask(&strict, &alice).await.grant.is_ok());
    table.delete(Baseline::key()).await;
    assert_eq!(refusal(&strict, &alice).await, Refusal::NoBaseline);
}

/// Neither the old one for the new pointer nor the new one for the old pointer.
#[tokio::test(flavor = "multi_thread")]
async fn a_half_done_publication_refuses_and_is_over_soon() {
    let (table, _, registry) = forgetful().await;
    assert!(granted(&registry, "acme", "alice").await.baseline.is_some());
    let alice = principal("acme", "alice");
    let (pointer, record) = baseline_records(&baseline("two"));
    table.put(pointer.to_item()).await;
    let mismatch = Refusal::Baseline(PolicyFault::Mismatch);
    for _ in 0..2 {
        assert_eq!(refusal(&registry, &alice).await, mismatch);
    }
    let patient = table.registry();
    assert_eq!(refusal(&patient, &alice).await, mismatch);
    table.put(record.to_item()).await;
    assert_eq!(id(&granted(&registry, "acme", "alice").await), Some("two"));
    // Long before the 30 seconds that an answer lasts.
    let end = Instant::now() + Duration::from_secs(10);
    while ask(&patient, &alice).await.grant.is_err() {
        assert!(Instant::now() < end, "still refused");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_baseline_is_in_force_when_the_answer_is_too_old_and_not_before() {
    let (table, endpoint, _) = forgetful().await;
    let ttl = Duration::from_millis(300);
    let registry = Registry::new(Settings { cache_ttl: ttl, ..settings(&endpoint.url) });
    let alice = principal("acme", "alice");
    assert!(ask(&registry, &alice).await.grant.is_ok());
    let asked = Instant::now();
    table.publish_baseline(&baseline("two")).await;
    loop {
        let now = Instant::now();
        let resolution = ask(&registry, &alice).await;
        match (resolution.cache, id(&resolution.grant.unwrap())) {
            (CacheState::Hit, Some("one")) => assert!(now < asked + ttl, "used for {:?}", now - asked),
            (CacheState::Miss, Some("two")) => return,
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What is held says nothing while the table does not say that it is still meant.
#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_that_cannot_be_read_again_refuses() {
    let (table, endpoint, registry) = forgetful().await;
    assert!(granted(&registry, "acme", "alice").await.baseline.is_some());
    table.publish_baseline(&baseline("two")).await;
    let denied = error(400, "AccessDeniedException");
    endpoint.reply_with(Reply::Once(Box::new(Reply::Forward(table.address)), Box::new(denied)));
    let refusal = refusal(&registry, &principal("acme", "alice")).await;
    assert_eq!(refusal, Refusal::Unavailable("access denied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_changed_is_read_together() {
    let (table, endpoint, registry) = forgetful().await;
    table.publish_with_shadow("acme", &document("acme", "p1"), &document("acme", "s1")).await;
    assert!(granted(&registry, "acme", "alice").await.shadow.is_some());
    table.publish_with_shadow("acme", &document("acme", "p2"), &document("acme", "s2")).await;
    table.publish_baseline(&baseline("two")).await;
    let grant = granted(&registry, "acme", "alice").await;
    assert_eq!((grant.policy.id().as_str(), id(&grant)), ("p2", Some("two")));
    let asked = endpoint.asked();
    assert_eq!(
        asked[1..],
        [
            vec!["TENANT#acme", "TENANT", "* BASELINE", "KILL"],
            vec!["POLICY#ACTIVE", "* POLICY#ACTIVE", "POLICY#SHADOW"]
        ]
    );
}

/// With room for hardly anything held, all is read again and again, and is right.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_holds_next_to_nothing_gives_the_same_grants() {
    let (table, endpoint, _) = forgetful().await;
    table.publish_with_shadow("acme", &document("acme", "p1"), &document("acme", "s1")).await;
    let registry = Registry::new(Settings { cache_entries_max: 1, ..without_lifetime(&endpoint.url) });
    for round in 0..20 {
        let acme = granted(&registry, "acme", "alice").await;
        let globex = granted(&registry, "globex", "bob").await;
        assert_eq!((acme.policy.id().as_str(), id(&acme), acme.shadow.is_some()), ("p1", Some("one"), true), "{round}");
        assert_eq!((globex.policy.id().as_str(), id(&globex), globex.shadow.is_some()), ("g1", Some("one"), false));
    }
}

/// Acme and globex under a baseline `one`, an endpoint before their table, and a registry that remembers no answer.
async fn forgetful() -> (Table, Endpoint, Registry) {
    let table = Table::with_acme().await;
    table.publish("globex", &document("globex", "g1")).await;
    table.enroll("globex", "bob", &[]).await;
    table.publish_baseline(&baseline("one")).await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(without_lifetime(&endpoint.url));
    (table, endpoint, registry)
}

fn without_lifetime(url: &str) -> Settings {
    Settings { cache_ttl: Duration::ZERO, ..settings(url) }
}

async fn granted(registry: &Registry, tenant: &str, subject: &str) -> Arc<Grant> {
    ask(registry, &principal(tenant, subject)).await.grant.unwrap()
}

/// The id of the grant's baseline.
fn id(grant: &Arc<Grant>) -> Option<&str> {
    grant.baseline.as_ref().map(|baseline| baseline.id().as_str())
}
