//! One lookup: a principal's membership, its tenant, and the policies that count there.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use policy_model::Policy;
use tokio::time::{Instant, timeout_at};

use crate::key::{Key, Place};
use crate::kills::Kills;
use crate::operate::{POLICY_VERSION, SHADOW_VERSION};
use crate::policies::{Policies, PolicyFault};
use crate::principal::{Principal, PrincipalKind, client_id};
use crate::read::{Items, read};
use crate::record::{
    Baseline, Client as ClientRecord, Item, Membership, PolicyPointer, Roles, ScopeBound, Status, Tenant, Workspaces,
};
use crate::registry::{BaselineMode, Grant, Refusal, Shadow};

/// What lookups have in common.
pub(crate) struct Lookup<'r> {
    pub(crate) client: &'r Client,
    pub(crate) table: &'r str,
    pub(crate) policies: &'r Policies,
    pub(crate) kills: &'r Kills,
    pub(crate) baseline: BaselineMode,
}

impl Lookup<'_> {
    /// One round trip: the pointers and those documents of which nothing is known yet. A second one only where a pointer is to
    /// another document than is held.
    pub(crate) async fn ask(&self, principal: &Principal, deadline: Instant) -> Result<Grant, Refusal> {
        let tenant = &principal.tenant;
        let (member_key, agent_key) = (principal.member_key(), principal.agent_key());
        let (tenant_key, baseline_key, kills_key) = (Key::tenant(tenant), Key::baseline(), Key::kills());
        let active = self.policies.search(Place::Active(tenant.clone()));
        let shadow = self.policies.search(Place::Shadow(tenant.clone()));
        let baseline = self.policies.search(Place::Baseline);

        let pointers = [&member_key, &tenant_key, &baseline_key, &kills_key].into_iter().chain(&agent_key).cloned();
        let documents = [&active, &shadow, &baseline].into_iter().filter_map(|search| search.key_at_once());
        let mut items = self.read(&pointers.chain(documents).collect::<Vec<Key>>()).await?;

        let kills = self.kills.check(items.get(&kills_key), tenant)?;
        let member = check_member(items.get(&member_key), principal)?;
        let scopes = match agent_key {
            None => member.scopes,
            Some(key) => check_agent(items.get(&key), principal)?,
        };
        let tenant = check_tenant(items.get(&tenant_key), principal)?;
        let to_baseline = self.check_baseline(items.get(&baseline_key))?;
        let (to_active, to_shadow) = (Some(&tenant.policy), tenant.shadow.as_ref());

        let needed = [active.key_after_all(to_active), baseline.key_after_all(to_baseline.as_ref())];
        let needed: Vec<Key> = needed.into_iter().flatten().collect();
        let watched: Vec<Key> = shadow.key_after_all(to_shadow).into_iter().collect();
        items.extend(self.read_late(needed, watched, deadline).await?);

        let number = |key: &Key, name: &str| items.get(key).and_then(|item| version_number(item, name));
        let of_active = number(&tenant_key, POLICY_VERSION);
        let of_shadow = number(&tenant_key, SHADOW_VERSION);
        let of_baseline = number(&baseline_key, POLICY_VERSION);
        let needed = [
            active.key_of_version(to_active, of_active, &items),
            baseline.key_of_version(to_baseline.as_ref(), of_baseline, &items),
        ];
        let needed: Vec<Key> = needed.into_iter().flatten().collect();
        let watched: Vec<Key> = shadow.key_of_version(to_shadow, of_shadow, &items).into_iter().collect();
        items.extend(self.read_late(needed, watched, deadline).await?);

        let baseline = baseline.finish(to_baseline.as_ref(), of_baseline, &items).map_err(Refusal::Baseline)?;
        let policy = active.finish(to_active, of_active, &items)?.ok_or(Refusal::NoPolicy)?;
        let shadow = match shadow.finish(to_shadow, of_shadow, &items) {
            Ok(policy) => policy.map(Shadow::Policy),
            Err(_) => Some(Shadow::Broken),
        };
        Ok(Grant { roles: member.roles, workspaces: member.workspaces, scopes, policy, baseline, kills, shadow })
    }

    /// The baseline alone, in one round trip, or two where the pointer is to another document than is held.
    pub(crate) async fn ask_for_baseline(&self) -> Result<Option<Arc<Policy>>, Refusal> {
        let search = self.policies.search(Place::Baseline);
        let keys: Vec<Key> = [Key::baseline()].into_iter().chain(search.key_at_once()).collect();
        let mut items = self.read(&keys).await?;
        let pointer = self.check_baseline(items.get(&Key::baseline()))?;
        if let Some(key) = search.key_after_all(pointer.as_ref()) {
            items.extend(self.read(&[key]).await?);
        }
        let version = items.get(&Key::baseline()).and_then(|item| version_number(item, POLICY_VERSION));
        if let Some(key) = search.key_of_version(pointer.as_ref(), version, &items) {
            items.extend(self.read(&[key]).await?);
        }
        search.finish(pointer.as_ref(), version, &items).map_err(Refusal::Baseline)
    }

    /// Reads what is needed and what is only watched; trouble with the latter alone gives nothing, and leaves time to say so.
    async fn read_late(&self, needed: Vec<Key>, watched: Vec<Key>, deadline: Instant) -> Result<Items, Refusal> {
        if !needed.is_empty() {
            return self.read(&[needed, watched].concat()).await;
        }
        if watched.is_empty() {
            return Ok(Items::default());
        }
        let half = deadline.saturating_duration_since(Instant::now()) / 2;
        let found = timeout_at(Instant::now() + half, self.read(&watched)).await;
        Ok(found.unwrap_or(Ok(Items::default())).unwrap_or_default())
    }

    async fn read(&self, keys: &[Key]) -> Result<Items, Refusal> {
        Ok(read(self.client, self.table, keys).await?)
    }

    fn check_baseline(&self, item: Option<&Item>) -> Result<Option<PolicyPointer>, Refusal> {
        match (item.map(Baseline::from_item).transpose(), self.baseline) {
            (Ok(Some(baseline)), _) => Ok(Some(baseline.policy)),
            (Ok(None), BaselineMode::Optional) => Ok(None),
            (Ok(None), BaselineMode::Required) => Err(Refusal::NoBaseline),
            (Err(malformed), _) => Err(Refusal::Baseline(malformed.into())),
        }
    }
}

