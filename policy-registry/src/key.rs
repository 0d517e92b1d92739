//! The keys of the table. Every part is percent-encoded, so that no id can pass for a separator or for another id.

mod operate;

use policy_model::{TenantId, ToolName};

pub(crate) use self::operate::{
    CHANGE_SETS, CLIENT_PREFIX, CONTENT_PREFIX, ROUTES, TENANTS, USER_PREFIX, VERSION_PREFIX,
};
pub use self::operate::{DIRECTORY, LISTED_IN};
use crate::task_id::TaskId;

/// Name of the partition key.
pub const PK: &str = "pk";

/// Name of the sort key.
pub const SK: &str = "sk";

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition key, at most 2,048 bytes in DynamoDB.
    pub pk: String,
    /// Sort key, at most 1,024 bytes in DynamoDB.
    pub sk: String,
}

impl Key {
    /// A user's membership in a tenant.
    pub fn membership(issuer: &str, subject: &str, tenant: &TenantId) -> Key {
        Key { pk: Key::memberships(issuer, subject), sk: format!("{TENANT_PREFIX}{}", encode(tenant.as_str())) }
    }

    /// A client's membership in a tenant.
    pub fn client(issuer: &str, client: &str, tenant: &TenantId) -> Key {
        Key { pk: Key::clients(issuer, client), sk: format!("{TENANT_PREFIX}{}", encode(tenant.as_str())) }
    }

    /// The partition of a user's memberships.
    pub(crate) fn memberships(issuer: &str, subject: &str) -> String {
        format!("USER#{}#{}", encode(issuer), encode(subject))
    }

    /// The partition of a client's memberships.
    pub(crate) fn clients(issuer: &str, client: &str) -> String {
        format!("CLIENT#{}#{}", encode(issuer), encode(client))
    }

    /// A tenant.
    pub fn tenant(tenant: &TenantId) -> Key {
        Key { pk: format!("TENANT#{}", encode(tenant.as_str())), sk: "TENANT".to_owned() }
    }

    /// A task. Its id counts in its tenant alone.
    pub fn task(tenant: &TenantId, id: &TaskId) -> Key {
        Key { pk: format!("TASK#{}#{}", encode(tenant.as_str()), encode(id.as_str())), sk: "TASK".to_owned() }
    }

    /// A conversation with an agent. Its id counts in all tenants.
    pub fn conversation(agent: &str, id: &TaskId) -> Key {
        let pk = format!("CONVERSATION#{}#{}", encode(agent), encode(id.as_str()));
        Key { pk, sk: "CONVERSATION".to_owned() }
    }

    /// What was last seen of a pinned tool that no pin allows.
    pub fn change(tenant: &TenantId, tool: &ToolName<'_>) -> Key {
        Key { pk: format!("CHANGE#{}#{}", encode(tenant.as_str()), encode(tool.as_str())), sk: "CHANGE".to_owned() }
    }

    /// What a path is bound to. It sorts before what the paths below it are bound to.
    pub fn route(path: &str) -> Key {
        let segment = path.split('/').nth(1).unwrap_or_default();
        Key { pk: Key::routes(segment), sk: format!("{ROUTE_PREFIX}{}", encode_but(path, b"._-/~:@")) }
    }

    /// The partition of all bindings below one first segment.
    pub(crate) fn routes(segment: &str) -> String {
        format!("{ROUTE_PREFIX}{}", encode(segment))
    }

    /// The decision context of a gateway's request.
    pub fn context(gateway: &str, request_id: &str) -> Key {
        Key { pk: format!("CONTEXT#{}#{}", encode(gateway), encode(request_id)), sk: "CONTEXT".to_owned() }
    }

    /// Which policy is the baseline. No id makes this partition key: all others begin with a word and `#`.
    pub fn baseline() -> Key {
        Key { pk: BASELINE.to_owned(), sk: BASELINE.to_owned() }
    }

    /// What operators stopped.
    pub fn kills() -> Key {
        Key { pk: KILL.to_owned(), sk: KILL.to_owned() }
    }

    /// A policy document.
    pub fn policy(place: &Place) -> Key {
        let of_tenant = |tenant: &TenantId, sk: &str| Key { sk: sk.to_owned(), ..Key::tenant(tenant) };
        match place {
            Place::Active(tenant) => of_tenant(tenant, ACTIVE),
            Place::Shadow(tenant) => of_tenant(tenant, SHADOW),
            Place::Baseline => Key { sk: ACTIVE.to_owned(), ..Key::baseline() },
        }
    }
}

/// Where a policy document stands, which says what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// In force for a tenant.
    Active(TenantId),
    /// Decided beside the active one of a tenant, without effect.
    Shadow(TenantId),
    /// In force for every tenant.
    Baseline,
}

impl Place {
    /// The tenant that a policy at this place is for; `None` for the baseline.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            Place::Active(tenant) | Place::Shadow(tenant) => Some(tenant),
            Place::Baseline => None,
        }
    }
}

/// Percent-encoding of all but `A-Z a-z 0-9 . _ -`, with upper-case digits.
fn encode(part: &str) -> String {
    encode_but(part, b"._-")
}

