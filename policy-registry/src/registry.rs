//! `User -> Tenant -> Policy`, from a cache whose age is the revocation bound.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use policy_model::{Policy, TenantId, UserId};
use quick_cache::sync::Cache;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};

use crate::client::{self, ClientSettings};
use crate::key::Key;
use crate::read::read;
use crate::record::{MalformedItem, Membership, PolicyRecord, Roles, Status, Tenant, sha256_hex};

/// How to reach the table and what to remember of it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The table's name.
    pub table: String,
    /// How to reach it.
    pub client: ClientSettings,
    /// How long an answer, also a refusal, is used without asking again: a change in the table is in force after this time.
    pub cache_ttl: Duration,
    /// Most principals that are remembered.
    pub cache_entries_max: usize,
}

/// Who asks: a user is named by issuer and subject together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// The issuer, exactly as in the settings.
    pub issuer: Arc<str>,
    /// The user as that issuer names it.
    pub subject: UserId,
    /// The tenant that the token names.
    pub tenant: TenantId,
}

/// What the registry says of a principal: an active member of an active tenant with a readable policy.
#[derive(Debug)]
pub struct Grant {
    /// Roles in the tenant.
    pub roles: Roles,
    /// The tenant's policy.
    pub policy: Arc<Policy>,
}

/// Why the registry gives no grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The principal is no member of the tenant.
    NotAMember,
    /// The membership is suspended.
    MemberSuspended,
    /// There is no such tenant.
    UnknownTenant,
    /// The tenant is suspended.
    TenantSuspended,
    /// The tenant's policy is not there.
    NoPolicy,
    /// Tenant and policy item do not agree, as in the middle of a publication.
    PolicyMismatch,
    /// The document is not a policy; its place and problem are for the operator's log.
    InvalidPolicy(Arc<str>),
    /// An item that is not what it should be: the attribute.
    Malformed(&'static str),
    /// The table did not answer in time, or at all: the cause.
    Unavailable(&'static str),
}

/// Whether an answer came from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheState {
    /// It did.
    Hit,
    /// The table was asked.
    Miss,
}

/// What came of a lookup.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The grant, or why there is none.
    pub grant: Result<Arc<Grant>, Refusal>,
    /// Where it came from.
    pub cache: CacheState,
}

/// The Policy Registry.
pub struct Registry {
    settings: Settings,
    client: OnceCell<Client>,
    answers: Cache<Principal, Answer>,
    /// Compiled policies by tenant: a document that did not change is neither read nor compiled again.
    policies: Cache<TenantId, (Arc<str>, Arc<Policy>)>,
}

#[derive(Clone)]
struct Answer {
    grant: Result<Arc<Grant>, Refusal>,
    expires: Instant,
}

impl Registry {
    /// A registry that has not been asked anything yet: no connection is made.
    pub fn new(settings: Settings) -> Registry {
        let entries = settings.cache_entries_max.max(1);
        Registry { client: OnceCell::new(), answers: Cache::new(entries), policies: Cache::new(entries), settings }
    }

    /// Looks a principal up. Simultaneous misses for one principal ask the table once.
    ///
    /// The answer is there within the timeout of the settings and before `deadline`, if only as [`Refusal::Unavailable`].
    pub async fn resolve(&self, principal: &Principal, deadline: Instant) -> Resolution {
        let now = Instant::now();
        if let Some(answer) = self.answers.get(principal) {
            if now < answer.expires {
                return Resolution { grant: answer.grant, cache: CacheState::Hit };
            }
            self.answers.remove_if(principal, |held| held.expires == answer.expires);
        }
        if deadline <= now {
            return Resolution { grant: Err(Refusal::Unavailable("timeout")), cache: CacheState::Miss };
        }
        let limit = now + self.settings.client.timeout;
        let deadline = deadline.min(limit);
        let grant = timeout_at(deadline, self.ask_once(principal, deadline, limit)).await;
        Resolution { grant: grant.unwrap_or(Err(Refusal::Unavailable("timeout"))), cache: CacheState::Miss }
    }

