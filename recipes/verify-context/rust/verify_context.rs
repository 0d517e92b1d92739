//! Verifies the tenant context that tenantgate sends, in any service that has `jsonwebtoken` (with `aws_lc_rs` or `rust_crypto`) and `serde`.
//!
//! Load the key set once, and again when `Refused::UnknownKey` comes, at most every 30 seconds; call `verify` for each request.

use std::collections::HashMap;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, get_current_timestamp};
use serde::Deserialize;

/// The published keys, each with the one algorithm that it may verify.
pub struct Keys(HashMap<String, (Algorithm, DecodingKey)>);

/// What a context says.
#[derive(Debug, Deserialize)]
pub struct TenantContext {
    /// For whom everything is done, and the only rows to touch.
    pub tenant: String,
    /// The user, as their issuer names them.
    pub sub: String,
    /// The user and their issuer: the pair is unique, `sub` alone is not.
    pub sub_id: SubjectId,
    /// Who acts on the user's behalf, the current one outermost.
    pub act: Option<Actor>,
    /// Scopes with spaces between; may be empty.
    pub scope: String,
    /// The gateway's decision, to be written into this service's log.
    pub txn: String,
    /// One receiver. A list is not taken.
    pub aud: String,
    /// When it was signed, in seconds since 1970.
    pub iat: u64,
}

/// RFC 9493, section 3.2.4.
#[derive(Debug, Deserialize)]
pub struct SubjectId {
    /// `iss_sub`.
    pub format: String,
    /// The issuer of the user's token.
    pub iss: String,
    /// The same as `sub`.
    pub sub: String,
}

/// RFC 8693, section 4.1.
#[derive(Debug, Deserialize)]
pub struct Actor {
    /// The actor's id.
    pub sub: String,
    /// For whom it acts in turn.
    pub act: Option<Box<Actor>>,
}

/// Why a context is not believed. The request is refused in each case.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too long, or not a token.
    Format,
    /// Not a tenant context: another `typ`.
    Type,
    /// No key of this `kid`: perhaps a new one.
    UnknownKey,
    /// Signature, algorithm, issuer, audience, time or a claim.
    Invalid,
}

impl Keys {
    /// Reads a JWKS document. A key of another kind than P-256 and Ed25519, or without `kid`, verifies nothing.
    pub fn parse(jwks: &str) -> Option<Keys> {
        let set: JwkSet = serde_json::from_str(jwks).ok()?;
        let mut keys = HashMap::new();
        for jwk in &set.keys {
            let Some(algorithm) = algorithm(&jwk.algorithm) else { continue };
            if let (Some(id), Ok(key)) = (&jwk.common.key_id, DecodingKey::from_jwk(jwk)) {
                keys.insert(id.clone(), (algorithm, key));
            }
        }
        Some(Keys(keys))
    }

    /// Verifies a context that was sent to `audience`, which is this service's own name.
    pub fn verify(&self, token: &str, issuer: &str, audience: &str) -> Result<TenantContext, Refused> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Refused::Format);
        }
        let header = decode_header(token).map_err(|_| Refused::Format)?;
        // Another token of the same signer must not be taken for this one.
        if header.typ.as_deref() != Some("tenant-context+jwt") {
            return Err(Refused::Type);
        }
        let id = header.kid.ok_or(Refused::UnknownKey)?;
        let (algorithm, key) = self.0.get(&id).ok_or(Refused::UnknownKey)?;
        // The algorithm is the key's, whatever the header says.
        let mut validation = Validation::new(*algorithm);
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.leeway = LEEWAY_SECONDS;
        let context = decode::<TenantContext>(token, key, &validation).map_err(|_| Refused::Invalid)?.claims;
        let is_whole = context.sub_id.format == "iss_sub"
            && context.sub_id.sub == context.sub
            && !context.tenant.is_empty()
            && context.iat <= get_current_timestamp() + LEEWAY_SECONDS;
        if is_whole { Ok(context) } else { Err(Refused::Invalid) }
    }
}

fn algorithm(key: &AlgorithmParameters) -> Option<Algorithm> {
    if let AlgorithmParameters::EllipticCurve(key) = key {
        return (key.curve == EllipticCurve::P256).then_some(Algorithm::ES256);
    }
    if let AlgorithmParameters::OctetKeyPair(key) = key {
        return (key.curve == EllipticCurve::Ed25519).then_some(Algorithm::EdDSA);
    }
    None
}

const TOKEN_BYTES_MAX: usize = 4096;

const LEEWAY_SECONDS: u64 = 5;
