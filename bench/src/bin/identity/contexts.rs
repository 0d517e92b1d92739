//! Tenant contexts, beside the signature alone.

use std::cell::Cell;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interceptors::settings::TenantContextSettings;
use interceptors::tenant_context::{ContextSigner, ContextSubject};
use policy_registry::AwsEnvironment;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{BATCH, NOW};

/// A signer, and its key by itself.
pub(crate) struct Contexts {
    signer: ContextSigner,
    key: Key,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    P256,
    Ed25519,
}

enum Key {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Contexts {
    pub(crate) fn new(kind: Kind) -> Result<Contexts, Box<dyn Error>> {
        let random = SystemRandom::new();
        let (pkcs8, key) = match kind {
            Kind::P256 => {
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)?;
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref())?;
                (pkcs8, Key::P256(pair))
            }
            Kind::Ed25519 => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8v1(&random)?;
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref())?;
                (pkcs8, Key::Ed25519(pair))
            }
        };
        let file = tempfile::NamedTempFile::new()?;
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(&pkcs8));
        std::fs::write(file.path(), pem)?;
        let settings = json!({"tenantContext": {"issuer": "https://tenantgate.example/bench",
                                                "keys": [{"kid": "bench", "file": file.path()}]}});
        let settings = TenantContextSettings::find_in(&settings.to_string(), AwsEnvironment::default())?;
        Ok(Contexts { signer: ContextSigner::new(&settings.ok_or("no context")?), key })
    }

    pub(crate) fn bare(&self) -> Result<Duration, Box<dyn Error>> {
        let message = [b'a'; MESSAGE_BYTES];
        let random = SystemRandom::new();
        let mut least = Duration::MAX;
        for _ in 0..BATCHES {
            let started = Instant::now();
            for _ in 0..BATCH {
                let signature = match &self.key {
                    Key::P256(key) => key.sign(&random, black_box(&message)),
                    Key::Ed25519(key) => key.try_sign(black_box(&message)),
                };
                black_box(signature?);
            }
            least = least.min(started.elapsed() / BATCH as u32);
        }
        Ok(least)
    }

    /// A new user each time.
    pub(crate) fn uncached(&self, runtime: &Runtime) -> Result<Duration, Box<dyn Error>> {
        let number = Cell::new(0_u32);
        self.time(runtime, || {
            number.set(number.get() + 1);
            format!("user-{:08}", number.get())
        })
    }

    /// One user all the time.
    pub(crate) fn cached(&self, runtime: &Runtime) -> Result<Duration, Box<dyn Error>> {
        self.time(runtime, || "user-00000000".to_owned())
    }

    fn time(&self, runtime: &Runtime, user: impl Fn() -> String) -> Result<Duration, Box<dyn Error>> {
        let mut least = Duration::MAX;
        for _ in 0..BATCHES {
            let users: Vec<String> = (0..BATCH).map(|_| user()).collect();
            least = least.min(runtime.block_on(self.sign(&users))?);
        }
        Ok(least)
    }

    async fn sign(&self, users: &[String]) -> Result<Duration, String> {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        let started = Instant::now();
        for user in users {
            let subject = ContextSubject {
                tenant: "acme",
                issuer: "https://issuer.example/main",
                subject: user,
                actors: &[],
                scopes: &["orders.read", "orders.write"],
            };
            let token =
                self.signer.token(black_box(&subject), "https://orders.example", "decision", NOW, deadline).await;
            black_box(token.map_err(|fault| format!("no context: {fault:?}"))?);
        }
        Ok(started.elapsed() / users.len() as u32)
    }
}

const BATCHES: usize = 500;

/// About what is signed of a context, in bytes.
const MESSAGE_BYTES: usize = 450;
