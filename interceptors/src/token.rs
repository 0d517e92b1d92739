//! Who calls: a bearer token, verified.
//!
//! `jsonwebtoken` checks the signature. All else is checked here and strictly, as the library leaves open what an issuer may
//! not: critical headers, types, duplicate members, weak or misused keys, other readings of a claim.

mod actors;
mod caller;
mod claims;
mod credential;
mod fault;
mod fetch;
mod form;
mod jwks;
mod key_source;
mod parts;
mod verified;

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::time::Instant;

pub use actors::ACTORS_MAX;
pub use caller::Caller;
use credential::check_form;
pub(crate) use credential::{AUTHORIZATION, Scheme, credential, scheme};
pub use fault::TokenFault;
pub use fetch::fetch_keys;
pub use jwks::KeySet;
pub(crate) use parts::{TokenKind, parse_algorithm};

use crate::headers::Headers;
use crate::settings::IssuerSettings;
use claims::Claims;
use key_source::KeySource;
use parts::Parts;
use verified::{Verified, VerifiedTokens};

/// How long after its expiry a token still names its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grace {
    /// Not at all, but for the leeway.
    None,
    /// As long as a call may take: an answer belongs to whoever asked, also when the token expired meanwhile.
    WhileAnswering,
}

impl Grace {
    /// How long that is.
    pub(crate) fn seconds(self) -> u64 {
        match self {
            Grace::None => 0,
            Grace::WhileAnswering => CALL_SECONDS_MAX,
        }
    }
}

/// Verifies tokens of the issuers in the settings.
pub struct Verifier {
    issuers: Vec<Issuer>,
    leeway: Duration,
    verified: VerifiedTokens,
}

struct Issuer {
    settings: IssuerSettings,
    name: Arc<str>,
    keys: KeySource,
}

impl Verifier {
    /// A verifier that has fetched nothing yet.
    pub fn new(issuers: Vec<IssuerSettings>, leeway: Duration) -> Verifier {
        let issuers = issuers.into_iter().map(|settings| Issuer {
            name: settings.issuer.as_str().into(),
            keys: KeySource::new(&settings.keys, &settings.issuer),
            settings,
        });
        Verifier { issuers: issuers.collect(), leeway, verified: VerifiedTokens::default() }
    }

    /// Verifies the one credential in the headers. `unix_now` is in seconds.
    ///
    /// # Errors
    /// [`TokenFault`]: the caller is not known. There is no anonymous caller.
    pub async fn identify(
        &self,
        headers: &Headers<'_>,
        unix_now: u64,
        grace: Grace,
        deadline: Instant,
    ) -> Result<Arc<Caller>, TokenFault> {
        let header = headers.find(AUTHORIZATION);
        self.identify_checked(credential(&header)?, unix_now, grace, deadline).await
    }

    /// Verifies a bearer token, given without its scheme. `unix_now` is in seconds.
    ///
    /// # Errors
    /// [`TokenFault`]: the caller is not known.
    pub async fn identify_token(
        &self,
        token: &str,
        unix_now: u64,
        grace: Grace,
        deadline: Instant,
    ) -> Result<Arc<Caller>, TokenFault> {
        check_form(token)?;
        self.identify_checked(token, unix_now, grace, deadline).await
    }

    async fn identify_checked(
        &self,
        token: &str,
        unix_now: u64,
        grace: Grace,
        deadline: Instant,
    ) -> Result<Arc<Caller>, TokenFault> {
        let verified = match self.verified.find(token) {
            Some(verified) => verified,
            None => {
                let verified = self.verify(token, unix_now, grace, deadline).await?;
                self.verified.keep(token, verified.clone());
                verified
            }
        };
        verified.validity.check(unix_now, self.leeway, grace)?;
        Ok(verified.caller)
    }

    async fn verify(
        &self,
        token: &str,
        unix_now: u64,
        grace: Grace,
        deadline: Instant,
    ) -> Result<Verified, TokenFault> {
        let parts = Parts::split(token)?;
        let header = parts.header()?;
        let claims = Claims::parse(parts.claims()?)?;
        let issuer = claims.issuer()?;
        let issuer = self.issuers.iter().find(|known| *known.name == *issuer).ok_or(TokenFault::Issuer)?;
        if !issuer.settings.algorithms.contains(&header.algorithm) {
            return Err(TokenFault::Algorithm);
        }
        // What the clock refuses needs no key, and above all no fetch of keys.
        let validity = claims.validity()?;
        validity.check(unix_now, self.leeway, grace)?;
        let key = issuer.keys.find(header.key_id.as_deref(), header.algorithm, deadline).await?;
        check_signature(&parts, &key, header.algorithm)?;
        let caller = Arc::new(claims.caller(&issuer.settings, Arc::clone(&issuer.name), validity.expires())?);
        Ok(Verified::new(caller, validity))
    }
}

/// Verifies a compact JWS by header, key and signature alone, whatever its payload says.
///
/// # Errors
/// [`TokenFault`]: its format, header, algorithm, key or signature.
pub fn verify_signature(token: &str, keys: &KeySet, algorithms: &[Algorithm]) -> Result<(), TokenFault> {
    signed_claims(token, keys, algorithms, TokenKind::Access).map(drop)
}

/// Who a token says is calling, by the issuer that it names. Neither its signature nor its time is looked at: for records of what
/// was verified once, never to let anybody in.
pub(crate) fn read_unverified(issuers: &[IssuerSettings], token: &str) -> Result<Caller, TokenFault> {
    let claims = Claims::parse(Parts::split(token)?.claims()?)?;
    let issuer = claims.issuer()?;
    let settings = issuers.iter().find(|known| known.issuer == issuer).ok_or(TokenFault::Issuer)?;
    let expires = claims.validity()?.expires();
    claims.caller(settings, issuer.into(), expires)
}

/// The bytes of the claims of a token of this kind, once its signature is checked.
pub(crate) fn signed_claims(
    token: &str,
    keys: &KeySet,
    algorithms: &[Algorithm],
    kind: TokenKind,
) -> Result<Vec<u8>, TokenFault> {
    let parts = Parts::split(token)?;
    let header = parts.header_of(kind)?;
    let claims = parts.claims()?;
    if !algorithms.contains(&header.algorithm) {
        return Err(TokenFault::Algorithm);
    }
    let key = keys.find(header.key_id.as_deref(), header.algorithm).ok_or(TokenFault::Key)?;
    check_signature(&parts, key, header.algorithm)?;
    Ok(claims)
}

fn check_signature(parts: &Parts<'_>, key: &DecodingKey, algorithm: Algorithm) -> Result<(), TokenFault> {
    match jsonwebtoken::crypto::verify(parts.signature, parts.message.as_bytes(), key, algorithm) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(TokenFault::Signature),
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Verifier").field("issuers", &self.issuers.len()).finish_non_exhaustive()
    }
}

/// The longest that a gateway call may take (AgentCore quota: 15 minutes).
const CALL_SECONDS_MAX: u64 = 15 * 60;
