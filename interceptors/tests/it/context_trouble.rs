//! Keys that AWS keeps, when it does not answer as it should.

use std::time::Duration;

use interceptors::tenant_context::{ContextFault, ContextSigner};
use serde_json::json;
use tokio::time::Instant;

use crate::context_aws::{AwsSite, KMS_KEY, Mood, SECRET};
use crate::context_stage::{ALICE, NOW, context, p256_pem, soon, token};
use crate::issuer::pass;

#[tokio::test]
async fn a_secret_that_cannot_be_read_is_asked_for_once_in_two_seconds() {
    let site = AwsSite::start("no key").await;
    let signer = ContextSigner::new(&context(&json!({"keys": [site.secret("a")]})));
    for _ in 0..5 {
        assert_eq!(token(&signer, &ALICE, NOW).await, Err(ContextFault::KeyUnavailable));
    }
    assert_eq!(site.asked(), 1);
    site.keep(&p256_pem());
    pass(Duration::from_secs(2)).await;
    token(&signer, &ALICE, NOW).await.unwrap();
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn trouble_that_passes_is_tried_once_more_and_other_trouble_is_not() {
    for (moods, outcome, asked) in [
        (vec![Mood::Error(500, "KMSInternalException")], Ok(()), 2),
        (vec![Mood::Error(400, "ThrottlingException")], Ok(()), 2),
        (vec![Mood::Hang], Ok(()), 2),
        (vec![Mood::Error(500, ""), Mood::Error(503, "")], Err(ContextFault::KeyUnavailable), 2),
        (vec![Mood::Error(400, "AccessDeniedException")], Err(ContextFault::KeyUnavailable), 1),
        (vec![Mood::Error(400, "NotFoundException")], Err(ContextFault::KeyUnavailable), 1),
        (vec![Mood::Error(302, "")], Err(ContextFault::KeyUnavailable), 1),
    ] {
        let site = AwsSite::start("").await;
        let signer = ContextSigner::new(&context(&json!({"keys": [site.kms("a")]})));
        site.expect(moods.clone());
        assert_eq!(token(&signer, &ALICE, NOW).await.map(drop), outcome, "{moods:?}");
        assert_eq!(site.asked(), asked, "{moods:?}");
    }
}

#[tokio::test]
async fn after_a_failure_kms_is_left_alone_for_a_moment() {
    let site = AwsSite::start("").await;
    let signer = ContextSigner::new(&context(&json!({"keys": [site.kms("a")]})));
    site.expect([Mood::Error(400, "DisabledException")]);
    for _ in 0..3 {
        assert_eq!(token(&signer, &ALICE, NOW).await, Err(ContextFault::KeyUnavailable));
    }
    assert_eq!(site.asked(), 1);
    pass(Duration::from_millis(200)).await;
    token(&signer, &ALICE, NOW).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_names_the_key_by_its_id_alone_is_taken() {
    let site = AwsSite::start("").await;
    let signer = ContextSigner::new(&context(&json!({"keys": [site.kms("a")]})));
    site.expect([Mood::Changed(json!({"KeyId": KMS_KEY.rsplit('/').next().unwrap()}))]);
    token(&signer, &ALICE, NOW).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_not_quite_right_is_no_signature() {
    for mood in [
        Mood::Changed(json!({"KeyId": "arn:aws:kms:eu-central-1:123456789012:key/other"})),
        Mood::Changed(json!({"KeyId": null})),
        Mood::Changed(json!({"KeyId": ""})),
        Mood::Changed(json!({"KeyId": "key/1234abcd-12ab-34cd-56ef-1234567890ab"})),
        Mood::Changed(json!({"SigningAlgorithm": "ECDSA_SHA_384"})),
        Mood::Changed(json!({"SigningAlgorithm": null})),
        Mood::Changed(json!({"Signature": null})),
        Mood::Changed(json!({"Signature": "MAYCAQECAQE"})),
        Mood::Changed(json!({"Signature": "MAYCAQACAQE="})),
        Mood::Changed(json!({"Signature": 1})),
        Mood::Body("<html>".to_owned()),
        Mood::Body("[]".to_owned()),
        Mood::Body(String::new()),
        Mood::Body(format!("{{\"KeyId\":\"{KMS_KEY}\",\"KeyId\":\"{KMS_KEY}\"}}")),
        Mood::Body(" ".repeat(200 * 1024)),
    ] {
        let site = AwsSite::start("").await;
        let signer = ContextSigner::new(&context(&json!({"keys": [site.kms("a")]})));
        site.expect([mood.clone(), mood.clone()]);
        assert_eq!(token(&signer, &ALICE, NOW).await, Err(ContextFault::KeyUnavailable), "{mood:?}");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_one_key_is_none() {
    for mood in [
        Mood::Changed(json!({"ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf"})),
        Mood::Changed(json!({"SecretString": null, "SecretBinary": "AA=="})),
        Mood::Changed(json!({"SecretString": format!("{}{}", p256_pem(), p256_pem())})),
        Mood::Changed(json!({"SecretString": json!({"key": p256_pem()}).to_string()})),
        Mood::Error(400, "ResourceNotFoundException"),
    ] {
        let site = AwsSite::start(&p256_pem()).await;
        let signer = ContextSigner::new(&context(&json!({"keys": [site.secret("a")]})));
        site.expect([mood.clone()]);
        assert_eq!(token(&signer, &ALICE, NOW).await, Err(ContextFault::KeyUnavailable), "{mood:?}");
    }
}

#[tokio::test]
async fn a_key_that_is_not_for_es256_is_not_published() {
    for (changes, words) in [
        (json!({"KeySpec": "ECC_NIST_P384"}), "ECC_NIST_P256"),
        (json!({"KeySpec": null, "CustomerMasterKeySpec": "ECC_SECG_P256K1"}), "ECC_NIST_P256"),
        (json!({"KeySpec": null, "CustomerMasterKeySpec": null}), "ECC_NIST_P256"),
        (json!({"KeyUsage": "KEY_AGREEMENT"}), "SIGN_VERIFY"),
        (json!({"SigningAlgorithms": []}), "SIGN_VERIFY"),
        (json!({"KeyId": SECRET}), "another key"),
        (json!({"PublicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"}), "public key on P-256"),
    ] {
        let site = AwsSite::start("").await;
        let signer = ContextSigner::new(&context(&json!({"keys": [site.kms("a")]})));
        site.expect([Mood::Changed(changes.clone())]);
        let unpublished = signer.key_set(soon()).await.unwrap_err();
        assert_eq!(unpublished.key_id, "a");
        assert!(unpublished.why.contains(words), "{changes}: {unpublished:?}");
    }
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up_in_time() {
    let site = AwsSite::start("").await;
    for (key, within, at_most) in [(site.kms("a"), 60_000, 1_700), (site.secret("a"), 300, 450)] {
        let signer = ContextSigner::new(&context(&json!({"keys": [key]})));
        site.expect([Mood::Hang, Mood::Hang]);
        let started = Instant::now();
        let deadline = started + Duration::from_millis(within);
        let outcome = signer.token(&ALICE, "tenantgate", "decision-1", NOW, deadline).await;
        assert_eq!(outcome, Err(ContextFault::KeyUnavailable));
        assert!(started.elapsed() <= Duration::from_millis(at_most), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn without_credentials_there_is_no_context_and_nothing_is_asked() {
    let site = AwsSite::start("").await;
    let document = crate::context_stage::document(&json!({"keys": [site.kms("a")]})).to_string();
    let settings = interceptors::settings::Settings::parse(&document, policy_registry::AwsEnvironment::default());
    let signer = ContextSigner::new(&settings.unwrap().tenant_context.unwrap());
    assert_eq!(token(&signer, &ALICE, NOW).await, Err(ContextFault::KeyUnavailable));
    assert_eq!(site.asked(), 0);
}
