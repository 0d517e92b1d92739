//! What is stopped is refused by running interceptors within the stated bound, also while the table throttles.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, header};
use bytes::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use policy_model::TenantId;
use policy_registry::operate::{KillTarget, Operator};
use serde_json::json;
use tempfile::TempDir;
use tenantgate::function::{Function, binary_path};
use tenantgate::keys::KeyRing;
use tenantgate::registry_host::{DEFAULT_TABLE, RegistryHost};
use tenantgate::runtime_api::Outcome;
use tenantgate::settings::{DEVELOPMENT, Substitution};
use tenantgate::token::{self, Caller, TENANT_CLAIM};

/// All trials in `TENANTGATE_ORACLE_REVOCATIONS`, in rounds over all tenants; each round stops them in another way.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopped_is_refused_within_the_bound() {
    let trials: usize = std::env::var("TENANTGATE_ORACLE_REVOCATIONS").map_or(TRIALS, |number| number.parse().unwrap());
    let stage = Stage::start().await;
    let mut told = 0;
    for round in 0..trials.div_ceil(TENANTS) {
        let way = [Way::Suspend, Way::KillTenant, Way::KillTool, Way::KillAll][round % 4];
        let is_throttled = round / 4 % 2 == 1;
        stage.proxy.is_throttling.store(false, Ordering::Relaxed);
        // Held by the caches of both, so that only time can end it.
        for number in 0..TENANTS {
            assert!(stage.comes_to_pass(number).await, "round {round}, {way:?}: {number} is let through");
        }
        stage.proxy.is_throttling.store(is_throttled, Ordering::Relaxed);
        let mut stopped = Vec::new();
        for number in 0..TENANTS {
            stage.stop(way, number).await;
            stopped.push(Instant::now());
        }
        for (number, at) in stopped.iter().enumerate() {
            // Somebody calls before the bound is over, and may be let through.
            let _early = stage.passes(number).await;
            tokio::time::sleep((*at + BOUND).saturating_duration_since(Instant::now())).await;
            assert_eq!(stage.passes(number).await, [false, false], "round {round}, {way:?}: {number} is refused");
            told += 1;
        }
        stage.proxy.is_throttling.store(false, Ordering::Relaxed);
        stage.resume(way).await;
        tokio::time::sleep(BOUND).await;
    }
    assert!(told >= trials && stage.proxy.throttled.load(Ordering::Relaxed) > 0);
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Suspend,
    KillTenant,
    KillTool,
    KillAll,
}

struct Stage {
    _host: RegistryHost,
    _folder: TempDir,
    proxy: Arc<Proxy>,
    operator: Operator,
    functions: [Function; 2],
    tokens: Vec<String>,
}

