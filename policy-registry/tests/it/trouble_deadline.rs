//! A table that does not answer: the answer is there in time all the same.

use std::time::Duration;

use policy_registry::{CacheState, Refusal, Registry, Settings};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::endpoint::{Endpoint, Peer, Reply, nobody, peer};
use crate::table::{Table, ask, principal, settings};

const TIMEOUT: Duration = Duration::from_millis(300);

/// What a busy machine may add.
const SLACK: Duration = Duration::from_millis(700);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listens() {
    check(&nobody().await, "connection").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_accepts_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    check(&format!("http://{}", listener.local_addr().unwrap()), "timeout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_never_answers() {
    check(&Endpoint::new(Reply::Hang).await.url, "timeout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_stops_in_its_head() {
    check(&peer(Peer::Stalls(b"HTTP/1.1 200 OK\r\ncontent-")).await, "timeout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_stops_in_its_body() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"Responses\":{\"registry\":[";
    check(&peer(Peer::Stalls(answer)).await, "timeout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_closed_at_once() {
    check(&peer(Peer::Closes(b"")).await, "connection").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_does_not_speak_http() {
    check(&peer(Peer::Closes(b"SSH-2.0-OpenSSH_9.9\r\n")).await, "connection").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_closed_in_the_body() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"Responses\":";
    check(&peer(Peer::Closes(answer)).await, "answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_before_the_timeout_wins() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let registry = Registry::new(settings(&endpoint.url));
    let start = Instant::now();
    let resolution = registry.resolve(&principal("acme", "alice"), start + TIMEOUT).await;
    assert_eq!(resolution.grant.unwrap_err(), Refusal::Unavailable("timeout"));
    assert!(start.elapsed() >= TIMEOUT && start.elapsed() < TIMEOUT + SLACK, "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_is_past_is_answered_at_once() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let registry = Registry::new(settings(&endpoint.url));
    let start = Instant::now();
    let resolution = registry.resolve(&principal("acme", "alice"), start).await;
    assert_eq!(resolution.grant.unwrap_err(), Refusal::Unavailable("timeout"));
    assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
}

/// The table is well: only this caller had no time left.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_is_past_is_not_held_against_the_next_caller() {
    let table = Table::with_acme().await;
    let registry = table.registry();
    let alice = principal("acme", "alice");
    let past = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
    let hurried = registry.resolve(&alice, past).await;
    assert_eq!(hurried.grant.unwrap_err(), Refusal::Unavailable("timeout"));
    let next = ask(&registry, &alice).await;
    assert!(next.grant.is_ok(), "{next:?}");
}

/// A table that hangs costs the first caller the timeout, not each one of those that come after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_is_remembered_for_a_moment() {
    let endpoint = Endpoint::new(Reply::Hang).await;
    let registry = registry(&endpoint.url);
    assert_eq!(ask(&registry, &principal("acme", "alice")).await.cache, CacheState::Miss);
    let start = Instant::now();
    let second = ask(&registry, &principal("acme", "alice")).await;
    assert_eq!(second.grant.unwrap_err(), Refusal::Unavailable("timeout"));
    assert_eq!(second.cache, CacheState::Hit, "asked again, for {:?}", start.elapsed());
}

/// Unavailable for this cause, within the timeout.
async fn check(url: &str, cause: &'static str) {
    let registry = registry(url);
    let start = Instant::now();
    let resolution = ask(&registry, &principal("acme", "alice")).await;
    assert_eq!(resolution.grant.unwrap_err(), Refusal::Unavailable(cause));
    assert!(start.elapsed() < TIMEOUT + SLACK, "{:?}", start.elapsed());
}

fn registry(url: &str) -> Registry {
    let mut settings: Settings = settings(url);
    settings.client.timeout = TIMEOUT;
    Registry::new(settings)
}
