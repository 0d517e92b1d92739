//! What a token says, each claim in the one type that it may have.

use std::sync::Arc;
use std::time::Duration;

use policy_model::json::{self, Document, Kind, Value};
use policy_model::{TenantId, UserId};
use policy_registry::Principal;

use super::{Caller, Grace, TokenFault};
use crate::settings::IssuerSettings;

/// The claims of a token whose signature may not be checked yet.
pub(super) struct Claims(Document<'static>);

/// When a token is valid, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    not_before: u64,
    expires: u64,
}

impl Claims {
    /// Takes one object without duplicate members at any depth.
    pub(super) fn parse(bytes: Vec<u8>) -> Result<Claims, TokenFault> {
        let text = String::from_utf8(bytes).map_err(|_| TokenFault::Claims)?;
        let document = json::parse_owned(text).map_err(|_| TokenFault::Claims)?;
        let root = document.root();
        if root.kind() != Kind::Object || root.duplicate_name().is_some() {
            return Err(TokenFault::Claims);
        }
        Ok(Claims(document))
    }

    pub(super) fn issuer(&self) -> Result<String, TokenFault> {
        self.text("iss")?.ok_or(TokenFault::Issuer)
    }

    /// `exp` is required; `nbf` and `iat` count where they are there.
    pub(super) fn validity(&self) -> Result<Validity, TokenFault> {
        let expires = self.time("exp")?.ok_or(TokenFault::Claims)?;
        let not_before = self.time("nbf")?.unwrap_or(0).max(self.time("iat")?.unwrap_or(0));
        Ok(Validity { not_before, expires })
    }

    /// Who the token says is calling. The caller has checked signature and time.
    pub(super) fn caller(self, issuer: &IssuerSettings, name: Arc<str>) -> Result<Caller, TokenFault> {
        if NOT_ACCESS.iter().any(|claim| self.get(claim).is_some())
            || self.get("token_use").is_some_and(|kind| !kind.is_str("access"))
        {
            return Err(TokenFault::Kind);
        }
        self.check_audience(issuer)?;
        self.check_client(issuer)?;
        let tenant = self.get(&issuer.claims.tenant).and_then(Value::as_str).ok_or(TokenFault::Tenant)?;
        let tenant = TenantId::parse(&tenant).map_err(|_| TokenFault::Tenant)?;
        let user = self.get(&issuer.claims.user).and_then(Value::as_str).ok_or(TokenFault::User)?;
        let subject = UserId::parse(&user).map_err(|_| TokenFault::User)?;
        let agent = self.actor()?;
        let scopes = match &issuer.claims.scopes {
            Some(claim) => words(self.get(claim)),
            None => SCOPES.iter().flat_map(|claim| words(self.get(claim))).collect(),
        };
        let roles = strings(self.get(&issuer.claims.roles));
        let principal = Principal { issuer: name, subject, tenant };
        Ok(Caller { principal, roles, scopes, agent, claims: self.0 })
    }

    /// The current actor, which is the outermost one; those inside of it acted before and count for nothing (RFC 8693, section 4.1).
    fn actor(&self) -> Result<Option<String>, TokenFault> {
        let Some(actor) = self.get("act") else { return Ok(None) };
        let subject = actor.get("sub").and_then(Value::as_str).ok_or(TokenFault::Actor)?;
        let subject = UserId::parse(&subject).map_err(|_| TokenFault::Actor)?;
        Ok(Some(subject.as_str().to_owned()))
    }

    fn check_audience(&self, issuer: &IssuerSettings) -> Result<(), TokenFault> {
        if issuer.audiences.is_empty() {
            return Ok(());
        }
        let named = match self.get("aud") {
            None => Vec::new(),
            Some(audience) => match audience.as_str() {
                Some(only) => vec![only.into_owned()],
                None => strings(Some(audience)),
            },
        };
        if named.iter().any(|name| issuer.audiences.contains(name)) { Ok(()) } else { Err(TokenFault::Audience) }
    }

    fn check_client(&self, issuer: &IssuerSettings) -> Result<(), TokenFault> {
        if issuer.client_ids.is_empty() {
            return Ok(());
        }
        let client = self.text(&issuer.claims.client_id)?.ok_or(TokenFault::Client)?;
        if issuer.client_ids.contains(&client) { Ok(()) } else { Err(TokenFault::Client) }
    }

    fn get(&self, name: &str) -> Option<Value<'_>> {
        self.0.root().get(name)
    }

    fn text(&self, name: &str) -> Result<Option<String>, TokenFault> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(|text| Some(text.into_owned())).ok_or(TokenFault::Claims),
        }
    }

    /// A NumericDate (RFC 7519, section 2), rounded down.
    fn time(&self, name: &str) -> Result<Option<u64>, TokenFault> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.kind() {
            Kind::Number => {
                let seconds: f64 = value.text().parse().map_err(|_| TokenFault::Claims)?;
                if (0.0..TIME_MAX).contains(&seconds) { Ok(Some(seconds as u64)) } else { Err(TokenFault::Claims) }
            }
            Kind::Null | Kind::Bool | Kind::String | Kind::Array | Kind::Object => Err(TokenFault::Claims),
        }
    }
}

impl Validity {
    pub(super) fn check(&self, unix_now: u64, leeway: Duration, grace: Grace) -> Result<(), TokenFault> {
        let leeway = leeway.as_secs();
        if unix_now >= self.expires.saturating_add(leeway + grace.seconds()) {
            return Err(TokenFault::Expired);
        }
        if unix_now.saturating_add(leeway) < self.not_before {
            return Err(TokenFault::NotYetValid);
        }
        Ok(())
    }
}

/// A list of strings or one string with spaces; what is anything else names nothing.
fn words(value: Option<Value<'_>>) -> Vec<String> {
    match value.and_then(Value::as_str) {
        Some(text) => text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        None => strings(value),
    }
}

/// A list of strings; what is anything else names nothing.
fn strings(value: Option<Value<'_>>) -> Vec<String> {
    let Some(list) = value.filter(|value| value.kind() == Kind::Array) else { return Vec::new() };
    let texts: Option<Vec<String>> = list.elements().map(|text| text.as_str().map(|text| text.into_owned())).collect();
    texts.unwrap_or_default()
}

/// The claims that name scopes where the settings do not say: RFC 8693, section 4.2, and what some issuers have instead.
const SCOPES: &[&str] = &["scope", "scp"];

/// Claims of ID tokens (`at_hash`, `c_hash`, `nonce`), of security events and logout tokens (`events`), and of tokens that
/// are worthless without a proof of possession, which a bearer header does not carry (`cnf`).
const NOT_ACCESS: &[&str] = &["at_hash", "c_hash", "nonce", "events", "cnf"];

/// Times from here on are no times (year 5138).
const TIME_MAX: f64 = 1e11;