/// The same of all but letters, digits and `kept`.
fn encode_but(part: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Begins the sort keys of memberships.
pub(crate) const TENANT_PREFIX: &str = "TENANT#";

/// Begins the partition keys and the sort keys of routes.
pub(crate) const ROUTE_PREFIX: &str = "ROUTE#";

const BASELINE: &str = "BASELINE";

const KILL: &str = "KILL";

const ACTIVE: &str = "POLICY#ACTIVE";

const SHADOW: &str = "POLICY#SHADOW";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{GATEWAY_BYTES_MAX, REQUEST_ID_BYTES_MAX};
    use crate::route_path::{BINDING_PATH_BYTES_MAX, SEGMENT_BYTES_MAX};

    #[test]
    fn separators_in_ids_are_encoded() {
        let tenant = TenantId::parse("acme").unwrap();
        let key = Key::membership("https://issuer.example", "a#TENANT#b", &tenant);
        assert_eq!(key.pk, "USER#https%3A%2F%2Fissuer.example#a%23TENANT%23b");
    }

    #[test]
    fn different_splits_of_one_text_have_different_keys() {
        let tenant = TenantId::parse("acme").unwrap();
        assert_ne!(Key::membership("a", "b#c", &tenant), Key::membership("a#b", "c", &tenant));
        assert_ne!(Key::membership("a", "%23", &tenant), Key::membership("a", "#", &tenant));
    }

    #[test]
    fn a_client_and_a_user_of_one_name_have_keys_of_their_own() {
        let tenant = TenantId::parse("acme").unwrap();
        assert_eq!(Key::client("i", "a", &tenant).pk, "CLIENT#i#a");
        assert_ne!(Key::client("i", "a", &tenant).pk, Key::membership("i", "a", &tenant).pk);
        assert_ne!(Key::client("a", "b#c", &tenant), Key::client("a#b", "c", &tenant));
    }

    #[test]
    fn no_task_id_reaches_a_task_of_another_tenant() {
        let key = |tenant: &str, id: &str| Key::task(&TenantId::parse(tenant).unwrap(), &TaskId::parse(id).unwrap());
        assert_eq!(key("acme", "eu#t/1 %").pk, "TASK#acme#eu%23t%2F1%20%25");
        assert_ne!(key("acme", "t").pk, key("acme-eu", "t").pk);
        assert_ne!(key("acme", "eu#t").pk, key("acme-eu", "t").pk);
        assert_ne!(key("acme", "%23").pk, key("acme", "#").pk);
    }

    #[test]
    fn no_tool_reaches_the_change_of_another_tenant() {
        let key =
            |tenant: &str, tool: &str| Key::change(&TenantId::parse(tenant).unwrap(), &ToolName::parse(tool).unwrap());
        assert_eq!(key("acme", "orders___get.x-y").pk, "CHANGE#acme#orders___get.x-y");
        assert_ne!(key("acme", "eu").pk, key("acme-eu", "eu").pk);
        assert_ne!(key("a.b", "c").pk, key("a", "b.c").pk);
    }

    #[test]
    fn no_path_and_no_request_reaches_the_item_of_another() {
        let route = |pk: &str, sk: &str| Key { pk: pk.to_owned(), sk: sk.to_owned() };
        assert_eq!(Key::route("/a~b/c:d@e"), route("ROUTE#a%7Eb", "ROUTE#/a~b/c:d@e"));
        assert_eq!(Key::route("/a/b%/#"), route("ROUTE#a", "ROUTE#/a/b%25/%23"));
        assert_ne!(Key::route("/a").pk, Key::route("/A").pk);
        assert_ne!(Key::route("/a/b"), Key::route("/a%2Fb"));
        assert_ne!(Key::route("/a/b").sk, Key::route("/a/b/").sk);
        assert!(Key::route("/a").sk < Key::route("/a/-").sk);
        assert_eq!(Key::context("", "r").pk, "CONTEXT##r");
        assert_ne!(Key::context("a", "b#c").pk, Key::context("a#b", "c").pk);
        assert_ne!(Key::context("", "#r").pk, Key::context("#", "r").pk);
    }

    #[test]
    fn no_tenant_and_no_user_has_the_keys_of_the_baseline() {
        let tenant = TenantId::parse("BASELINE").unwrap();
        let own = [Key::tenant(&tenant), Key::policy(&Place::Active(tenant.clone())), Key::membership("", "", &tenant)];
        for key in own {
            assert_ne!(key.pk, Key::baseline().pk);
        }
    }

    #[test]
    fn the_longest_ids_fit_the_key_limits_of_dynamodb() {
        let tenant = TenantId::parse(&"t".repeat(63)).unwrap();
        let membership = Key::membership(&"/".repeat(400), &"/".repeat(256), &tenant);
        let client = Key::client(&"/".repeat(400), &"/".repeat(249), &tenant);
        let task = Key::task(&tenant, &TaskId::parse(&"/".repeat(256)).unwrap());
        let change = Key::change(&tenant, &ToolName::parse(&"x".repeat(256)).unwrap());
        let route = Key::route(&format!("/{}", "~".repeat(SEGMENT_BYTES_MAX)));
        let below = Key::route(&format!("/a{}", "/~".repeat(BINDING_PATH_BYTES_MAX / 2 - 1)));
        let context = Key::context(&"/".repeat(GATEWAY_BYTES_MAX), &"/".repeat(REQUEST_ID_BYTES_MAX));
        for key in [membership, client, task, change, route, below, context] {
            assert!(key.pk.len() <= 2048 && key.sk.len() <= 1024);
        }
    }
}
