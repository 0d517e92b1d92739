//! The example runtime for two tenants at once, with AWS STS and DynamoDB as moto has them, and the endpoint between.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::http::{ask, send, send_text};
use crate::process::{Host, Serving};
use crate::signer::{Signer, claims, unix_now};
use crate::stage::{listen, settings, start_registry};
use crate::sts::{ROLE, form};

#[tokio::test(flavor = "multi_thread")]
async fn two_tenants_at_once_each_have_their_own_session_and_their_own_orders() {
    let Some(place) = Place::start().await else { return };
    let users = [("alice", "acme"), ("bob", "globex"), ("frank", "acme")];
    let tokens: Vec<String> = users.iter().map(|(subject, tenant)| place.signer.token(subject, tenant)).collect();
    let requests: Vec<_> = (0..12)
        .map(|number| {
            let (runtime, token) = (place.runtime.address, tokens[number % 3].clone());
            tokio::spawn(async move { invoke(runtime, &token, &number.to_string()).await })
        })
        .collect();
    let mut sessions: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for (number, request) in requests.into_iter().enumerate() {
        let (status, body) = request.await.unwrap();
        let (subject, tenant) = users[number % 3];
        assert_eq!(
            (status, &body["tenant"], &body["echo"]),
            (200, &json!(tenant), &json!(number.to_string())),
            "{body}"
        );
        let orders = [1, 2].map(|order| format!("{tenant}-order-{order}"));
        assert_eq!(body["orders"], json!(orders), "{subject}");
        let arn = body["arn"].as_str().unwrap();
        let name = arn.strip_prefix("arn:aws:sts::123456789012:assumed-role/tenant-data/").unwrap();
        sessions.entry((subject, tenant)).or_default().insert(name.to_owned());
    }
    // One session for each user, and STS was told for each which tenant it is.
    let told = place.aws.told();
    assert_eq!(told.len(), 3, "{told:?}");
    for ((subject, tenant), names) in &sessions {
        assert_eq!(names.len(), 1, "{subject}");
        let name = names.first().unwrap();
        let own: Vec<_> = told.iter().filter(|form| form["RoleSessionName"] == *name).collect();
        let [own] = own.as_slice() else { panic!("{subject}: {own:?}") };
        let tags: Vec<_> =
            own.iter().filter(|(name, _)| name.contains("Tag")).map(|(_, value)| value.as_str()).collect();
        assert_eq!(tags, ["TenantID", *tenant, "TenantID"], "{subject}");
        assert_eq!(name, &format!("tenantgate-{}", own["SourceIdentity"].get(..16).unwrap()));
    }
    let held: BTreeSet<String> = place.aws.assumed().await;
    assert_eq!(held, sessions.values().flatten().cloned().collect(), "and moto holds these sessions only");
    for token in &tokens {
        assert!(!place.serving.log().contains(token.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_good_for_its_tenant_yields_nothing() {
    let Some(place) = Place::start().await else { return };
    let mut expired = claims("alice", "acme");
    (expired["iat"], expired["exp"]) = (json!(unix_now() - 7200), json!(unix_now() - 3600));
    let good = place.signer.token("alice", "acme");
    let other = place.signer.token("bob", "globex");
    let tampered = format!("{}.{}", good.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
    for (what, token, status) in [
        ("another tenant's", place.signer.token("alice", "globex"), 403),
        ("a suspended member's", place.signer.token("carol", "acme"), 403),
        ("a suspended tenant's", place.signer.token("dave", "suspended-corp"), 403),
        ("expired", place.signer.sign(&expired), 401),
        ("tampered", tampered, 401),
        ("of another key", Signer::new("es256").token("alice", "acme"), 401),
    ] {
        let (got, body) = invoke(place.runtime.address, &token, "x").await;
        assert_eq!((got, body.get("arn"), body.get("orders")), (status, None, None), "{what}: {body}");
    }
    assert!(place.aws.told().is_empty() && place.aws.assumed().await.is_empty());
    assert_eq!(invoke(place.runtime.address, &good, "x").await.0, 200, "and the good one");
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_takes_the_credentials_of_a_profile() {
    let Some(place) = Place::start().await else { return };
    let token = place.host.path("token");
    std::fs::create_dir(place.host.path(".aws")).unwrap();
    let profile = format!(
        "[profile tenant]\nregion = eu-central-1\ncredential_process = {} credentials --duration-seconds 3600 --role-arn {ROLE} --token-file {}\n",
        env!("CARGO_BIN_EXE_tenantgate-session"),
        token.display()
    );
    std::fs::write(place.host.path(".aws/config"), profile).unwrap();
    let program =
        "import boto3; print(boto3.Session(profile_name='tenant').client('sts').get_caller_identity()['Arn'])";
    let run = |of: &str| {
        std::fs::write(&token, of).unwrap();
        let mut python = Command::new(python().unwrap());
        python.args(["-c", program]).env_clear().envs(place.host.environment());
        python.env("AWS_ENDPOINT_URL", &place.aws.url).output().unwrap()
    };
    let output = run(&place.signer.token("bob", "globex"));
    let arn = String::from_utf8(output.stdout).unwrap();
    let roles = || place.aws.told().into_iter().filter(|form| form["Action"] == "AssumeRole").collect::<Vec<_>>();
    let told = roles();
    let [told] = told.as_slice() else { panic!("{told:?} {}", String::from_utf8_lossy(&output.stderr)) };
    let name = &told["RoleSessionName"];
    assert_eq!(arn.trim(), format!("arn:aws:sts::123456789012:assumed-role/tenant-data/{name}"));
    assert_eq!(told["Tags.member.1.Value"], "globex");
    let refused = run(&place.signer.token("carol", "acme"));
    let reason = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && reason.contains("MEMBER_SUSPENDED"), "{reason}");
    assert_eq!(roles().len(), 1);
}

/// Everything that takes part. What is first here ends first.
struct Place {
    runtime: Runtime,
    serving: Serving,
    host: Host,
    signer: Signer,
    aws: Aws,
}

impl Place {
    /// `None`, after a line that says so, where moto is not installed.
    async fn start() -> Option<Place> {
        let python = python()?;
        let (signer, registry, aws) = (Signer::new("es256"), start_registry().await, Aws::start(&python).await);
        let host = Host::new(&settings(&registry, &signer), &aws.sts);
        let serving = host.serve();
        let runtime = Runtime::start(&python, serving.address, &aws.url);
        Some(Place { runtime, serving, host, signer, aws })
    }
}

fn python() -> Option<PathBuf> {
    let python = root().join("target/moto/bin/python");
    if !python.is_file() {
        println!("SKIPPED: no moto in target/moto; `make moto` installs it");
        return None;
    }
    Some(python)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// moto, and before its STS somebody who writes down what it is told.
struct Aws {
    process: Child,
    url: String,
    sts: String,
    told: Told,
}

/// Forms, in the order in which they came.
type Told = Arc<Mutex<Vec<BTreeMap<String, String>>>>;

impl Aws {
    async fn start(python: &PathBuf) -> Aws {
        let mut process = Command::new(python)
            .arg(root().join("tenant-session/tests/moto/server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = first_line(&mut process);
        let told = Arc::new(Mutex::new(Vec::new()));
        let (listener, address) = listen().await;
        let routes = Router::new().fallback(forward).with_state((address_of(&url), Arc::clone(&told)));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Aws { process, url, sts: format!("http://{address}"), told }
    }

    /// What STS was told.
    fn told(&self) -> Vec<BTreeMap<String, String>> {
        self.told.lock().unwrap().clone()
    }

    /// The names of the role sessions that there are.
    async fn assumed(&self) -> BTreeSet<String> {
        let data = ask(address_of(&self.url), "GET /moto-api/data.json", &[("Connection", "close")]).await.body;
        let empty = Vec::new();
        let sessions = data["sts"]["AssumedRole"].as_array().unwrap_or(&empty);
        sessions.iter().map(|session| session["session_name"].as_str().unwrap().to_owned()).collect()
    }
}

async fn forward(
    State((moto, told)): State<(SocketAddr, Told)>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    told.lock().unwrap().push(form(&body));
    let authorization = headers["authorization"].to_str().unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {moto}\r\nConnection: close\r\nAuthorization: {authorization}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
        body.len(),
        std::str::from_utf8(&body).unwrap()
    );
    let (status, text) = send_text(moto, &request).await.unwrap();
    (StatusCode::from_u16(status).unwrap(), text)
}

/// The example, with credentials of its own that must not be used.
struct Runtime {
    process: Child,
    address: SocketAddr,
}

impl Runtime {
    fn start(python: &PathBuf, sessions: SocketAddr, aws: &str) -> Runtime {
        let mut process = Command::new(python)
            .arg(root().join("examples/runtime-python/handler.py"))
            .env_clear()
            .envs([("HOST", "127.0.0.1"), ("PORT", "0"), ("DATA_TABLE", "orders"), ("AWS_REGION", "eu-central-1")])
            .envs([("AWS_ACCESS_KEY_ID", "AKIARUNTIME"), ("AWS_SECRET_ACCESS_KEY", "runtime")])
            .env("TENANTGATE_SESSION_URL", format!("http://{sessions}"))
            .env("AWS_ENDPOINT_URL", aws)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let line = first_line(&mut process);
        let port: u16 = line.rsplit(' ').next().unwrap().parse().unwrap();
        Runtime { process, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }
}

/// What the runtime answers to a user.
async fn invoke(runtime: SocketAddr, token: &str, prompt: &str) -> (u16, Value) {
    let body = json!({"prompt": prompt}).to_string();
    let request = format!(
        "POST /invocations HTTP/1.1\r\nHost: {runtime}\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = send(runtime, &request).await.unwrap();
    (answer.status, answer.body)
}

fn first_line(process: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

fn address_of(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().parse().unwrap()
}

impl Drop for Aws {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
