//! Who acts on the caller's behalf, if that is said at all (RFC 8693, section 1.1).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::endpoint::Endpoint;
use super::{EXPIRY_MARGIN, FAILURE_TTL, Failure, answer};
use crate::settings::{ActorSettings, TokenType};

/// Where the actor's token comes from.
pub(super) enum Actor {
    /// No actor is named.
    Nobody,
    /// Always the same.
    Fixed(ActorToken),
    /// tenantgate's own, from the endpoint.
    Own(Box<OwnToken>),
}

/// The actor's token and what it is.
#[derive(Clone)]
pub(super) struct ActorToken {
    pub(super) token: Arc<str>,
    pub(super) kind: TokenType,
}

pub(super) struct OwnToken {
    scopes: Vec<String>,
    audience: Option<String>,
    held: Mutex<Option<Held>>,
}

struct Held {
    outcome: Result<Arc<str>, Failure>,
    until: Instant,
    /// The same by the callers' clock: the other one may stand still while a process is frozen.
    until_unix: u64,
}

impl Actor {
    pub(super) fn new(settings: Option<&ActorSettings>) -> Actor {
        match settings {
            None => Actor::Nobody,
            Some(ActorSettings::Token { token, kind }) => {
                Actor::Fixed(ActorToken { token: Arc::clone(token.expose()), kind: *kind })
            }
            Some(ActorSettings::ClientCredentials { scopes, audience }) => {
                let (scopes, audience) = (scopes.clone(), audience.clone());
                Actor::Own(Box::new(OwnToken { scopes, audience, held: Mutex::default() }))
            }
        }
    }

    /// The actor's token; none where nobody is named.
    pub(super) async fn token(&self, endpoint: &Endpoint, unix_now: u64) -> Result<Option<ActorToken>, Failure> {
        match self {
            Actor::Nobody => Ok(None),
            Actor::Fixed(token) => Ok(Some(token.clone())),
            Actor::Own(own) => {
                let token = own.find(endpoint, unix_now).await?;
                Ok(Some(ActorToken { token, kind: TokenType::AccessToken }))
            }
        }
    }
}

impl OwnToken {
    async fn find(&self, endpoint: &Endpoint, unix_now: u64) -> Result<Arc<str>, Failure> {
        // One at a time: those who wait find what the first one got.
        let mut held = self.held.lock().await;
        if let Some(known) = held.as_ref().filter(|held| Instant::now() < held.until && unix_now < held.until_unix) {
            return known.outcome.clone();
        }
        let asked = Instant::now();
        let answer = timeout(OWN_TOKEN_TIME_MAX, self.ask(endpoint, unix_now)).await;
        let (outcome, until, seconds) = match answer.unwrap_or(Err(Failure::unavailable("no answer in time"))) {
            Ok(issued) => {
                let lifetime = Duration::from_secs(issued.lifetime.unwrap_or_default());
                let holds = lifetime.saturating_sub(EXPIRY_MARGIN).min(OWN_TOKEN_TTL);
                (Ok(issued.token), asked + holds, holds.as_secs())
            }
            // A started second counts.
            Err(failure) => {
                let seconds = (asked.elapsed() + FAILURE_TTL).as_secs() + 1;
                (Err(failure), Instant::now() + FAILURE_TTL, seconds)
            }
        };
        *held = Some(Held { outcome: outcome.clone(), until, until_unix: unix_now.saturating_add(seconds) });
        outcome
    }

    /// The client credentials grant (RFC 6749, section 4.4.2).
    async fn ask(&self, endpoint: &Endpoint, unix_now: u64) -> Result<answer::Issued, Failure> {
        let scope = self.scopes.join(" ");
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend((!scope.is_empty()).then_some(("scope", scope.as_str())));
        form.extend(self.audience.as_deref().map(|audience| ("audience", audience)));
        let body = endpoint.ask(&form, unix_now).await?;
        answer::granted(&body, &self.scopes)
    }
}

/// Longest time that the actor's own token is used without asking again.
const OWN_TOKEN_TTL: Duration = Duration::from_secs(3_600);

/// Longest time for asking: less than an exchange may take, so that an endpoint that hangs leaves an answer behind.
const OWN_TOKEN_TIME_MAX: Duration = Duration::from_millis(1_500);
