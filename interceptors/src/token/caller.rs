//! Who calls, once that is verified.

use std::fmt;

use policy_model::json::Document;
use policy_model::{TenantId, UserId};
use policy_registry::Member;

use crate::settings::{TenantBinding, TenantSelection};

/// A verified caller, whose tenant may still have to be found out.
#[derive(Clone)]
pub struct Caller {
    /// Issuer and user, or machine.
    pub member: Member,
    /// The tenant that the token names.
    pub tenant: Option<TenantId>,
    /// For which tenants its issuer may speak.
    pub tenants: TenantBinding,
    /// Where the tenant comes from if the token names none.
    pub tenant_selection: TenantSelection,
    /// The roles that the token names; a claim that is not a list of strings names none.
    pub roles: Vec<String>,
    /// The scopes that the token names, from lists or space-separated strings; `None` if there is no token that could.
    pub scopes: Option<Vec<String>>,
    /// Who calls on the user's behalf, and before it whoever called on theirs: the current actor is the first
    /// (RFC 8693, section 4.1).
    pub actors: Vec<UserId>,
    /// All claims, exactly as they are in the token; an object without duplicate members.
    pub claims: Document<'static>,
    /// When the token expires, in seconds since 1970.
    pub expires: u64,
}

impl Caller {
    /// The agent that calls on the user's behalf. Those that acted before count for nothing.
    pub fn agent(&self) -> Option<&UserId> {
        self.actors.first()
    }
}

/// Names the tenant only: the rest is nobody's to read in a log.
impl fmt::Debug for Caller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Caller").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
