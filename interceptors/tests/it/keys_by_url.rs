//! Keys from an address: asked seldom, never followed elsewhere, and bounded in size and time.

use std::time::Duration;

use futures_util::future::join_all;
use interceptors::event::Point;
use interceptors::token::TokenFault;
use serde_json::json;
use tokio::time::Instant;

use crate::events;
use crate::issuer::{Answer, IssuerSite, identify, identify_by, jwks, pass};
use crate::received::Received;
use crate::signer::{Signer, claims};
use crate::stage::{Stage, reply};

#[tokio::test]
async fn keys_are_fetched_once_and_then_known() {
    let (one, two) = (Signer::new("one"), Signer::new("two"));
    let site = IssuerSite::start(jwks(&[&one, &two])).await;
    let verifier = site.verifier(&one);
    assert_eq!(site.asked(), 0);
    for _ in 0..3 {
        assert_eq!(identify(&verifier, &one, "one").await, Ok(()));
        assert_eq!(identify(&verifier, &two, "two").await, Ok(()));
    }
    assert_eq!(site.asked(), 1);
    assert_eq!(identify(&verifier, &one, "two").await, Err(TokenFault::Signature));
}

#[tokio::test]
async fn an_interceptor_with_an_address_forwards_what_its_policy_permits() {
    let stage = Stage::start().await;
    let site = IssuerSite::start(jwks(&[&stage.signer])).await;
    let interceptor =
        stage.interceptor(Point::Request, |settings| settings["issuers"][0]["keys"] = json!({"url": site.address()}));
    let event = events::request(&stage.signer.token("alice", "acme"), &events::call("orders___getOrder"));
    assert!(matches!(Received::read(&reply(&interceptor, event.as_bytes()).await), Received::Forwarded { .. }));
    let event = events::request(&Signer::new("es256").token("alice", "acme"), &events::call("orders___getOrder"));
    assert!(Received::read(&reply(&interceptor, event.as_bytes()).await).is_refused());
}

#[tokio::test]
async fn a_token_that_the_clock_or_the_issuer_refuses_fetches_nothing() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    for (name, value) in [("exp", json!(1)), ("iss", json!("https://issuer.example/other")), ("exp", json!("never"))] {
        let mut claims = claims("alice", "acme");
        claims[name] = value;
        assert!(identify_by(&verifier, &signer.sign(&claims), Duration::from_secs(1)).await.is_err());
    }
    assert_eq!(site.asked(), 0);
}

#[tokio::test]
async fn a_new_key_is_found_after_the_interval_and_a_withdrawn_one_is_gone_then() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let site = IssuerSite::start(jwks(&[&old])).await;
    let verifier = site.verifier(&old);
    assert_eq!(identify(&verifier, &old, "old").await, Ok(()));
    site.answer(jwks(&[&new]));
    assert_eq!(identify(&verifier, &new, "new").await, Err(TokenFault::Key));
    assert_eq!(site.asked(), 1, "not again so soon");
    pass(Duration::from_secs(31)).await;
    assert_eq!(identify(&verifier, &new, "new").await, Ok(()));
    assert_eq!(identify(&verifier, &old, "old").await, Err(TokenFault::Key));
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_thousand_unknown_key_ids_make_one_fetch_and_known_keys_keep_working() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    pass(Duration::from_secs(31)).await;
    let kids: Vec<String> = (0..1_000).map(|number| format!("unknown-{number}")).collect();
    let flood = join_all(kids.iter().map(|kid| identify(&verifier, &signer, kid))).await;
    assert!(flood.iter().all(|outcome| *outcome == Err(TokenFault::Key)));
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_thousand_callers_at_once_on_a_cold_start_make_one_fetch() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    let callers = join_all((0..1_000).map(|_| identify(&verifier, &signer, "one"))).await;
    assert!(callers.iter().all(Result::is_ok));
    assert_eq!(site.asked(), 1);
}

#[tokio::test]
async fn known_keys_outlive_their_issuer_for_a_day_and_no_longer() {
    let signer = Signer::new("one");
    let mut site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    site.stop().await;
    for _ in 0..3 {
        pass(Duration::from_secs(11 * 60)).await;
        assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    }
    assert_eq!(identify(&verifier, &signer, "two").await, Err(TokenFault::Key));
    pass(Duration::from_secs(24 * 60 * 60)).await;
    assert_eq!(identify(&verifier, &signer, "one").await, Err(TokenFault::KeysUnavailable));
}

