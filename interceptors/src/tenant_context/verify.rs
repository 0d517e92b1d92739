//! What a receiver does with a tenant context: everything is checked before anything of it is believed.

use std::fmt;
use std::time::Duration;

use policy_model::json::{self, Document, Kind, Value};
use policy_model::{TenantId, UserId};
use policy_registry::record::is_scope;

use super::{ACTORS_MAX, TOKEN_BYTES_MAX};
use crate::token::{KeySet, TokenFault, TokenKind, signed_claims};

/// What a receiver expects of a context.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'e> {
    /// The `iss` claim, exactly.
    pub issuer: &'e str,
    /// The `aud` claim, exactly: the receiver's own name.
    pub audience: &'e str,
    /// Tolerance for the signer's clock.
    pub leeway: Duration,
}

/// A context that was verified.
#[derive(Clone)]
pub struct TenantContext {
    /// The tenant.
    pub tenant: TenantId,
    /// The issuer of the user's token.
    pub user_issuer: String,
    /// The user, as that issuer names it.
    pub user: UserId,
    /// Who acts on the user's behalf, the current one first.
    pub actors: Vec<UserId>,
    /// The scopes of the user's token.
    pub scopes: Vec<String>,
    /// The id of the decision for which it was signed.
    pub decision_id: String,
    /// When it was signed, in seconds since 1970.
    pub issued: u64,
    /// When it ends, in seconds since 1970.
    pub expires: u64,
    /// All claims, exactly as they are in the token; an object without duplicate members.
    pub claims: Document<'static>,
}

/// Why a context is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unverified {
    /// Not a compact JWS of three base64url parts, or longer than 4,096 bytes.
    Format,
    /// The header is not an object, says a member twice, or has one that changes what the signature means.
    Header,
    /// Another algorithm than ES256 and EdDSA.
    Algorithm,
    /// A token of another kind: `typ` is not `tenant-context+jwt`.
    Kind,
    /// No key of that id for that algorithm, or no key id.
    Key,
    /// The signature does not fit.
    Signature,
    /// Another issuer.
    Issuer,
    /// Meant for somebody else.
    Audience,
    /// Not valid any more.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// A claim that is missing, of the wrong type, or there twice.
    Claims,
}

impl fmt::Display for Unverified {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Unverified::Format => "not a compact JWS of three base64url parts and at most 4096 bytes",
            Unverified::Header => {
                "its header is not one of a tenant context: a member stands twice, or changes what the signature means"
            }
            Unverified::Algorithm => "its algorithm is neither ES256 nor EdDSA",
            Unverified::Kind => "its typ is not tenant-context+jwt: another kind of token",
            Unverified::Key => "there is no key of its kid and alg in the key set",
            Unverified::Signature => "its signature does not fit the key",
            Unverified::Issuer => "its iss is another issuer",
            Unverified::Audience => "its aud is another receiver",
            Unverified::Expired => "it has expired",
            Unverified::NotYetValid => "its iat is in the future",
            Unverified::Claims => "a claim is missing, of the wrong type, or there twice",
        })
    }
}

impl std::error::Error for Unverified {}

/// Verifies a tenant context. `unix_now` is in seconds.
///
/// # Errors
/// [`Unverified`]: nothing of it may be used.
pub fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>, unix_now: u64) -> Result<TenantContext, Unverified> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(Unverified::Format);
    }
    let algorithms = [jsonwebtoken::Algorithm::ES256, jsonwebtoken::Algorithm::EdDSA];
    let claims = signed_claims(token, keys, &algorithms, TokenKind::TenantContext).map_err(of_token)?;
    let claims = String::from_utf8(claims).ok().and_then(|text| json::parse_owned(text).ok());
    let claims = claims.ok_or(Unverified::Claims)?;
    let root = claims.root();
    if root.kind() != Kind::Object || root.duplicate_name().is_some() {
        return Err(Unverified::Claims);
    }
    if text(root, "iss")? != expected.issuer {
        return Err(Unverified::Issuer);
    }
    if text(root, "aud")? != expected.audience {
        return Err(Unverified::Audience);
    }
    let (issued, expires, leeway) = (seconds(root, "iat")?, seconds(root, "exp")?, expected.leeway.as_secs());
    if unix_now >= expires.saturating_add(leeway) {
        return Err(Unverified::Expired);
    }
    if unix_now.saturating_add(leeway) < issued {
        return Err(Unverified::NotYetValid);
    }
    let tenant = TenantId::parse(&text(root, "tenant")?).map_err(|_| Unverified::Claims)?;
    let user = user_id(root)?;
    let sub_id = root.get("sub_id").ok_or(Unverified::Claims)?;
    if text(sub_id, "format")? != "iss_sub" || text(sub_id, "sub")? != user.as_str() {
        return Err(Unverified::Claims);
    }
    let user_issuer = text(sub_id, "iss")?;
    let (actors, scopes, decision_id) = (actors(root)?, scopes(root)?, text(root, "txn")?);
    Ok(TenantContext { tenant, user_issuer, user, actors, scopes, decision_id, issued, expires, claims })
}

/// The actors, the outermost first.
fn actors(root: Value<'_>) -> Result<Vec<UserId>, Unverified> {
    let mut actors = Vec::new();
    let mut next = root.get("act");
    while let Some(actor) = next {
        if actors.len() == ACTORS_MAX {
            return Err(Unverified::Claims);
        }
        actors.push(user_id(actor)?);
        next = actor.get("act");
    }
    Ok(actors)
}

fn scopes(root: Value<'_>) -> Result<Vec<String>, Unverified> {
    let scope = text(root, "scope")?;
    let scopes: Vec<String> = scope.split(' ').filter(|_| !scope.is_empty()).map(str::to_owned).collect();
    if scopes.iter().all(|scope| is_scope(scope)) { Ok(scopes) } else { Err(Unverified::Claims) }
}

fn user_id(object: Value<'_>) -> Result<UserId, Unverified> {
    UserId::parse(&text(object, "sub")?).map_err(|_| Unverified::Claims)
}

fn text(object: Value<'_>, name: &str) -> Result<String, Unverified> {
    let text = object.get(name).and_then(Value::as_str).ok_or(Unverified::Claims)?;
    Ok(text.into_owned())
}

/// Whole seconds since 1970, as the signer writes them.
fn seconds(root: Value<'_>, name: &str) -> Result<u64, Unverified> {
    let value = root.get(name).filter(|value| value.kind() == Kind::Number).ok_or(Unverified::Claims)?;
    value.text().parse().map_err(|_| Unverified::Claims)
}

fn of_token(fault: TokenFault) -> Unverified {
    let faults = [
        (TokenFault::Format, Unverified::Format),
        (TokenFault::Algorithm, Unverified::Algorithm),
        (TokenFault::Kind, Unverified::Kind),
        (TokenFault::Key, Unverified::Key),
        (TokenFault::Signature, Unverified::Signature),
    ];
    faults.into_iter().find(|(known, _)| *known == fault).map_or(Unverified::Header, |(_, unverified)| unverified)
}

/// Names the tenant only: the rest is nobody's to read in a log.
impl fmt::Debug for TenantContext {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TenantContext").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
