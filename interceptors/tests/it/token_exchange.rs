//! What the token endpoint is asked, and with whose token as the actor's.

use crate::signer::ISSUER;
use std::time::Duration;

use interceptors::token_exchange::{ExchangeFault, Subject};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::issuer::pass;
use crate::token_endpoint::{ACCESS_TOKEN, NOW, Reply, SECRET, TokenEndpoint, exchange, exchange_token, issued};

#[tokio::test]
async fn a_target_with_an_exchange_gets_a_new_token_and_another_one_none() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    assert_eq!(exchange(&exchanger, "orders").await, Ok(Some("issued-1".to_owned())));
    for other in ["billing", "Orders", "order", "orders ", ""] {
        assert_eq!(exchange(&exchanger, other).await, Ok(None), "{other:?}");
    }
    assert_eq!(endpoint.times(), 1);
}

#[tokio::test]
async fn the_form_says_what_the_settings_name_and_the_caller_may_pass_on() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger_with(|settings| {
        settings["targets"]["orders"]["requestedTokenType"] = json!(ACCESS_TOKEN);
        settings["targets"]["orders"]["resource"] = json!("https://orders.example/mcp?a=b");
    });
    assert!(exchange(&exchanger, "orders").await.is_ok());
    let asked = endpoint.only();
    assert_eq!(asked.line, "POST /token");
    assert_eq!(asked.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
    let expected = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", "alices-token"),
        ("subject_token_type", ACCESS_TOKEN),
        ("audience", "https://orders.example"),
        ("resource", "https://orders.example/mcp?a=b"),
        ("scope", "orders.read orders.write"),
        ("requested_token_type", ACCESS_TOKEN),
    ];
    assert_eq!(asked.form(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn a_target_without_scopes_asks_for_none() {
    let endpoint = TokenEndpoint::start().await;
    assert!(exchange(&endpoint.exchanger(), "crm").await.is_ok());
    let asked = endpoint.only();
    assert_eq!(asked.field("resource").as_deref(), Some("https://crm.example/mcp"));
    for absent in ["audience", "scope", "requested_token_type", "actor_token", "client_id", "client_secret"] {
        assert_eq!(asked.field(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn only_scopes_are_asked_for_that_the_caller_may_pass_on_and_with_none_nothing_is_asked() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    let ask = async |scopes: &[&str]| {
        let subject = Subject { issuer: ISSUER, token: "alices-token", expires: NOW + 3_600, scopes };
        let deadline = Instant::now() + Duration::from_secs(10);
        exchanger.exchange("orders", &subject, NOW, deadline).await.map(|token| token.is_some())
    };
    assert_eq!(ask(&["orders.write", "admin"]).await, Ok(true));
    assert_eq!(endpoint.only().field("scope").as_deref(), Some("orders.write"));
    for scopes in [&[] as &[&str], &["admin"], &["orders.READ"], &["orders.read orders.write"], &[""]] {
        assert_eq!(ask(scopes).await, Err(ExchangeFault::Scope), "{scopes:?}");
    }
    assert_eq!(endpoint.times(), 1);
}

#[tokio::test]
async fn odd_characters_are_encoded_as_a_form_wants() {
    let endpoint = TokenEndpoint::start().await;
    let audience = "a b+c&d=e%20f;g\"h/i?j#k~l*m'n(o)";
    let exchanger = endpoint.exchanger_with(|settings| {
        settings["targets"]["orders"] = json!({"audience": audience, "scopes": ["a+b&c=d%", "x:/y"]});
    });
    let subject = Subject { issuer: ISSUER, token: "a+b/c==", expires: NOW + 3_600, scopes: &["x:/y", "a+b&c=d%"] };
    let deadline = Instant::now() + Duration::from_secs(10);
    assert!(exchanger.exchange("orders", &subject, NOW, deadline).await.is_ok());
    let asked = endpoint.only();
    assert_eq!(asked.field("audience").as_deref(), Some(audience));
    assert_eq!(asked.field("scope").as_deref(), Some("a+b&c=d% x:/y"));
    assert!(asked.body.contains("&subject_token=a%2Bb%2Fc%3D%3D&"), "{}", asked.body);
    let encoded = "&audience=a+b%2Bc%26d%3De%2520f%3Bg%22h%2Fi%3Fj%23k%7El*m%27n%28o%29&";
    assert!(asked.body.contains(encoded), "{}", asked.body);
}

#[tokio::test]
async fn a_fixed_actor_token_is_sent_with_its_type() {
    let endpoint = TokenEndpoint::start().await;
    let jwt = "urn:ietf:params:oauth:token-type:jwt";
    for (kind, sent) in [(Value::Null, ACCESS_TOKEN), (json!(jwt), jwt)] {
        let exchanger = endpoint.exchanger_with(|settings| {
            settings["actor"] = json!({"token": {"environment": "CARGO_PKG_NAME"}, "tokenType": kind});
        });
        assert!(exchange(&exchanger, "orders").await.is_ok());
        let asked = endpoint.asked().pop().unwrap();
        assert_eq!(asked.field("actor_token").as_deref(), Some(SECRET));
        assert_eq!(asked.field("actor_token_type").as_deref(), Some(sent));
    }
}

#[tokio::test]
async fn its_own_actor_token_is_asked_for_once_until_half_a_minute_before_it_expires() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger_with(own_actor);
    endpoint.answer_credentials(Reply::Issued(json!({"token_type": "bearer", "expires_in": 100, "scope": "agents"})));
    assert!(exchange_token(&exchanger, "orders", "one", NOW).await.is_ok());
    assert!(exchange_token(&exchanger, "orders", "two", NOW).await.is_ok());
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 3);
    let own = [("grant_type", "client_credentials"), ("scope", "agents"), ("audience", "https://idp.example")];
    assert_eq!(asked[0].form(), own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(asked[0].authorization.is_some());
    for asked in &asked[1..] {
        assert_eq!(asked.field("actor_token").as_deref(), Some("issued-1"));
        assert_eq!(asked.field("actor_token_type").as_deref(), Some(ACCESS_TOKEN));
    }
    pass(Duration::from_secs(69)).await;
    assert!(exchange_token(&exchanger, "orders", "three", NOW + 69).await.is_ok());
    assert_eq!(endpoint.times(), 4, "still known");
    pass(Duration::from_secs(1)).await;
    assert!(exchange_token(&exchanger, "orders", "four", NOW + 70).await.is_ok());
    assert_eq!(endpoint.times(), 6, "asked for again");
    assert_eq!(endpoint.asked()[5].field("actor_token").as_deref(), Some("issued-5"));
}

#[tokio::test]
async fn without_its_own_token_nothing_is_exchanged_and_the_endpoint_is_left_alone_for_a_second() {
    for (reply, fault) in [
        (Reply::Status(401, json!({"error": "invalid_client"}).to_string()), ExchangeFault::Refused),
        (Reply::Status(503, String::new()), ExchangeFault::Unavailable),
        (Reply::Issued(json!({"token_type": "DPoP"})), ExchangeFault::Answer),
        (Reply::Issued(json!({"token_type": "Bearer", "scope": "agents admin"})), ExchangeFault::Scope),
    ] {
        let endpoint = TokenEndpoint::start().await;
        let exchanger = endpoint.exchanger_with(own_actor);
        endpoint.answer_credentials(reply.clone());
        for token in ["one", "two", "three"] {
            assert_eq!(exchange_token(&exchanger, "orders", token, NOW).await, Err(fault), "{reply:?}");
        }
        assert_eq!(endpoint.times(), 1, "{reply:?}");
        pass(Duration::from_millis(1_001)).await;
        endpoint.answer_credentials(Reply::Issued(issued(3_600)));
        assert!(exchange_token(&exchanger, "orders", "four", NOW + 1).await.is_ok(), "{reply:?}");
    }
}

#[tokio::test]
async fn the_actors_own_token_is_no_answer_to_an_exchange() {
    let endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger_with(|settings| {
        settings["actor"] = json!({"token": {"environment": "CARGO_PKG_NAME"}});
    });
    let mut answer = issued(3_600);
    answer["access_token"] = json!(SECRET);
    endpoint.answer(Reply::Status(200, answer.to_string()));
    assert_eq!(exchange(&exchanger, "orders").await, Err(ExchangeFault::Answer));
    assert!(exchange(&endpoint.exchanger(), "orders").await.is_ok(), "without this actor it is a token like any other");
}

fn own_actor(settings: &mut Value) {
    settings["actor"] = json!({"clientCredentials": {"scopes": ["agents"], "audience": "https://idp.example"}});
}
