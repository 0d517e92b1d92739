//! Keys that are asked for again while they are used: nobody waits for it, and a withdrawn key is gone in time.

use std::time::Duration;

use futures_util::future::join_all;
use interceptors::token::TokenFault;
use tokio::time::Instant;

use crate::issuer::{Answer, IssuerSite, identify, identify_by, jwks, pass};
use crate::signer::Signer;

const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn keys_of_five_minutes_are_asked_for_again_and_nobody_waits() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    pass(5 * MINUTE - 2 * SECOND).await;
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    settle().await;
    assert_eq!(site.asked(), 1, "not yet");
    site.answer(Answer::Hang);
    pass(3 * SECOND).await;
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    }
    assert!(started.elapsed() < SECOND, "{:?}", started.elapsed());
    site.is_asked(2).await;
    for _ in 0..20 {
        assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    }
    assert!(started.elapsed() < SECOND, "{:?}", started.elapsed());
    assert_eq!(site.asked(), 2, "one at a time");
}

#[tokio::test]
async fn a_thousand_callers_of_old_keys_make_one_fetch_and_in_thirty_seconds_no_other() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    let crowd = async || {
        let callers = join_all((0..1_000).map(|_| identify(&verifier, &signer, "one"))).await;
        assert!(callers.iter().all(Result::is_ok));
        settle().await;
    };
    crowd().await;
    assert_eq!(site.asked(), 1);
    site.answer(Answer::Status(500, String::new()));
    pass(6 * MINUTE).await;
    crowd().await;
    assert_eq!(site.asked(), 2);
    pass(28 * SECOND).await;
    crowd().await;
    assert_eq!(site.asked(), 2, "not again so soon");
    site.answer(jwks(&[&signer]));
    pass(3 * SECOND).await;
    crowd().await;
    assert_eq!(site.asked(), 3);
    pass(4 * MINUTE).await;
    crowd().await;
    assert_eq!(site.asked(), 3, "the keys are new again");
}

#[tokio::test]
async fn known_keys_do_not_wait_while_the_fetch_for_an_unknown_one_hangs() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.verifier(&signer);
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    site.answer(Answer::Hang);
    pass(31 * SECOND).await;
    let known = async {
        site.is_asked(2).await;
        let started = Instant::now();
        for _ in 0..20 {
            assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
        }
        assert!(started.elapsed() < SECOND, "{:?}", started.elapsed());
    };
    let (unknown, ()) = tokio::join!(identify(&verifier, &signer, "unknown"), known);
    assert_eq!(unknown, Err(TokenFault::KeysUnavailable));
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_gone_with_the_first_fetch_after_five_minutes() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let site = IssuerSite::start(jwks(&[&old])).await;
    let verifier = site.verifier(&old);
    assert_eq!(identify(&verifier, &old, "old").await, Ok(()));
    site.answer(jwks(&[&new]));
    pass(5 * MINUTE + SECOND).await;
    assert_eq!(identify(&verifier, &old, "old").await, Ok(()), "nobody waits");
    settle().await;
    assert_eq!(identify(&verifier, &old, "old").await, Err(TokenFault::Key));
    assert_eq!(identify(&verifier, &new, "new").await, Ok(()));
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_gone_after_ten_minutes_at_the_latest() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let site = IssuerSite::start(jwks(&[&old])).await;
    let verifier = site.verifier(&old);
    assert_eq!(identify(&verifier, &old, "old").await, Ok(()));
    site.answer(jwks(&[&new]));
    pass(10 * MINUTE).await;
    assert_eq!(identify(&verifier, &old, "old").await, Err(TokenFault::Key), "the first caller after that waits");
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_token_that_was_verified_is_remembered_for_five_minutes_more_and_no_longer() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let site = IssuerSite::start(jwks(&[&old])).await;
    let verifier = site.verifier(&old);
    assert_eq!(identify(&verifier, &old, "old").await, Ok(()));
    site.answer(jwks(&[&new]));
    pass(10 * MINUTE - 2 * SECOND).await;
    let token = old.token("alice", "acme");
    assert_eq!(identify_by(&verifier, &token, SECOND).await, Ok(()));
    settle().await;
    assert_eq!(identify(&verifier, &old, "old").await, Err(TokenFault::Key), "for any other the key is gone");
    pass(5 * MINUTE - 2 * SECOND).await;
    assert_eq!(identify_by(&verifier, &token, SECOND).await, Ok(()));
    pass(3 * SECOND).await;
    assert_eq!(identify_by(&verifier, &token, SECOND).await, Err(TokenFault::Key));
}

/// Time for what runs in the background.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}
