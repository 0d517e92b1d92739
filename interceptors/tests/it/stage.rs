//! Both interceptors over the fixtures' registry, in a DynamoDB in memory.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use interceptors::event::Point;
use interceptors::gateway_context::GatewayContext;
use interceptors::interceptor::{Interceptor, Invocation};
use interceptors::settings::Settings;
use policy_model::{PolicyId, TenantId};
use policy_registry::key::Place;
use policy_registry::record::{Item, PolicyRecord, Status, Tenant};
use policy_registry::{AwsEnvironment, ClientSettings, admin, client, sha256_hex};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::fixtures;
use crate::received::Received;
use crate::signer::{AUDIENCE, ISSUER, Signer};

pub(crate) struct Stage {
    pub(crate) signer: Signer,
    pub(crate) endpoint: String,
    request: Interceptor,
    response: Interceptor,
}

impl Stage {
    pub(crate) async fn start() -> Stage {
        Stage::over(&fixtures::folder().join("registry")).await
    }

    /// A stage over the registry of another folder.
    pub(crate) async fn over(registry: &Path) -> Stage {
        let endpoint = start_registry(registry).await;
        let signer = Signer::new("es256");
        let settings = settings(&endpoint, &signer).to_string();
        let interceptor = |point| Interceptor::new(point, Ok(Settings::parse(&settings, aws()).unwrap()));
        Stage { request: interceptor(Point::Request), response: interceptor(Point::Response), signer, endpoint }
    }

    /// An interceptor of its own with a change to the settings.
    pub(crate) fn interceptor(&self, point: Point, change: impl FnOnce(&mut Value)) -> Interceptor {
        let mut settings = settings(&self.endpoint, &self.signer);
        change(&mut settings);
        Interceptor::new(point, Ok(Settings::parse(&settings.to_string(), aws()).unwrap()))
    }

    /// The reply's text.
    pub(crate) async fn reply(&self, point: Point, event: &[u8]) -> String {
        let interceptor = match point {
            Point::Request => &self.request,
            Point::Response => &self.response,
        };
        reply(interceptor, event).await
    }

    /// What the gateway makes of the reply.
    pub(crate) async fn send(&self, point: Point, event: &[u8]) -> Received {
        Received::read(&self.reply(point, event).await)
    }
}

/// A policy of a tenant in the place of the one it has, for those who look it up from now on.
pub(crate) async fn publish(endpoint: &str, policy: &Value) {
    let tenant = TenantId::parse(policy["tenantId"].as_str().unwrap()).unwrap();
    let document = policy.to_string();
    let record = PolicyRecord {
        place: Place::Active(tenant.clone()),
        policy: PolicyId::parse(policy["policyId"].as_str().unwrap()).unwrap(),
        sha256: sha256_hex(document.as_bytes()),
        document,
    };
    put(endpoint, record.to_item()).await;
    put(endpoint, Tenant { tenant, status: Status::Active, policy: record.pointer(), shadow: None }.to_item()).await;
}

/// An item as it is.
pub(crate) async fn put(endpoint: &str, item: Item) {
    let client = client::build(&client_settings(endpoint)).unwrap();
    client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
}

/// How many items there are.
pub(crate) async fn item_count(endpoint: &str) -> usize {
    let client = client::build(&client_settings(endpoint)).unwrap();
    admin::dump(&client, TABLE).await.unwrap().len()
}

/// A stage on a runtime of its own, for tests that are not asynchronous.
pub(crate) struct BlockingStage {
    runtime: Runtime,
    pub(crate) stage: Stage,
}

impl BlockingStage {
    pub(crate) fn start() -> BlockingStage {
        BlockingStage::over(&fixtures::folder().join("registry"))
    }

    /// A stage over the registry of another folder.
    pub(crate) fn over(registry: &Path) -> BlockingStage {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stage = runtime.block_on(Stage::over(registry));
        BlockingStage { runtime, stage }
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn reply(&self, point: Point, event: &[u8]) -> String {
        self.runtime.block_on(self.stage.reply(point, event))
    }

    pub(crate) fn send(&self, point: Point, event: &[u8]) -> Received {
        Received::read(&self.reply(point, event))
    }
}

/// One invocation with ten seconds.
pub(crate) async fn reply(interceptor: &Interceptor, event: &[u8]) -> String {
    reply_within(interceptor, event, GatewayContext::default()).await
}

/// The same from a gateway that says this of itself.
pub(crate) async fn reply_within(interceptor: &Interceptor, event: &[u8], gateway: GatewayContext<'_>) -> String {
    let invocation = Invocation { id: "invocation-1", deadline: Instant::now() + Duration::from_secs(10), gateway };
    interceptor.intercept(event, invocation).await.into_string()
}

/// Settings as an operator would write them, for a registry at this address.
pub(crate) fn settings(endpoint: &str, signer: &Signer) -> Value {
    json!({
        "registry": {"table": TABLE, "endpointUrl": endpoint, "cacheTtlMs": 300_000},
        "issuers": [{"issuer": ISSUER, "audiences": [AUDIENCE], "algorithms": ["ES256"],
                     "claims": {"tenant": "custom:tenant_id"}, "keys": {"jwks": signer.jwks()}}],
    })
}

pub(crate) fn aws() -> AwsEnvironment {
    AwsEnvironment {
        region: Some("eu-central-1".to_owned()),
        access_key_id: Some("test".to_owned()),
        secret_access_key: Some("test".to_owned()),
        session_token: None,
    }
}

/// The address of a DynamoDB with the registry of a folder, gone when the runtime is.
async fn start_registry(registry: &Path) -> String {
    let database = dynoxide::Database::memory().unwrap();
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()));
    let client = client::build(&client_settings(&endpoint)).unwrap();
    admin::create_table(&client, TABLE).await.unwrap();
    let report = admin::load(&client, TABLE, registry).await.unwrap();
    assert!(report.tenants > 0 && report.members > 0);
    endpoint
}

fn client_settings(endpoint: &str) -> ClientSettings {
    ClientSettings { endpoint_url: Some(endpoint.to_owned()), timeout: Duration::from_secs(20), aws: aws() }
}

const TABLE: &str = "tenantgate-registry";
