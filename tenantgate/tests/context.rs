//! `tenantgate keys` and `tenantgate context` from outside: what they print, and how they end.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use folder::{Ended, Folder};
use interceptors::settings::TenantContextSettings;
use interceptors::tenant_context::{ContextSigner, ContextSubject};
use policy_registry::AwsEnvironment;
use serde_json::{Value, json};
use tokio::time::Instant;

const ISSUER: &str = "https://tenantgate.example/test";

#[test]
fn a_new_key_is_its_owners_alone_and_is_never_overwritten() {
    let folder = Folder::new("keys");
    for (name, options, length) in [("one.pem", &[][..], 241), ("two.pem", &["--algorithm", "EdDSA"][..], 119)] {
        let path = folder.path(name);
        let ended = folder.run(&[&["generate", "--out", path.to_str().unwrap()], options].concat());
        assert_eq!((ended.code, ended.out, ended.err.as_str()), (0, format!("{}\n", path.display()), ""));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.len(), length);
        let again = folder.run(&["generate", "--out", path.to_str().unwrap()]);
        assert_eq!(again.code, 2);
        assert!(again.err.contains("never overwritten"), "{}", again.err);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    let missing = folder.path("no/such/folder.pem");
    let ended = folder.run(&["generate", "--out", missing.to_str().unwrap()]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("cannot write"), "{}", ended.err);
    assert_eq!(folder.run(&["generate", "--out", "x", "--algorithm", "RS256"]).code, 2);
    assert_eq!(folder.run(&["generate"]).code, 2);
}

