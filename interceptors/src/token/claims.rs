//! What a token says, each claim in the one type that it may have.

use std::sync::Arc;
use std::time::Duration;

use policy_model::json::{self, Document, Kind, Value};
use policy_model::{TenantId, UserId};
use policy_registry::{Member, PrincipalKind, client_subject, is_reserved_subject};

use super::{Caller, Grace, TokenFault, actors, form};
use crate::settings::{ActorSource, ClaimName, IssuerSettings, MachineClients, TenantSelection};

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

    /// Who the token says is calling. Signature and time have been checked.
    pub(super) fn caller(self, issuer: &IssuerSettings, name: Arc<str>, expires: u64) -> Result<Caller, TokenFault> {
        form::check(&self, issuer)?;
        let client = self.client(issuer)?;
        self.check_audience(issuer)?;
        check_client(client.as_deref(), issuer)?;
        let kind = form::principal_kind(&self, issuer, client.as_deref())?;
        let member = Member { kind, issuer: name, subject: self.subject(kind, issuer, client.as_deref())? };
        if form::roles_are_elsewhere(&self, issuer) {
            return Err(TokenFault::Roles);
        }
        let tenant = self.tenant(kind, issuer)?;
        let actors = match kind {
            PrincipalKind::User => self.actors(issuer, client.as_deref())?,
            // It calls for itself.
            PrincipalKind::Client if self.get("act").is_some() => return Err(TokenFault::Actor),
            PrincipalKind::Client => Vec::new(),
        };
        let scopes = match &issuer.claims.scopes {
            Some(claim) => words(self.find(claim)),
            None => SCOPES.iter().flat_map(|claim| words(self.get(claim))).collect(),
        };
        Ok(Caller {
            member,
            tenant,
            tenants: issuer.tenants.clone(),
            tenant_selection: issuer.tenant_selection,
            roles: strings(self.find(&issuer.claims.roles)),
            scopes: Some(scopes),
            actors,
            claims: self.0,
            expires,
        })
    }

    /// The client that the token was issued to. Where several claims say so they agree.
    fn client(&self, issuer: &IssuerSettings) -> Result<Option<String>, TokenFault> {
        let mut client: Option<String> = None;
        for name in &issuer.claims.client_ids {
            let Some(claim) = self.find(name) else { continue };
            let own = claim.as_str().ok_or(TokenFault::Claims)?.into_owned();
            if client.as_ref().is_some_and(|other| *other != own) {
                return Err(TokenFault::Client);
            }
            client = Some(own);
        }
        Ok(client)
    }

    fn subject(
        &self,
        kind: PrincipalKind,
        issuer: &IssuerSettings,
        client: Option<&str>,
    ) -> Result<UserId, TokenFault> {
        match (kind, issuer.machine_clients) {
            (PrincipalKind::User, _) => {
                let user = self.find(&issuer.claims.user).and_then(Value::as_str).ok_or(TokenFault::User)?;
                let user = UserId::parse(&user).map_err(|_| TokenFault::User)?;
                if is_reserved_subject(&user) { Err(TokenFault::User) } else { Ok(user) }
            }
            (PrincipalKind::Client, MachineClients::Refuse) => Err(TokenFault::MachineClient),
            (PrincipalKind::Client, MachineClients::Registered) => {
                client.and_then(client_subject).ok_or(TokenFault::Client)
            }
        }
    }

    /// One id, or nothing where the settings say what then. A claim of any other form is no tenant.
    fn tenant(&self, kind: PrincipalKind, issuer: &IssuerSettings) -> Result<Option<TenantId>, TokenFault> {
        let Some(claim) = self.find(&issuer.claims.tenant) else {
            if self.is_obstructed(&issuer.claims.tenant) {
                return Err(TokenFault::Tenant);
            }
            return match (kind, issuer.tenant_selection) {
                (PrincipalKind::User, TenantSelection::Claim) => Err(TokenFault::Tenant),
                // A registration says for which tenant it is.
                (PrincipalKind::User, TenantSelection::Membership) | (PrincipalKind::Client, _) => Ok(None),
            };
        };
        let tenant = claim.as_str().ok_or(TokenFault::Tenant)?;
        let tenant = TenantId::parse(&tenant).map_err(|_| TokenFault::Tenant)?;
        if issuer.tenants.includes(&tenant) { Ok(Some(tenant)) } else { Err(TokenFault::IssuerTenant) }
    }

    /// Who calls on the user's behalf; the client where the settings take it for the agent and the token names no other.
    fn actors(&self, issuer: &IssuerSettings, client: Option<&str>) -> Result<Vec<UserId>, TokenFault> {
        match (self.get("act"), issuer.actor, client) {
            (Some(act), _, _) => actors::actors(act, &issuer.issuer),
            (None, ActorSource::Client, Some(client)) => {
                Ok(vec![UserId::parse(client).map_err(|_| TokenFault::Actor)?])
            }
            (None, ActorSource::Client, None) => Err(TokenFault::Client),
            (None, ActorSource::Act, _) => Ok(Vec::new()),
        }
    }

    fn check_audience(&self, issuer: &IssuerSettings) -> Result<(), TokenFault> {
        let is_meant = || form::audiences(self).iter().any(|name| issuer.audiences.contains(name));
        if issuer.audiences.is_empty() || is_meant() { Ok(()) } else { Err(TokenFault::Audience) }
    }

    /// A claim at the top.
    pub(super) fn get(&self, name: &str) -> Option<Value<'_>> {
        self.0.root().get(name)
    }

    /// A claim by the names on the way to it.
    pub(super) fn find(&self, name: &ClaimName) -> Option<Value<'_>> {
        name.path().iter().try_fold(self.0.root(), |value, name| value.get(name))
    }

    /// Whether something on the way to a claim is no object: it is not missing then, but malformed.
    fn is_obstructed(&self, name: &ClaimName) -> bool {
        let mut place = Some(self.0.root());
        for name in name.path() {
            match place {
                None => return false,
                Some(value) if value.kind() != Kind::Object => return true,
                Some(value) => place = value.get(name),
            }
        }
        false
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

fn check_client(client: Option<&str>, issuer: &IssuerSettings) -> Result<(), TokenFault> {
    let is_known = |client: &str| issuer.client_ids.iter().any(|known| known == client);
    if issuer.client_ids.is_empty() || client.is_some_and(is_known) { Ok(()) } else { Err(TokenFault::Client) }
}

impl Validity {
    pub(super) fn expires(&self) -> u64 {
        self.expires
    }

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
pub(super) fn strings(value: Option<Value<'_>>) -> Vec<String> {
    let Some(list) = value.filter(|value| value.kind() == Kind::Array) else { return Vec::new() };
    let texts: Option<Vec<String>> = list.elements().map(|text| text.as_str().map(|text| text.into_owned())).collect();
    texts.unwrap_or_default()
}

/// The claims that name scopes where the settings do not say: RFC 8693, section 4.2, and what some issuers have instead.
const SCOPES: &[&str] = &["scope", "scp"];

/// Times from here on are no times (year 5138).
const TIME_MAX: f64 = 1e11;
