//! Whose a bearer token is, for which tenant, and that the registry knows them there: all but the message.
//!
//! The pipeline asks by `choose_tenant`, `look_up` and `check_actor`; [`Identities`] asks the same three, after the same
//! verification, for programs that serve a caller without an event of the gateway.

use std::borrow::Cow;
use std::sync::Arc;

use policy_model::{Layers, TenantId};
use policy_registry::{Principal, PrincipalKind, Refusal as RegistryRefusal, Registry, Resolution};
use tokio::time::Instant;

use crate::audit::{TenantSource, subject_hash};
use crate::headers::Found;
use crate::interceptor::unix_now;
use crate::refusal::Refusal;
use crate::settings::{AgentMode, Settings, TenantSelection};
use crate::token::{Caller, Grace, TokenFault, Verifier};

/// Says who presents a token, as both interceptors would.
#[derive(Debug)]
pub struct Identities {
    settings: Settings,
    verifier: Verifier,
    registry: Registry,
}

/// What a caller presents.
#[derive(Clone, Copy)]
pub struct Presented<'p> {
    /// The bearer token, without its scheme.
    pub token: &'p str,
    /// The tenant that the caller chooses among its own; counts only where the token names none.
    pub tenant: Option<&'p str>,
}

/// A caller whose token is verified and whom the registry knows in the tenant.
#[derive(Debug, Clone)]
pub struct Identified {
    /// What the token says.
    pub caller: Arc<Caller>,
    /// The tenant that it counts for.
    pub tenant: TenantId,
}

/// Why a caller is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityFault {
    /// The token, or what stands beside it.
    Token(TokenFault),
    /// What the registry says, or that it says nothing.
    Registry(RegistryRefusal),
}

impl Identities {
    /// Over settings and the registry that they name.
    pub fn new(settings: Settings, registry: Registry) -> Identities {
        let verifier = Verifier::new(settings.issuers.clone(), settings.leeway);
        Identities { settings, verifier, registry }
    }

    /// Whose a token is: verified, its tenant found, and the registry asked.
    ///
    /// # Errors
    /// [`IdentityFault`]: nobody's that could be served.
    pub async fn identify(&self, presented: Presented<'_>, deadline: Instant) -> Result<Identified, IdentityFault> {
        let caller = self.verifier.identify_token(presented.token, unix_now(), Grace::None, deadline).await?;
        let selector = presented.tenant.map_or(Found::Nothing, |tenant| Found::One(Cow::Borrowed(tenant)));
        let (tenant, _) = choose_tenant(&self.registry, &caller, &selector, deadline).await?;
        let identified = Identified { caller, tenant };
        self.confirm(&identified, deadline).await?;
        Ok(identified)
    }

    /// Whether the registry still knows a caller that was identified before. Its answer is as old as the settings' `cacheTtlMs` at
    /// most, whatever else is remembered of the caller. The token's own expiry is not looked at.
    ///
    /// # Errors
    /// [`IdentityFault`]: not any more, or that cannot be said.
    pub async fn confirm(&self, identified: &Identified, deadline: Instant) -> Result<(), IdentityFault> {
        let Identified { caller, tenant } = identified;
        let (_, resolution) = look_up(&self.registry, self.settings.agents, caller, tenant.clone(), deadline).await;
        let grant = resolution.grant.map_err(IdentityFault::Registry)?;
        check_actor(caller, grant.layers())?;
        Ok(())
    }
}

impl Identified {
    /// What audit lines say for issuer and subject.
    pub fn subject_hash(&self) -> String {
        subject_hash(&self.caller.member)
    }
}

impl IdentityFault {
    /// The reason code of the audit line.
    pub fn code(&self) -> &'static str {
        Refusal::from(self.clone()).code()
    }

    /// What the operator's log may say beyond the code.
    pub fn detail(&self) -> Option<String> {
        Refusal::from(self.clone()).detail()
    }
}

impl From<TokenFault> for IdentityFault {
    fn from(fault: TokenFault) -> IdentityFault {
        IdentityFault::Token(fault)
    }
}

impl From<IdentityFault> for Refusal {
    fn from(fault: IdentityFault) -> Refusal {
        match fault {
            IdentityFault::Token(fault) => Refusal::Token(fault),
            IdentityFault::Registry(refusal) => Refusal::Registry(refusal),
        }
    }
}

/// Names the tenant only.
impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Presented").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// The tenant that the token names, or one of the caller's own. Wherever it comes from, the caller must be its member.
pub(crate) async fn choose_tenant(
    registry: &Registry,
    caller: &Caller,
    selector: &Found<Cow<'_, str>>,
    deadline: Instant,
) -> Result<(TenantId, TenantSource), IdentityFault> {
    let (tenant, source) = match (&caller.tenant, caller.member.kind, caller.tenant_selection) {
        (Some(tenant), _, _) => return Ok((tenant.clone(), TenantSource::Claim)),
        (None, PrincipalKind::User, TenantSelection::Claim) => return Err(TokenFault::Tenant.into()),
        (None, PrincipalKind::User, TenantSelection::Membership) | (None, PrincipalKind::Client, _) => match selector {
            Found::Ambiguous => return Err(TokenFault::TenantSelector.into()),
            Found::One(name) => {
                let tenant = TenantId::parse(name).map_err(|_| TokenFault::TenantSelector)?;
                (tenant, TenantSource::Selector)
            }
            Found::Nothing => {
                let only = registry.only_tenant(&caller.member, deadline).await;
                (only.map_err(IdentityFault::Registry)?, TenantSource::OnlyMembership)
            }
        },
    };
    if caller.tenants.includes(&tenant) { Ok((tenant, source)) } else { Err(TokenFault::IssuerTenant.into()) }
}

/// What the registry says of a caller in a tenant, and of whom it was asked.
pub(crate) async fn look_up(
    registry: &Registry,
    agents: AgentMode,
    caller: &Caller,
    tenant: TenantId,
    deadline: Instant,
) -> (Principal, Resolution) {
    let member = &caller.member;
    let agent = match agents {
        AgentMode::Token => None,
        AgentMode::Registered => caller.agent().cloned(),
    };
    let principal = Principal {
        kind: member.kind,
        issuer: Arc::clone(&member.issuer),
        subject: member.subject.clone(),
        tenant,
        agent,
    };
    let resolution = registry.resolve(&principal, deadline).await;
    (principal, resolution)
}

/// Where a policy wants one, a user's call comes from an agent that acts for the user. A machine acts for itself.
pub(crate) fn check_actor(caller: &Caller, layers: Layers<'_>) -> Result<(), TokenFault> {
    match (caller.member.kind, caller.agent()) {
        (PrincipalKind::User, None) if layers.requires_actor() => Err(TokenFault::ActorRequired),
        (PrincipalKind::User, _) | (PrincipalKind::Client, _) => Ok(()),
    }
}
