//! `User -> Tenant -> Policy`, from a cache whose age is the revocation bound.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use policy_model::{Layers, Policy};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};

use crate::answers::{Answer, Answers};
use crate::changes::Changes;
use crate::client::{self, ClientSettings};
use crate::kills::Kills;
use crate::lookup::Lookup;
use crate::moment::Moment;
use crate::policies::{Policies, PolicyFault};
use crate::principal::Principal;
use crate::read::ReadFault;
use crate::record::{MalformedItem, Roles, ScopeBound, Workspaces};
use crate::routes::Routes;
use crate::tenants::OnlyTenants;

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
    /// Whether a table without a baseline is used.
    pub baseline: BaselineMode,
}

/// Whether there must be a baseline. One that is there but broken refuses every lookup in either mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BaselineMode {
    /// Tenants' policies count alone where there is none.
    #[default]
    Optional,
    /// Where there is none, every lookup is refused.
    Required,
}

/// What the registry says of a principal: an active member of an active tenant with a readable policy.
#[derive(Debug)]
pub struct Grant {
    /// Roles in the tenant.
    pub roles: Roles,
    /// Workspaces in the tenant.
    pub workspaces: Workspaces,
    /// Which scopes count: those of the machine that calls, for itself or for a user, where it is registered.
    pub scopes: ScopeBound,
    /// The tenant's policy.
    pub policy: Arc<Policy>,
    /// The policy that counts for every tenant.
    pub baseline: Option<Arc<Policy>>,
    /// What operators stopped, of what can be asked for: DENY rules alone.
    pub kills: Option<Arc<Policy>>,
    /// The policy that is decided beside the tenant's, without effect.
    pub shadow: Option<Shadow>,
}

impl Grant {
    /// The policies that its owner is under.
    pub fn layers(&self) -> Layers<'_> {
        Layers { kills: self.kills.as_deref(), baseline: self.baseline.as_deref(), policy: &self.policy }
    }
}

/// A tenant's shadow policy. What is wrong with one refuses nothing.
#[derive(Debug, Clone)]
pub enum Shadow {
    /// It can be decided.
    Policy(Arc<Policy>),
    /// The tenant points to one that is not there, not that one, or not a policy.
    Broken,
}

/// Why the registry gives no grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The principal is no member of the tenant.
    NotAMember,
    /// The membership is suspended.
    MemberSuspended,
    /// The principal is a member of several tenants, and nothing says which is meant.
    SeveralTenants,
    /// The agent must be registered, and is not.
    UnknownAgent,
    /// The agent is suspended.
    AgentSuspended,
    /// There is no such tenant.
    UnknownTenant,
    /// The tenant is suspended.
    TenantSuspended,
    /// An operator stopped this tenant, or all of them.
    Killed,
    /// The tenant's policy is not there.
    NoPolicy,
    /// Tenant and policy item do not agree, as in the middle of a publication.
    PolicyMismatch,
    /// The document is not a policy; its place and problem are for the operator's log.
    InvalidPolicy(Arc<str>),
    /// There is no baseline, and there must be.
    NoBaseline,
    /// There is a baseline, and it cannot be used.
    Baseline(PolicyFault),
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
    answers: Answers<Principal, Result<Arc<Grant>, Refusal>>,
    baselines: Answers<(), Result<Option<Arc<Policy>>, Refusal>>,
    /// A document that did not change is neither read nor compiled again.
    policies: Policies,
    /// What operators stopped, as it was last read.
    kills: Kills,
    /// What was seen of pinned tools.
    pub(crate) changes: Changes,
    /// The tenants of those whose tokens name none.
    pub(crate) only_tenants: OnlyTenants,
    /// What paths are bound to.
    pub(crate) routes: Routes,
}

impl Registry {
    /// A registry that has not been asked anything yet: no connection is made.
    pub fn new(settings: Settings) -> Registry {
        let entries = settings.cache_entries_max.max(1);
        Registry {
            client: OnceCell::new(),
            answers: Answers::new(entries),
            baselines: Answers::new(1),
            policies: Policies::new(entries),
            kills: Kills::default(),
            changes: Changes::new(entries),
            only_tenants: OnlyTenants::new(entries),
            routes: Routes::new(entries),
            settings,
        }
    }

    /// A registry that asks through a client of the caller's (see [`client::build_with`]).
    pub fn with_client(settings: Settings, client: Client) -> Registry {
        Registry { client: OnceCell::new_with(Some(client)), ..Registry::new(settings) }
    }

