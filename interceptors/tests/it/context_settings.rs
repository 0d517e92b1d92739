//! The settings of the tenant context: what is taken, and what is said of the rest.

use std::time::Duration;

use interceptors::settings::{ContextTarget, Settings, TenantContextSettings};
use serde_json::{Value, json};

use crate::context_aws::{KMS_KEY, SECRET};
use crate::context_stage::{CONTEXT_ISSUER, Keys, context, document, ed25519_pem, p256_pem, pem};
use crate::stage::aws;

#[test]
fn what_is_not_said_has_a_default() {
    let keys = Keys::new();
    let settings = context(&json!({"keys": [keys.add("one", &p256_pem())]}));
    assert_eq!(settings.issuer, CONTEXT_ISSUER);
    assert_eq!(settings.header, "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant-Context");
    assert_eq!((settings.lifetime, settings.audience.as_str()), (Duration::from_secs(60), "tenantgate"));
    assert_eq!((settings.signing.id.as_str(), settings.others.len(), settings.targets.len()), ("one", 0, 0));
    assert_eq!((settings.audience(None), settings.audience(Some("orders"))), ("tenantgate", "orders"));
    assert_eq!(settings.argument("orders"), None);
    let none = Settings::parse(&without_context(), aws()).unwrap();
    assert!(none.tenant_context.is_none());
}

#[test]
fn everything_that_can_be_said_is_taken() {
    let keys = Keys::new();
    let settings = context(&json!({
        "header": "X-Tenant-Context", "lifetimeSeconds": 10, "audience": "gateway", "signWith": "2027-01",
        "keys": [
            keys.add("2026-11", &p256_pem()),
            {"kid": "2026-12", "secretsManager": SECRET},
            {"kid": "2027-01", "kms": KMS_KEY, "endpointUrl": "http://127.0.0.1:5000"},
        ],
        "targets": {
            "orders": {"audience": "https://orders.example", "argument": "_tenant_context"},
            "crm.v2": {}, "mail-1": {"argument": "c"},
        },
    }));
    assert_eq!((settings.header.as_str(), settings.lifetime), ("X-Tenant-Context", Duration::from_secs(10)));
    assert_eq!(settings.signing.id, "2027-01");
    assert_eq!(settings.others.iter().map(|key| key.id.as_str()).collect::<Vec<&str>>(), ["2026-11", "2026-12"]);
    assert_eq!(settings.audience(None), "gateway");
    assert_eq!(
        (settings.audience(Some("orders")), settings.argument("orders")),
        ("https://orders.example", Some("_tenant_context"))
    );
    assert_eq!((settings.audience(Some("crm.v2")), settings.argument("crm.v2")), ("crm.v2", None));
    assert_eq!(
        settings.targets["mail-1"],
        ContextTarget { audience: "mail-1".to_owned(), argument: Some("c".to_owned()), metadata: None }
    );
}

#[test]
fn the_part_can_be_read_without_the_rest() {
    let keys = Keys::new();
    let text =
        json!({"tenantContext": {"issuer": CONTEXT_ISSUER, "keys": [keys.add("one", &p256_pem())]}, "issuers": 1});
    let settings = TenantContextSettings::find_in(&text.to_string(), aws()).unwrap().unwrap();
    assert_eq!(settings.signing.id, "one");
    assert!(TenantContextSettings::find_in("{}", aws()).unwrap().is_none());
    let header = json!({"tenantContext": text["tenantContext"].clone(), "headers": {"tenant": settings.header}});
    let error = TenantContextSettings::find_in(&header.to_string(), aws()).unwrap_err().to_string();
    assert!(error.starts_with("tenantContext.header: "), "{error}");
}

