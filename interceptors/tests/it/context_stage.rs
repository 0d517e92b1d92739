//! Keys for tenant contexts, settings with them, and what a signed one says.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use interceptors::settings::{Settings, TenantContextSettings};
use interceptors::tenant_context::{ContextFault, ContextSigner, ContextSubject};
use interceptors::token::KeySet;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::signer::Signer;
use crate::stage::{self, aws};

pub(crate) const CONTEXT_ISSUER: &str = "https://tenantgate.example/test";
pub(crate) const NOW: u64 = 1_790_000_000;

/// A subject with everything that a caller may have.
pub(crate) const ALICE: ContextSubject<'_> = ContextSubject {
    tenant: "acme",
    issuer: "https://issuer.example/main",
    subject: "alice",
    actors: &[],
    scopes: &["orders.write", "orders.read"],
};

/// Files with keys, gone when this is.
pub(crate) struct Keys(TempDir);

impl Keys {
    pub(crate) fn new() -> Keys {
        Keys(TempDir::new().unwrap())
    }

    /// A new key, and how settings name it.
    pub(crate) fn add(&self, id: &str, pem: &str) -> Value {
        let path = self.0.path().join(format!("{id}.pem"));
        std::fs::write(&path, pem).unwrap();
        json!({"kid": id, "file": path})
    }

    /// A signer with one new key on P-256.
    pub(crate) fn signer(&self) -> ContextSigner {
        ContextSigner::new(&context(&json!({"keys": [self.add("one", &p256_pem())]})))
    }
}

/// A new key on P-256.
pub(crate) fn p256_pem() -> String {
    pem(EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap().as_ref())
}

/// A new Ed25519 key, in the form that OpenSSL writes.
pub(crate) fn ed25519_pem() -> String {
    pem(Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).unwrap().as_ref())
}

pub(crate) fn pem(pkcs8: &[u8]) -> String {
    let text = STANDARD.encode(pkcs8);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

/// Settings of the interceptors with this member `tenantContext`.
pub(crate) fn document(context: &Value) -> Value {
    let mut settings = stage::settings("http://127.0.0.1:8000", &Signer::new("k"));
    settings["tenantContext"] = json!({"issuer": CONTEXT_ISSUER});
    for (name, value) in context.as_object().unwrap() {
        settings["tenantContext"][name] = value.clone();
    }
    settings
}

/// The member, checked.
pub(crate) fn context(context: &Value) -> TenantContextSettings {
    Settings::parse(&document(context).to_string(), aws()).unwrap().tenant_context.unwrap()
}

/// A context at this time for `tenantgate`, with ten seconds to make it.
pub(crate) async fn token(
    signer: &ContextSigner,
    subject: &ContextSubject<'_>,
    now: u64,
) -> Result<Arc<str>, ContextFault> {
    signer.token(subject, "tenantgate", "decision-1", now, soon()).await
}

pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

/// What is published.
pub(crate) async fn key_set(signer: &ContextSigner) -> KeySet {
    KeySet::parse(signer.key_set(soon()).await.unwrap().as_bytes()).unwrap()
}

/// The header (0) or claims (1) of a token.
pub(crate) fn part(token: &str, index: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