    async fn ask_once(&self, principal: &Principal, deadline: Instant, limit: Instant) -> Result<Arc<Grant>, Refusal> {
        match self.answers.get_value_or_guard_async(principal).await {
            Ok(answer) => answer.grant,
            Err(place) => {
                let asked = Instant::now();
                // The bound on waiting is inside, so that a hanging table leaves an answer behind for those who wait.
                let lookup = timeout_at(deadline, self.ask(principal)).await;
                let grant = lookup.unwrap_or(Err(Refusal::Unavailable("timeout"))).map(Arc::new);
                let expires = match &grant {
                    // The caller had no time left, which says nothing of the table.
                    Err(Refusal::Unavailable("timeout")) if deadline < limit => asked,
                    // Over soon, like the middle of a publication. Counted from after it: a timeout is longer than this.
                    Err(Refusal::Unavailable(_) | Refusal::PolicyMismatch) => {
                        Instant::now() + self.settings.cache_ttl.min(TROUBLE_TTL)
                    }
                    // Counted from before the question: what the table said is at most this old.
                    Ok(_) | Err(_) => asked + self.settings.cache_ttl,
                };
                let answer = Answer { grant: grant.clone(), expires };
                // The place is given up only when the cache was cleared meanwhile.
                drop(place.insert(answer));
                grant
            }
        }
    }

    async fn ask(&self, principal: &Principal) -> Result<Grant, Refusal> {
        let client = self.client.get_or_try_init(async || client::build(&self.settings.client)).await;
        let client = client.map_err(|missing| Refusal::Unavailable(missing.0))?;
        let table = &self.settings.table;

        let held = self.policies.get(&principal.tenant);
        let membership_key = Key::membership(&principal.issuer, principal.subject.as_str(), &principal.tenant);
        let (tenant_key, policy_key) = (Key::tenant(&principal.tenant), Key::active_policy(&principal.tenant));
        let mut keys = vec![membership_key, tenant_key, policy_key.clone()];
        if held.is_some() {
            keys.truncate(2);
        }
        let items = read(client, table, &keys).await?;
        let [membership_key, tenant_key, ..] = keys.as_slice() else { return Err(Refusal::Malformed("key")) };

        let membership = items.get(membership_key).ok_or(Refusal::NotAMember)?;
        let membership = check_membership(Membership::from_item(membership)?, principal)?;
        let tenant = check_tenant(Tenant::from_item(items.get(tenant_key).ok_or(Refusal::UnknownTenant)?)?, principal)?;

        let policy = match held {
            Some((sha256, policy)) if *sha256 == *tenant.policy_sha256 && *policy.id() == tenant.policy => policy,
            Some(_) => {
                let items = read(client, table, std::slice::from_ref(&policy_key)).await?;
                self.compile(items.get(&policy_key), &tenant)?
            }
            None => self.compile(items.get(&policy_key), &tenant)?,
        };
        Ok(Grant { roles: membership.roles, policy })
    }

    fn compile(&self, item: Option<&crate::record::Item>, tenant: &Tenant) -> Result<Arc<Policy>, Refusal> {
        let record = PolicyRecord::from_item(item.ok_or(Refusal::NoPolicy)?)?;
        let is_whole = record.tenant == tenant.tenant
            && record.policy == tenant.policy
            && record.sha256 == tenant.policy_sha256
            && sha256_hex(record.document.as_bytes()) == record.sha256;
        if !is_whole {
            return Err(Refusal::PolicyMismatch);
        }
        let policy = Policy::parse(record.document.as_bytes())
            .map_err(|error| Refusal::InvalidPolicy(error.to_string().into()))?;
        if *policy.tenant() != tenant.tenant || *policy.id() != tenant.policy {
            return Err(Refusal::PolicyMismatch);
        }
        let policy = Arc::new(policy);
        self.policies.insert(tenant.tenant.clone(), (record.sha256.into(), Arc::clone(&policy)));
        Ok(policy)
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Registry").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// The item must be about this very principal, whatever its key says.
fn check_membership(membership: Membership, principal: &Principal) -> Result<Membership, Refusal> {
    let is_own = *membership.issuer == *principal.issuer
        && membership.subject == principal.subject.as_str()
        && membership.tenant == principal.tenant;
    match membership.status {
        _ if !is_own => Err(Refusal::Malformed("membership")),
        Status::Suspended => Err(Refusal::MemberSuspended),
        Status::Active => Ok(membership),
    }
}

fn check_tenant(tenant: Tenant, principal: &Principal) -> Result<Tenant, Refusal> {
    match tenant.status {
        _ if tenant.tenant != principal.tenant => Err(Refusal::Malformed("tenantId")),
        Status::Suspended => Err(Refusal::TenantSuspended),
        Status::Active => Ok(tenant),
    }
}

impl From<MalformedItem> for Refusal {
    fn from(item: MalformedItem) -> Refusal {
        Refusal::Malformed(item.0)
    }
}

/// A table that did not answer, or was half written, is asked again after this time: soon, but not once for each of a thousand callers.
const TROUBLE_TTL: Duration = Duration::from_millis(200);