#[test]
fn a_value_that_is_wrong_is_named_with_its_place_and_what_would_be_right() {
    let keys = Keys::new();
    let (one, two) = (keys.add("one", &p256_pem()), keys.add("two", &ed25519_pem()));
    let key = |changes: Value| {
        let mut key = one.clone();
        for (name, value) in changes.as_object().unwrap() {
            key[name] = value.clone();
        }
        key.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        json!([key])
    };
    let nine: Vec<Value> = (0..9).map(|number| json!({"kid": number.to_string(), "kms": KMS_KEY})).collect();
    for (name, value, words) in [
        ("issuer", json!(""), ["tenantContext.issuer: ", "1 to 256"]),
        ("issuer", json!("a b"), ["tenantContext.issuer: \"a b\"", "without spaces"]),
        ("issuer", json!("x".repeat(257)), ["tenantContext.issuer: ", "1 to 256"]),
        ("issuer", json!("https://issuer.example/main"), ["tenantContext.issuer: ", "access tokens"]),
        ("header", json!("Authorization"), ["tenantContext.header: \"Authorization\"", "1 to 100"]),
        ("header", json!("X-Amzn-Other"), ["tenantContext.header: ", "reserves"]),
        ("header", json!("X_Tenant_Id"), ["tenantContext.header: \"X_Tenant_Id\"", "headers.tenant"]),
        ("lifetimeSeconds", json!(9), ["tenantContext.lifetimeSeconds: 9", "10 to 60"]),
        ("lifetimeSeconds", json!(61), ["tenantContext.lifetimeSeconds: 61", "10 to 60"]),
        ("audience", json!(""), ["tenantContext.audience: ", "1 to 256"]),
        ("keys", json!([]), ["tenantContext.keys: 0 keys", "1 to 8"]),
        ("keys", json!(nine), ["tenantContext.keys: 9 keys", "1 to 8"]),
        ("keys", json!([one, two]), ["tenantContext.signWith: missing", "names the one"]),
        ("keys", json!([two, two]), ["tenantContext.keys[1].kid: \"two\"", "twice"]),
        ("signWith", json!("three"), ["tenantContext.signWith: \"three\"", "\"one\""]),
        ("keys", key(json!({"kid": ""})), ["tenantContext.keys[0].kid: \"\"", "1 to 128"]),
        ("keys", key(json!({"kid": "a/b"})), ["tenantContext.keys[0].kid: \"a/b\"", "A-Z a-z 0-9"]),
        ("keys", key(json!({"kid": "a".repeat(129)})), ["tenantContext.keys[0].kid: ", "1 to 128"]),
        ("keys", key(json!({"file": null})), ["tenantContext.keys[0]: ", "exactly one of file, environment"]),
        ("keys", key(json!({"kms": KMS_KEY})), ["tenantContext.keys[0]: ", "exactly one of file, environment"]),
        (
            "keys",
            key(json!({"file": "/no/such/file"})),
            ["tenantContext.keys[0].file: \"/no/such/file\"", "No such file"],
        ),
        ("keys", key(json!({"endpointUrl": "http://127.0.0.1"})), ["tenantContext.keys[0].endpointUrl: ", "only for"]),
        (
            "keys",
            json!([{"kid": "a", "environment": "TENANTGATE_NO_SUCH"}]),
            ["tenantContext.keys[0].environment: ", "not set"],
        ),
        ("keys", json!([{"kid": "a", "kms": "alias/a"}]), ["tenantContext.keys[0].kms: \"alias/a\"", "arn:aws:kms:"]),
        (
            "keys",
            json!([{"kid": "a", "secretsManager": KMS_KEY}]),
            ["tenantContext.keys[0].secretsManager: ", "arn:aws:secretsmanager:"],
        ),
        (
            "keys",
            json!([{"kid": "a", "kms": KMS_KEY, "endpointUrl": "http://10.0.0.1"}]),
            ["tenantContext.keys[0].endpointUrl: ", "https://"],
        ),
        ("targets", json!({"a_b": {}}), ["tenantContext.targets[\"a_b\"]: ", "A-Z a-z 0-9 . -"]),
        ("targets", json!({"": {}}), ["tenantContext.targets[\"\"]: ", "1 to 252"]),
        (
            "targets",
            json!({"a": {"audience": "b c"}}),
            ["tenantContext.targets[\"a\"].audience: \"b c\"", "without spaces"],
        ),
        ("targets", json!({"a": {"argument": ""}}), ["tenantContext.targets[\"a\"].argument: \"\"", "1 to 64"]),
        ("targets", json!({"a": {"argument": "a.b"}}), ["tenantContext.targets[\"a\"].argument: \"a.b\"", "1 to 64"]),
        ("targets", json!({"a": {"arguments": "b"}}), ["unknown field `arguments`", "argument"]),
        ("key", json!([]), ["unknown field `key`", "keys"]),
    ] {
        let mut settings = json!({"keys": [one]});
        settings[name] = value;
        let error = problem(&settings);
        for word in words {
            assert!(error.contains(word), "{error:?} lacks {word:?}");
        }
    }
}

/// An error must help, and show nothing of what may be a key.
#[test]
fn a_text_that_is_no_key_is_told_what_a_key_is_and_not_shown() {
    let keys = Keys::new();
    let body = "MHcCAQEEIAsecretsecretsecretsecretsecretsecret";
    let good = p256_pem();
    let p384 = {
        use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
        let random = aws_lc_rs::rand::SystemRandom::new();
        pem(EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random).unwrap().as_ref())
    };
    for (text, words) in [
        (String::new(), "-----BEGIN PRIVATE KEY-----"),
        (body.to_owned(), "-----BEGIN PRIVATE KEY-----"),
        (
            format!("-----BEGIN EC PRIVATE KEY-----\n{body}\n-----END EC PRIVATE KEY-----\n"),
            "openssl pkcs8 -topk8 -nocrypt",
        ),
        (format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n"), "openssl pkcs8 -topk8 -nocrypt"),
        (format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}\n"), "openssl pkcs8"),
        (format!("-----BEGIN PUBLIC KEY-----\n{body}\n"), "the private one"),
        (format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"), "-----BEGIN PRIVATE KEY-----"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_owned(), "neither on P-256 nor Ed25519"),
        (p384, "neither on P-256 nor Ed25519"),
        (format!("{good}{good}"), "expected one PKCS#8 key"),
        (format!("{good}{}", "\n".repeat(16 * 1024)), "16 KiB"),
    ] {
        let error = problem(&json!({"keys": [keys.add("one", &text)]}));
        assert!(error.contains("tenantContext.keys[0].file") && error.contains(words), "{error:?} lacks {words:?}");
        assert!(!error.contains("secretsecret"), "{error:?}");
    }
    for text in [good.replace('\n', "\r\n"), format!("\n {good} \n\n"), good.trim_end().to_owned()] {
        context(&json!({"keys": [keys.add("one", &text)]}));
    }
}

fn problem(settings: &Value) -> String {
    let parsed = Settings::parse(&document(settings).to_string(), aws());
    parsed.err().unwrap_or_else(|| panic!("taken: {settings}")).to_string()
}

fn without_context() -> String {
    let mut settings = document(&json!({}));
    settings.as_object_mut().unwrap().remove("tenantContext");
    settings.to_string()
}
