//! How long an exchanged token is used, by whom, and what a failure costs.

use crate::signer::ISSUER;
use std::time::Duration;

use futures_util::future::join_all;
use interceptors::token_exchange::{ExchangeFault, Subject};
use serde_json::json;
use tokio::time::Instant;

use crate::issuer::pass;
use crate::token_endpoint::{NOW, Reply, SCOPES, TokenEndpoint, exchange, exchange_token, issued};

#[tokio::test]
async fn a_token_is_used_until_half_a_minute_before_it_expires_and_for_five_minutes_at_most() {
    // What the endpoint says of its life, how long the subject token still lives, and how long it is used.
    for (own, subject, used) in [(100, 3_600, 70), (3_600, 100, 70), (331, 3_600, 300), (u64::MAX, u64::MAX, 300)] {
        let endpoint = TokenEndpoint::start().await;
        endpoint.answer(Reply::Issued(issued(own)));
        let exchanger = endpoint.exchanger();
        let ask = async |unix_now: u64| {
            let expires = NOW.saturating_add(subject);
            let subject = Subject { issuer: ISSUER, token: "alices-token", expires, scopes: SCOPES };
            let deadline = Instant::now() + Duration::from_secs(10);
            exchanger.exchange("orders", &subject, unix_now, deadline).await.unwrap().unwrap().to_string()
        };
        assert_eq!(ask(NOW).await, "issued-1");
        assert_eq!(ask(NOW + 1).await, "issued-1");
        pass(Duration::from_secs(used - 1)).await;
        assert_eq!(ask(NOW + used - 1).await, "issued-1", "{own} {subject}: a second before");
        pass(Duration::from_secs(1)).await;
        assert_eq!(ask(NOW + used).await, "issued-2", "{own} {subject}: not a second longer");
    }
}

#[tokio::test]
async fn a_token_that_soon_expires_or_does_not_say_when_is_used_once() {
    for members in [
        issued(30),
        issued(1),
        json!({"token_type": "Bearer", "issued_token_type": crate::token_endpoint::ACCESS_TOKEN}),
    ] {
        let endpoint = TokenEndpoint::start().await;
        endpoint.answer(Reply::Issued(members.clone()));
        let exchanger = endpoint.exchanger();
        for number in 1..=3 {
            let token = format!("issued-{number}");
            assert_eq!(exchange(&exchanger, "orders").await, Ok(Some(token)), "{members}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_stood_still_keeps_no_token() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    for (unix_now, token) in [(NOW, "issued-1"), (NOW + 299, "issued-1"), (NOW + 300, "issued-2")] {
        // Only the callers' clock moves, as for a process that is frozen in between.
        assert_eq!(exchange_token(&exchanger, "orders", "alices-token", unix_now).await, Ok(Some(token.to_owned())));
    }
}

#[tokio::test]
async fn two_callers_two_targets_and_two_sets_of_scopes_never_share_a_token() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger_with(|settings| {
        settings["targets"]["a"] = json!({"audience": "https://orders.example"});
        settings["targets"]["ab"] = json!({"audience": "https://orders.example"});
    });
    let ask = async |target: &str, token: &str, scopes: &[&str]| {
        let subject = Subject { issuer: ISSUER, token, expires: NOW + 3_600, scopes };
        let deadline = Instant::now() + Duration::from_secs(10);
        exchanger.exchange(target, &subject, NOW, deadline).await.unwrap().unwrap().to_string()
    };
    let questions: &[(&str, &str, &[&str])] = &[
        ("orders", "alice", &["orders.read"]),
        ("orders", "bob", &["orders.read"]),
        ("orders", "alic", &["orders.read"]),
        ("orders", "alice", &["orders.write"]),
        ("orders", "alice", &["orders.read", "orders.write"]),
        ("crm", "alice", &["orders.read"]),
        ("a", "bc", &[]),
        ("ab", "c", &[]),
    ];
    let mut tokens = Vec::new();
    for (target, token, scopes) in questions {
        tokens.push(ask(target, token, scopes).await);
    }
    for (index, (target, token, scopes)) in questions.iter().enumerate() {
        assert!(!tokens[..index].contains(&tokens[index]), "{target} {token} {scopes:?}");
        assert_eq!(ask(target, token, scopes).await, tokens[index], "known");
    }
    assert_eq!(ask("orders", "alice", &["orders.write", "x", "orders.read"]).await, tokens[4], "asks for the same");
    assert_eq!(endpoint.times(), questions.len());
}

#[tokio::test]
async fn a_thousand_calls_at_once_make_one_exchange_for_each_caller() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    let callers: Vec<String> = (0..10).map(|number| format!("caller-{number}")).collect();
    let calls = join_all((0..1_000).map(|call| exchange_token(&exchanger, "orders", &callers[call % 10], NOW))).await;
    assert_eq!(endpoint.times(), 10);
    let first: Vec<&String> = calls[..10].iter().map(|token| token.as_ref().unwrap().as_ref().unwrap()).collect();
    for (call, token) in calls.iter().enumerate() {
        assert_eq!(token.as_ref().unwrap().as_ref().unwrap(), first[call % 10]);
    }
    let mut different = first.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 10);
}