impl Stage {
    async fn start() -> Stage {
        let folder = TempDir::new().unwrap();
        write_folder(folder.path());
        let host = RegistryHost::start(None, DEFAULT_TABLE).await.unwrap();
        host.fill(Some(folder.path())).await.unwrap();
        let proxy = Arc::new(Proxy {
            url: host.endpoint_url().to_owned(),
            http: Client::builder(TokioExecutor::new()).build_http(),
            is_throttling: AtomicBool::new(false),
            reads: AtomicU32::new(0),
            throttled: AtomicU32::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(carry).with_state(Arc::clone(&proxy));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let ring = KeyRing::generate().unwrap();
        let substitution = Substitution { table: DEFAULT_TABLE, endpoint_url: &url, ring: &ring };
        let mut settings: serde_json::Value = serde_json::from_str(&substitution.apply(DEVELOPMENT).unwrap()).unwrap();
        let bound = u64::try_from(BOUND.as_millis()).unwrap();
        settings["registry"]["cacheTtlMs"] = bound.into();
        settings["registry"]["timeoutMs"] = bound.into();
        let mut environment = host.environment().await.unwrap();
        environment.push(("TENANTGATE_SETTINGS".to_owned(), settings.to_string()));
        let binaries = Path::new(env!("CARGO_BIN_EXE_tenantgate")).parent();
        let function = async |name: &str| {
            let function = Function::start(&binary_path(name, binaries).unwrap(), &environment).await.unwrap();
            function.ready(PATIENCE).await.unwrap();
            function
        };
        let functions = [function("request-interceptor").await, function("response-interceptor").await];
        let operator = Operator::new(host.client(), DEFAULT_TABLE, "op").unwrap();
        let tokens = (0..TENANTS).map(|number| minted(number, &ring)).collect();
        Stage { _host: host, _folder: folder, proxy, operator, functions, tokens }
    }

    /// Whether a call, and the answer of one, are let through.
    async fn passes(&self, number: usize) -> [bool; 2] {
        let request = json!({"path": "/mcp", "httpMethod": "POST", "context": null,
            "headers": {"authorization": format!("Bearer {}", self.tokens[number]), "content-type": "application/json"},
            "body": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": TOOL, "arguments": {}}}});
        let body = json!({"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "text", "text": ANSWER}]}});
        let answer = json!({"statusCode": 200, "body": body});
        let mut passes = [false; 2];
        for (index, response) in [serde_json::Value::Null, answer].into_iter().enumerate() {
            let mcp = json!({"gatewayRequest": request, "gatewayResponse": response});
            let event = json!({"interceptorInputVersion": "1.0", "mcp": mcp}).to_string();
            let outcome = self.functions[index].invoke(Bytes::from(event), PATIENCE).await.outcome;
            let Outcome::Reply(reply) = outcome else { panic!("{outcome:?}") };
            let reply = String::from_utf8(reply.to_vec()).unwrap();
            let is_refusal = reply.contains("\"error\"");
            let is_passed = reply.contains(["transformedGatewayRequest", ANSWER][index]);
            assert_ne!(is_refusal, is_passed, "{reply}");
            passes[index] = is_passed;
        }
        passes
    }

    /// Whether both let the tenant's user through, where need be after a while: a lookup that takes too long on a busy machine is refused.
    async fn comes_to_pass(&self, number: usize) -> bool {
        let started = Instant::now();
        while self.passes(number).await != [true, true] {
            if started.elapsed() > PATIENCE {
                return false;
            }
            tokio::time::sleep(BOUND).await;
        }
        true
    }

    async fn stop(&self, way: Way, number: usize) {
        let tenant = tenant(number);
        let target = match way {
            Way::Suspend => {
                self.operator.suspend_tenant(&tenant, None).await.unwrap();
                return;
            }
            Way::KillTenant => KillTarget::Tenant(tenant),
            Way::KillTool => KillTarget::Tool { tool: TOOL.to_owned(), tenant: Some(tenant) },
            Way::KillAll => KillTarget::All,
        };
        self.operator.kill(&target, "a trial").await.unwrap();
    }

    async fn resume(&self, way: Way) {
        match way {
            Way::Suspend => {
                for number in 0..TENANTS {
                    self.operator.resume_tenant(&tenant(number), None).await.unwrap();
                }
            }
            Way::KillTenant | Way::KillTool | Way::KillAll => {
                for kill in self.operator.kills().await.unwrap() {
                    self.operator.lift(&kill.id, None).await.unwrap();
                }
            }
        }
    }
}

/// Stands before the table; while it throttles, it refuses two reads of three.
struct Proxy {
    url: String,
    http: Client<HttpConnector, Body>,
    is_throttling: AtomicBool,
    reads: AtomicU32,
    throttled: AtomicU32,
}

async fn carry(State(proxy): State<Arc<Proxy>>, request: Request) -> Response<Body> {
    let (parts, sent) = request.into_parts();
    let sent = body::to_bytes(sent, usize::MAX).await.unwrap();
    if proxy.is_throttling.load(Ordering::Relaxed) && !proxy.reads.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
        proxy.throttled.fetch_add(1, Ordering::Relaxed);
        let fault = json!({"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"});
        let answer = Response::builder().status(StatusCode::BAD_REQUEST);
        let answer = answer.header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
        return answer.body(Body::from(fault.to_string())).unwrap();
    }
    let mut request = Request::builder().method(parts.method).uri(&proxy.url).body(Body::from(sent)).unwrap();
    *request.headers_mut() = parts.headers;
    proxy.http.request(request).await.unwrap().map(Body::new)
}

fn write_folder(folder: &Path) {
    let mut tenants = Vec::new();
    let mut members = Vec::new();
    std::fs::create_dir(folder.join("policies")).unwrap();
    for number in 0..TENANTS {
        let (tenant, policy) = (tenant(number), format!("P{number}"));
        let rule = json!({"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"]});
        let document = json!({"policyId": policy, "tenantId": tenant.as_str(), "rules": [rule]});
        std::fs::write(folder.join(format!("policies/{number}.json")), document.to_string()).unwrap();
        tenants.push(json!({"tenantId": tenant.as_str(), "status": "ACTIVE", "policyId": policy}));
        members.push(json!({"issuer": token::DEFAULT_ISSUER, "subject": subject(number), "tenantId": tenant.as_str(),
            "roles": [], "status": "ACTIVE"}));
    }
    std::fs::write(folder.join("tenants.json"), json!(tenants).to_string()).unwrap();
    std::fs::write(folder.join("members.json"), json!(members).to_string()).unwrap();
}

fn minted(number: usize, ring: &KeyRing) -> String {
    let mut caller = Caller::default();
    caller.claims.insert(TENANT_CLAIM.to_owned(), tenant(number).as_str().into());
    // A long run outlives a token of an hour.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    caller.claims.insert("exp".to_owned(), (now + 12 * 3600).into());
    token::mint(&subject(number), &caller, ring, now).unwrap()
}

fn tenant(number: usize) -> TenantId {
    TenantId::parse(&format!("t{number}")).unwrap()
}

fn subject(number: usize) -> String {
    format!("user-{number}")
}

/// The revocation bound of the settings, and that on one lookup.
const BOUND: Duration = Duration::from_millis(200);

const PATIENCE: Duration = Duration::from_secs(15);

const TENANTS: usize = 50;

/// Eight rounds: each way with and without throttling.
const TRIALS: usize = 400;

const TOOL: &str = "orders___getOrder";

const ANSWER: &str = "an answer that must be seen or withheld";
