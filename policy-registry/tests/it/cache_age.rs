//! How long an answer is used.

use std::time::Duration;

use policy_registry::{CacheState, Refusal, Registry, Settings};
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply};
use crate::table::{Table, ask, membership, principal, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_lookup_asks_the_table_nothing() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    let first = ask(&registry, &principal("acme", "alice")).await;
    let second = ask(&registry, &principal("acme", "alice")).await;
    assert_eq!((first.cache, second.cache), (CacheState::Miss, CacheState::Hit));
    assert_eq!(second.grant.unwrap().roles, first.grant.unwrap().roles);
    assert_eq!(endpoint.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_remembered_too() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    for state in [CacheState::Miss, CacheState::Hit, CacheState::Hit] {
        let resolution = ask(&registry, &principal("acme", "mallory")).await;
        assert_eq!(resolution.grant.unwrap_err(), Refusal::NotAMember);
        assert_eq!(resolution.cache, state);
    }
    assert_eq!(endpoint.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_not_seen_while_the_answer_lasts() {
    let table = Table::with_acme().await;
    let registry = table.registry();
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    table.delete(membership("acme", "alice").key()).await;
    let again = ask(&registry, &principal("acme", "alice")).await;
    assert_eq!((again.grant.is_ok(), again.cache), (true, CacheState::Hit));
    assert_eq!(table.refusal_of_alice().await, Refusal::NotAMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_seen_once_the_answer_is_too_old() {
    let table = Table::with_acme().await;
    let ttl = Duration::from_millis(300);
    let registry = Registry::new(Settings { cache_ttl: ttl, ..settings(&table.url) });
    let before = Instant::now();
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    let after = Instant::now();
    table.delete(membership("acme", "alice").key()).await;
    loop {
        let now = Instant::now();
        let resolution = ask(&registry, &principal("acme", "alice")).await;
        match resolution.cache {
            CacheState::Hit => assert!(now < after + ttl, "used for {:?}", now - after),
            CacheState::Miss => {
                assert_eq!(resolution.grant.unwrap_err(), Refusal::NotAMember);
                assert!(before.elapsed() >= ttl, "forgotten after {:?}", before.elapsed());
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_member_is_seen_once_the_refusal_is_too_old() {
    let table = Table::with_acme().await;
    let registry = Registry::new(Settings { cache_ttl: Duration::from_millis(300), ..settings(&table.url) });
    assert_eq!(refusal(&registry, &principal("acme", "carol")).await, Refusal::NotAMember);
    table.enroll("acme", "carol", &[]).await;
    let end = Instant::now() + Duration::from_secs(10);
    while ask(&registry, &principal("acme", "carol")).await.grant.is_err() {
        assert!(Instant::now() < end, "carol is still no member");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_lifetime_every_lookup_asks() {
    let table = Table::with_acme().await;
    let registry = table.forgetful_registry();
    for _ in 0..3 {
        let resolution = ask(&registry, &principal("acme", "alice")).await;
        assert_eq!((resolution.grant.is_ok(), resolution.cache), (true, CacheState::Miss));
    }
    table.delete(membership("acme", "alice").key()).await;
    assert_eq!(refusal(&registry, &principal("acme", "alice")).await, Refusal::NotAMember);
    table.enroll("acme", "alice", &["new"]).await;
    assert_eq!(ask(&registry, &principal("acme", "alice")).await.grant.unwrap().roles, ["new"]);
}

/// An answer may be as old as the lookup that fetched it was slow: what is used is never older than its lifetime.
#[tokio::test(flavor = "multi_thread")]
async fn the_lifetime_counts_from_before_the_question() {
    let table = Table::with_acme().await;
    // The first attempt fails, so that the answer comes late.
    let endpoint = Endpoint::new(Reply::Once(
        Box::new(Reply::Json(500, r#"{"__type":"InternalServerError"}"#.to_owned())),
        Box::new(Reply::Forward(table.address)),
    ))
    .await;
    let registry = Registry::new(Settings { cache_ttl: Duration::from_micros(1), ..settings(&endpoint.url) });
    for _ in 0..2 {
        let resolution = ask(&registry, &principal("acme", "alice")).await;
        assert_eq!((resolution.grant.is_ok(), resolution.cache), (true, CacheState::Miss));
    }
    assert_eq!(endpoint.request_count(), 3);
}
