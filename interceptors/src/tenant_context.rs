//! The tenant context that receivers can verify: a compact signed token that lives for a minute at most and says who calls, for which tenant, and
//! to whom it is sent (`docs/tenant-context.md`).
//!
//! [`ContextSigner`] makes it, once for many requests of one caller to one receiver. [`verify()`] is what a receiver does with it.

mod arn;
mod aws_service;
mod claims;
mod ecdsa_der;
mod held;
mod key_source;
mod kms_key;
mod public_key;
mod secret_key;
mod verify;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy_model::header::VALUE_BYTES_MAX;
use tokio::time::{Instant, timeout_at};

pub(crate) use arn::{Arn, InvalidArn};
pub use public_key::Algorithm;
pub(crate) use public_key::PublicKey;

pub use crate::private_key::{InvalidPrivateKey, PrivateKey};
pub use verify::{Expected, TenantContext, Unverified, verify};

use crate::settings::TenantContextSettings;
use claims::Statement;
use held::{Held, HeldTokens};
use key_source::NamedKey;
use public_key::SIGNATURE_BYTES;

/// Signs tenant contexts with the one key that the settings say.
pub struct ContextSigner {
    issuer: Box<str>,
    lifetime_seconds: u64,
    signing: NamedKey,
    others: Vec<NamedKey>,
    held: HeldTokens,
}

/// Who a context is about. All of it is verified already.
#[derive(Clone, Copy)]
pub struct ContextSubject<'s> {
    /// The tenant.
    pub tenant: &'s str,
    /// The issuer of the user's token.
    pub issuer: &'s str,
    /// The user, as that issuer names it.
    pub subject: &'s str,
    /// Who acts on the user's behalf, the current one first.
    pub actors: &'s [String],
    /// The scopes that count for the call. What is no scope-token (RFC 6749, section 3.3) is left out of the context.
    pub scopes: &'s [&'s str],
}

/// Why there is no context. A request without one must not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextFault {
    /// It would be longer than a header's value may be (4,096 bytes), or has more than 32 actors.
    TooLong,
    /// The key cannot be had, or used, in time.
    KeyUnavailable,
    /// The key does not sign.
    Signing,
}

impl ContextFault {
    /// The reason code of the audit line.
    pub fn code(self) -> &'static str {
        match self {
            ContextFault::TooLong => "CONTEXT_TOO_LONG",
            ContextFault::KeyUnavailable => "CONTEXT_KEY_UNAVAILABLE",
            ContextFault::Signing => "CONTEXT_SIGNING",
        }
    }
}

impl ContextSigner {
    /// A signer that has asked for no key yet.
    pub fn new(settings: &TenantContextSettings) -> ContextSigner {
        let key = |key| NamedKey::new(key, &settings.aws);
        ContextSigner {
            issuer: settings.issuer.as_str().into(),
            lifetime_seconds: settings.lifetime.as_secs(),
            signing: key(&settings.signing),
            others: settings.others.iter().map(key).collect(),
            held: HeldTokens::default(),
        }
    }

    /// The context of this subject for this receiver: a compact JWS. One that was signed before is given again while half its life is left, so that
    /// `txn` is the id of the decision for which it was signed. `unix_now` is in seconds.
    ///
    /// # Errors
    /// [`ContextFault`]: there is none, and above all none without a signature.
    pub async fn token(
        &self,
        subject: &ContextSubject<'_>,
        audience: &str,
        decision_id: &str,
        unix_now: u64,
        deadline: Instant,
    ) -> Result<Arc<str>, ContextFault> {
        let place = held::place(subject, audience);
        if let Some(held) = self.held.find(&place, unix_now) {
            return Ok(held);
        }
        let statement = Statement {
            issuer: &self.issuer,
            audience,
            subject,
            decision_id,
            issued: unix_now,
            expires: unix_now.saturating_add(self.lifetime_seconds),
        };
        let signed = self.held.find_or_make(&place, unix_now, self.sign(&statement, deadline));
        timeout_at(deadline, signed).await.unwrap_or(Err(ContextFault::KeyUnavailable))
    }

    /// The public halves of all keys as a JWKS document (RFC 7517, section 5), in the order of their ids.
    ///
    /// # Errors
    /// [`UnpublishedKey`]: a key that cannot be had. A part of the document is no document.
    pub async fn key_set(&self, deadline: Instant) -> Result<String, UnpublishedKey> {
        let mut keys: Vec<&NamedKey> = self.others.iter().chain([&self.signing]).collect();
        keys.sort_by(|left, right| left.id().cmp(right.id()));
        let mut written = Vec::new();
        for key in keys {
            let public = key.public(deadline).await;
            let public = public.map_err(|why| UnpublishedKey { key_id: key.id().to_owned(), why })?;
            written.push(public.jwk(key.id()));
        }
        Ok(format!("{{\"keys\":[{}]}}", written.join(",")))
    }

    async fn sign(&self, statement: &Statement<'_>, deadline: Instant) -> Result<Held, ContextFault> {
        if statement.subject.actors.len() > ACTORS_MAX {
            return Err(ContextFault::TooLong);
        }
        let key = self.signing.ready(deadline).await?;
        let message = statement.message(self.signing.id(), key.algorithm());
        if message.len() + 1 + SIGNATURE_CHARACTERS > TOKEN_BYTES_MAX {
            return Err(ContextFault::TooLong);
        }
        let signature = key.sign(message.as_bytes(), deadline).await?;
        let token = message + "." + &URL_SAFE_NO_PAD.encode(signature);
        Ok(Held::new(token.into(), statement.issued, statement.expires))
    }
}

/// A key whose public half cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpublishedKey {
    /// Its id.
    pub key_id: String,
    /// Why, in words of ours.
    pub why: &'static str,
}

/// Names neither keys nor tokens.
impl std::fmt::Debug for ContextSigner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ContextSigner").field("key_id", &self.signing.id()).finish_non_exhaustive()
    }
}

/// Names the tenant only: the rest is nobody's to read in a log.
impl std::fmt::Debug for ContextSubject<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ContextSubject").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// The `typ` of a context (RFC 8725, section 3.11), exactly.
pub(crate) const CONTEXT_TYPE: &str = "tenant-context+jwt";

/// Longest token, in bytes: what the gateway takes as a header's value.
const TOKEN_BYTES_MAX: usize = VALUE_BYTES_MAX;

/// Most actors of one context.
const ACTORS_MAX: usize = 32;

/// What a signature takes in base64url.
const SIGNATURE_CHARACTERS: usize = (SIGNATURE_BYTES * 8).div_ceil(6);
