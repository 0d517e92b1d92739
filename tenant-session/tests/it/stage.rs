//! The endpoint over the fixtures' registry, in a DynamoDB in memory, and a stand-in for AWS STS.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use interceptors::identity::Identities;
use interceptors::settings::Settings;
use policy_registry::{AwsEnvironment, ClientSettings, admin, client};
use serde_json::{Value, json};
use tenant_session::aws;
use tenant_session::broker::Broker;
use tenant_session::endpoint::Endpoint;
use tenant_session::exchange::{Exchange, ExchangeMode, ExchangeSettings};
use tenant_session::server;
use tokio::net::TcpListener;

use crate::http::{Answer, ask};
use crate::signer::{AUDIENCE, ISSUER, Signer};
use crate::sts::{ROLE, Sts};

pub(crate) struct Stage {
    pub(crate) signer: Signer,
    pub(crate) sts: Sts,
    pub(crate) address: SocketAddr,
    pub(crate) registry: String,
}

impl Stage {
    pub(crate) async fn start() -> Stage {
        Stage::with(ExchangeMode::AssumeRole, |_| ()).await
    }

    pub(crate) async fn with(mode: ExchangeMode, change: impl FnOnce(&mut Value)) -> Stage {
        let (signer, sts, registry) = (Signer::new("es256"), Sts::start().await, start_registry().await);
        let mut settings = settings(&registry, &signer);
        change(&mut settings);
        let (listener, address) = listen().await;
        let endpoint = Endpoint::new(broker(&settings, mode, &sts.url), address, "x-tenant-selector");
        tokio::spawn(server::serve(listener, endpoint.routes(), std::future::pending()));
        Stage { signer, sts, address, registry }
    }

    /// `POST /sessions` with a token.
    pub(crate) async fn open(&self, token: &str) -> Answer {
        ask(self.address, "POST /sessions", &[("Authorization", &format!("Bearer {token}"))]).await
    }

    /// A session for a member: its own token.
    pub(crate) async fn session(&self, subject: &str, tenant: &str) -> String {
        let answer = self.open(&self.signer.token(subject, tenant)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.body["tenant"], tenant);
        answer.body["authorizationToken"].as_str().unwrap().to_owned()
    }

    /// `GET /credentials` with a session's token.
    pub(crate) async fn fetch(&self, session: &str) -> Answer {
        ask(self.address, "GET /credentials", &[("Authorization", session)]).await
    }
}

/// A broker of its own.
fn broker(settings: &Value, mode: ExchangeMode, sts: &str) -> Broker {
    let settings = Settings::parse(&settings.to_string(), AwsEnvironment::default()).unwrap();
    let aws = configuration(sts);
    let registry = aws::registry(&settings, &aws).unwrap();
    let exchange =
        ExchangeSettings { mode, role: ROLE.parse().unwrap(), duration_seconds: 900, timeout: Duration::from_secs(2) };
    Broker::new(Identities::new(settings, registry), Exchange::new(exchange, &aws))
}

fn configuration(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::from_keys("AKIDBROKER", "CANARY-broker-secret", None);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .endpoint_url(endpoint)
        .http_client(client::http_client(Some(endpoint)))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

/// Settings as an operator would write them, for a registry at this address.
pub(crate) fn settings(registry: &str, signer: &Signer) -> Value {
    json!({
        "registry": {"table": TABLE, "endpointUrl": registry, "cacheTtlMs": 0, "timeoutMs": 20_000},
        "issuers": [{"issuer": ISSUER, "audiences": [AUDIENCE], "algorithms": ["ES256"],
                     "claims": {"tenant": "custom:tenant_id"}, "keys": {"jwks": signer.jwks()}}],
    })
}

/// The address of a DynamoDB with the fixtures' registry, gone when the runtime is.
pub(crate) async fn start_registry() -> String {
    let database = dynoxide::Database::memory().unwrap();
    let (listener, address) = listen().await;
    let endpoint = format!("http://{address}");
    tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()));
    let client = client::build(&client_settings(&endpoint)).unwrap();
    admin::create_table(&client, TABLE).await.unwrap();
    load(&endpoint, &fixtures()).await;
    endpoint
}

/// Loads another folder over what is there.
pub(crate) async fn load(registry: &str, folder: &Path) {
    let client = client::build(&client_settings(registry)).unwrap();
    let report = admin::load(&client, TABLE, folder).await.unwrap();
    assert!(report.members + report.tenants > 0);
}

/// What is said of members from now on.
pub(crate) async fn change_members(registry: &str, members: &Value) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("members.json"), members.to_string()).unwrap();
    load(registry, folder.path()).await;
}

pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn client_settings(endpoint: &str) -> ClientSettings {
    let test = || Some("test".to_owned());
    let aws = AwsEnvironment {
        region: Some("eu-central-1".to_owned()),
        access_key_id: test(),
        secret_access_key: test(),
        session_token: None,
    };
    ClientSettings { endpoint_url: Some(endpoint.to_owned()), timeout: Duration::from_secs(20), aws }
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/registry")
}

const TABLE: &str = "tenantgate-registry";
