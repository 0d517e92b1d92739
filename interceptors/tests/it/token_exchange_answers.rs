//! What is taken for an answer, and what a fault says.

use interceptors::token_exchange::{ExchangeFault, Exchanger};
use serde_json::{Value, json};

use crate::leaks::Log;
use crate::token_endpoint::{ACCESS_TOKEN, Reply, TokenEndpoint, exchange, issued};

const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// Stands in answers where their text is nobody's business.
const CANARY: &str = "canary-7f3a";

#[tokio::test]
async fn an_answer_that_is_whole_is_taken() {
    for change in [
        json!({}),
        json!({"token_type": "bearer"}),
        json!({"token_type": "BEARER"}),
        json!({"issued_token_type": JWT}),
        json!({"scope": "orders.read"}),
        json!({"scope": "orders.write orders.read"}),
        json!({"expires_in": 1}),
        json!({"expires_in": u64::MAX}),
        json!({"refresh_token": "x", "session_state": {"a": [null]}}),
        json!({"access_token": "a-._~+/Z9=="}),
        json!({"access_token": "x".repeat(4_089)}),
    ] {
        assert_eq!(outcome(&answer(&change)).await, Ok(()), "{change}");
    }
    let mut answer = answer(&json!({}));
    answer.as_object_mut().unwrap().remove("expires_in");
    assert_eq!(outcome(&answer).await, Ok(()), "without expires_in");
}

