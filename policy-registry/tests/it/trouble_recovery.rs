//! The table is back: so are the grants, soon.

use std::time::Duration;

use policy_registry::{CacheState, Refusal, Registry, admin};
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Reply};
use crate::table::{TABLE, Table, ask, principal, refusal, settings};
use crate::trouble_errors::error;

#[tokio::test(flavor = "multi_thread")]
async fn an_unavailable_table_is_asked_again_long_before_answers_are_too_old() {
    let table = Table::with_acme().await;
    for trouble in [error(400, "AccessDeniedException"), error(500, "InternalServerError"), Reply::Hang] {
        let endpoint = Endpoint::new(trouble).await;
        let mut settings = settings(&endpoint.url);
        settings.client.timeout = Duration::from_millis(500);
        let registry = Registry::new(settings);
        let alice = principal("acme", "alice");
        assert!(matches!(refusal(&registry, &alice).await, Refusal::Unavailable(_)));
        endpoint.reply_with(Reply::Forward(table.address));
        granted_within(&registry, Duration::from_secs(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unavailable_table_is_not_asked_by_every_caller() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    // So that the client is there and connected: what counts is the time of one answer.
    assert!(ask(&registry, &principal("acme", "bob")).await.grant.is_ok());
    endpoint.reply_with(error(400, "AccessDeniedException"));
    for state in [CacheState::Miss, CacheState::Hit] {
        let resolution = ask(&registry, &principal("acme", "alice")).await;
        assert_eq!(resolution.grant.unwrap_err(), Refusal::Unavailable("access denied"));
        assert_eq!(resolution.cache, state);
    }
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_is_not_used_longer_because_the_table_is_down() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let mut settings = settings(&endpoint.url);
    settings.cache_ttl = Duration::ZERO;
    let registry = Registry::new(settings);
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    endpoint.reply_with(error(500, "InternalServerError"));
    assert_eq!(refusal(&registry, &principal("acme", "alice")).await, Refusal::Unavailable("service"));
    endpoint.reply_with(Reply::Forward(table.address));
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_grant_lasts_through_an_outage() {
    let table = Table::with_acme().await;
    let endpoint = Endpoint::new(Reply::Forward(table.address)).await;
    let registry = Registry::new(settings(&endpoint.url));
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
    endpoint.reply_with(Reply::Hang);
    let again = ask(&registry, &principal("acme", "alice")).await;
    assert_eq!((again.grant.is_ok(), again.cache), (true, CacheState::Hit));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_created_later_is_found() {
    let table = Table::without_table().await;
    let registry = table.registry();
    assert_eq!(refusal(&registry, &principal("acme", "alice")).await, Refusal::Unavailable("no such table"));
    admin::create_table(&table.client, TABLE).await.unwrap();
    table.publish("acme", &crate::table::document("acme", "p1")).await;
    table.enroll("acme", "alice", &[]).await;
    granted_within(&registry, Duration::from_secs(5)).await;
}

async fn granted_within(registry: &Registry, time: Duration) {
    let end = Instant::now() + time;
    while let Err(refusal) = ask(registry, &principal("acme", "alice")).await.grant {
        assert!(Instant::now() < end, "still {refusal:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
