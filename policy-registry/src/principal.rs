//! Who asks: a user or a machine, in one tenant.

use std::sync::Arc;

use policy_model::{TenantId, UserId};

use crate::key::Key;

/// Who asks. An issuer and its subject together name one; the same subject of another issuer is another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// User or machine: their names are apart, also where they are alike.
    pub kind: PrincipalKind,
    /// The issuer, exactly as in the settings.
    pub issuer: Arc<str>,
    /// The user as that issuer names it, or a client's [name](client_subject).
    pub subject: UserId,
    /// The tenant for which it asks.
    pub tenant: TenantId,
    /// The agent that calls on the user's behalf, where it must be registered.
    pub agent: Option<UserId>,
}

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// A user, known by a membership.
    User,
    /// A machine that calls for itself, known by a registered client.
    Client,
}

/// What a client is called among users, in policies, headers and records: `client:` and its id. `None` if the id is empty or
/// that is too long.
pub fn client_subject(client: &str) -> Option<UserId> {
    if client.is_empty() { None } else { UserId::parse(&format!("{CLIENT_PREFIX}{client}")).ok() }
}

/// Whether a user's id could be taken for a client's: such a user is not known.
pub fn is_reserved_subject(subject: &UserId) -> bool {
    subject.as_str().starts_with(CLIENT_PREFIX)
}

impl Principal {
    /// The key of what makes it a member of its tenant.
    pub(crate) fn member_key(&self) -> Key {
        match self.kind {
            PrincipalKind::User => Key::membership(&self.issuer, self.subject.as_str(), &self.tenant),
            PrincipalKind::Client => Key::client(&self.issuer, client_id(&self.subject), &self.tenant),
        }
    }

    /// The key of its agent, where it must be registered.
    pub(crate) fn agent_key(&self) -> Option<Key> {
        let agent = self.agent.as_ref()?;
        Some(Key::client(&self.issuer, agent.as_str(), &self.tenant))
    }
}

/// A client's id as its issuer names it.
pub(crate) fn client_id(subject: &UserId) -> &str {
    subject.as_str().strip_prefix(CLIENT_PREFIX).unwrap_or_default()
}

/// Begins the names of clients; no user's name begins so.
const CLIENT_PREFIX: &str = "client:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_a_name_that_no_user_has() {
        let name = |client: &str| client_subject(client).map(|subject| subject.as_str().to_owned());
        assert_eq!(name("desk").as_deref(), Some("client:desk"));
        assert_eq!(name("client:desk").as_deref(), Some("client:client:desk"));
        assert!(is_reserved_subject(&client_subject("desk").unwrap()));
        assert!(!is_reserved_subject(&UserId::parse("desk").unwrap()));
        assert!(name(&"x".repeat(249)).is_some());
        for wrong in ["", "a b", "a,b", "\u{e9}", &"x".repeat(250)] {
            assert_eq!(name(wrong), None, "{wrong:?}");
        }
    }
}
