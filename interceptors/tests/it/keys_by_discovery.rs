//! Keys where the issuer's metadata says: on the hosts of the settings, and nowhere else.

use std::time::Duration;

use interceptors::event::Point;
use interceptors::token::TokenFault;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::events;
use crate::issuer::{Answer, IssuerSite, identify, identify_by, jwks, pass, verifier};
use crate::received::Received;
use crate::signer::{ISSUER, Signer, claims};
use crate::stage::{Stage, reply};

const METADATA: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn metadata_and_keys_are_fetched_once_and_then_known() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.discovering(&signer);
    for _ in 0..3 {
        assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    }
    assert_eq!(site.paths(), [METADATA, "/jwks"]);
}

#[tokio::test]
async fn an_issuer_that_is_its_own_address_is_found_there() {
    let stage = Stage::start().await;
    for (end, metadata) in
        [("", METADATA), ("/", METADATA), ("/realms/plant", "/realms/plant/.well-known/openid-configuration")]
    {
        let site = IssuerSite::start(jwks(&[&stage.signer])).await;
        let issuer = format!("{}{end}", site.origin());
        site.describe(Answer::Document(json!({"issuer": issuer, "jwks_uri": site.address()}).to_string()));
        let interceptor = stage.interceptor(Point::Request, |settings| {
            settings["issuers"][0]["issuer"] = json!(issuer);
            settings["issuers"][0]["keys"] = json!({"discovery": "ISSUER"});
        });
        let mut claims = claims("alice", "acme");
        claims["iss"] = json!(issuer);
        let event = events::request(&stage.signer.sign(&claims), &events::call("orders___getOrder"));
        let received = Received::read(&reply(&interceptor, event.as_bytes()).await);
        assert_eq!(received.told(), Some("the caller is not authorized"), "identified, and no member: {issuer}");
        assert_eq!(site.paths(), [metadata, "/jwks"]);
    }
}

#[tokio::test]
async fn a_host_that_the_settings_name_may_have_the_keys() {
    let signer = Signer::new("one");
    for (hosts, expected) in [
        (json!(["localhost"]), Ok(())),
        (json!(["LOCALHOST", "keys.example"]), Ok(())),
        (json!(["keys.example"]), Err(TokenFault::KeysUnavailable)),
        (json!([]), Err(TokenFault::KeysUnavailable)),
    ] {
        let site = IssuerSite::start(jwks(&[&signer])).await;
        let keys = site.address().replace("127.0.0.1", "localhost");
        site.describe(Answer::Document(json!({"issuer": ISSUER, "jwks_uri": keys}).to_string()));
        let verifier = verifier(&signer, &json!({"discovery": site.metadata_address(), "hosts": hosts}));
        assert_eq!(identify(&verifier, &signer, "one").await, expected, "{hosts}");
        assert_eq!(site.asked(), if expected.is_ok() { 2 } else { 1 }, "{hosts}");
    }
}

#[tokio::test]
async fn metadata_that_are_not_the_issuers_or_lead_elsewhere_lead_nowhere() {
    let signer = Signer::new("one");
    let trap = IssuerSite::start(jwks(&[&signer])).await;
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let own = site.address();
    let good = json!({"issuer": ISSUER, "jwks_uri": own}).to_string();
    let with = |name: &str, value: Value| {
        let mut metadata = json!({"issuer": ISSUER, "jwks_uri": own});
        metadata[name] = value;
        Answer::Document(metadata.to_string())
    };
    let port = own.rsplit_once(':').unwrap().1;
    let mut cases = vec![
        ("another issuer", with("issuer", json!("https://issuer.example/other"))),
        ("the issuer with a slash", with("issuer", json!(format!("{ISSUER}/")))),
        ("the issuer in a list", with("issuer", json!([ISSUER]))),
        ("no issuer", Answer::Document(json!({"jwks_uri": own}).to_string())),
        ("no keys", Answer::Document(json!({"issuer": ISSUER}).to_string())),
        ("keys in a list", with("jwks_uri", json!([own]))),
        ("keys themselves", with("jwks_uri", signer.jwks())),
        ("a list", Answer::Document(format!("[{good}]"))),
        ("not JSON", Answer::Document("<html>".to_owned())),
        ("nothing", Answer::Document(String::new())),
        ("the keys at once", jwks(&[&signer])),
        ("the issuer twice", Answer::Document(good.replacen('{', &format!("{{\"issuer\":\"{ISSUER}\","), 1))),
        ("the keys twice", Answer::Document(good.replacen('{', &format!("{{\"jwks_uri\":\"{own}\","), 1))),
        (
            "the keys twice, once with an escape",
            Answer::Document(good.replacen('{', &format!("{{\"jwks\\u005furi\":\"{own}\","), 1)),
        ),
        ("longer than 64 KiB", Answer::Document(format!("{good}{}", " ".repeat(64 * 1024)))),
        ("much longer", Answer::Document(format!("{good}{}", " ".repeat(20 * 1024 * 1024)))),
        ("status 500", Answer::Status(500, good.clone())),
        ("status 404", Answer::Status(404, good.clone())),
        ("status 203", Answer::Status(203, good.clone())),
        ("a redirect", Answer::Redirect(good.clone())),
    ];
    let elsewhere = [
        trap.address(),
        trap.address().replace("http:", "https:"),
        own.replace("127.0.0.1", "127.0.0.2"),
        own.replace("127.0.0.1", "localhost"),
        own.replace("127.0.0.1", "[::1]"),
        format!("http://127.0.0.1@issuer.example:{port}"),
        "http://issuer.example/jwks".to_owned(),
        "https://issuer.example/jwks".to_owned(),
        "ftp://127.0.0.1/jwks".to_owned(),
        "file:///etc/passwd".to_owned(),
        "/jwks".to_owned(),
        "//127.0.0.1/jwks".to_owned(),
        String::new(),
    ];
    cases.extend(elsewhere.iter().map(|place| (place.as_str(), with("jwks_uri", json!(place)))));
    for (number, (what, answer)) in cases.into_iter().enumerate() {
        site.describe(answer);
        let verifier = site.discovering(&signer);
        assert_eq!(identify(&verifier, &signer, "one").await, Err(TokenFault::KeysUnavailable), "{what}");
        assert_eq!(site.paths(), vec![METADATA; number + 1], "{what}");
    }
    assert_eq!(trap.asked(), 0);
    site.describe(Answer::Document(format!("{good}{}", " ".repeat(64 * 1024 - good.len()))));
    assert_eq!(identify(&site.discovering(&signer), &signer, "one").await, Ok(()), "exactly 64 KiB");
}

