//! The attributes that items have in common.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{PolicyId, TenantId};

use super::{Item, MalformedItem, PolicyPointer, SCHEMA, Status};
use crate::key::{Key, PK, SK};

/// The names of the two attributes that point to a policy.
pub(super) struct PointerNames {
    pub(super) policy: &'static str,
    pub(super) sha256: &'static str,
}

impl PointerNames {
    pub(super) fn write(&self, pointer: &PolicyPointer, item: &mut Item) {
        item.insert(self.policy.to_owned(), text(pointer.policy.as_str()));
        item.insert(self.sha256.to_owned(), text(&pointer.sha256));
    }

    pub(super) fn take(&self, item: &Item) -> Result<PolicyPointer, MalformedItem> {
        Ok(PolicyPointer { policy: take_policy(item, self.policy)?, sha256: take(item, self.sha256)?.to_owned() })
    }

    /// Both or neither.
    pub(super) fn take_optional(&self, item: &Item) -> Result<Option<PolicyPointer>, MalformedItem> {
        match (item.get(self.policy), item.get(self.sha256)) {
            (None, None) => Ok(None),
            (Some(_), _) | (_, Some(_)) => self.take(item).map(Some),
        }
    }
}

pub(super) fn header(key: Key, kind: &str) -> Item {
    HashMap::from([
        (PK.to_owned(), text(&key.pk)),
        (SK.to_owned(), text(&key.sk)),
        ("schema".to_owned(), AttributeValue::N(SCHEMA.to_owned())),
        ("kind".to_owned(), text(kind)),
    ])
}

pub(super) fn check_header(item: &Item, kind: &str) -> Result<(), MalformedItem> {
    match item.get("schema") {
        Some(AttributeValue::N(schema)) if schema == SCHEMA => {}
        Some(_) | None => return Err(MalformedItem("schema")),
    }
    if take(item, "kind")? == kind { Ok(()) } else { Err(MalformedItem("kind")) }
}

pub(super) fn take<'i>(item: &'i Item, name: &'static str) -> Result<&'i str, MalformedItem> {
    match item.get(name) {
        Some(AttributeValue::S(text)) if !text.is_empty() => Ok(text),
        Some(_) | None => Err(MalformedItem(name)),
    }
}

pub(super) fn take_tenant(item: &Item) -> Result<TenantId, MalformedItem> {
    TenantId::parse(take(item, "tenantId")?).map_err(|_| MalformedItem("tenantId"))
}

pub(super) fn take_policy(item: &Item, name: &'static str) -> Result<PolicyId, MalformedItem> {
    PolicyId::parse(take(item, name)?).map_err(|_| MalformedItem(name))
}

pub(super) fn take_status(item: &Item) -> Result<Status, MalformedItem> {
    Status::from_word(take(item, "status")?).ok_or(MalformedItem("status"))
}

/// A list of texts, none of them empty.
pub(super) fn take_names(item: &Item, name: &'static str) -> Result<Vec<String>, MalformedItem> {
    let Some(AttributeValue::L(names)) = item.get(name) else { return Err(MalformedItem(name)) };
    let text = |value: &AttributeValue| value.as_s().ok().filter(|text| !text.is_empty()).cloned();
    names.iter().map(|value| text(value).ok_or(MalformedItem(name))).collect()
}

/// A text, which may be empty.
pub(super) fn take_text<'i>(item: &'i Item, name: &'static str) -> Result<&'i str, MalformedItem> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str).ok_or(MalformedItem(name))
}

/// A list of texts, each of which may be empty.
pub(super) fn take_texts(item: &Item, name: &'static str) -> Result<Vec<String>, MalformedItem> {
    let texts = item.get(name).and_then(|value| value.as_l().ok()).ok_or(MalformedItem(name))?;
    texts.iter().map(|text| text.as_s().cloned().map_err(|_| MalformedItem(name))).collect()
}

/// Whole seconds since 1970.
pub(super) fn take_seconds(item: &Item, name: &'static str) -> Result<u64, MalformedItem> {
    let number = item.get(name).and_then(|value| value.as_n().ok());
    number.and_then(|number| number.parse().ok()).ok_or(MalformedItem(name))
}

pub(super) fn names(names: &[String]) -> AttributeValue {
    AttributeValue::L(names.iter().map(|name| text(name)).collect())
}

pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// What DynamoDB counts of an item of texts, numbers and lists of them: names and values, and a little for each list.
pub(crate) fn item_bytes(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value.as_l() {
        Ok(elements) => 3 + elements.iter().map(|element| 1 + value_bytes(element)).sum::<usize>(),
        Err(_) => value.as_s().or(value.as_n()).map_or(0, String::len),
    }
}