#[tokio::test]
async fn an_answer_that_is_no_key_set_leaves_the_known_keys_as_they_were() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    site.answer(Answer::Document("{\"keys\": []}".to_owned()));
    pass(Duration::from_secs(11 * 60)).await;
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn an_answer_that_is_no_key_set_gives_no_keys() {
    let signer = Signer::new("one");
    let keys = signer.jwks().to_string();
    let padded = |bytes: usize| format!("{keys}{}", " ".repeat(bytes - keys.len()));
    let twice = json!({"keys": [signer.jwk(), Signer::new("one").jwk()]}).to_string();
    for (what, answer) in [
        ("status 500", Answer::Status(500, keys.clone())),
        ("status 203", Answer::Status(203, keys.clone())),
        ("status 404", Answer::Status(404, keys.clone())),
        ("longer than 256 KiB", Answer::Document(padded(256 * 1024 + 1))),
        ("much longer", Answer::Document(padded(20 * 1024 * 1024))),
        ("no keys", Answer::Document("{\"keys\": []}".to_owned())),
        ("not JSON", Answer::Document("<html>".to_owned())),
        ("empty", Answer::Document(String::new())),
        ("a key instead of a set", Answer::Document(signer.jwk().to_string())),
        ("one key id twice", Answer::Document(twice)),
        ("a member twice", Answer::Document(keys.replacen('{', "{\"keys\":[],", 1))),
    ] {
        let site = IssuerSite::start(answer).await;
        let verifier = site.verifier(&signer);
        assert_eq!(identify(&verifier, &signer, "one").await, Err(TokenFault::KeysUnavailable), "{what}");
        assert_eq!(site.asked(), 1, "{what}");
    }
    let site = IssuerSite::start(Answer::Document(padded(256 * 1024))).await;
    assert_eq!(identify(&site.verifier(&signer), &signer, "one").await, Ok(()), "exactly 256 KiB");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(Answer::Redirect(signer.jwks().to_string())).await;
    assert_eq!(identify(&site.verifier(&signer), &signer, "one").await, Err(TokenFault::KeysUnavailable));
    assert_eq!(site.asked(), 1, "only at the address that is configured");
}

#[tokio::test]
async fn a_key_beside_two_of_one_id_is_usable_and_those_are_not() {
    let (one, two, other) = (Signer::new("one"), Signer::new("two"), Signer::new("two"));
    let site = IssuerSite::start(jwks(&[&one, &two, &other])).await;
    let verifier = site.verifier(&one);
    assert_eq!(identify(&verifier, &one, "one").await, Ok(()));
    assert_eq!(identify(&verifier, &two, "two").await, Err(TokenFault::Key));
    assert_eq!(identify(&verifier, &other, "two").await, Err(TokenFault::Key));
}

#[tokio::test]
async fn a_site_that_hangs_is_given_up_after_two_seconds_or_at_the_deadline() {
    let signer = Signer::new("one");
    let token = signer.token("alice", "acme");
    for (within, at_most) in [(60_000, 2_100), (500, 600)] {
        let site = IssuerSite::start(Answer::Hang).await;
        let verifier = site.verifier(&signer);
        let started = Instant::now();
        let outcome = identify_by(&verifier, &token, Duration::from_millis(within)).await;
        assert_eq!(outcome, Err(TokenFault::KeysUnavailable));
        assert!(started.elapsed() <= Duration::from_millis(at_most), "{:?}", started.elapsed());
        assert_eq!(site.asked(), 1);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn an_interceptor_whose_issuer_hangs_refuses_before_its_deadline() {
    let stage = Stage::start().await;
    let site = IssuerSite::start(Answer::Hang).await;
    let interceptor =
        stage.interceptor(Point::Request, |settings| settings["issuers"][0]["keys"] = json!({"url": site.address()}));
    let event = events::request(&stage.signer.token("alice", "acme"), &events::call("orders___getOrder"));
    let started = Instant::now();
    assert!(Received::read(&reply(&interceptor, event.as_bytes()).await).is_refused());
    assert!(started.elapsed() < Duration::from_secs(10));
}
