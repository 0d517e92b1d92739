//! Operators of an embedded table, and what they publish.

use policy_model::TenantId;
use policy_registry::operate::{Operator, Pages, PolicyDocument, PolicyScope, PublishOptions, Published, Subject};
use policy_registry::record::{Action, LogEntry, Membership};

use crate::table::{ISSUER, TABLE, Table, membership, owned};

/// An operator called `ann`.
pub(crate) fn operator(table: &Table) -> Operator {
    Operator::new(table.client.clone(), TABLE, "ann").unwrap()
}

/// A table with the tenant `acme`, whose version 1 is [`policy`] 1.
pub(crate) async fn with_acme() -> (Table, Operator) {
    let table = Table::new().await;
    let operator = operator(&table);
    operator.add_tenant(&tenant("acme"), Some(&policy("acme", 1)), None).await.unwrap();
    (table, operator)
}

pub(crate) fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

pub(crate) fn scope(id: &str) -> PolicyScope {
    PolicyScope::Tenant(tenant(id))
}

/// The policy of that number: each has a content of its own.
pub(crate) fn policy(tenant: &str, number: u64) -> PolicyDocument {
    let rule =
        format!(r#"{{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___tool{number}"]}}"#);
    parsed(&format!(r#"{{"policyId":"P-{tenant}","tenantId":"{tenant}","rules":[{rule}]}}"#))
}

/// The baseline of that number.
pub(crate) fn baseline(number: u64) -> PolicyDocument {
    let rule = format!(r#"{{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:orders___tool{number}"]}}"#);
    parsed(&format!(r#"{{"policyId":"BASE","tenantId":"*","rules":[{rule}]}}"#))
}

pub(crate) fn parsed(text: &str) -> PolicyDocument {
    PolicyDocument::parse(text.to_owned()).unwrap()
}

pub(crate) async fn publish(operator: &Operator, document: &PolicyDocument) -> Published {
    operator.publish(document, &PublishOptions::default()).await.unwrap()
}

pub(crate) fn member(tenant: &str, subject: &str, roles: &[&str]) -> Membership {
    Membership { roles: owned(roles), ..membership(tenant, subject) }
}

pub(crate) fn subject(name: &str) -> Subject {
    Subject { issuer: ISSUER.to_owned(), name: name.to_owned() }
}

/// All of a list.
pub(crate) async fn all<T: std::fmt::Debug>(pages: Pages<T>) -> Vec<T> {
    pages.take(usize::MAX).await.unwrap().into_iter().map(Result::unwrap).collect()
}

/// The revisions of a tenant in the order in which they were made.
pub(crate) async fn history(operator: &Operator, id: &str) -> Vec<LogEntry> {
    let mut entries = all(operator.revisions(Some(&tenant(id)))).await;
    entries.reverse();
    entries
}

/// What was done, and which version was before and after it.
pub(crate) fn deeds(entries: &[LogEntry]) -> Vec<(Action, Option<u64>, Option<u64>)> {
    entries.iter().map(|entry| (entry.action, entry.from_version, entry.to_version)).collect()
}
