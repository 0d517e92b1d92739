//! The command: what it prints, where, and how it ends.

use std::process::Output;

use serde_json::{Value, json};

use crate::http::ask;
use crate::process::Host;
use crate::signer::Signer;
use crate::stage::{settings, start_registry};
use crate::sts::{Answers, ROLE, Sts};

struct Place {
    host: Host,
    signer: Signer,
    sts: Sts,
}

impl Place {
    async fn new() -> Place {
        let (signer, sts, registry) = (Signer::new("es256"), Sts::start().await, start_registry().await);
        let host = Host::new(&settings(&registry, &signer), &sts.url);
        Place { host, signer, sts }
    }
}

fn texts(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_printed_as_a_credential_process_does() {
    let place = Place::new().await;
    let token = place.signer.token("alice", "acme");
    let (code, out, err) = texts(&place.host.credentials(&token));
    assert_eq!(code, Some(0), "{err}");
    let printed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&printed["Version"], &printed["AccessKeyId"]), (&json!(1), &json!("ASIA1")));
    assert_eq!(printed["SessionToken"], "CANARY-session-1");
    assert!(printed["Expiration"].as_str().unwrap().ends_with('Z'));
    let lines: Vec<Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["EXCHANGED", "CREDENTIALS_PRINTED"]);
    assert_eq!((&lines[0]["tenant"], &lines[0]["target"]), (&json!("acme"), &json!("tenantgate::session")));
    assert!(
        !err.contains("CANARY") && !err.contains("ASIA") && !err.contains(&token) && !err.contains("alice"),
        "{err}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_one_line_and_prints_nothing() {
    let place = Place::new().await;
    let check = |token: &str, reason: &str| {
        let (code, out, err) = texts(&place.host.credentials(token));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
        assert!(err.lines().count() == 1 && err.contains(reason), "{reason}: {err}");
        assert!(!err.contains("CANARY") && !err.contains(token), "{err}");
    };
    check(&place.signer.token("carol", "acme"), "MEMBER_SUSPENDED");
    check(&place.signer.token("alice", "globex"), "NOT_A_MEMBER");
    check(&Signer::new("es256").token("alice", "acme"), "TOKEN_SIGNATURE");
    for (status, code, reason) in [
        (403, "AccessDenied", "sts:TagSession"),
        (400, "PackedPolicyTooLarge", "only tag"),
        (400, "ValidationError", "--duration-seconds"),
        (403, "RegionDisabledException", "AWS_REGION"),
        (403, "InvalidClientTokenId", "own credentials"),
    ] {
        place.sts.answers(Answers::Error(status, code));
        check(&place.signer.token("alice", "acme"), reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_says_what_would_be_right() {
    let place = Place::new().await;
    let check = |arguments: &[&str], text: &str| {
        let (code, out, err) = texts(&place.host.command().args(arguments).output().unwrap());
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        assert!(err.contains(text), "{arguments:?}: {err}");
    };
    check(&["serve"], "--role-arn");
    check(&["serve", "--role-arn", "tenant"], "arn:aws:iam::123456789012:role/name");
    check(&["serve", "--role-arn", ROLE, "--listen", "0.0.0.0:0"], "loopback");
    check(&["serve", "--role-arn", ROLE, "--listen", "[::]:0"], "loopback");
    check(&["serve", "--role-arn", ROLE, "--duration-seconds", "899"], "900");
    check(&["serve", "--role-arn", ROLE, "--duration-seconds", "3601"], "3600");
    check(&["serve", "--role-arn", ROLE, "--exchange", "BOTH"], "WEB_IDENTITY");
    check(&["credentials", "--role-arn", ROLE, "--token-file", "/nonexistent/token"], "/nonexistent/token");
    check(&["credentials", "--role-arn", ROLE, "--token-file", "-"], "standard input is empty");
    let settings = place.host.path("none.json");
    let settings = settings.to_str().unwrap();
    std::fs::write(settings, "{}").unwrap();
    check(&["serve", "--listen", "127.0.0.1:0", "--role-arn", ROLE, "--settings", settings], "registry");
    let help = place.host.command().arg("--help").output().unwrap();
    assert!(
        help.status.success() && String::from_utf8_lossy(&help.stdout).contains("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credentials_of_its_own_it_says_so() {
    let place = Place::new().await;
    let mut command = place.host.command();
    command.env_remove("AWS_ACCESS_KEY_ID").args(["serve", "--listen", "127.0.0.1:0", "--role-arn", ROLE]);
    let (code, _, err) = texts(&command.output().unwrap());
    assert!(code == Some(1) && err.contains("AWS_ACCESS_KEY_ID"), "{code:?}: {err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_runs_this_program_is_not_run_by_it_again() {
    let place = Place::new().await;
    let ran = place.host.path("ran");
    std::fs::create_dir(place.host.path(".aws")).unwrap();
    let profile = format!("[default]\ncredential_process = touch {}\n", ran.display());
    std::fs::write(place.host.path(".aws/config"), profile).unwrap();
    std::fs::write(place.host.path("token"), place.signer.token("alice", "acme")).unwrap();
    let mut command = place.host.command();
    command.env_remove("AWS_ACCESS_KEY_ID").args(["credentials", "--role-arn", ROLE, "--token-file"]);
    let (code, out, _) = texts(&command.arg(place.host.path("token")).output().unwrap());
    assert_eq!((code, out.as_str(), ran.exists()), (Some(1), "", false));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_until_it_is_told_to_stop_and_logs_no_secret() {
    for signal in ["TERM", "INT"] {
        let place = Place::new().await;
        let mut serving = place.host.serve();
        let token = place.signer.token("alice", "acme");
        let authorization = format!("Bearer {token}");
        let opened = ask(serving.address, "POST /sessions", &[("Authorization", &authorization)]).await;
        assert_eq!(opened.status, 201, "{opened:?}");
        let session = opened.body["authorizationToken"].as_str().unwrap().to_owned();
        assert_eq!(ask(serving.address, "GET /credentials", &[("Authorization", &session)]).await.status, 200);
        assert_eq!(ask(serving.address, "GET /credentials", &[("Authorization", &token)]).await.status, 401);
        let carol = format!("Bearer {}", place.signer.token("carol", "acme"));
        assert_eq!(ask(serving.address, "POST /sessions", &[("Authorization", &carol)]).await.status, 403);
        assert!(place.host.path("ready").exists());
        assert_eq!(serving.stop(signal).code(), Some(0));
        assert!(!place.host.path("ready").exists());
        let log = serving.log();
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["LISTENING", "EXCHANGED", "SESSION_OPENED", "REFUSED", "REFUSED", "STOPPED"], "{log}");
        assert_eq!((&lines[3]["reason"], &lines[4]["reason"]), (&json!("SESSION_UNKNOWN"), &json!("MEMBER_SUSPENDED")));
        for secret in ["CANARY", "ASIA", "alice", &token, &session, &authorization] {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_profile_is_the_only_source_of_credentials() {
    let place = Place::new().await;
    let token = place.host.path("token");
    std::fs::write(&token, place.signer.token("alice", "acme")).unwrap();
    std::fs::create_dir(place.host.path(".aws")).unwrap();
    let ran = place.host.path("ran");
    let keys = r#"{"Version": 1, "AccessKeyId": "AKIDPROFILE", "SecretAccessKey": "x"}"#;
    let script = format!("#!/bin/sh\ntouch {}\necho '{keys}'\n", ran.display());
    std::fs::write(place.host.path("own.sh"), script).unwrap();
    let profile = format!("[profile own]\ncredential_process = sh {}\n", place.host.path("own.sh").display());
    std::fs::write(place.host.path(".aws/config"), profile).unwrap();
    let run = |profile: &str| {
        let mut command = place.host.command();
        command.args(["credentials", "--role-arn", ROLE, "--profile", profile, "--token-file"]);
        texts(&command.arg(&token).output().unwrap())
    };
    // The environment has keys, too.
    let (code, out, err) = run("unknown");
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("--profile") && err.contains("unknown") && place.sts.asked().is_empty(), "{err}");
    assert!(!ran.exists());
    let (code, _, err) = run("own");
    assert!(code == Some(0) && ran.exists(), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_the_interceptors_is_read() {
    let (signer, sts, registry) = (Signer::new("es256"), Sts::start().await, start_registry().await);
    let mut settings = settings(&registry, &signer);
    settings["hashKeys"] = json!({"a": {"file": "/nonexistent/hash"}, "b": {"environment": "NONEXISTENT_HASH"}});
    settings["tokenExchange"] = json!({
        "endpoint": "https://sts.example/token", "targets": {"orders": {"audience": "orders"}},
        "client": {"id": "x", "authentication": "CLIENT_SECRET_POST", "secret": {"file": "/nonexistent/secret"}},
    });
    settings["tenantContext"] =
        json!({"issuer": "https://tenantgate.example", "keys": [{"kid": "one", "file": "/nonexistent/key"}]});
    let run = |settings: &Value| texts(&Host::new(settings, &sts.url).credentials(&signer.token("alice", "acme")));
    let (code, _, err) = run(&settings);
    assert_eq!(code, Some(0), "{err}");
    settings["tenantContext"]["keys"][0]["environment"] = json!("NONEXISTENT_KEY");
    let (code, _, err) = run(&settings);
    assert!(code == Some(2) && err.contains("tenantContext.keys[0]"), "their form is checked: {err}");
}
