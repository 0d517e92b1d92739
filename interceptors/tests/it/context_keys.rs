//! Keys from every place where they may be: used, published, and missing.

use std::time::Duration;

use futures_util::future::join_all;
use interceptors::tenant_context::{ContextFault, ContextSigner, ContextSubject, Expected, verify};
use serde_json::{Value, json};

use crate::context_aws::AwsSite;
use crate::context_stage::{
    ALICE, CONTEXT_ISSUER, Keys, NOW, context, ed25519_pem, key_set, p256_pem, part, soon, token,
};
use crate::issuer::pass;

#[tokio::test]
async fn a_key_from_each_place_signs_what_its_published_half_verifies() {
    let keys = Keys::new();
    let site = AwsSite::start(&ed25519_pem()).await;
    for (key, algorithm) in [
        (keys.add("file", &p256_pem()), "ES256"),
        (keys.add("edwards", &ed25519_pem()), "EdDSA"),
        (site.secret("secret"), "EdDSA"),
        (site.kms("kms"), "ES256"),
    ] {
        let signer = ContextSigner::new(&context(&json!({"keys": [key]})));
        let token = token(&signer, &ALICE, NOW).await.unwrap();
        assert_eq!(part(&token, 0), json!({"alg": algorithm, "kid": key["kid"], "typ": "tenant-context+jwt"}));
        let expected = Expected { issuer: CONTEXT_ISSUER, audience: "tenantgate", leeway: Duration::ZERO };
        verify(&token, &key_set(&signer).await, &expected, NOW).unwrap();
    }
}

#[tokio::test]
async fn all_keys_are_published_in_the_order_of_their_ids_without_their_private_parts() {
    let keys = Keys::new();
    let site = AwsSite::start(&p256_pem()).await;
    let list = json!([keys.add("c", &ed25519_pem()), site.kms("b"), keys.add("a", &p256_pem()), site.secret("d")]);
    let signer = |sign_with: &str| ContextSigner::new(&context(&json!({"keys": list, "signWith": sign_with})));
    let document = signer("c").key_set(soon()).await.unwrap();
    assert_eq!(document, signer("a").key_set(soon()).await.unwrap(), "whichever signs");
    let document: Value = serde_json::from_str(&document).unwrap();
    let published = document["keys"].as_array().unwrap();
    let names: Vec<(&str, &str)> =
        published.iter().map(|key| (key["kid"].as_str().unwrap(), key["alg"].as_str().unwrap())).collect();
    assert_eq!(names, [("a", "ES256"), ("b", "ES256"), ("c", "EdDSA"), ("d", "ES256")]);
    for key in published {
        assert_eq!(key["use"], "sig");
        let mut members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        let coordinates: &[&str] = if key["kty"] == "EC" { &["x", "y"] } else { &["x"] };
        assert_eq!(members, [&["alg", "crv", "kid", "kty", "use"], coordinates].concat());
    }
}

#[tokio::test]
async fn a_key_that_only_waits_is_never_asked_for_while_another_signs() {
    let keys = Keys::new();
    let site = AwsSite::start(&p256_pem()).await;
    let settings = json!({"keys": [keys.add("a", &p256_pem()), site.kms("b"), site.secret("c")], "signWith": "a"});
    let signer = ContextSigner::new(&context(&settings));
    token(&signer, &ALICE, NOW).await.unwrap();
    assert_eq!(site.asked(), 0);
}

#[tokio::test]
async fn questions_are_signed_for_the_region_and_service_of_the_arn() {
    let site = AwsSite::start(&p256_pem()).await;
    for (key, operation, scope) in [
        (site.kms("a"), "TrentService.Sign", "/eu-central-1/kms/aws4_request"),
        (site.secret("b"), "secretsmanager.GetSecretValue", "/eu-west-1/secretsmanager/aws4_request"),
    ] {
        let settings = context(&json!({"keys": [key]}));
        token(&ContextSigner::new(&settings), &ALICE, NOW).await.unwrap();
        let question = site.questions().pop().unwrap();
        assert_eq!(question.operation, operation);
        assert!(question.authorization.starts_with("AWS4-HMAC-SHA256 Credential=test/"), "{question:?}");
        assert!(question.authorization.contains(scope), "{question:?}");
        assert!(
            question.authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target,"),
            "{question:?}"
        );
        assert_eq!(question.security_token, None);
    }
}

#[tokio::test]
async fn callers_of_one_context_at_once_ask_kms_once_and_later_ones_not_at_all() {
    let site = AwsSite::start(&p256_pem()).await;
    let signer = ContextSigner::new(&context(&json!({"keys": [site.kms("a")]})));
    let tokens = join_all((0..100).map(|_| token(&signer, &ALICE, NOW))).await;
    assert!(tokens.iter().all(|one| one == tokens.first().unwrap() && one.is_ok()));
    assert_eq!(site.asked(), 1);
    token(&signer, &ALICE, NOW + 30).await.unwrap();
    assert_eq!(site.asked(), 1);
    token(&signer, &ALICE, NOW + 31).await.unwrap();
    token(&signer, &ContextSubject { tenant: "other", ..ALICE }, NOW + 31).await.unwrap();
    assert_eq!(site.asked(), 3);
}

#[tokio::test]
async fn a_secret_is_read_once_for_all_callers_and_again_after_an_hour() {
    let (first, second) = (p256_pem(), ed25519_pem());
    let site = AwsSite::start(&first).await;
    let signer = ContextSigner::new(&context(&json!({"keys": [site.secret("a")]})));
    let users: Vec<String> = (0..100).map(|number| format!("user-{number}")).collect();
    let callers = users.iter().map(async |user| token(&signer, &ContextSubject { subject: user, ..ALICE }, NOW).await);
    assert!(join_all(callers).await.iter().all(Result::is_ok));
    assert_eq!(site.asked(), 1);
    site.keep(&second);
    pass(Duration::from_secs(60 * 60 - 10)).await;
    assert_eq!(part(&token(&signer, &ALICE, NOW + 100).await.unwrap(), 0)["alg"], "ES256");
    pass(Duration::from_secs(20)).await;
    assert_eq!(part(&token(&signer, &ALICE, NOW + 200).await.unwrap(), 0)["alg"], "EdDSA");
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_secret_that_was_read_goes_on_for_a_day_while_it_cannot_be_read() {
    let site = AwsSite::start(&p256_pem()).await;
    let signer = ContextSigner::new(&context(&json!({"keys": [site.secret("a")]})));
    token(&signer, &ALICE, NOW).await.unwrap();
    site.keep("no key");
    for hour in 1..=23 {
        pass(Duration::from_secs(60 * 60)).await;
        token(&signer, &ALICE, NOW + hour * 100).await.unwrap();
    }
    assert_eq!(site.asked(), 24);
    pass(Duration::from_secs(60 * 60)).await;
    assert_eq!(token(&signer, &ALICE, NOW + 9_000).await, Err(ContextFault::KeyUnavailable));
}
