//! The container-credentials face: who gets which credentials, and who gets none.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;

use crate::http::{ask, send};
use crate::signer::{Signer, claims, unix_now};
use crate::stage::Stage;
use crate::sts::Answers;

#[tokio::test]
async fn a_session_gives_the_credentials_of_its_users_tenant() {
    let stage = Stage::start().await;
    let opened = stage.open(&stage.signer.token("alice", "acme")).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    assert_eq!(opened.body["tenant"], "acme");
    assert_eq!(opened.body["credentialsUri"], format!("http://{}/credentials", stage.address));
    let session = opened.body["authorizationToken"].as_str().unwrap();
    assert!(session.len() == 64 && session.bytes().all(|byte| byte.is_ascii_hexdigit()), "{session}");
    let fetched = stage.fetch(session).await;
    assert_eq!(fetched.status, 200);
    assert!(fetched.headers.contains("cache-control: no-store"), "{}", fetched.headers);
    let names: HashSet<&str> = fetched.body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, HashSet::from(["AccessKeyId", "SecretAccessKey", "Token", "Expiration"]));
    let asked = stage.sts.asked();
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    let hash = asked.form["SourceIdentity"].as_str();
    for (name, value) in [
        ("Action", "AssumeRole"),
        ("RoleArn", crate::sts::ROLE),
        ("RoleSessionName", &format!("tenantgate-{}", hash.get(..16).unwrap())),
        ("Tags.member.1.Key", "TenantID"),
        ("Tags.member.1.Value", "acme"),
        ("TransitiveTagKeys.member.1", "TenantID"),
        ("DurationSeconds", "900"),
    ] {
        assert_eq!(asked.form[name], value, "{name}");
    }
    assert!(hash.len() == 32 && !asked.form.contains_key("Tags.member.2.Key") && asked.is_signed, "{asked:?}");
}

#[tokio::test]
async fn every_holder_has_credentials_of_its_own_and_every_session_a_token_of_its_own() {
    let stage = Stage::start().await;
    let mut sessions = Vec::new();
    for (subject, tenant) in [("alice", "acme"), ("bob", "globex"), ("frank", "acme"), ("alice", "acme")] {
        sessions.push(stage.session(subject, tenant).await);
    }
    let mut keys = Vec::new();
    for session in &sessions {
        keys.push(stage.fetch(session).await.body["AccessKeyId"].as_str().unwrap().to_owned());
    }
    assert_eq!(sessions.iter().collect::<HashSet<_>>().len(), 4);
    assert_eq!(keys[0], keys[3], "the same user and tenant");
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 3);
    let tags: Vec<String> = stage.sts.asked().iter().map(|asked| asked.form["Tags.member.1.Value"].clone()).collect();
    assert_eq!(tags, ["acme", "globex", "acme"]);
}

#[tokio::test]
async fn many_at_once_are_one_exchange() {
    let stage = std::sync::Arc::new(Stage::start().await);
    let token = stage.signer.token("alice", "acme");
    let flights: Vec<_> = (0..20)
        .map(|_| {
            let (stage, token) = (std::sync::Arc::clone(&stage), token.clone());
            tokio::spawn(async move { stage.open(&token).await.status })
        })
        .collect();
    for flight in flights {
        assert_eq!(flight.await.unwrap(), 201);
    }
    assert_eq!(stage.sts.asked().len(), 1);
}

#[tokio::test]
async fn a_token_that_is_not_good_opens_nothing() {
    let stage = Stage::start().await;
    let good = stage.signer.token("alice", "acme");
    let (rest, signature) = good.rsplit_once('.').unwrap();
    let mut expired = claims("alice", "acme");
    (expired["iat"], expired["exp"]) = (json!(unix_now() - 7200), json!(unix_now() - 3600));
    let mut just_expired = claims("alice", "acme");
    just_expired["exp"] = json!(unix_now());
    let mut other = claims("alice", "acme");
    other["aud"] = json!("https://other.example");
    let mut foreign = claims("alice", "acme");
    foreign["iss"] = json!("https://other.example");
    let tampered = {
        let (_, other) =
            stage.signer.token("bob", "globex").rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        format!("{rest}.{other}")
    };
    for (what, token) in [
        ("expired", stage.signer.sign(&expired)),
        ("expired within the leeway", stage.signer.sign(&just_expired)),
        ("another audience", stage.signer.sign(&other)),
        ("another issuer", stage.signer.sign(&foreign)),
        ("another key", Signer::new("es256").token("alice", "acme")),
        ("another token's signature", tampered),
        ("no signature", format!("{rest}.")),
        ("no token", "x".to_owned()),
        ("nothing", String::new()),
        ("two tokens", format!("{good}, {good}")),
        ("a signature twice", format!("{good}.{signature}")),
    ] {
        let answer = stage.open(&token).await;
        assert_eq!((answer.status, &answer.body["code"]), (401, &json!("TOKEN")), "{what}");
    }
    let twice = [("Authorization", format!("Bearer {good}")), ("authorization", format!("Bearer {good}"))];
    let twice: Vec<_> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(ask(stage.address, "POST /sessions", &twice).await.status, 401);
    assert_eq!(ask(stage.address, "POST /sessions", &[("Authorization", &good)]).await.status, 401, "no scheme");
    assert_eq!(ask(stage.address, "POST /sessions", &[]).await.status, 401);
    assert!(stage.sts.asked().is_empty());
    assert_eq!(stage.open(&good).await.status, 201, "and the good one");
}

