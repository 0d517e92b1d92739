//! A stand-in of AWS: its UpdateGateway replaces all of a gateway, as AWS's does, and it fails as it is told to.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use policy_model::json;
use tokio::net::TcpListener;

use crate::command::{Desk, TOKEN};

pub(crate) const ID: &str = "main-1a2b3c4d5e";

pub(crate) const REQUEST: &str = "arn:aws:lambda:eu-west-1:123456789012:function:tenantgate-request:live";

pub(crate) const RESPONSE: &str = "arn:aws:lambda:eu-west-1:123456789012:function:tenantgate-response:live";

/// What the stand-in has, and what it is to do.
#[derive(Default)]
pub(crate) struct World {
    /// The gateway, as it is read.
    pub(crate) gateway: String,
    /// The statuses that are read after an update, one after another; the last one stays.
    pub(crate) statuses: VecDeque<&'static str>,
    /// Fields that an update loses.
    pub(crate) loses: Vec<&'static str>,
    /// How often a read after an update still shows what was before.
    pub(crate) stale_reads: usize,
    /// What the next calls of a method are answered, whatever they ask: status, kind of error, body.
    pub(crate) faults: VecDeque<(Method, u16, &'static str, String)>,
    /// Calls of this method get no answer at all.
    pub(crate) silent: Option<Method>,
    /// Answers to other reads, by path and query.
    pub(crate) others: HashMap<String, String>,
    /// Somebody else's change, made when the gateway has been read so often.
    pub(crate) meddler: Option<(usize, String)>,
    former: String,
    /// What was asked.
    pub(crate) asked: Vec<String>,
    /// The same with their headers and bodies.
    pub(crate) signed: Vec<(Method, Uri, HeaderMap, String)>,
    /// The bodies that were put.
    pub(crate) put: Vec<String>,
}

/// The stand-in, on a port of its own.
pub(crate) struct StandIn {
    world: Arc<Mutex<World>>,
    pub(crate) desk: Desk,
}

impl StandIn {
    pub(crate) async fn start(gateway: &str) -> StandIn {
        let world = World { gateway: gateway.to_owned(), statuses: ["UPDATING", "READY"].into(), ..World::default() };
        let world = Arc::new(Mutex::new(world));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let desk = Desk::new(&format!("http://{}", listener.local_addr().unwrap()), "eu-west-1");
        let router = Router::new().fallback(answer).with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        StandIn { world, desk }
    }

    /// Looks at the world, or changes it.
    pub(crate) fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap())
    }

    /// The bodies that were put, which must be one.
    pub(crate) fn one_put(&self) -> String {
        let put = self.world(|world| world.put.clone());
        let [put] = put.as_slice() else { panic!("{put:?}") };
        put.clone()
    }
}

async fn answer(
    State(world): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let silent = {
        let mut world = world.lock().unwrap();
        world.asked.push(format!("{method} {uri}"));
        world.silent.as_ref() == Some(&method)
    };
    if silent {
        std::future::pending::<()>().await;
    }
    let mut world = world.lock().unwrap();
    check_signature(&uri, &headers);
    world.signed.push((method.clone(), uri.clone(), headers, String::from_utf8(body.to_vec()).unwrap()));
    if world.faults.front().is_some_and(|(of, ..)| of == method) {
        let (_, status, kind, body) = world.faults.pop_front().unwrap();
        return (StatusCode::from_u16(status).unwrap(), [("x-amzn-errortype", kind)], body).into_response();
    }
    let asked = uri.path_and_query().unwrap().as_str();
    if let Some(other) = world.others.get(asked) {
        return other.clone().into_response();
    }
    if asked != format!("/gateways/{ID}/") {
        return (StatusCode::NOT_FOUND, r#"{"__type":"ResourceNotFoundException","message":"no such thing"}"#)
            .into_response();
    }
    if method == Method::PUT {
        let body = String::from_utf8(body.to_vec()).unwrap();
        world.update(&body);
        return (StatusCode::ACCEPTED, world.gateway.clone()).into_response();
    }
    world.read().into_response()
}

impl World {
    fn read(&mut self) -> String {
        if let Some((left, changed)) = self.meddler.take() {
            match left {
                0 => self.gateway = changed,
                left => self.meddler = Some((left - 1, changed)),
            }
        }
        if self.put.is_empty() {
            return self.gateway.clone();
        }
        if self.stale_reads > 0 {
            self.stale_reads -= 1;
            return self.former.clone();
        }
        let status = if self.statuses.len() > 1 { self.statuses.pop_front() } else { self.statuses.front().copied() };
        self.gateway = with(&self.gateway, &[("status", format!("{:?}", status.unwrap()))]);
        self.gateway.clone()
    }

    /// What the body leaves out is gone.
    fn update(&mut self, body: &str) {
        self.put.push(body.to_owned());
        self.former = self.gateway.clone();
        let (old, new) = (members(&self.gateway), members(body));
        let read_only = ["gatewayArn", "gatewayId", "createdAt", "status"];
        let mut all: Vec<(String, String)> =
            old.into_iter().filter(|(name, _)| read_only.contains(&name.as_str())).collect();
        all.push(("updatedAt".to_owned(), format!("\"2026-11-01T00:00:0{}Z\"", self.put.len())));
        all.extend(new.into_iter().filter(|(name, _)| !self.loses.contains(&name.as_str())));
        self.gateway = written(&all);
    }
}

/// The same object with these members.
pub(crate) fn with(object: &str, changed: &[(&str, String)]) -> String {
    let mut all = members(object);
    for (name, text) in changed {
        match all.iter_mut().find(|(member, _)| member == name) {
            Some((_, there)) => there.clone_from(text),
            None => all.push(((*name).to_owned(), text.clone())),
        }
    }
    written(&all)
}

fn members(object: &str) -> Vec<(String, String)> {
    let document = json::parse(object.as_bytes()).unwrap();
    let members = document.root().members();
    members.map(|member| (member.name.as_str().unwrap().into_owned(), member.value.text().to_owned())).collect()
}

fn written(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, text)| format!("{}: {text}", json::quote(name))).collect();
    format!("{{{}}}", members.join(", "))
}

/// The scope of the signature, and what must be signed.
fn check_signature(uri: &Uri, headers: &HeaderMap) {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let service = if uri.path().starts_with("/gateways/") { "bedrock-agentcore" } else { "lambda" };
    let signed = header("authorization");
    assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=test-id/"), "{signed}");
    assert!(signed.contains(&format!("/eu-west-1/{service}/aws4_request, SignedHeaders=")), "{signed}");
    for name in ["host", "x-amz-date", "x-amz-security-token"] {
        assert!(signed.contains(name), "{name}: {signed}");
    }
    assert_eq!(header("x-amz-security-token"), TOKEN);
}