#[tokio::test]
async fn an_answer_with_something_wrong_is_refused() {
    for change in [
        json!({"access_token": ""}),
        json!({"access_token": "="}),
        json!({"access_token": "a=b"}),
        json!({"access_token": "a b"}),
        json!({"access_token": "a\r\nx-tenant-id: other"}),
        json!({"access_token": "tökén"}),
        json!({"access_token": "a,b"}),
        json!({"access_token": 5}),
        json!({"access_token": null}),
        json!({"access_token": ["issued"]}),
        json!({"access_token": "x".repeat(4_090)}),
        json!({"access_token": "alices-token"}),
        json!({"token_type": "N_A"}),
        json!({"token_type": "DPoP"}),
        json!({"token_type": "Bearer "}),
        json!({"token_type": null}),
        json!({"issued_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}),
        json!({"issued_token_type": "urn:ietf:params:oauth:token-type:id_token"}),
        json!({"issued_token_type": "access_token"}),
        json!({"issued_token_type": [ACCESS_TOKEN]}),
        json!({"expires_in": 0}),
        json!({"expires_in": -1}),
        json!({"expires_in": 1.5}),
        json!({"expires_in": 1e3}),
        json!({"expires_in": "3600"}),
        json!({"expires_in": null}),
        json!({"scope": ""}),
        json!({"scope": " orders.read"}),
        json!({"scope": "orders.read  orders.write"}),
        json!({"scope": "orders.read\torders.write"}),
        json!({"scope": ["orders.read"]}),
        json!({"scope": null}),
    ] {
        assert_eq!(outcome(&answer(&change)).await, Err(ExchangeFault::Answer), "{change}");
    }
    for absent in ["access_token", "token_type", "issued_token_type"] {
        let mut answer = answer(&json!({}));
        answer.as_object_mut().unwrap().remove(absent);
        assert_eq!(outcome(&answer).await, Err(ExchangeFault::Answer), "without {absent}");
    }
}

#[tokio::test]
async fn a_grant_that_is_wider_than_what_was_asked_for_is_refused() {
    for scope in ["orders.read orders.admin", "orders.admin", "orders.read openid", "orders.READ", "orders"] {
        assert_eq!(outcome(&answer(&json!({"scope": scope}))).await, Err(ExchangeFault::Scope), "{scope}");
    }
    let endpoint = TokenEndpoint::start().await;
    endpoint.answer(Reply::Status(200, answer(&json!({"scope": "whatever it has"})).to_string()));
    assert!(exchange(&endpoint.exchanger(), "crm").await.is_ok(), "where no scope was asked for");
}

#[tokio::test]
async fn a_token_of_another_kind_than_the_one_asked_for_is_refused() {
    for (asked, given, expected) in [
        (ACCESS_TOKEN, ACCESS_TOKEN, Ok(())),
        (JWT, JWT, Ok(())),
        (ACCESS_TOKEN, JWT, Err(ExchangeFault::Answer)),
        (JWT, ACCESS_TOKEN, Err(ExchangeFault::Answer)),
    ] {
        let endpoint = TokenEndpoint::start().await;
        endpoint.answer(Reply::Status(200, answer(&json!({"issued_token_type": given})).to_string()));
        let exchanger =
            endpoint.exchanger_with(|settings| settings["targets"]["orders"]["requestedTokenType"] = json!(asked));
        assert_eq!(exchange(&exchanger, "orders").await.map(drop), expected, "{asked} {given}");
    }
}

#[tokio::test]
async fn a_document_that_is_no_answer_is_refused() {
    let good = answer(&json!({})).to_string();
    let padded = |bytes: usize| format!("{good}{}", " ".repeat(bytes - good.len()));
    for (what, reply, fault) in [
        ("empty", Reply::Status(200, String::new()), ExchangeFault::Answer),
        ("not JSON", Reply::Status(200, "<html>".to_owned()), ExchangeFault::Answer),
        ("a list", Reply::Status(200, format!("[{good}]")), ExchangeFault::Answer),
        ("two documents", Reply::Status(200, format!("{good}{good}")), ExchangeFault::Answer),
        ("a byte-order mark", Reply::Status(200, format!("\u{feff}{good}")), ExchangeFault::Answer),
        ("a member twice", twice(&good, "\"scope\":\"a\",\"scope\":\"a\","), ExchangeFault::Answer),
        ("a token twice", twice(&good, "\"access_token\":\"other\","), ExchangeFault::Answer),
        ("a member twice inside", twice(&good, "\"x\":{\"a\":1,\"a\":1},"), ExchangeFault::Answer),
        ("created", Reply::Status(201, good.clone()), ExchangeFault::Answer),
        ("status 203", Reply::Status(203, good.clone()), ExchangeFault::Answer),
        ("a redirect", Reply::Redirect, ExchangeFault::Answer),
        ("bad request", Reply::Status(400, good.clone()), ExchangeFault::Refused),
        ("unauthorized", Reply::Status(401, String::new()), ExchangeFault::Refused),
        ("not found", Reply::Status(404, "<html>".to_owned()), ExchangeFault::Refused),
        ("too many", Reply::Status(429, good.clone()), ExchangeFault::Unavailable),
        ("a failure", Reply::Status(500, good.clone()), ExchangeFault::Unavailable),
        ("unavailable", Reply::Status(503, String::new()), ExchangeFault::Unavailable),
        ("longer than 64 KiB", Reply::Status(200, padded(64 * 1024 + 1)), ExchangeFault::Unavailable),
        ("much longer", Reply::Status(200, padded(20 * 1024 * 1024)), ExchangeFault::Unavailable),
    ] {
        let endpoint = TokenEndpoint::start().await;
        endpoint.answer(reply);
        assert_eq!(exchange(&endpoint.exchanger(), "orders").await, Err(fault), "{what}");
        assert_eq!(endpoint.times(), 1, "{what}: only where the settings say");
    }
    let endpoint = TokenEndpoint::start().await;
    endpoint.answer(Reply::Status(200, padded(64 * 1024)));
    assert!(exchange(&endpoint.exchanger(), "orders").await.is_ok(), "exactly 64 KiB");
}

#[tokio::test]
async fn an_endpoint_that_is_away_is_unavailable() {
    let mut endpoint = TokenEndpoint::start().await;
    let exchanger = endpoint.exchanger();
    endpoint.stop().await;
    assert_eq!(exchange(&exchanger, "orders").await, Err(ExchangeFault::Unavailable));
}

#[tokio::test]
async fn the_operator_reads_a_registered_error_code_and_nobody_another_word() {
    for (error, is_shown) in [
        ("invalid_request", true),
        ("invalid_client", true),
        ("invalid_grant", true),
        ("unauthorized_client", true),
        ("unsupported_grant_type", true),
        ("invalid_scope", true),
        ("invalid_target", true),
        ("temporarily_unavailable", true),
        ("invalid_grant_canary-7f3a", false),
        ("canary-7f3a", false),
        ("INVALID_GRANT", false),
    ] {
        let (log, guard) = Log::capture();
        let endpoint = TokenEndpoint::start().await;
        let body = json!({"error": error, "error_description": CANARY, "error_uri": CANARY, "x": [CANARY]});
        endpoint.answer(Reply::Status(400, body.to_string()));
        assert_eq!(exchange(&endpoint.exchanger(), "orders").await, Err(ExchangeFault::Refused), "{error}");
        drop(guard);
        let text = log.text();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ours: Vec<&Value> = lines.iter().filter(|line| line["target"] == "tenantgate::operator").collect();
        assert_eq!(ours.len(), 1, "{text}");
        assert_eq!((&ours[0]["exchange"], &ours[0]["reason"]), (&json!("orders"), &json!("EXCHANGE_REFUSED")));
        assert_eq!(ours[0].get("error").and_then(Value::as_str), is_shown.then_some(error));
        assert!(!text.contains(CANARY) && !text.contains("alices-token"), "{text}");
    }
}

#[tokio::test]
async fn neither_a_token_nor_a_secret_is_shown_or_logged() {
    let (log, guard) = Log::capture();
    let endpoint = TokenEndpoint::start().await;
    let exchanger: Exchanger = endpoint.exchanger_with(|settings| {
        settings["client"]["authentication"] = json!("CLIENT_SECRET_POST");
        settings["client"]["secret"] = json!({"environment": "CARGO_MANIFEST_DIR"});
    });
    let secret = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    assert!(exchange(&exchanger, "orders").await.is_ok());
    endpoint.answer(Reply::Status(200, answer(&json!({"access_token": CANARY, "scope": "wide"})).to_string()));
    assert_eq!(exchange(&exchanger, "crm").await, Ok(Some(CANARY.to_owned())));
    let settings = crate::token_endpoint::parse(&endpoint.document()).unwrap();
    drop(guard);
    for text in [log.text(), format!("{exchanger:?}")] {
        for hidden in [secret.as_str(), "alices-token", "issued-1", CANARY] {
            assert!(!text.contains(hidden), "{text}");
        }
    }
    assert!(format!("{settings:?}").contains("Secret(..)"));
}

/// A good answer, with changes.
fn answer(change: &Value) -> Value {
    let mut answer = issued(3_600);
    answer["access_token"] = json!("issued");
    for (name, value) in change.as_object().unwrap() {
        answer[name] = value.clone();
    }
    answer
}

fn twice(good: &str, members: &str) -> Reply {
    Reply::Status(200, good.replacen('{', &format!("{{{members}"), 1))
}

async fn outcome(answer: &Value) -> Result<(), ExchangeFault> {
    let endpoint = TokenEndpoint::start().await;
    endpoint.answer(Reply::Status(200, answer.to_string()));
    exchange(&endpoint.exchanger(), "orders").await.map(|token| {
        assert_eq!(token.as_deref(), answer["access_token"].as_str());
    })
}
