//! What a verified token says of its caller, claim by claim.

use std::sync::Arc;
use std::time::Duration;

use interceptors::event::Event;
use interceptors::refusal::Refusal;
use interceptors::settings::Settings;
use interceptors::token::{ACTORS_MAX, Caller, Grace, TokenFault, Verifier};
use policy_model::json;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::events;
use crate::signer::{ISSUER, Signer, claims, unix_now};
use crate::stage::{aws, settings};

#[tokio::test]
async fn without_an_actor_no_agent_calls() {
    let issuer = Issuer::new(json!({}));
    for more in [json!({}), json!({"may_act": {"sub": "console"}}), json!({"x": {"act": {"sub": "console"}}})] {
        assert_eq!(issuer.caller(&more).await.unwrap().agent(), None, "{more}");
    }
}

#[tokio::test]
async fn the_outermost_actor_is_the_agent() {
    let issuer = Issuer::new(json!({}));
    for actor in [
        json!({"sub": "console"}),
        json!({"sub": "console", "iss": ISSUER, "client_id": 7}),
        json!({"sub": "console", "act": {"sub": "earlier", "act": {"sub": "first"}}}),
    ] {
        let caller = issuer.caller(&json!({"act": actor})).await.unwrap();
        assert_eq!(agent_of(&caller), Some("console"), "{actor}");
        assert_eq!(caller.member.subject.as_str(), "alice");
    }
}

#[tokio::test]
async fn an_actor_without_a_proper_id_is_refused() {
    let issuer = Issuer::new(json!({}));
    let long = "a".repeat(257);
    let ids = [
        json!(null),
        json!(1),
        json!(["a"]),
        json!({}),
        json!(""),
        json!("*"),
        json!("a b"),
        json!("a\r\nb"),
        json!(long),
    ];
    let actors = [json!(null), json!("console"), json!(true), json!([]), json!([{"sub": "console"}]), json!({})];
    let actors = actors.into_iter().chain([
        json!({"SUB": "console"}),
        json!({"act": {"sub": "console"}}),
        json!({"sub": "console", "act": "earlier"}),
        json!({"sub": "console", "act": {"sub": "a b"}}),
        json!({"sub": "console", "act": null}),
        json!({"sub": "console", "iss": "https://other.example"}),
        json!({"sub": "console", "iss": null}),
        json!({"sub": "console", "act": {"sub": "earlier", "iss": "https://other.example"}}),
    ]);
    for actor in ids.into_iter().map(|id| json!({"sub": id})).chain(actors) {
        let fault = issuer.caller(&json!({"act": actor})).await.unwrap_err();
        assert_eq!((fault, fault.code()), (TokenFault::Actor, "TOKEN_ACTOR"), "{actor}");
    }
}

#[tokio::test]
async fn a_chain_of_actors_is_bounded_and_kept_in_its_order() {
    let issuer = Issuer::new(json!({}));
    let chain = |length: usize| {
        let first = json!({"sub": "actor-0"});
        (1..length).fold(first, |inner, number| json!({"sub": format!("actor-{number}"), "act": inner}))
    };
    let caller = issuer.caller(&json!({"act": chain(ACTORS_MAX)})).await.unwrap();
    let actors: Vec<&str> = caller.actors.iter().map(|actor| actor.as_str()).collect();
    assert_eq!(actors, ["actor-7", "actor-6", "actor-5", "actor-4", "actor-3", "actor-2", "actor-1", "actor-0"]);
    assert_eq!(agent_of(&caller), Some("actor-7"));
    for length in [ACTORS_MAX + 1, json::DEPTH_MAX - 2] {
        assert_eq!(issuer.caller(&json!({"act": chain(length)})).await.unwrap_err(), TokenFault::Actor);
    }
    let fault = issuer.caller(&json!({"act": chain(json::DEPTH_MAX)})).await.unwrap_err();
    assert_eq!(fault, TokenFault::Claims);
}

#[tokio::test]
async fn both_usual_claims_name_scopes_together() {
    for (more, expected) in [
        (json!({}), [].as_slice()),
        (json!({"scope": "a b"}), &["a", "b"]),
        (json!({"scope": "  a  b "}), &["a", "b"]),
        (json!({"scope": ["a", "b c"]}), &["a", "b c"]),
        (json!({"scp": ["a", "b"]}), &["a", "b"]),
        (json!({"scp": "a b"}), &["a", "b"]),
        (json!({"scope": "a b", "scp": ["c", "d"]}), &["a", "b", "c", "d"]),
        (json!({"scope": ["a"], "scp": "b"}), &["a", "b"]),
        (json!({"scope": 7, "scp": ["b"]}), &["b"]),
        (json!({"scope": {"a": 1}, "scp": null}), &[]),
        (json!({"scope": ["a", 1], "scp": [["b"]]}), &[]),
        (json!({"scope": "a\tb,c"}), &["a\tb,c"]),
        (json!({"Scope": "a", "scopes": "b"}), &[]),
    ] {
        assert_eq!(Issuer::new(json!({})).caller(&more).await.unwrap().scopes.as_ref().unwrap(), expected, "{more}");
    }
}

