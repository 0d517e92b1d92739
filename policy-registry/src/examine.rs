//! What an item of the table is, for those who look at all of them.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{Policy, TenantId};

use crate::key::{CONTENT_PREFIX, Key, PK, Place, SK, VERSION_PREFIX};
use crate::record::{
    Baseline, Client, Item, KillSwitch, MalformedItem, Membership, PolicyRecord, RouteBinding, SCHEMA, TaskRecord,
    Tenant, sha256_hex,
};

/// An item, by its key.
#[derive(Debug)]
pub enum Examined {
    /// A tenant.
    Tenant(Tenant),
    /// What points to the baseline.
    Baseline(Baseline),
    /// A user's membership.
    Membership(Membership),
    /// A client's membership.
    Client(Client),
    /// A policy document at a place of its own.
    Policy(Place, PolicyRecord),
    /// A binding of a path.
    Route(RouteBinding),
    /// Something else that the registry keeps; of its attributes only the schema was looked at.
    Other,
}

/// Why an item is not what its key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemFault {
    /// Nothing of the registry has such a key.
    Unknown,
    /// This attribute is wrong.
    Malformed(&'static str),
    /// It is about something else than its key.
    Misplaced,
}

/// The keys of an item, as far as they are texts.
pub fn key_of(item: &Item) -> Key {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
    Key { pk: text(PK), sk: text(SK) }
}

/// Looks at one item.
///
/// # Errors
/// [`ItemFault`]: whoever looks it up is refused.
pub fn examine(item: &Item) -> Result<Examined, ItemFault> {
    let key = key_of(item);
    let (examined, own) = match (kind(&key.pk), key.sk.as_str()) {
        ("BASELINE", "BASELINE") => (Examined::Baseline(Baseline::from_item(item)?), Baseline::key()),
        ("BASELINE", "POLICY#ACTIVE") => policy(item, Place::Baseline)?,
        ("TENANT", "TENANT") => {
            let tenant = Tenant::from_item(item)?;
            let own = tenant.key();
            (Examined::Tenant(tenant), own)
        }
        ("TENANT", "POLICY#ACTIVE") => policy(item, Place::Active(tenant_of(item)?))?,
        ("TENANT", "POLICY#SHADOW") => policy(item, Place::Shadow(tenant_of(item)?))?,
        ("USER", _) => {
            let membership = Membership::from_item(item)?;
            let own = membership.key();
            (Examined::Membership(membership), own)
        }
        ("CLIENT", _) => {
            let client = Client::from_item(item)?;
            let own = client.key();
            (Examined::Client(client), own)
        }
        ("ROUTE", _) => {
            let route = RouteBinding::from_item(item)?;
            let own = route.key();
            (Examined::Route(route), own)
        }
        ("TASK", "TASK") => (Examined::Other, TaskRecord::from_item(item)?.key()),
        ("CONVERSATION", "CONVERSATION")
        | ("CHANGE", "CHANGE")
        | ("CONTEXT", "CONTEXT")
        | ("CHANGESET", "CHANGESET")
        | ("ROUTES", "ROUTES")
        | ("LOG", _) => {
            check_schema(item)?;
            (Examined::Other, key.clone())
        }
        ("KILL", "KILL") => {
            KillSwitch::from_item(item)?;
            (Examined::Other, KillSwitch::key())
        }
        ("TENANT" | "BASELINE", sk) if sk.starts_with(VERSION_PREFIX) || sk.starts_with(CONTENT_PREFIX) => {
            check_schema(item)?;
            (Examined::Other, key.clone())
        }
        _ => return Err(ItemFault::Unknown),
    };
    if own == key { Ok(examined) } else { Err(ItemFault::Misplaced) }
}

/// The policy of a document that stands where it should, if it is one for that place.
///
/// # Errors
/// What is wrong with it, in words for the operator.
pub fn policy_at(place: &Place, record: &PolicyRecord) -> Result<Policy, String> {
    if sha256_hex(record.document.as_bytes()) != record.sha256 {
        return Err("its document has another SHA-256 than the item says".to_owned());
    }
    let policy = Policy::parse(record.document.as_bytes()).map_err(|error| error.to_string())?;
    if policy.tenant() != place.tenant() || *policy.id() != record.policy {
        return Err("its document is for another tenant, or has another id, than the item".to_owned());
    }
    Ok(policy)
}

fn policy(item: &Item, place: Place) -> Result<(Examined, Key), ItemFault> {
    let record = PolicyRecord::from_item(item, &place)?;
    let own = record.key();
    Ok((Examined::Policy(place, record), own))
}

fn tenant_of(item: &Item) -> Result<TenantId, ItemFault> {
    let text = item.get("tenantId").and_then(|value| value.as_s().ok());
    text.and_then(|text| TenantId::parse(text).ok()).ok_or(ItemFault::Malformed("tenantId"))
}

fn check_schema(item: &Item) -> Result<(), ItemFault> {
    match item.get("schema") {
        Some(AttributeValue::N(schema)) if schema == SCHEMA => Ok(()),
        Some(_) | None => Err(ItemFault::Malformed("schema")),
    }
}

/// The word that a partition key begins with.
fn kind(pk: &str) -> &str {
    pk.split_once('#').map_or(pk, |(kind, _)| kind)
}

impl From<MalformedItem> for ItemFault {
    fn from(item: MalformedItem) -> ItemFault {
        ItemFault::Malformed(item.0)
    }
}

#[cfg(test)]
mod tests {
    use policy_model::{PolicyId, TenantId};

    use super::*;
    use crate::record::{PolicyPointer, Status};

    #[test]
    fn an_item_is_what_its_key_says() {
        let tenant = TenantId::parse("acme").unwrap();
        let pointer = PolicyPointer { policy: PolicyId::parse("P").unwrap(), sha256: "00".to_owned() };
        let item = Tenant { tenant: tenant.clone(), status: Status::Active, policy: pointer, shadow: None }.to_item();
        assert!(matches!(examine(&item), Ok(Examined::Tenant(found)) if found.tenant == tenant));
        let with = |name: &str, value: &str| {
            let mut item = item.clone();
            item.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
            examine(&item).map(drop)
        };
        assert_eq!(with("status", "ON"), Err(ItemFault::Malformed("status")));
        assert_eq!(with("tenantId", "globex"), Err(ItemFault::Misplaced));
        assert_eq!(with(PK, "TENANT#globex"), Err(ItemFault::Misplaced));
        assert_eq!(with(PK, "TENANTS#acme"), Err(ItemFault::Unknown));
        assert_eq!(with(SK, "POLICY#OTHER"), Err(ItemFault::Unknown));
        assert_eq!(with(SK, "POLICY#VERSION#0000000001"), Ok(()));
        assert_eq!(examine(&Item::new()).map(drop), Err(ItemFault::Unknown));
    }
}
