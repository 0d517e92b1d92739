//! An embedded DynamoDB with a registry table, and registries that read it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use policy_model::{PolicyId, TenantId, UserId};
use policy_registry::key::{Key, Place};
use policy_registry::record::{Baseline, Item, Membership, PolicyRecord, Status, Tenant};
use policy_registry::{
    AwsEnvironment, BaselineMode, ClientSettings, Principal, PrincipalKind, Refusal, Registry, Resolution, Settings,
    admin, client, sha256_hex,
};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::Instant;

pub(crate) const TABLE: &str = "registry";

pub(crate) const ISSUER: &str = "https://issuer.example/main";

/// A DynamoDB of its own for one test.
pub(crate) struct Table {
    pub(crate) client: Client,
    pub(crate) address: SocketAddr,
    pub(crate) url: String,
}

impl Table {
    /// With an empty registry table.
    pub(crate) async fn new() -> Table {
        let table = Table::without_table().await;
        admin::create_table(&table.client, TABLE).await.unwrap();
        table
    }

    /// A DynamoDB that has no table.
    pub(crate) async fn without_table() -> Table {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let database = dynoxide::Database::memory().unwrap();
        tokio::spawn(dynoxide::server::serve_on(listener, database));
        let url = format!("http://{address}");
        let client = client::build(&client_settings(&url)).unwrap();
        Table { client, address, url }
    }

    /// With `acme`, whose policy is `p1`, and its members `alice` (admin) and `bob` (no role).
    pub(crate) async fn with_acme() -> Table {
        let table = Table::new().await;
        table.publish("acme", &document("acme", "p1")).await;
        table.enroll("acme", "alice", &["admin"]).await;
        table.enroll("acme", "bob", &[]).await;
        table
    }

    /// Puts an active tenant and its policy.
    pub(crate) async fn publish(&self, tenant: &str, document: &str) {
        let (tenant, policy) = records(tenant, document);
        self.put(tenant.to_item()).await;
        self.put(policy.to_item()).await;
    }

    /// Puts an active tenant and its two policies.
    pub(crate) async fn publish_with_shadow(&self, tenant: &str, document: &str, shadow: &str) {
        let (tenant, policy) = records(tenant, document);
        let shadow = shadow_record(tenant.tenant.as_str(), shadow);
        self.put(Tenant { shadow: Some(shadow.pointer()), ..tenant }.to_item()).await;
        self.put(policy.to_item()).await;
        self.put(shadow.to_item()).await;
    }

    /// Puts the baseline.
    pub(crate) async fn publish_baseline(&self, document: &str) {
        let (baseline, policy) = baseline_records(document);
        self.put(baseline.to_item()).await;
        self.put(policy.to_item()).await;
    }

    /// Puts an active membership.
    pub(crate) async fn enroll(&self, tenant: &str, subject: &str, roles: &[&str]) {
        self.put(Membership { roles: owned(roles), ..membership(tenant, subject) }.to_item()).await;
    }

    pub(crate) async fn put(&self, item: Item) {
        self.client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
    }

    pub(crate) async fn delete(&self, key: Key) {
        let part = aws_sdk_dynamodb::types::AttributeValue::S;
        let delete = self.client.delete_item().table_name(TABLE);
        delete.key("pk", part(key.pk)).key("sk", part(key.sk)).send().await.unwrap();
    }

    /// A registry with the settings of [`settings`].
    pub(crate) fn registry(&self) -> Registry {
        Registry::new(settings(&self.url))
    }

    /// A registry that remembers no answer.
    pub(crate) fn forgetful_registry(&self) -> Registry {
        Registry::new(Settings { cache_ttl: Duration::ZERO, ..settings(&self.url) })
    }

    /// What a registry that was not asked before says of alice of acme.
    pub(crate) async fn refusal_of_alice(&self) -> Refusal {
        refusal(&self.registry(), &principal("acme", "alice")).await
    }

