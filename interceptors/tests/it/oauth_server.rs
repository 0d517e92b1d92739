//! The whole exchange with an authorization server of others, in a process of its own.

use crate::signer::ISSUER;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use interceptors::token_exchange::{ExchangeFault, Exchanger, Subject};
use jsonwebtoken::{DecodingKey, Validation, decode_header};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::leaks::Log;
use crate::signer::unix_now;
use crate::token_endpoint::{ACCESS_TOKEN, parse};
use crate::token_exchange_client::{es256, pem};

#[tokio::test]
async fn a_token_of_the_oauth_server_is_exchanged_for_a_narrower_one_of_the_target() {
    let Some(server) = OauthServer::start(&json!({"keys": []})) else { return };
    for authentication in ["CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"] {
        let exchanger = server.exchanger(|settings| settings["client"]["authentication"] = json!(authentication));
        let token = exchange(&exchanger, server.token("tenantgate"), READ_AND_WRITE).await.unwrap();
        let (before, after) = (server.claims(server.token("tenantgate")), server.claims(&token));
        assert_eq!((&before["aud"], &before["scope"]), (&json!(["tenantgate"]), &json!("orders.read orders.write")));
        assert_eq!((&after["aud"], &after["scope"]), (&json!(["https://orders.example"]), &json!("orders.read")));
        assert_eq!((&after["sub"], &after["iss"]), (&before["sub"], &before["iss"]));
        let again = exchange(&exchanger, server.token("tenantgate"), READ_AND_WRITE).await.unwrap();
        assert_eq!(again, token, "kept");
    }
}

#[tokio::test]
async fn a_token_that_another_client_of_the_oauth_server_was_given_is_exchanged() {
    let Some(server) = OauthServer::start(&json!({"keys": []})) else { return };
    let token = exchange(&server.exchanger(|_| ()), server.token("app"), READ_AND_WRITE).await.unwrap();
    let (before, after) = (server.claims(server.token("app")), server.claims(&token));
    assert_eq!((&before["client_id"], &after["client_id"]), (&json!("app"), &json!("tenantgate")));
    assert_eq!((&after["sub"], &after["scope"]), (&before["sub"], &json!("orders.read")));
}

#[tokio::test]
async fn an_assertion_is_taken_by_the_oauth_server_and_one_of_another_key_is_not() {
    let ((key, mut public, _), (other, _, _)) = (es256(), es256());
    public["kid"] = json!("key-1");
    let Some(server) = OauthServer::start(&json!({"keys": [public]})) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let exchanger = |key: &[u8]| {
        std::fs::write(&path, pem(key)).unwrap();
        server.exchanger(|settings| {
            settings["client"] = json!({"id": "tenantgate", "authentication": "PRIVATE_KEY_JWT",
                                        "privateKey": {"file": path}, "keyId": "key-1"});
        })
    };
    assert!(exchange(&exchanger(&key), server.token("app"), READ_AND_WRITE).await.is_ok());
    let refused = exchange(&exchanger(&other), server.token("app"), READ_AND_WRITE).await;
    assert_eq!(refused, Err(ExchangeFault::Refused));
}

#[tokio::test]
async fn the_oauth_server_refuses_what_it_should_and_the_operator_reads_why() {
    let Some(server) = OauthServer::start(&json!({"keys": []})) else { return };
    let good = server.token("app");
    let (rest, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{rest}.{}", "A".repeat(86));
    let scope =
        |scope: &'static str| move |settings: &mut Value| settings["targets"]["orders"]["scopes"] = json!([scope]);
    let audience = |settings: &mut Value| settings["targets"]["orders"]["audience"] = json!("https://other.example");
    let secret = |settings: &mut Value| settings["client"]["secret"] = json!({"environment": "CARGO_PKG_NAME"});
    for (what, token, exchanger, error) in [
        ("no token", "x", server.exchanger(|_| ()), "invalid_request"),
        ("a forged token", &forged, server.exchanger(|_| ()), "invalid_request"),
        ("a wider scope", good, server.exchanger(scope("orders.admin")), "invalid_scope"),
        ("another audience", good, server.exchanger(audience), "invalid_target"),
        ("another secret", good, server.exchanger(secret), "invalid_client"),
    ] {
        let (log, guard) = Log::capture();
        let outcome = exchange(&exchanger, token, &["orders.read", "orders.admin"]).await;
        drop(guard);
        assert_eq!(outcome, Err(ExchangeFault::Refused), "{what}");
        assert!(log.text().contains(&format!("\"error\":\"{error}\"")), "{what}: {}", log.text());
    }
    assert!(exchange(&server.exchanger(|_| ()), good, &["orders.read"]).await.is_ok(), "and nothing else");
}

const READ_AND_WRITE: &[&str] = &["orders.read", "orders.write"];

struct OauthServer {
    process: Child,
    told: Value,
    /// Holds the client's secret.
    folder: tempfile::TempDir,
}

impl OauthServer {
    /// The server, once it listens; `None`, after a line that says so, where it is not installed.
    fn start(client_keys: &Value) -> Option<OauthServer> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let python = root.join("../target/oauth-server/bin/python");
        if !python.is_file() {
            println!("SKIPPED: no authorization server in target/oauth-server; `make oauth-server` installs it");
            return None;
        }
        let mut process = Command::new(python)
            .arg(root.join("tests/oauth_server/server.py"))
            .arg(client_keys.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "secret-of-tenantgate_2026.1\n").unwrap();
        Some(OauthServer { process, told, folder })
    }

    /// The token that a client was given.
    fn token(&self, client: &str) -> &str {
        self.told[client].as_str().unwrap()
    }

    fn exchanger(&self, change: impl FnOnce(&mut Value)) -> Exchanger {
        let mut settings = json!({
            "endpoint": self.told["endpoint"],
            "client": {"id": "tenantgate", "authentication": "CLIENT_SECRET_BASIC",
                       "secret": {"file": self.folder.path().join("secret")}},
            "targets": {"orders": {"audience": "https://orders.example", "scopes": ["orders.read"],
                                   "requestedTokenType": ACCESS_TOKEN}},
        });
        change(&mut settings);
        Exchanger::new(&parse(&settings).unwrap())
    }

    /// The claims of a token that this server signed.
    fn claims(&self, token: &str) -> Value {
        let header = decode_header(token).unwrap();
        let keys = self.told["keys"]["keys"].as_array().unwrap();
        let key = keys.iter().find(|key| key["kid"].as_str() == header.kid.as_deref()).unwrap();
        let key = DecodingKey::from_jwk(&serde_json::from_value(key.clone()).unwrap()).unwrap();
        let mut validation = Validation::new(header.alg);
        validation.validate_aud = false;
        jsonwebtoken::decode(token, &key, &validation).unwrap().claims
    }
}

impl Drop for OauthServer {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

async fn exchange(exchanger: &Exchanger, token: &str, scopes: &[&str]) -> Result<String, ExchangeFault> {
    let subject = Subject { issuer: ISSUER, token, expires: unix_now() + 600, scopes };
    let deadline = Instant::now() + Duration::from_secs(10);
    exchanger.exchange("orders", &subject, unix_now(), deadline).await.map(|token| token.unwrap().to_string())
}
