//! From a token to credentials of its tenant.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest;
use interceptors::identity::{Identified, Identities, Presented};
use interceptors::token::TokenFault;
use policy_model::TenantId;
use policy_registry::Moment;
use tokio::time::{Instant, timeout_at};

use crate::credentials::TenantCredentials;
use crate::exchange::{Exchange, ExchangeMode, session_name};
use crate::fault::Fault;
use crate::held::{Held, HeldCredentials, Holding};
use crate::log;
use crate::tag_claims;

/// Gives credentials to whoever presents a good token.
#[derive(Debug)]
pub struct Broker {
    identities: Identities,
    exchange: Exchange,
    held: HeldCredentials,
}

/// Who presented a good token. There is no other way to one than [`Broker::admit`].
#[derive(Debug, Clone)]
pub struct Holder {
    identified: Identified,
    /// The token, kept only where AWS must see it again.
    token: Option<Secret>,
}

impl Broker {
    /// A broker that has asked nobody anything yet.
    pub fn new(identities: Identities, exchange: Exchange) -> Broker {
        Broker { identities, exchange, held: HeldCredentials::default() }
    }

    /// Who presents this, if credentials may be given for it.
    ///
    /// # Errors
    /// [`Fault`]: the token is not good, the registry does not know its bearer, or it asks AWS for something else than its tenant.
    pub async fn admit(&self, presented: Presented<'_>, deadline: Instant) -> Result<Holder, Fault> {
        let identified = self.identities.identify(presented, deadline).await?;
        // No leeway: it bridges clocks for a call, and would only make a session that has ended.
        if identified.caller.expires <= unix_now() {
            return Err(Fault::Identity(TokenFault::Expired.into()));
        }
        let token = match self.exchange.mode() {
            ExchangeMode::AssumeRole => None,
            ExchangeMode::WebIdentity => {
                tag_claims::check(identified.caller.claims.root(), &identified.tenant)?;
                Some(Secret(presented.token.into()))
            }
        };
        Ok(Holder { identified, token })
    }

    /// Credentials for a holder whom the registry still knows.
    ///
    /// # Errors
    /// [`Fault`]: the registry does not, or AWS gives none.
    pub async fn credentials(
        self: &Arc<Broker>,
        holder: &Holder,
        deadline: Instant,
    ) -> Result<Arc<TenantCredentials>, Fault> {
        self.identities.confirm(&holder.identified, deadline).await?;
        let (broker, holder) = (Arc::clone(self), holder.clone());
        // A task of its own: an exchange goes on when whoever asked first has gone, for all who wait for the same.
        let exchange = tokio::spawn(async move { broker.held_or_new(&holder).await });
        match timeout_at(deadline, exchange).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(Fault::Deadline),
        }
    }

    async fn held_or_new(&self, holder: &Holder) -> Result<Arc<TenantCredentials>, Fault> {
        let token = holder.token.as_ref().map(|token| token.hash());
        let holding = Holding { token, ..holder.holding() };
        let outcome = self.held.once(&holding, async || self.exchange_for(holder).await).await;
        Ok(outcome?)
    }

    async fn exchange_for(&self, holder: &Holder) -> Held {
        let (asked, asked_unix) = (Moment::now(), unix_now());
        let token = holder.token.as_ref().map_or("", |token| &token.0);
        match self.exchange.credentials(&holder.identified, token, asked_unix).await {
            Ok(credentials) => {
                log::exchanged(holder, self.exchange.mode(), credentials.expires);
                Held::credentials(credentials, asked, asked_unix)
            }
            Err(fault) => Held::fault(fault),
        }
    }
}

impl Holder {
    /// The tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.identified.tenant
    }

    /// When the token expires, in seconds since 1970.
    pub fn expires(&self) -> u64 {
        self.identified.caller.expires
    }

    /// What the log says for issuer and subject; the source identity of the sessions.
    pub fn subject_hash(&self) -> String {
        self.identified.subject_hash()
    }

    /// The name of the sessions.
    pub fn session_name(&self) -> String {
        session_name(&self.subject_hash())
    }

    pub(crate) fn holding(&self) -> Holding {
        Holding { tenant: self.identified.tenant.clone(), member: self.identified.caller.member.clone(), token: None }
    }
}

/// Seconds since 1970.
pub(crate) fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A text that nobody reads in a log.
#[derive(Clone)]
struct Secret(Arc<str>);

impl Secret {
    fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_bytes()).as_ref());
        hash
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret")
    }
}