    pub(crate) async fn dump(&self) -> Vec<Value> {
        admin::dump(&self.client, TABLE).await.unwrap()
    }
}

/// Long enough for any machine, and answers that last.
pub(crate) fn settings(url: &str) -> Settings {
    Settings {
        table: TABLE.to_owned(),
        client: client_settings(url),
        cache_ttl: Duration::from_secs(30),
        cache_entries_max: 1_000,
        baseline: BaselineMode::Optional,
    }
}

pub(crate) fn client_settings(url: &str) -> ClientSettings {
    ClientSettings { endpoint_url: Some(url.to_owned()), timeout: Duration::from_secs(10), aws: aws() }
}

pub(crate) fn aws() -> AwsEnvironment {
    AwsEnvironment {
        region: Some("eu-central-1".to_owned()),
        access_key_id: Some("AKIDEXAMPLE".to_owned()),
        secret_access_key: Some("secret-canary".to_owned()),
        session_token: Some("session-canary".to_owned()),
    }
}

pub(crate) async fn ask(registry: &Registry, principal: &Principal) -> Resolution {
    registry.resolve(principal, Instant::now() + Duration::from_secs(60)).await
}

pub(crate) async fn refusal(registry: &Registry, principal: &Principal) -> Refusal {
    ask(registry, principal).await.grant.unwrap_err()
}

pub(crate) fn principal(tenant: &str, subject: &str) -> Principal {
    of_issuer(ISSUER, subject, tenant)
}

pub(crate) fn of_issuer(issuer: &str, subject: &str, tenant: &str) -> Principal {
    Principal {
        kind: PrincipalKind::User,
        issuer: Arc::from(issuer),
        subject: UserId::parse(subject).unwrap(),
        tenant: TenantId::parse(tenant).unwrap(),
        agent: None,
    }
}

/// An active membership without roles and workspaces.
pub(crate) fn membership(tenant: &str, subject: &str) -> Membership {
    Membership {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        tenant: TenantId::parse(tenant).unwrap(),
        roles: Vec::new(),
        workspaces: Vec::new(),
        status: Status::Active,
    }
}

/// The items of an active tenant with this document as its policy; its policy's id is the document's or `p1`.
pub(crate) fn records(tenant: &str, document: &str) -> (Tenant, PolicyRecord) {
    let tenant = TenantId::parse(tenant).unwrap();
    let record = record(Place::Active(tenant.clone()), document);
    (Tenant { tenant, status: Status::Active, policy: record.pointer(), shadow: None }, record)
}

pub(crate) fn shadow_record(tenant: &str, document: &str) -> PolicyRecord {
    record(Place::Shadow(TenantId::parse(tenant).unwrap()), document)
}

/// The two items of a baseline.
pub(crate) fn baseline_records(document: &str) -> (Baseline, PolicyRecord) {
    let record = record(Place::Baseline, document);
    (Baseline { policy: record.pointer() }, record)
}

fn record(place: Place, document: &str) -> PolicyRecord {
    let id = serde_json::from_str::<Value>(document).ok().and_then(|json| json["policyId"].as_str().map(str::to_owned));
    let policy = PolicyId::parse(id.as_deref().unwrap_or("p1")).unwrap();
    PolicyRecord { place, policy, sha256: sha256_hex(document.as_bytes()), document: document.to_owned() }
}

/// A policy that allows one tool.
pub(crate) fn document(tenant: &str, policy: &str) -> String {
    let rule = r#"{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___getOrder"]}"#;
    format!(r#"{{"policyId":"{policy}","tenantId":"{tenant}","rules":[{rule}]}}"#)
}

/// A baseline that denies one tool.
pub(crate) fn baseline(policy: &str) -> String {
    let rule = r#"{"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:orders___dropAll"]}"#;
    format!(r#"{{"policyId":"{policy}","tenantId":"*","rules":[{rule}]}}"#)
}

pub(crate) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
