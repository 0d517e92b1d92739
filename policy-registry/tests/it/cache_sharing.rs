//! Lookups of one principal at the same time.

use std::sync::Arc;
use std::time::Duration;

use policy_registry::{Principal, Refusal, Registry, Resolution, Settings};
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, principal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_simultaneous_lookups_make_one_read() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Arc::new(Registry::new(settings(&endpoint.url)));
    let answers = thousand(&registry, &principal("acme", "alice")).await;
    assert!(answers.iter().all(|answer| answer.grant.is_ok()));
    assert_eq!(endpoint.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_simultaneous_lookups_of_a_stranger_make_one_read() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Arc::new(Registry::new(settings(&endpoint.url)));
    for answer in thousand(&registry, &principal("acme", "mallory")).await {
        assert_eq!(answer.grant.unwrap_err(), Refusal::NotAMember);
    }
    assert_eq!(endpoint.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_simultaneous_lookups_of_an_answer_too_old_make_one_read() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let ttl = Duration::from_secs(1);
    let registry = Arc::new(Registry::new(Settings { cache_ttl: ttl, ..settings(&endpoint.url) }));
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    tokio::time::sleep(ttl).await;
    let answers = thousand(&registry, &principal("acme", "alice")).await;
    assert!(answers.iter().all(|answer| answer.grant.is_ok()));
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_simultaneous_lookups_of_a_hanging_table_make_one_read_and_end() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let mut settings = settings(&endpoint.url);
    settings.client.timeout = Duration::from_millis(400);
    let registry = Arc::new(Registry::new(settings));
    let start = Instant::now();
    for answer in thousand(&registry, &principal("acme", "alice")).await {
        assert_eq!(answer.grant.unwrap_err(), Refusal::Unavailable("timeout"));
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    // One lookup, which has two attempts.
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lookup_that_is_dropped_leaves_the_question_to_those_who_wait() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Once(Box::new(Reply::Hang), Box::new(Reply::Forward(table.address)))).await;
    let registry = Arc::new(Registry::new(settings(&endpoint.url)));
    let lookup = |registry: Arc<Registry>| async move { ask(&registry, &principal("acme", "alice")).await };
    let first = tokio::spawn(lookup(Arc::clone(&registry)));
    while endpoint.request_count() == 0 {
        tokio::task::yield_now().await;
    }
    let second = tokio::spawn(lookup(Arc::clone(&registry)));
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert!(second.await.unwrap().grant.is_ok());
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_lookup_of_one_user_does_not_hold_up_another() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Once(Box::new(Reply::Hang), Box::new(Reply::Forward(table.address)))).await;
    let registry = Arc::new(Registry::new(settings(&endpoint.url)));
    let asked = Arc::clone(&registry);
    let first = tokio::spawn(async move { ask(&asked, &principal("acme", "alice")).await });
    while endpoint.request_count() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(ask(&registry, &principal("acme", "bob")).await.grant.is_ok());
    assert!(!first.is_finished());
    first.abort();
}

async fn thousand(registry: &Arc<Registry>, principal: &Principal) -> Vec<Resolution> {
    let mut lookups = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let (registry, principal) = (Arc::clone(registry), principal.clone());
        lookups.spawn(async move { ask(&registry, &principal).await });
    }
    let answers = lookups.join_all().await;
    assert_eq!(answers.len(), 1_000);
    answers
}
