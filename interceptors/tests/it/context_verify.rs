//! What a receiver takes for a tenant context, and what not.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interceptors::tenant_context::{ContextSigner, ContextSubject, Expected, TenantContext, Unverified, verify};
use interceptors::token::{KeySet, TokenFault, verify_signature};
use serde_json::{Value, json};

use crate::context_stage::{ALICE, CONTEXT_ISSUER, Keys, NOW, context, key_set, p256_pem, part, token};
use crate::signer::Signer;

#[tokio::test]
async fn what_was_signed_is_read_back() {
    let signer = Keys::new().signer();
    let actors = ["agent-1".to_owned(), "agent-2".to_owned()];
    let token = token(&signer, &ContextSubject { actors: &actors, ..ALICE }, NOW).await.unwrap();
    let context = check(&token, &key_set(&signer).await, NOW).unwrap();
    assert_eq!((context.tenant.as_str(), context.user.as_str()), ("acme", "alice"));
    assert_eq!(context.user_issuer, "https://issuer.example/main");
    assert_eq!(context.actors.iter().map(|actor| actor.as_str()).collect::<Vec<&str>>(), actors);
    assert_eq!(context.scopes, ["orders.read", "orders.write"]);
    assert_eq!((context.decision_id.as_str(), context.issued, context.expires), ("decision-1", NOW, NOW + 60));
    assert_eq!(serde_json::from_str::<Value>(context.claims.text()).unwrap(), part(&token, 1));
    let bare = crate::context_stage::token(&signer, &ContextSubject { scopes: &[], ..ALICE }, NOW).await.unwrap();
    let bare = check(&bare, &key_set(&signer).await, NOW).unwrap();
    assert!(bare.scopes.is_empty() && bare.actors.is_empty());
    assert!(!format!("{context:?}").contains("alice"));
}

#[tokio::test]
async fn the_clock_decides_with_its_leeway() {
    let signer = Keys::new().signer();
    let (token, keys) = (token(&signer, &ALICE, NOW).await.unwrap(), key_set(&signer).await);
    for (now, outcome) in [
        (NOW - 6, Err(Unverified::NotYetValid)),
        (NOW - 5, Ok(())),
        (NOW + 64, Ok(())),
        (NOW + 65, Err(Unverified::Expired)),
        (u64::MAX, Err(Unverified::Expired)),
        (0, Err(Unverified::NotYetValid)),
    ] {
        assert_eq!(check(&token, &keys, now).map(drop), outcome, "{now}");
    }
}

#[tokio::test]
async fn another_issuer_audience_or_key_is_refused() {
    let keys = Keys::new();
    let (signer, other) = (keys.signer(), keys.signer());
    let (token, keys) = (token(&signer, &ALICE, NOW).await.unwrap(), key_set(&signer).await);
    let with = |issuer: &str, audience: &str| {
        verify(&token, &keys, &Expected { issuer, audience, leeway: Duration::ZERO }, NOW).map(drop)
    };
    assert_eq!(with(CONTEXT_ISSUER, "tenantgate"), Ok(()));
    assert_eq!(with("https://tenantgate.example", "tenantgate"), Err(Unverified::Issuer));
    assert_eq!(with(CONTEXT_ISSUER, "https://orders.example"), Err(Unverified::Audience));
    assert_eq!(check(&token, &key_set(&other).await, NOW).map(drop), Err(Unverified::Signature));
    assert_eq!(check(&token, &KeySet::default(), NOW).map(drop), Err(Unverified::Key));
}

/// Signed well, by an issuer's key that is in the receiver's set: every other thing about a token is looked at, too.
#[test]
fn what_is_not_a_tenant_context_is_refused_although_its_signature_fits() {
    let signer = Signer::new("one");
    let keys = KeySet::parse(signer.jwks().to_string().as_bytes()).unwrap();
    assert_eq!(check(&signed(&signer, json!({}), json!({})), &keys, NOW).map(drop), Ok(()));
    for (header, outcome) in [
        (json!({"typ": null}), Unverified::Kind),
        (json!({"typ": "JWT"}), Unverified::Kind),
        (json!({"typ": "at+jwt"}), Unverified::Kind),
        (json!({"typ": "application/tenant-context+jwt"}), Unverified::Kind),
        (json!({"typ": "Tenant-Context+JWT"}), Unverified::Kind),
        (json!({"kid": null}), Unverified::Key),
        (json!({"kid": "two"}), Unverified::Key),
        (json!({"alg": "none"}), Unverified::Algorithm),
        (json!({"alg": "HS256"}), Unverified::Algorithm),
        (json!({"alg": "RS256"}), Unverified::Algorithm),
        (json!({"alg": "EdDSA"}), Unverified::Key),
        (json!({"crit": ["exp"]}), Unverified::Header),
        (json!({"b64": false}), Unverified::Header),
    ] {
        assert_eq!(check(&signed(&signer, header.clone(), json!({})), &keys, NOW).map(drop), Err(outcome), "{header}");
    }
    for (claims, outcome) in [
        (json!({"aud": ["tenantgate"]}), Unverified::Claims),
        (json!({"aud": null}), Unverified::Claims),
        (json!({"iss": null}), Unverified::Claims),
        (json!({"exp": null}), Unverified::Claims),
        (json!({"exp": "1"}), Unverified::Claims),
        (json!({"exp": NOW as f64 + 60.5}), Unverified::Claims),
        (json!({"iat": null}), Unverified::Claims),
        (json!({"tenant": null}), Unverified::Claims),
        (json!({"tenant": "a/b"}), Unverified::Claims),
        (json!({"tenant": ["acme"]}), Unverified::Claims),
        (json!({"sub": "bob"}), Unverified::Claims),
        (json!({"sub_id": null}), Unverified::Claims),
        (json!({"sub_id": {"format": "opaque", "iss": "i", "sub": "alice"}}), Unverified::Claims),
        (json!({"scope": null}), Unverified::Claims),
        (json!({"scope": "a  b"}), Unverified::Claims),
        (json!({"scope": ["a"]}), Unverified::Claims),
        (json!({"txn": null}), Unverified::Claims),
        (json!({"act": "agent"}), Unverified::Claims),
        (json!({"act": {"sub": "a", "act": {}}}), Unverified::Claims),
    ] {
        assert_eq!(check(&signed(&signer, json!({}), claims.clone()), &keys, NOW).map(drop), Err(outcome), "{claims}");
    }
}