#[tokio::test]
async fn keys_that_are_none_at_the_discovered_address_give_no_keys() {
    let signer = Signer::new("one");
    let keys = signer.jwks().to_string();
    for (what, answer) in [
        ("status 500", Answer::Status(500, keys.clone())),
        ("a redirect", Answer::Redirect(keys.clone())),
        ("longer than 256 KiB", Answer::Document(format!("{keys}{}", " ".repeat(256 * 1024)))),
        ("no keys", Answer::Document("{\"keys\": []}".to_owned())),
        ("not JSON", Answer::Document("<html>".to_owned())),
    ] {
        let site = IssuerSite::start(answer).await;
        assert_eq!(
            identify(&site.discovering(&signer), &signer, "one").await,
            Err(TokenFault::KeysUnavailable),
            "{what}"
        );
        assert_eq!(site.paths(), [METADATA, "/jwks"], "{what}");
    }
}

#[tokio::test]
async fn a_site_that_hangs_at_either_step_is_given_up() {
    let signer = Signer::new("one");
    let token = signer.token("alice", "acme");
    for (at_metadata, within, at_most) in
        [(true, 60_000, 2_100), (false, 60_000, 2_100), (true, 500, 600), (false, 500, 600)]
    {
        let site = IssuerSite::start(if at_metadata { jwks(&[&signer]) } else { Answer::Hang }).await;
        if at_metadata {
            site.describe(Answer::Hang);
        }
        let started = Instant::now();
        let outcome = identify_by(&site.discovering(&signer), &token, Duration::from_millis(within)).await;
        assert_eq!(outcome, Err(TokenFault::KeysUnavailable));
        assert!(started.elapsed() <= Duration::from_millis(at_most), "{:?}", started.elapsed());
        assert_eq!(site.asked(), if at_metadata { 1 } else { 2 });
        tokio::time::resume();
    }
}

#[tokio::test]
async fn keys_that_moved_with_their_address_are_found() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let site = IssuerSite::start(jwks(&[&old])).await;
    let verifier = site.discovering(&old);
    assert_eq!(identify(&verifier, &old, "old").await, Ok(()));
    site.answer(jwks(&[&new]));
    site.describe(Answer::Document(
        json!({"issuer": ISSUER, "jwks_uri": format!("{}/new", site.origin())}).to_string(),
    ));
    assert_eq!(identify(&verifier, &new, "new").await, Err(TokenFault::Key), "not again so soon");
    pass(Duration::from_secs(31)).await;
    assert_eq!(identify(&verifier, &new, "new").await, Ok(()));
    assert_eq!(identify(&verifier, &old, "old").await, Err(TokenFault::Key));
    assert_eq!(site.paths(), [METADATA, "/jwks", METADATA, "/new"]);
}

#[tokio::test]
async fn metadata_that_turn_bad_leave_the_known_keys_as_they_were() {
    let signer = Signer::new("one");
    let site = IssuerSite::start(jwks(&[&signer])).await;
    let verifier = site.discovering(&signer);
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    site.describe(Answer::Document(json!({"issuer": "https://other.example", "jwks_uri": site.address()}).to_string()));
    pass(Duration::from_secs(11 * 60)).await;
    assert_eq!(identify(&verifier, &signer, "one").await, Ok(()));
    assert_eq!(site.paths(), [METADATA, "/jwks", METADATA]);
}