/// Which version an item points to; none where it was not published but loaded.
fn version_number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// What a membership gives.
struct Member {
    roles: Roles,
    workspaces: Workspaces,
    scopes: ScopeBound,
}

/// The item must be about this very principal, whatever its key says.
fn check_member(item: Option<&Item>, principal: &Principal) -> Result<Member, Refusal> {
    let item = item.ok_or(Refusal::NotAMember)?;
    match principal.kind {
        PrincipalKind::User => {
            let Membership { issuer, subject, tenant, roles, workspaces, status } = Membership::from_item(item)?;
            let is_own =
                *issuer == *principal.issuer && subject == principal.subject.as_str() && tenant == principal.tenant;
            match status {
                _ if !is_own => Err(Refusal::Malformed("membership")),
                Status::Suspended => Err(Refusal::MemberSuspended),
                Status::Active => Ok(Member { roles, workspaces, scopes: ScopeBound::Any }),
            }
        }
        PrincipalKind::Client => {
            let client = own_client(item, principal, client_id(&principal.subject))?;
            match client.status {
                Status::Suspended => Err(Refusal::MemberSuspended),
                Status::Active => {
                    Ok(Member { roles: client.roles, workspaces: client.workspaces, scopes: client.scopes })
                }
            }
        }
    }
}

/// The bound that an agent brings along. Its roles are its own, and none of the user's.
fn check_agent(item: Option<&Item>, principal: &Principal) -> Result<ScopeBound, Refusal> {
    let id = principal.agent.as_ref().map(|agent| agent.as_str()).unwrap_or_default();
    let agent = own_client(item.ok_or(Refusal::UnknownAgent)?, principal, id)?;
    match agent.status {
        Status::Suspended => Err(Refusal::AgentSuspended),
        Status::Active => Ok(agent.scopes),
    }
}

/// The item must be about this very client, whatever its key says.
fn own_client(item: &Item, principal: &Principal, id: &str) -> Result<ClientRecord, Refusal> {
    let client = ClientRecord::from_item(item)?;
    let is_own = *client.issuer == *principal.issuer && client.client == id && client.tenant == principal.tenant;
    if is_own { Ok(client) } else { Err(Refusal::Malformed("client")) }
}

fn check_tenant(item: Option<&Item>, principal: &Principal) -> Result<Tenant, Refusal> {
    let tenant = Tenant::from_item(item.ok_or(Refusal::UnknownTenant)?)?;
    match tenant.status {
        _ if tenant.tenant != principal.tenant => Err(Refusal::Malformed("tenantId")),
        Status::Suspended => Err(Refusal::TenantSuspended),
        Status::Active => Ok(tenant),
    }
}

impl From<PolicyFault> for Refusal {
    fn from(fault: PolicyFault) -> Refusal {
        match fault {
            PolicyFault::NoDocument => Refusal::NoPolicy,
            PolicyFault::Mismatch => Refusal::PolicyMismatch,
            PolicyFault::Invalid(problem) => Refusal::InvalidPolicy(problem),
            PolicyFault::Malformed(attribute) => Refusal::Malformed(attribute),
        }
    }
}
