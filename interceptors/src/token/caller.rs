//! Who calls, once the token is verified.

use std::fmt;

use policy_model::json::Document;
use policy_registry::Principal;

/// A verified caller.
#[derive(Clone)]
pub struct Caller {
    /// Issuer, user and tenant.
    pub principal: Principal,
    /// The roles that the token names; a claim that is not a list of strings names none.
    pub roles: Vec<String>,
    /// The scopes that the token names, from lists or space-separated strings.
    pub scopes: Vec<String>,
    /// The actor: who calls on the user's behalf (`act.sub`, RFC 8693, section 4.1).
    pub agent: Option<String>,
    /// All claims, exactly as they are in the token; an object without duplicate members.
    pub claims: Document<'static>,
}

/// Names the tenant only: the rest is nobody's to read in a log.
impl fmt::Debug for Caller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Caller").field("tenant", &self.principal.tenant).finish_non_exhaustive()
    }
}
