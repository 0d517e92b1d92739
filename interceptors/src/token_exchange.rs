//! Token exchange (RFC 8693): the caller's token for one that only the target takes.
//!
//! The caller's token stays here. What goes on instead was issued for the target's audience, with scopes that the caller has
//! and the setting names; an answer that says more than was asked for is refused.

mod actor;
mod answer;
mod assertion;
mod endpoint;
mod error_code;
mod exchanged;
mod signing_key;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

pub(crate) use answer::is_b64token;
pub use signing_key::SigningKey;
use tokio::time::{Instant, timeout_at};

use crate::settings::{TargetExchange, TokenExchangeSettings, TokenType};
use actor::{Actor, ActorToken};
use answer::Issued;
use endpoint::Endpoint;
use exchanged::{ExchangedTokens, Kept, Key};

/// Exchanges tokens for the targets in the settings.
pub struct Exchanger {
    issuers: HashSet<String>,
    targets: HashMap<String, TargetExchange>,
    endpoint: Endpoint,
    actor: Actor,
    exchanged: ExchangedTokens,
}

/// The caller's token, verified.
pub struct Subject<'s> {
    /// Who issued it.
    pub issuer: &'s str,
    /// The token itself.
    pub token: &'s str,
    /// When it expires, in seconds since 1970.
    pub expires: u64,
    /// The scopes that the caller may pass on.
    pub scopes: &'s [&'s str],
}

/// Why there is no token for a target: the call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeFault {
    /// The endpoint says no.
    Refused,
    /// The endpoint cannot be asked, or not in time.
    Unavailable,
    /// What the endpoint answers is no such token.
    Answer,
    /// The caller's token is of an issuer whose tokens the endpoint may not see, or there is no token.
    Issuer,
    /// The caller has no scope to pass on, or the endpoint grants more than was asked for.
    Scope,
}

impl ExchangeFault {
    /// The reason code of the audit line.
    pub fn code(self) -> &'static str {
        match self {
            ExchangeFault::Refused => "EXCHANGE_REFUSED",
            ExchangeFault::Unavailable => "EXCHANGE_UNAVAILABLE",
            ExchangeFault::Answer => "EXCHANGE_ANSWER",
            ExchangeFault::Issuer => "EXCHANGE_ISSUER",
            ExchangeFault::Scope => "EXCHANGE_SCOPE",
        }
    }
}

impl Exchanger {
    /// An exchanger that has asked nothing yet.
    pub fn new(settings: &TokenExchangeSettings) -> Exchanger {
        Exchanger {
            issuers: settings.issuers.clone(),
            targets: settings.targets.clone(),
            endpoint: Endpoint::new(settings),
            actor: Actor::new(settings.actor.as_ref()),
            exchanged: ExchangedTokens::default(),
        }
    }

    /// Whether tokens for a target are exchanged.
    pub fn is_for(&self, target: &str) -> bool {
        self.targets.contains_key(target)
    }

    /// The token that goes to a target in the place of the caller's. None: the target has no exchange. `unix_now` is in
    /// seconds.
    ///
    /// The answer is there within 2 s and before `deadline`, if only as [`ExchangeFault::Unavailable`].
    ///
    /// # Errors
    /// [`ExchangeFault`]: there is none, and the caller's own must not go on either.
    pub async fn exchange(
        &self,
        target: &str,
        subject: &Subject<'_>,
        unix_now: u64,
        deadline: Instant,
    ) -> Result<Option<Arc<str>>, ExchangeFault> {
        let Some(settings) = self.targets.get(target) else { return Ok(None) };
        // Nobody else's token is shown to this endpoint.
        if !self.issuers.contains(subject.issuer) {
            return Err(ExchangeFault::Issuer);
        }
        let scopes = asked_scopes(settings, subject)?;
        let key = Key::of(target, subject.token, &scopes);
        if let Some(outcome) = self.exchanged.find(&key, unix_now) {
            return outcome.map(Some);
        }
        let now = Instant::now();
        if deadline <= now {
            return Err(ExchangeFault::Unavailable);
        }
        let limit = now + EXCHANGE_TIME_MAX;
        let asking = Asking { target, settings, subject, scopes: &scopes, unix_now };
        let flight = self.exchanged.once(&key, async || self.fly(&asking, deadline.min(limit), limit).await);
        // Also for those who wait for another's flight, which may have begun with a later deadline.
        timeout_at(deadline.min(limit), flight).await.unwrap_or(Err(ExchangeFault::Unavailable)).map(Some)
    }