#[tokio::test]
async fn a_claim_that_the_settings_name_counts_alone() {
    let all = json!({"scope": "a", "scp": ["b"], "permissions": ["c"]});
    for (name, expected) in [("scope", "a"), ("scp", "b"), ("permissions", "c")] {
        let issuer = Issuer::new(json!({"scopes": name}));
        assert_eq!(issuer.caller(&all).await.unwrap().scopes.as_ref().unwrap(), &[expected], "{name}");
    }
    assert!(Issuer::new(json!({"scopes": "none"})).caller(&all).await.unwrap().scopes.as_ref().unwrap().is_empty());
}

#[tokio::test]
async fn the_claims_are_kept_exactly_as_they_are_in_the_token() {
    let more = json!({"big": 12345678901234567890_u64, "text": "\u{e9}\"\\", "list": [1.5, null, {"a": []}]});
    let caller = Issuer::new(json!({})).caller(&more).await.unwrap();
    let claims = caller.claims.root();
    for (name, value) in more.as_object().unwrap() {
        assert_eq!(claims.get(name).unwrap().text(), value.to_string());
    }
    assert!(claims.get("sub").unwrap().is_str("alice"));
}

#[tokio::test]
async fn a_token_is_read_once_and_the_caller_shared() {
    let issuer = Issuer::new(json!({}));
    let token = issuer.signer.token("alice", "acme");
    let (first, second) = (issuer.identify(&token).await.unwrap(), issuer.identify(&token).await.unwrap());
    assert!(Arc::ptr_eq(&first, &second));
}

#[tokio::test]
async fn a_caller_shows_nothing_of_the_claims() {
    let more =
        json!({"roles": ["CANARY"], "scope": "CANARY", "act": {"sub": "CANARY"}, "email": "CANARY", "CANARY": 1});
    let caller = Issuer::new(json!({})).caller(&more).await.unwrap();
    assert_eq!(
        (caller.roles.len(), caller.scopes.as_ref().map_or(0, Vec::len), agent_of(&caller)),
        (1, 1, Some("CANARY"))
    );
    let shown = format!("{caller:?} {caller:#?}");
    assert!(shown.contains("acme"), "{shown}");
    assert!(!shown.contains("CANARY") && !shown.contains("alice"), "{shown}");
}

#[test]
fn no_fault_of_a_credential_is_a_matter_for_the_operator() {
    for (fault, code) in [
        (TokenFault::SigV4, "CREDENTIAL_SIGV4"),
        (TokenFault::IamPrincipal, "IAM_PRINCIPAL"),
        (TokenFault::MachineClient, "TOKEN_MACHINE_CLIENT"),
    ] {
        let refusal = Refusal::from(fault);
        assert_eq!((refusal.code(), refusal.detail()), (code, None));
        assert_eq!(refusal.told().sentence, "the caller is not authenticated");
    }
}

fn agent_of(caller: &Caller) -> Option<&str> {
    caller.agent().map(|agent| agent.as_str())
}

#[tokio::test]
async fn a_key_that_is_marked_for_another_directory_signs_nothing() {
    const DIRECTORY: &str = "https://login.microsoftonline.com/8c7c9a4e-1f2b-4d3a-9e6f-0a1b2c3d4e5f/v2.0";
    let signer = Signer::new("k");
    for (marked, is_taken) in [
        (json!("https://login.microsoftonline.com/{tenantid}/v2.0"), true),
        (json!(DIRECTORY), true),
        (json!("https://sts.windows.net/8c7c9a4e-1f2b-4d3a-9e6f-0a1b2c3d4e5f/"), true),
        (json!("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"), false),
        (json!(""), false),
        (json!(7), false),
    ] {
        let mut settings = settings("http://127.0.0.1:1", &signer);
        settings["issuers"][0]["issuer"] = json!(DIRECTORY);
        settings["issuers"][0]["keys"]["jwks"]["keys"][0]["issuer"] = marked.clone();
        let settings = Settings::parse(&settings.to_string(), aws()).unwrap();
        let verifier = Verifier::new(settings.issuers, settings.leeway);
        let mut claims = claims("alice", "acme");
        claims["iss"] = json!(DIRECTORY);
        let found = Issuer { signer: Signer::new("unused"), verifier }.identify(&signer.sign(&claims)).await;
        assert_eq!(found.is_ok(), is_taken, "{marked}");
    }
}

/// An issuer under settings that name these claims.
struct Issuer {
    signer: Signer,
    verifier: Verifier,
}

impl Issuer {
    fn new(names: Value) -> Issuer {
        let signer = Signer::new("k");
        let mut settings = settings("http://127.0.0.1:1", &signer);
        settings["issuers"][0]["claims"].as_object_mut().unwrap().extend(names.as_object().unwrap().clone());
        let settings = Settings::parse(&settings.to_string(), aws()).unwrap();
        Issuer { signer, verifier: Verifier::new(settings.issuers, settings.leeway) }
    }

    /// The caller of a good token of alice with these claims as well.
    async fn caller(&self, more: &Value) -> Result<Arc<Caller>, TokenFault> {
        let mut claims = claims("alice", "acme");
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.identify(&self.signer.sign(&claims)).await
    }

    async fn identify(&self, token: &str) -> Result<Arc<Caller>, TokenFault> {
        let event = events::request(token, "{}");
        let document = json::parse(event.as_bytes()).unwrap();
        let event = Event::parse(&document).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        self.verifier.identify(&event.headers, unix_now(), Grace::None, deadline).await
    }
}