#[test]
fn the_public_halves_are_printed_in_the_order_of_their_ids() {
    let bench = Bench::new();
    let ended = bench.keys.run(&["jwks", "--settings", &bench.settings]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    let keys = document["keys"].as_array().unwrap();
    let names: Vec<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(keys.iter().all(|key| key.get("d").is_none() && key["use"] == "sig"));
    let text = std::fs::read(&bench.settings).unwrap();
    assert_eq!(bench.keys.run_with(&["jwks", "--settings", "-"], &text).out, ended.out);
}

#[test]
fn settings_without_a_usable_key_end_with_2_and_say_why() {
    let folder = Folder::new("keys");
    for (text, words) in [
        ("{}", "no member tenantContext"),
        ("[]", "no member tenantContext"),
        ("1", "expected"),
        ("", "EOF"),
        (r#"{"tenantContext":{"issuer":"i","keys":[]}}"#, "tenantContext.keys: 0 keys"),
        (r#"{"tenantContext":{"issuer":"i","keys":[{"kid":"a","file":"/no/such/file"}]}}"#, "keys[0].file"),
    ] {
        let file = folder.put("settings.json", text);
        let ended = folder.run(&["jwks", "--settings", &file]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{text}");
        assert!(ended.err.contains(words) && ended.err.contains("settings.json"), "{}", ended.err);
    }
    assert_eq!(folder.run(&["jwks", "--settings", "/no/such/file"]).code, 2);
}

#[test]
fn a_context_that_verifies_is_printed() {
    let bench = Bench::new();
    let token = bench.token("orders", now());
    let ended = bench.verify(&[], &format!("{token}\n"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    for line in [
        "verified",
        "tenant         acme",
        "user           alice",
        "user's issuer  https://issuer.example/main",
        "actors         agent-1, agent-2",
        "scopes         orders.read, orders.write",
        "decision       decision-1",
    ] {
        assert!(ended.out.lines().any(|found| found == line), "{line:?} in {}", ended.out);
    }
    assert_eq!(bench.verify(&[&token], "").out, ended.out);
    let ended = bench.verify(&["--json"], &token);
    let printed: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&printed["verified"], &printed["claims"]["tenant"]), (&json!(true), &json!("acme")));
}

#[test]
fn a_context_that_does_not_verify_ends_with_1_and_the_reason() {
    let bench = Bench::new();
    let good = bench.token("orders", now());
    let (head, tail) = good.split_at(good.len() - 20);
    let changed = format!("{head}{}", tail.replace(|one: char| one != 'A', "A"));
    for (token, words) in [
        (bench.token("crm", now()), "another receiver"),
        (bench.token("orders", now() - 100), "it has expired"),
        (bench.token("orders", now() + 100), "in the future"),
        (changed, "signature does not fit"),
        (String::new(), "not a compact JWS"),
        ("a.b".to_owned(), "not a compact JWS"),
        ("\u{1b}[31m.\u{1b}.\u{1b}".to_owned(), "not a compact JWS"),
        ("x".repeat(1 << 20), "not a compact JWS"),
        (good.replacen('.', ".\u{0}", 1), "not a compact JWS"),
        ("eyJhbGciOiJub25lIn0.e30.".to_owned(), "neither ES256 nor EdDSA"),
        ("eyJhbGciOiJFUzI1NiJ9.e30.".to_owned(), "another kind of token"),
    ] {
        let ended = bench.verify(&[], &token);
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{words}");
        assert!(ended.err.contains(words) && !ended.err.contains('\u{1b}'), "{}", ended.err);
        let ended = bench.verify(&["--json"], &token);
        let printed: Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!((ended.code, &printed["verified"]), (1, &json!(false)));
        assert!(printed["reason"].as_str().unwrap().contains(words));
    }
    let ended = bench.context.run_with(&bench.arguments(&[]), b"\xff.\xfe.\xfd");
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("not a compact JWS"), "{}", ended.err);
}

#[test]
fn a_wrong_usage_ends_with_2() {
    let bench = Bench::new();
    let token = bench.token("orders", now());
    assert_eq!(bench.context.run(&["verify", "--jwks", &bench.jwks, "--issuer", ISSUER]).code, 2);
    let both = bench.context.run(&["verify", "--jwks", "-", "--issuer", ISSUER, "--audience", "orders"]);
    assert_eq!(both.code, 2);
    assert!(both.err.contains("stands twice"), "{}", both.err);
    assert_eq!(bench.verify(&["--leeway", "301"], &token).code, 2);
    for text in ["", "[]", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}"] {
        let file = bench.context.put("other.json", text);
        let ended = bench
            .context
            .run_with(&["verify", "--jwks", &file, "--issuer", ISSUER, "--audience", "orders"], token.as_bytes());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{text}");
        assert!(ended.err.contains("is no key set"), "{}", ended.err);
    }
}

/// Two keys, settings, and what is published of them.
struct Bench {
    keys: Folder,
    context: Folder,
    settings: String,
    jwks: String,
}

impl Bench {
    fn new() -> Bench {
        let (keys, context) = (Folder::new("keys"), Folder::new("context"));
        let file = |name: &str, algorithm: &str| {
            let path = keys.path(name).display().to_string();
            assert_eq!(keys.run(&["generate", "--out", &path, "--algorithm", algorithm]).code, 0);
            path
        };
        let list = json!([{"kid": "b", "file": file("b.pem", "EdDSA")}, {"kid": "a", "file": file("a.pem", "ES256")}]);
        let part = json!({"issuer": ISSUER, "keys": list, "signWith": "b"}).to_string();
        // The rest of a settings document, placeholders included, is nobody's matter here.
        let text = format!("{{\"issuers\": [{{\"keys\": {{\"jwks\": ${{jwks.main}}}}}}], \"tenantContext\": {part}}}");
        let settings = keys.put("settings.json", text);
        let jwks = context.put("jwks.json", keys.run(&["jwks", "--settings", &settings]).out);
        Bench { keys, context, settings, jwks }
    }

    fn token(&self, audience: &str, now: u64) -> String {
        let text = std::fs::read_to_string(&self.settings).unwrap().replace("${jwks.main}", "{}");
        let settings = TenantContextSettings::find_in(&text, AwsEnvironment::default()).unwrap().unwrap();
        let actors = ["agent-1".to_owned(), "agent-2".to_owned()];
        let subject = ContextSubject {
            tenant: "acme",
            issuer: "https://issuer.example/main",
            subject: "alice",
            actors: &actors,
            scopes: &["orders.write", "orders.read"],
        };
        let signer = ContextSigner::new(&settings);
        let deadline = Instant::now() + Duration::from_secs(10);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let token = runtime.block_on(signer.token(&subject, audience, "decision-1", now, deadline));
        token.unwrap().to_string()
    }

    fn arguments<'a>(&'a self, options: &[&'a str]) -> Vec<&'a str> {
        let always = ["verify", "--jwks", &self.jwks, "--issuer", ISSUER, "--audience", "orders"];
        always.into_iter().chain(options.iter().copied()).collect()
    }

    fn verify(&self, options: &[&str], input: &str) -> Ended {
        self.context.run_with(&self.arguments(options), input.as_bytes())
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
