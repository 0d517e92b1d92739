//! The parts of a compact JWS (RFC 7515, section 7.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use policy_model::json::{self, Kind};

use super::TokenFault;
use crate::tenant_context::CONTEXT_TYPE;

/// What a token is for, which its `typ` must say: no token of the one kind is taken for one of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An access token; `typ` may be absent.
    Access,
    /// A tenant context, signed by ourselves; `typ` and `kid` must be there.
    TenantContext,
}

/// A token taken apart, nothing decoded.
pub(super) struct Parts<'t> {
    header: &'t str,
    claims: &'t str,
    /// Base64url, as the token has it.
    pub(super) signature: &'t str,
    /// What is signed.
    pub(super) message: &'t str,
}

/// What the header says that matters.
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
}

impl<'t> Parts<'t> {
    pub(super) fn split(token: &'t str) -> Result<Parts<'t>, TokenFault> {
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenFault::Format);
        };
        let message = token.get(..header.len() + 1 + claims.len()).ok_or(TokenFault::Format)?;
        Ok(Parts { header, claims, signature, message })
    }

    /// The header of an access token.
    pub(super) fn header(&self) -> Result<Header, TokenFault> {
        self.header_of(TokenKind::Access)
    }

    /// The header of a token of this kind.
    pub(super) fn header_of(&self, kind: TokenKind) -> Result<Header, TokenFault> {
        let bytes = decode(self.header)?;
        let document = json::parse(&bytes).map_err(|_| TokenFault::Header)?;
        let header = document.root();
        if header.kind() != Kind::Object || header.duplicate_name().is_some() {
            return Err(TokenFault::Header);
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(TokenFault::Header),
        };
        let algorithm = text("alg")?.ok_or(TokenFault::Algorithm)?;
        let algorithm = parse_algorithm(&algorithm).ok_or(TokenFault::Algorithm)?;
        if FORBIDDEN.iter().any(|name| header.get(name).is_some()) {
            return Err(TokenFault::Header);
        }
        if !is_of(kind, text("typ")?.as_deref()) {
            return Err(TokenFault::Kind);
        }
        let key_id = text("kid")?;
        if kind == TokenKind::TenantContext && key_id.is_none() {
            return Err(TokenFault::Key);
        }
        if key_id.as_ref().is_some_and(|id| id.len() > KEY_ID_BYTES_MAX) {
            return Err(TokenFault::Header);
        }
        Ok(Header { algorithm, key_id: key_id.map(|id| id.into_owned()) })
    }

    /// The bytes of the claims.
    pub(super) fn claims(&self) -> Result<Vec<u8>, TokenFault> {
        decode(self.claims)
    }
}

fn is_of(kind: TokenKind, name: Option<&str>) -> bool {
    match (kind, name) {
        (TokenKind::Access, None) => true,
        (TokenKind::Access, Some(name)) => {
            let name = name.to_ascii_lowercase();
            KINDS.contains(&name.strip_prefix("application/").unwrap_or(&name))
        }
        (TokenKind::TenantContext, name) => name == Some(CONTEXT_TYPE),
    }
}

/// Takes the name of a signature algorithm with asymmetric keys; none for any other name.
pub(crate) fn parse_algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "RS384" => Some(Algorithm::RS384),
        "RS512" => Some(Algorithm::RS512),
        "PS256" => Some(Algorithm::PS256),
        "PS384" => Some(Algorithm::PS384),
        "PS512" => Some(Algorithm::PS512),
        "ES256" => Some(Algorithm::ES256),
        "ES384" => Some(Algorithm::ES384),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

fn decode(part: &str) -> Result<Vec<u8>, TokenFault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Format)
}

/// Kinds of token that may be an access token (RFC 7519, section 5.1; RFC 9068).
const KINDS: &[&str] = &["jwt", "at+jwt"];

/// Members that change what is signed or how it is read. `jwk`, `jku`, `x5c` and `x5u` only offer keys: they are never
/// followed, and an issuer may send them.
const FORBIDDEN: &[&str] = &["crit", "b64", "zip", "enc", "cty"];

/// Longest key id, in bytes.
const KEY_ID_BYTES_MAX: usize = 256;