#[tokio::test]
async fn whoever_the_registry_does_not_know_gets_nothing() {
    let stage = Stage::start().await;
    for (subject, tenant) in [
        ("alice", "globex"),
        ("bob", "acme"),
        ("carol", "acme"),
        ("dave", "suspended-corp"),
        ("nobody", "acme"),
        ("alice", "no-such-tenant"),
    ] {
        let answer = stage.open(&stage.signer.token(subject, tenant)).await;
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("FORBIDDEN")), "{subject} in {tenant}");
    }
    assert!(stage.sts.asked().is_empty());
}

#[tokio::test]
async fn credentials_are_fetched_with_a_sessions_token_and_nothing_else() {
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let session = stage.session("alice", "acme").await;
    let (first, rest) = session.split_at(1);
    let flipped = format!("{}{rest}", if first == "0" { "1" } else { "0" });
    for wrong in ["", "x", &flipped, &format!("Bearer {session}"), &token, &format!("Bearer {token}"), rest] {
        let answer = stage.fetch(wrong).await;
        assert_eq!((answer.status, &answer.body["code"]), (401, &json!("SESSION")), "{wrong}");
    }
    assert_eq!(ask(stage.address, "GET /credentials", &[]).await.status, 401);
    let twice = [("Authorization", session.as_str()), ("Authorization", session.as_str())];
    assert_eq!(ask(stage.address, "GET /credentials", &twice).await.status, 401);
    assert_eq!(stage.fetch(&session).await.status, 200);
}

#[tokio::test]
async fn a_session_that_was_ended_is_over_and_another_of_the_same_user_is_not() {
    let stage = Stage::start().await;
    let (first, second) = (stage.session("alice", "acme").await, stage.session("alice", "acme").await);
    let end = async |session: &str| ask(stage.address, "DELETE /sessions", &[("Authorization", session)]).await.status;
    assert_eq!(end(&first).await, 204);
    assert_eq!((end(&first).await, stage.fetch(&first).await.status), (401, 401));
    assert_eq!(stage.fetch(&second).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_with_the_users_token() {
    let stage = Stage::start().await;
    let mut short = claims("alice", "acme");
    short["exp"] = json!(unix_now() + 5);
    let opened = stage.open(&stage.signer.sign(&short)).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let session = opened.body["authorizationToken"].as_str().unwrap();
    let mut fetched = stage.fetch(session).await.status;
    assert_eq!(fetched, 200);
    while unix_now() <= short["exp"].as_u64().unwrap() {
        fetched = stage.fetch(session).await.status;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(fetched == 401 || stage.fetch(session).await.status == 401);
}

#[tokio::test]
async fn one_user_cannot_take_all_sessions() {
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let mut last = None;
    for _ in 0..100 {
        let opened = stage.open(&token).await;
        assert_eq!(opened.status, 201);
        last = opened.body["authorizationToken"].as_str().map(str::to_owned);
    }
    assert_eq!(stage.open(&token).await.status, 429);
    assert_eq!(stage.open(&stage.signer.token("bob", "globex")).await.status, 201);
    assert_eq!(ask(stage.address, "DELETE /sessions", &[("Authorization", &last.unwrap())]).await.status, 204);
    assert_eq!(stage.open(&token).await.status, 201);
}

#[tokio::test]
async fn browsers_other_hosts_and_bodies_are_turned_away_before_the_token_is_looked_at() {
    let stage = Stage::start().await;
    let token = format!("Bearer {}", stage.signer.token("alice", "acme"));
    let authorization = ("Authorization", token.as_str());
    let page = [authorization, ("Origin", "https://evil.example")];
    assert_eq!(ask(stage.address, "POST /sessions", &page).await.status, 403);
    let body = [authorization, ("Content-Length", "2")];
    assert_eq!(ask(stage.address, "POST /sessions", &body).await.status, 413);
    let port = stage.address.port();
    let rebound = format!("POST /sessions HTTP/1.1\r\nHost: evil.example:{port}\r\nAuthorization: {token}\r\n\r\n");
    assert_eq!(send(stage.address, &rebound).await.unwrap().status, 421);
    assert!(stage.sts.asked().is_empty());
}

#[tokio::test]
async fn what_is_too_large_or_unknown_is_refused_and_the_next_is_served() {
    let stage = Stage::start().await;
    let large = format!(
        "GET /credentials HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\r\n",
        stage.address,
        "a".repeat(64 << 10)
    );
    let answer = send(stage.address, &large).await;
    assert!(answer.is_none_or(|answer| answer.status == 431));
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    let answer = send(stage.address, &format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n{many}\r\n", stage.address)).await;
    assert!(answer.is_none_or(|answer| answer.status == 431));
    for (line, status) in [
        ("GET /", 404),
        ("GET /sessions", 405),
        ("POST /credentials", 405),
        ("GET /credentials/", 404),
        ("GET /credentials?token=x", 401),
        ("GET /healthz", 200),
    ] {
        assert_eq!(ask(stage.address, line, &[]).await.status, status, "{line}");
    }
}

#[tokio::test]
async fn refusals_hold_nothing_of_what_was_said() {
    let stage = Stage::start().await;
    stage.sts.answers(Answers::Error(403, "AccessDenied"));
    let answer = stage.open(&stage.signer.token("alice", "acme")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, json!({"code": "UNAVAILABLE", "message": "credentials cannot be had at present"}));
}
