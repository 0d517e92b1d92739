//! Whether the issuers' keys can be had: from issuers that answer, and from those that do not.

use serde_json::json;

use crate::clinic::{Clinic, found};
use crate::issuer::{Issuer, Manner};

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_is_asked_where_the_interceptors_ask() {
    let (clinic, issuer) = (Clinic::new(), Issuer::start(Manner::Good).await);
    let report = diagnose(&clinic, &issuer, "ES256").await;
    assert_eq!(found(&report), []);
    assert_eq!(issuer.asked(), ["/.well-known/openid-configuration", "/keys"]);
    let checked = report["checked"].to_string();
    assert!(checked.contains("usable key"), "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_failing_is_told_and_none_is_waited_for() {
    for (manner, words) in [
        (Manner::Hanging, "no answer in time"),
        (Manner::Redirecting, "a redirect, which is not followed"),
        (Manner::Huge, "no complete answer of a size that is taken"),
        (Manner::Failing, "another status than 200"),
        (Manner::Stranger, "metadata of another issuer"),
        (Manner::Keyless, "no usable key"),
    ] {
        let (clinic, issuer) = (Clinic::new(), Issuer::start(manner).await);
        let report = diagnose(&clinic, &issuer, "ES256").await;
        assert_eq!(found(&report), [("ISSUER_UNREACHABLE".to_owned(), "error".to_owned())], "{manner:?}");
        let what = report["findings"][0]["what"].as_str().unwrap();
        assert!(what.contains(words) && what.contains(&issuer.url), "{manner:?}: {what}");
        assert!(issuer.asked().iter().all(|path| path != "/elsewhere"), "{manner:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_verify_nothing_that_is_accepted_are_told() {
    let (clinic, issuer) = (Clinic::new(), Issuer::start(Manner::OnlyEs256).await);
    assert_eq!(found(&diagnose(&clinic, &issuer, "ES256").await), []);
    let report = diagnose(&clinic, &issuer, "RS256").await;
    assert_eq!(found(&report), [("ISSUER_KEYS_UNUSABLE".to_owned(), "error".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_nobody_is_asked() {
    let (clinic, issuer) = (Clinic::new(), Issuer::start(Manner::Good).await);
    put(&clinic, &issuer, "ES256");
    let ended = clinic.desk.run_bare(&["doctor", "--offline", "--settings", "issuer.json"]).await;
    assert!(ended.out.contains(&format!("not checked: the keys of issuer {:?}", issuer.url)), "{}", ended.out);
    assert_eq!(issuer.asked(), Vec::<String>::new());
}

async fn diagnose(clinic: &Clinic, issuer: &Issuer, algorithm: &str) -> serde_json::Value {
    put(clinic, issuer, algorithm);
    let arguments = ["doctor", "--settings", "issuer.json", "--endpoint-url", "http://127.0.0.1:1", "--format", "json"];
    clinic.desk.run_bare(&arguments).await.json()
}

fn put(clinic: &Clinic, issuer: &Issuer, algorithm: &str) {
    let settings = json!({
        "registry": {"table": "tenantgate-registry"},
        "issuers": [{"issuer": issuer.url, "audiences": ["a"], "algorithms": [algorithm], "keys": {"discovery": "ISSUER"}}],
    });
    clinic.put("issuer.json", &settings);
}
