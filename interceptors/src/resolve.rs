//! Who is calling, for which tenant, and what that tenant's policies are.

use std::sync::Arc;

use policy_model::header::Header;
use policy_model::redaction::{HashKey, HashKeys};
use policy_model::{Caller as Asker, Layers, Policy, TenantId};
use policy_registry::{Grant, Principal, ScopeBound, Shadow};
use tokio::time::Instant;

use crate::added_headers;
use crate::audit::{TenantSource, Trail};
use crate::event::Event;
use crate::headers::Headers;
use crate::identity;
use crate::interceptor::{Working, unix_now};
use crate::names::Names;
use crate::outgoing::Sending;
use crate::pins::Pins;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::task::Tasks;
use crate::token::{Caller, Grace, TokenFault};
use crate::view::View;

/// A caller that the registry knows, and what it grants.
pub(crate) struct Known {
    pub(crate) principal: Principal,
    pub(crate) caller: Arc<Caller>,
    grant: Arc<Grant>,
    /// The scopes that count: what the token has, as far as the machine that calls may use them.
    pub(crate) scopes: Vec<String>,
    /// What the policies add to every request that goes on.
    pub(crate) headers: Vec<Header>,
    /// Keys for hashes in what it sees.
    hash_keys: HashKeys,
    /// With what digests of its arguments are made.
    arguments_key: Option<HashKey>,
    /// Seconds since 1970.
    time: i64,
}

impl Known {
    /// What it may do and see.
    pub(crate) fn view<'k>(&'k self, settings: &'k Settings) -> View<'k> {
        let view = View::new(self.layers(), self.grant.shadow.as_ref(), self.asker(), self.time, settings.invisible);
        let context = settings.tenant_context.as_ref();
        let view = view.with_hash_keys(&self.hash_keys).with_arguments_key(self.arguments_key.as_ref());
        view.with_controls(settings.controls).with_context(context)
    }

    fn asker(&self) -> Asker<'_> {
        let (caller, grant) = (&self.caller, &self.grant);
        Asker {
            tenant: &self.principal.tenant,
            user: &self.principal.subject,
            issuer: &self.principal.issuer,
            agent: caller.agent().map(|agent| agent.as_str()),
            roles: [&caller.roles, &grant.roles],
            workspaces: &grant.workspaces,
            scopes: &self.scopes,
            claims: Some(caller.claims.root()),
        }
    }

    /// Whether what it may do depends on claims.
    pub(crate) fn reads_claims(&self) -> bool {
        let shadow = match &self.grant.shadow {
            Some(Shadow::Policy(policy)) => Some(policy.as_ref()),
            Some(Shadow::Broken) | None => None,
        };
        let Layers { kills: _, baseline, policy } = self.layers();
        baseline.into_iter().chain([policy]).chain(shadow).any(Policy::reads_claims)
    }

    /// Its policies.
    pub(crate) fn layers(&self) -> Layers<'_> {
        self.grant.layers()
    }
}

impl Working {
    /// Who is calling, under which policy, and which headers go along.
    pub(crate) async fn know(
        &self,
        event: &Event<'_>,
        grace: Grace,
        sending: Sending<'_>,
        trail: &mut Trail,
    ) -> Result<Known, Refusal> {
        let caller = self.identify(event, grace, sending.deadline, trail).await?;
        let (tenant, source) = self.choose_tenant(&caller, &event.headers, sending.deadline).await?;
        trail.tenant(&tenant, source);
        let mut known = self.grant(caller, tenant, sending, trail).await?;
        self.add_headers(&mut known, sending)?;
        Ok(known)
    }

    /// Works out which headers the policies add.
    pub(crate) fn add_headers(&self, known: &mut Known, sending: Sending<'_>) -> Result<(), Refusal> {
        let decision = sending.decision();
        known.headers = added_headers::resolve(known.layers(), &known.asker(), known.time, decision, &self.settings)?;
        Ok(())
    }