    /// Looks a principal up. Simultaneous misses for one principal ask the table once.
    ///
    /// The answer is there within the timeout of the settings and before `deadline`, if only as [`Refusal::Unavailable`].
    pub async fn resolve(&self, principal: &Principal, deadline: Instant) -> Resolution {
        let now = Instant::now();
        if let Some(grant) = self.answers.get(principal) {
            return Resolution { grant, cache: CacheState::Hit };
        }
        if deadline <= now {
            return Resolution { grant: Err(Refusal::Unavailable("timeout")), cache: CacheState::Miss };
        }
        let limit = self.limit();
        let deadline = deadline.min(limit);
        let question = self.ask_for_grant(principal, deadline, limit);
        let grant = timeout_at(deadline, self.answers.ask_once(principal, question)).await;
        Resolution { grant: grant.unwrap_or(Err(Refusal::Unavailable("timeout"))), cache: CacheState::Miss }
    }

    async fn ask_for_grant(
        &self,
        principal: &Principal,
        deadline: Instant,
        limit: Instant,
    ) -> Answer<Result<Arc<Grant>, Refusal>> {
        let asked = Moment::now();
        // The bound on waiting is inside, so that a hanging table leaves an answer behind for those who wait.
        let lookup = timeout_at(deadline, self.ask(principal, deadline)).await;
        let answer = lookup.unwrap_or(Err(Refusal::Unavailable("timeout"))).map(Arc::new);
        self.answer(answer, asked, deadline < limit)
    }

    /// What is remembered of an answer. `is_hurried` is whether whoever asked had less time than the settings give.
    fn answer<T>(&self, answer: Result<T, Refusal>, asked: Moment, is_hurried: bool) -> Answer<Result<T, Refusal>> {
        let expires = match &answer {
            // The caller had no time left, which says nothing of the table.
            Err(Refusal::Unavailable("timeout")) if is_hurried => asked,
            // Over soon, like the middle of a publication. Counted from after it: a timeout is longer than this.
            Err(Refusal::Unavailable(_) | Refusal::PolicyMismatch | Refusal::Baseline(PolicyFault::Mismatch)) => {
                Moment::now().after(self.settings.cache_ttl.min(TROUBLE_TTL))
            }
            // Counted from before the question: what the table said is at most this old.
            Ok(_) | Err(_) => asked.after(self.settings.cache_ttl),
        };
        Answer { answer, expires }
    }

    /// The policy that counts for every tenant, for whoever knows of no principal.
    ///
    /// # Errors
    /// [`Refusal`] if there is none and must be, or that cannot be said within the timeout of the settings and before `deadline`.
    pub async fn baseline(&self, deadline: Instant) -> Result<Option<Arc<Policy>>, Refusal> {
        if let Some(baseline) = self.baselines.get(&()) {
            return baseline;
        }
        let limit = self.limit();
        let deadline = deadline.min(limit);
        let question = async {
            let asked = Moment::now();
            let lookup = timeout_at(deadline, async { self.lookup().await?.ask_for_baseline().await });
            self.answer(lookup.await.unwrap_or(Err(Refusal::Unavailable("timeout"))), asked, deadline < limit)
        };
        let answer = timeout_at(deadline, self.baselines.ask_once(&(), question)).await;
        answer.unwrap_or(Err(Refusal::Unavailable("timeout")))
    }

    async fn ask(&self, principal: &Principal, deadline: Instant) -> Result<Grant, Refusal> {
        self.lookup().await?.ask(principal, deadline).await
    }

    async fn lookup(&self) -> Result<Lookup<'_>, ReadFault> {
        let (client, table, baseline) = (self.client().await?, self.table(), self.settings.baseline);
        Ok(Lookup { client, table, policies: &self.policies, kills: &self.kills, baseline })
    }

    /// The client, built when it is first needed.
    pub(crate) async fn client(&self) -> Result<&Client, ReadFault> {
        let client = self.client.get_or_try_init(async || client::build(&self.settings.client)).await;
        client.map_err(|missing| ReadFault::Unavailable(missing.0))
    }

    pub(crate) fn table(&self) -> &str {
        &self.settings.table
    }

    /// How long an answer is used without asking again.
    pub(crate) fn cache_ttl(&self) -> Duration {
        self.settings.cache_ttl
    }

    /// When a question that is put now has taken as long as the settings let it.
    pub(crate) fn limit(&self) -> Instant {
        Instant::now() + self.settings.client.timeout
    }

    /// The answer to a question, or a timeout: within that of the settings, and before `deadline`.
    pub(crate) async fn in_time<T, E: From<ReadFault>>(
        &self,
        deadline: Instant,
        question: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let now = Instant::now();
        let timeout = || Err(ReadFault::Unavailable("timeout").into());
        if deadline <= now {
            return timeout();
        }
        let answer = timeout_at(deadline.min(self.limit()), question).await;
        answer.unwrap_or_else(|_| timeout())
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Registry").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl From<MalformedItem> for Refusal {
    fn from(item: MalformedItem) -> Refusal {
        Refusal::Malformed(item.0)
    }
}

/// A table that did not answer, or was half written, is asked again after this time: soon, but not once for each of a thousand callers.
pub(crate) const TROUBLE_TTL: Duration = Duration::from_millis(200);
