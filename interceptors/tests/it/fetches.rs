//! Nothing is fetched but the addresses of the settings, whatever tokens, metadata and keys name.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use interceptors::event::Point;
use interceptors::token::TokenFault;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::events;
use crate::forge::outcome;
use crate::issuer::{Answer, IssuerSite, jwks, verifier};
use crate::received::Received;
use crate::signer::{ISSUER, Signer, claims};
use crate::stage::{Stage, reply};

#[tokio::test]
async fn no_token_makes_anything_connect_to_an_address_that_it_names() {
    let (signer, attacker) = (Signer::new("one"), Signer::new("one"));
    let trap = Trap::start().await;
    let site = IssuerSite::start(jwks(&[&signer])).await;
    for (keys, fetches) in [
        (json!({"jwks": signer.jwks()}), 0),
        (json!({"url": site.address()}), 1),
        (json!({"discovery": site.metadata_address()}), 2),
    ] {
        let before = site.asked();
        let verifier = verifier(&signer, &keys);
        let mut accepted = 0;
        for signer in [&signer, &attacker] {
            for (what, token) in tokens(signer, &trap.origin) {
                let headers =
                    json!({"Authorization": format!("Bearer {token}"), "X-Jwks-Uri": trap.origin, "Link": trap.origin});
                let outcome = outcome(&verifier, &headers).await;
                accepted += usize::from(outcome.is_ok());
                let is_refused = matches!(outcome, Err(TokenFault::Signature | TokenFault::Key | TokenFault::Issuer));
                assert!(outcome.is_ok() || is_refused, "{what}: {outcome:?}");
            }
        }
        assert_eq!(accepted, ACCEPTED, "those by the right key that name it and the right issuer");
        assert_eq!((site.asked() - before, trap.connections().await), (fetches, 0), "{keys}");
    }
}

#[tokio::test]
async fn neither_interceptor_connects_to_an_address_that_a_token_names() {
    let stage = Stage::start().await;
    let trap = Trap::start().await;
    for point in [Point::Request, Point::Response] {
        let interceptor = stage.interceptor(point, |_| {});
        for (_, token) in tokens(&stage.signer, &trap.origin) {
            let call = events::call_with("orders___getOrder", &json!({"orderId": trap.origin, "jku": trap.origin}));
            let event = match point {
                Point::Request => events::request(&token, &call),
                Point::Response => events::response(&token, &call, &events::result(&json!({"content": []}))),
            };
            Received::read(&reply(&interceptor, event.as_bytes()).await);
        }
    }
    assert_eq!(trap.connections().await, 0);
}

#[tokio::test]
async fn metadata_and_keys_make_nothing_connect_to_what_else_they_name() {
    let signer = Signer::new("one");
    let trap = Trap::start().await;
    let mut key = signer.jwk();
    key["x5u"] = json!(trap.origin);
    let site = IssuerSite::start(Answer::Document(
        json!({"keys": [key], "jku": trap.origin, "next": trap.origin}).to_string(),
    ))
    .await;
    let mut metadata = json!({"issuer": ISSUER, "jwks_uri": site.address()});
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_url",
        "jwksUri",
        "introspection_endpoint",
        "op_policy_uri",
        "signed_jwks_uri",
    ] {
        metadata[name] = json!(format!("{}/{name}", trap.origin));
    }
    site.describe(Answer::Document(metadata.to_string()));
    let headers = json!({"Authorization": format!("Bearer {}", signer.token("alice", "acme"))});
    assert_eq!(outcome(&site.discovering(&signer), &headers).await, Ok(()));
    assert_eq!((site.asked(), trap.connections().await), (2, 0));
    for place in [trap.origin.clone(), trap.origin.replace("http:", "https:"), format!("{}/jwks", trap.origin)] {
        metadata["jwks_uri"] = json!(place);
        site.describe(Answer::Document(metadata.to_string()));
        assert_eq!(outcome(&site.discovering(&signer), &headers).await, Err(TokenFault::KeysUnavailable));
    }
    assert_eq!(trap.connections().await, 0);
}

#[tokio::test]
async fn a_trap_counts_who_connects() {
    let signer = Signer::new("one");
    let trap = Trap::start().await;
    let _connection = TcpStream::connect(trap.origin.trim_start_matches("http://")).await.unwrap();
    assert_eq!(trap.connections().await, 1);
    let headers = json!({"Authorization": format!("Bearer {}", signer.token("alice", "acme"))});
    for keys in [json!({"url": trap.origin}), json!({"discovery": trap.origin})] {
        assert_eq!(outcome(&verifier(&signer, &keys), &headers).await, Err(TokenFault::KeysUnavailable));
    }
    assert_eq!(trap.connections().await, 3, "an address of the settings is asked");
}

/// Tokens that name an address wherever one could stand.
fn tokens(signer: &Signer, origin: &str) -> Vec<(String, String)> {
    let good = claims("alice", "acme");
    let mut tokens = Vec::new();
    let mut add = |what: String, header: Value, claims: &Value| tokens.push((what, signer.sign_with(&header, claims)));
    for name in ["jku", "x5u", "iss", "jwks_uri", "url"] {
        for kid in [json!("one"), json!("unknown"), json!(origin)] {
            for value in [json!(origin), json!(format!("{origin}/.well-known/jwks.json")), json!([origin])] {
                add(format!("{name} {kid}"), json!({"alg": "ES256", "kid": kid, name: value}), &good);
            }
        }
    }
    let key = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "x5u": origin, "jku": origin, "kid": origin});
    add("jwk".to_owned(), json!({"alg": "ES256", "kid": "one", "jwk": key}), &good);
    let header = json!({"alg": "ES256", "kid": "one"});
    for issuer in [
        origin.to_owned(),
        format!("{origin}/"),
        format!("{ISSUER}@{}", origin.trim_start_matches("http://")),
        format!("{ISSUER}#{origin}"),
    ] {
        add(format!("issuer {issuer}"), header.clone(), &with(&good, "iss", json!(issuer)));
    }
    for name in
        ["jwks_uri", "jku", "x5u", "picture", "profile", "website", "_claim_sources", "htu", "aud_uri", "sub_jwk"]
    {
        add(
            name.to_owned(),
            header.clone(),
            &with(&good, name, json!({"src1": {"endpoint": origin, "jwks_uri": origin}})),
        );
        add(name.to_owned(), header.clone(), &with(&good, name, json!(origin)));
    }
    tokens
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

/// An address that nobody should connect to.
struct Trap {
    origin: String,
    connections: Arc<AtomicUsize>,
}

impl Trap {
    async fn start() -> Trap {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Trap { origin, connections }
    }

    /// How many there were, those in the background included.
    async fn connections(&self) -> usize {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        self.connections.load(Ordering::SeqCst)
    }
}

/// Fifteen headers name the right key, one more has a key in it, and of the claims all but the issuers are nobody's matter.
const ACCEPTED: usize = 15 + 1 + 20;