#[tokio::test]
async fn a_failure_is_the_answer_for_a_second_and_no_longer() {
    for (reply, fault) in [
        (Reply::Status(400, json!({"error": "invalid_grant"}).to_string()), ExchangeFault::Refused),
        (Reply::Status(503, String::new()), ExchangeFault::Unavailable),
        (Reply::Status(200, "{}".to_owned()), ExchangeFault::Answer),
    ] {
        let endpoint = TokenEndpoint::start().await;
        let exchanger = endpoint.exchanger();
        endpoint.answer(reply.clone());
        for _ in 0..5 {
            assert_eq!(exchange(&exchanger, "orders").await, Err(fault));
        }
        assert_eq!(endpoint.times(), 1, "{reply:?}");
        endpoint.answer(Reply::Issued(issued(3_600)));
        assert!(exchange_token(&exchanger, "orders", "bobs-token", NOW).await.is_ok(), "another caller is not held up");
        pass(Duration::from_millis(1_001)).await;
        assert!(exchange(&exchanger, "orders").await.is_ok(), "{reply:?}");
    }
}

#[tokio::test]
async fn a_failure_does_not_end_the_token_that_is_known() {
    let mut endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    assert!(exchange(&exchanger, "orders").await.is_ok());
    endpoint.stop().await;
    assert!(exchange(&exchanger, "orders").await.is_ok());
    assert_eq!(exchange(&exchanger, "crm").await, Err(ExchangeFault::Unavailable));
}

#[tokio::test]
async fn an_endpoint_that_hangs_is_given_up_after_two_seconds_or_at_the_deadline() {
    for (within, at_most) in [(60_000, 2_050), (1_900, 1_950), (500, 550)] {
        let endpoint = TokenEndpoint::start().await;
        endpoint.answer(Reply::Hang);
        let exchanger = endpoint.exchanger();
        let subject = Subject { issuer: ISSUER, token: "alices-token", expires: NOW + 3_600, scopes: SCOPES };
        let started = Instant::now();
        let outcome = exchanger.exchange("orders", &subject, NOW, started + Duration::from_millis(within)).await;
        assert_eq!(outcome, Err(ExchangeFault::Unavailable));
        assert!(started.elapsed() <= Duration::from_millis(at_most), "{within}: {:?}", started.elapsed());
        assert_eq!(endpoint.times(), 1);
        tokio::time::resume();
        endpoint.answer(Reply::Issued(issued(3_600)));
        if within < 2_000 {
            assert!(exchange(&exchanger, "orders").await.is_ok(), "a caller's haste says nothing of the endpoint");
        } else {
            assert_eq!(exchange(&exchanger, "orders").await, Err(ExchangeFault::Unavailable));
            assert_eq!(endpoint.times(), 1, "left alone");
            pass(Duration::from_millis(1_001)).await;
            assert!(exchange(&exchanger, "orders").await.is_ok());
        }
    }
}

#[tokio::test]
async fn with_no_time_left_nothing_is_asked_and_what_is_known_is_still_the_answer() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    let subject = Subject { issuer: ISSUER, token: "alices-token", expires: NOW + 3_600, scopes: SCOPES };
    let late = exchanger.exchange("orders", &subject, NOW, Instant::now()).await;
    assert_eq!((late, endpoint.times()), (Err(ExchangeFault::Unavailable), 0));
    assert!(exchange(&exchanger, "orders").await.is_ok());
    assert!(exchanger.exchange("orders", &subject, NOW, Instant::now()).await.is_ok());
    assert_eq!(endpoint.times(), 1);
}

#[tokio::test]
async fn an_actor_token_that_hangs_is_given_up_in_time_for_all_who_wait_for_it() {
    let endpoint = TokenEndpoint::start().await;
    endpoint.answer_credentials(Reply::Hang);
    let exchanger = endpoint.exchanger_with(|settings| settings["actor"] = json!({"clientCredentials": {}}));
    let started = Instant::now();
    let calls =
        join_all((0..50).map(|call| exchange_token(&exchanger, "orders", ["a", "b", "c"][call % 3], NOW))).await;
    assert!(calls.iter().all(|call| *call == Err(ExchangeFault::Unavailable)));
    assert!(started.elapsed() <= Duration::from_millis(1_550), "{:?}", started.elapsed());
    assert_eq!(endpoint.times(), 1);
    tokio::time::resume();
    endpoint.answer_credentials(Reply::Issued(issued(3_600)));
    assert_eq!(exchange_token(&exchanger, "orders", "d", NOW).await, Err(ExchangeFault::Unavailable));
    assert_eq!(endpoint.times(), 1, "left alone");
    pass(Duration::from_millis(1_001)).await;
    assert!(exchange_token(&exchanger, "orders", "d", NOW + 1).await.is_ok());
}

#[tokio::test]
async fn those_who_wait_for_anothers_exchange_end_by_their_own_deadlines() {
    let endpoint = TokenEndpoint::start().await;
    endpoint.answer(Reply::Hang);
    let exchanger = endpoint.exchanger();
    let started = Instant::now();
    let call = async |within: u64| {
        let subject = Subject { issuer: ISSUER, token: "alices-token", expires: NOW + 3_600, scopes: SCOPES };
        let outcome = exchanger.exchange("orders", &subject, NOW, started + Duration::from_millis(within)).await;
        (outcome, started.elapsed())
    };
    let ((first, _), (second, took)) = tokio::join!(call(60_000), call(300));
    assert_eq!((first, second), (Err(ExchangeFault::Unavailable), Err(ExchangeFault::Unavailable)));
    assert!(took <= Duration::from_millis(350), "{took:?}");
    assert_eq!(endpoint.times(), 1);
    tokio::time::resume();
}