#[test]
fn a_text_that_is_no_token_is_refused_as_such() {
    let signer = Signer::new("one");
    let keys = KeySet::parse(signer.jwks().to_string().as_bytes()).unwrap();
    let long = format!("{}.{}.{}", "a".repeat(2_000), "b".repeat(2_000), "c".repeat(200));
    for text in ["", ".", "a.b", "a.b.c.d", "é.é.é", long.as_str(), "\0.\0.\0"] {
        assert_eq!(check(text, &keys, NOW).map(drop), Err(Unverified::Format), "{}", text.len());
    }
    assert_eq!(check("..", &keys, NOW).map(drop), Err(Unverified::Header));
    let good = signed(&signer, json!({}), json!({}));
    assert_eq!(check(&format!("{good}="), &keys, NOW).map(drop), Err(Unverified::Signature));
    assert_eq!(check(&format!("{good} "), &keys, NOW).map(drop), Err(Unverified::Signature));
}

#[tokio::test]
async fn an_access_token_is_no_context_and_a_context_no_access_token() {
    let signer = Signer::new("one");
    let keys = KeySet::parse(signer.jwks().to_string().as_bytes()).unwrap();
    let algorithms = [jsonwebtoken::Algorithm::ES256];
    let access = signer.token("alice", "acme");
    assert_eq!(verify_signature(&access, &keys, &algorithms), Ok(()));
    assert_eq!(check(&access, &keys, NOW).map(drop), Err(Unverified::Kind));
    let context = signed(&signer, json!({}), json!({}));
    assert_eq!(verify_signature(&context, &keys, &algorithms), Err(TokenFault::Kind));
}

#[tokio::test]
async fn during_a_rotation_both_keys_verify_and_afterwards_the_new_one() {
    let keys = Keys::new();
    let (old, new) = (keys.add("old", &p256_pem()), keys.add("new", &p256_pem()));
    let signer = |names: &[&Value], sign_with: &str| {
        ContextSigner::new(&context(&json!({"keys": names, "signWith": sign_with})))
    };
    let before = signer(&[&old, &new], "old");
    let after = signer(&[&old, &new], "new");
    let last = signer(&[&new], "new");
    let (one, two) = (token(&before, &ALICE, NOW).await.unwrap(), token(&after, &ALICE, NOW).await.unwrap());
    assert_eq!((part(&one, 0)["kid"].clone(), part(&two, 0)["kid"].clone()), (json!("old"), json!("new")));
    for signer in [&before, &after] {
        let published = key_set(signer).await;
        assert!(check(&one, &published, NOW).is_ok() && check(&two, &published, NOW).is_ok());
    }
    let published = key_set(&last).await;
    assert_eq!(check(&one, &published, NOW).map(drop), Err(Unverified::Key));
    assert!(check(&two, &published, NOW).is_ok());
}

fn check(token: &str, keys: &KeySet, now: u64) -> Result<TenantContext, Unverified> {
    let expected = Expected { issuer: CONTEXT_ISSUER, audience: "tenantgate", leeway: Duration::from_secs(5) };
    verify(token, keys, &expected, now)
}

/// A good context with changes; null takes a member out.
fn signed(signer: &Signer, header: Value, claims: Value) -> String {
    let good_header = json!({"alg": "ES256", "kid": "one", "typ": "tenant-context+jwt"});
    let good_claims = json!({
        "iss": CONTEXT_ISSUER, "aud": "tenantgate", "iat": NOW, "exp": NOW + 60, "tenant": "acme", "sub": "alice",
        "sub_id": {"format": "iss_sub", "iss": "https://issuer.example/main", "sub": "alice"}, "scope": "", "txn": "d",
    });
    let merged = |mut good: Value, changes: Value| {
        for (name, value) in changes.as_object().unwrap() {
            good[name] = value.clone();
        }
        good.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        URL_SAFE_NO_PAD.encode(good.to_string())
    };
    signer.sign_message(&format!("{}.{}", merged(good_header, header), merged(good_claims, claims)))
}
