//! What operators stopped, compiled once for as long as the table says the same.

use std::sync::{Arc, Mutex, PoisonError};

use policy_model::{Policy, TenantId};

use crate::record::{Item, KillSwitch};
use crate::registry::Refusal;

/// The kills that the last lookup found.
#[derive(Default)]
pub(crate) struct Kills(Mutex<Option<Known>>);

#[derive(Clone)]
struct Known {
    item: Arc<Item>,
    switch: Arc<KillSwitch>,
    /// Of all tenants, where no kill is for one alone.
    common: Option<Arc<Policy>>,
}

impl Kills {
    /// What is stopped of what a tenant may ask for. A switch that cannot be read stops everybody.
    pub(crate) fn check(&self, item: Option<&Item>, tenant: &TenantId) -> Result<Option<Arc<Policy>>, Refusal> {
        let Some(item) = item else { return Ok(None) };
        let known = self.read(item, tenant)?;
        if known.switch.stops(tenant) {
            return Err(Refusal::Killed);
        }
        if known.switch.differs_by_tenant() { compile(&known.switch, tenant) } else { Ok(known.common) }
    }

    fn read(&self, item: &Item, tenant: &TenantId) -> Result<Known, Refusal> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(held) = held.filter(|held| *held.item == *item) {
            return Ok(held);
        }
        let switch = KillSwitch::from_item(item)?;
        let common = if switch.differs_by_tenant() { None } else { compile(&switch, tenant)? };
        let known = Known { item: Arc::new(item.clone()), switch: Arc::new(switch), common };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }
}

fn compile(switch: &KillSwitch, tenant: &TenantId) -> Result<Option<Arc<Policy>>, Refusal> {
    let policy = switch.policy(tenant).map_err(|_| Refusal::Malformed("document"))?;
    Ok(policy.map(Arc::new))
}