    /// Asks the endpoint, and says how long that holds.
    async fn fly(&self, asking: &Asking<'_>, deadline: Instant, limit: Instant) -> Kept {
        let asked = Instant::now();
        // The bound on waiting is inside, so that an endpoint that hangs leaves an answer behind for those who wait.
        let outcome = timeout_at(deadline, self.attempt(asking)).await;
        let is_cut = outcome.is_err() && deadline < limit;
        match outcome.unwrap_or(Err(Failure::unavailable("no answer in time"))) {
            Ok(issued) => {
                let left = asking.subject.expires.saturating_sub(asking.unix_now);
                let lifetime = issued.lifetime.map_or(0, |lifetime| lifetime.min(left));
                Kept::token(issued.token, asked, asking.unix_now, kept_for(lifetime))
            }
            Err(failure) => {
                let Failure { fault, problem, error } = failure;
                let (exchange, reason) = (asking.target, fault.code());
                tracing::warn!(target: "tenantgate::operator", exchange, reason, error, problem);
                // The caller had no time left, which says nothing of the endpoint.
                let holds = if is_cut { Duration::ZERO } else { FAILURE_TTL };
                Kept::fault(fault, asked, asking.unix_now, holds)
            }
        }
    }

    async fn attempt(&self, asking: &Asking<'_>) -> Result<Issued, Failure> {
        let (target, subject) = (asking.settings, asking.subject);
        let actor = self.actor.token(&self.endpoint, asking.unix_now).await?;
        let scope = asking.scopes.join(" ");
        let mut form = vec![
            ("grant_type", TOKEN_EXCHANGE),
            ("subject_token", subject.token),
            ("subject_token_type", TokenType::AccessToken.urn()),
        ];
        if let Some(ActorToken { token, kind }) = &actor {
            form.extend([("actor_token", token.as_ref()), ("actor_token_type", kind.urn())]);
        }
        form.extend(target.audience.as_deref().map(|audience| ("audience", audience)));
        form.extend(target.resource.as_deref().map(|resource| ("resource", resource)));
        form.extend((!scope.is_empty()).then_some(("scope", scope.as_str())));
        form.extend(target.requested.map(|kind| ("requested_token_type", kind.urn())));
        let body = self.endpoint.ask(&form, asking.unix_now).await?;
        let issued = answer::exchanged(&body, asking.scopes, target.requested)?;
        let is_actors = actor.as_ref().is_some_and(|actor| *actor.token == *issued.token);
        if *issued.token == *subject.token || is_actors {
            return Err(Failure::answer("the token that was sent, and no new one"));
        }
        Ok(issued)
    }
}

impl std::fmt::Debug for Exchanger {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Exchanger").field("targets", &self.targets.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Subject").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// One question.
struct Asking<'a> {
    target: &'a str,
    settings: &'a TargetExchange,
    subject: &'a Subject<'a>,
    scopes: &'a [&'a str],
    unix_now: u64,
}

/// What went wrong at the endpoint, in words of ours.
#[derive(Debug, Clone, Copy)]
struct Failure {
    fault: ExchangeFault,
    problem: &'static str,
    /// The endpoint's error code, if it is a registered one.
    error: Option<&'static str>,
}

impl Failure {
    fn unavailable(problem: &'static str) -> Failure {
        Failure { fault: ExchangeFault::Unavailable, problem, error: None }
    }

    fn answer(problem: &'static str) -> Failure {
        Failure { fault: ExchangeFault::Answer, problem, error: None }
    }
}

/// What is asked for: the scopes of the setting that the caller may pass on, in the setting's order.
fn asked_scopes<'t>(target: &'t TargetExchange, subject: &Subject<'_>) -> Result<Vec<&'t str>, ExchangeFault> {
    let named = target.scopes.iter().map(String::as_str);
    let scopes: Vec<&str> = named.filter(|scope| subject.scopes.contains(scope)).collect();
    // Without a scope in it a request may be granted all that the client has.
    if scopes.is_empty() && !target.scopes.is_empty() { Err(ExchangeFault::Scope) } else { Ok(scopes) }
}

/// How long a token is used that lives so many seconds.
fn kept_for(lifetime: u64) -> Duration {
    Duration::from_secs(lifetime).saturating_sub(EXPIRY_MARGIN).min(EXCHANGED_TTL)
}

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// Longest time for an exchange, with the actor's token and all connections.
const EXCHANGE_TIME_MAX: Duration = Duration::from_secs(2);

/// Longest time that a token is used without asking again.
const EXCHANGED_TTL: Duration = Duration::from_secs(300);

/// So long before it expires a token is not used any more: it has to get to the target.
const EXPIRY_MARGIN: Duration = Duration::from_secs(30);

/// How long a failure is the answer without asking again.
const FAILURE_TTL: Duration = Duration::from_secs(1);