    /// What the registry grants a caller in a tenant.
    pub(crate) async fn grant(
        &self,
        caller: Arc<Caller>,
        tenant: TenantId,
        sending: Sending<'_>,
        trail: &mut Trail,
    ) -> Result<Known, Refusal> {
        let (now, deadline) = (unix_now(), sending.deadline);
        let agents = self.settings.agents;
        let asked = Instant::now();
        let (principal, resolution) = identity::look_up(&self.registry, agents, &caller, tenant, deadline).await;
        trail.looked_up(resolution.cache, asked.elapsed());
        let grant = resolution.grant.map_err(Refusal::Registry)?;
        trail.policy(grant.policy.id());
        let time = i64::try_from(now).unwrap_or(i64::MAX);
        let hash_keys = self.hash_keys(&grant, &principal.tenant);
        let scopes = scopes(&caller, &grant.scopes);
        let arguments_key = self.arguments_key(&principal.tenant);
        let known = Known { principal, caller, grant, scopes, headers: Vec::new(), hash_keys, arguments_key, time };
        identity::check_actor(&known.caller, known.layers())?;
        Ok(known)
    }

    /// Whose credential it is.
    pub(crate) async fn identify(
        &self,
        event: &Event<'_>,
        grace: Grace,
        deadline: Instant,
        trail: &mut Trail,
    ) -> Result<Arc<Caller>, TokenFault> {
        let asked = Instant::now();
        let caller = self.verify(event, grace, deadline).await;
        trail.verified(asked.elapsed());
        let caller = caller?;
        trail.caller(&caller);
        Ok(caller)
    }

    async fn verify(&self, event: &Event<'_>, grace: Grace, deadline: Instant) -> Result<Arc<Caller>, TokenFault> {
        if let Some(iam) = &self.settings.iam
            && let Some(caller) = iam.identify(event)?
        {
            return Ok(Arc::new(caller));
        }
        self.verifier.identify(&event.headers, unix_now(), grace, deadline).await
    }

    /// The tenant that the token names, or one of the caller's own. Wherever it comes from, the caller must be its member.
    pub(crate) async fn choose_tenant(
        &self,
        caller: &Caller,
        headers: &Headers<'_>,
        deadline: Instant,
    ) -> Result<(TenantId, TenantSource), Refusal> {
        let selector = headers.find(&policy_model::header::normal(&self.settings.headers.tenant_selector));
        Ok(identity::choose_tenant(&self.registry, caller, &selector, deadline).await?)
    }

    /// The keys of the policies that want one, as far as the settings have their secrets.
    fn hash_keys(&self, grant: &Grant, tenant: &TenantId) -> HashKeys {
        let key = |policy: Option<&Policy>| {
            let secret = self.settings.hash_secrets.get(policy?.hash_key()?)?;
            HashKey::of_tenant(secret, tenant)
        };
        HashKeys { baseline: key(grant.baseline.as_deref()), tenant: key(Some(&grant.policy)) }
    }

    fn arguments_key(&self, tenant: &TenantId) -> Option<HashKey> {
        let secret = self.settings.hash_secrets.get(self.settings.audit.arguments_key.as_deref()?)?;
        HashKey::of_tenant(secret, tenant)
    }

    /// The tasks of a caller.
    pub(crate) fn tasks<'w>(&'w self, known: &'w Known, grace: Grace, deadline: Instant) -> Tasks<'w> {
        Tasks {
            registry: &self.registry,
            mode: self.settings.tasks,
            owner: &known.principal,
            now: u64::try_from(known.time).unwrap_or(0),
            grace,
            deadline,
        }
    }

    /// The pinned tools of a caller's tenant, where messages use these names.
    pub(crate) fn pins<'w>(&'w self, known: &'w Known, names: Names<'w>, deadline: Instant) -> Pins<'w> {
        Pins {
            registry: &self.registry,
            layers: known.layers(),
            names,
            tenant: &known.principal.tenant,
            now: u64::try_from(known.time).unwrap_or(0),
            deadline,
        }
    }
}

/// What the token has and the registration lets count; the registration's own where no token says anything.
pub(crate) fn scopes(caller: &Caller, bound: &ScopeBound) -> Vec<String> {
    match (&caller.scopes, bound) {
        (Some(scopes), bound) => scopes.iter().filter(|scope| bound.includes(scope)).cloned().collect(),
        (None, ScopeBound::OneOf(scopes)) => scopes.clone(),
        (None, ScopeBound::Any) => Vec::new(),
    }
}
