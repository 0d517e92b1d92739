//! Client, gateway and agent, and the table behind the interceptors.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tenantgate::function::{Function, binary_path};
use tenantgate::keys::KeyRing;
use tenantgate::settings::{self, Substitution};
use tenantgate::token::{self, Caller, TENANT_CLAIM};

use crate::gateway::Gateway;
use crate::interceptors::Interceptors;
use crate::meter::Meter;
use crate::peers::{Agent, Client, Understood, python};
use crate::table::Table;

/// How the client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) binding: &'static str,
    pub(crate) version: &'static str,
}

/// Every way to speak that the SDK has without gRPC.
pub(crate) const FORMS: [Form; 4] = [
    Form { binding: "JSONRPC", version: "1.0" },
    Form { binding: "JSONRPC", version: "0.3" },
    Form { binding: "HTTP+JSON", version: "1.0" },
    Form { binding: "HTTP+JSON", version: "0.3" },
];

pub(crate) struct Stage {
    pub(crate) gateway: Gateway,
    pub(crate) agent: Agent,
    client: Client,
    tokens: BTreeMap<&'static str, String>,
    behind: Option<Behind>,
}

/// What is behind the two real interceptors.
struct Behind {
    table: Arc<Table>,
    request: Meter,
    response: Meter,
}

impl Stage {
    /// With the two real interceptors; `None` where there are no peers.
    pub(crate) async fn real() -> Option<Stage> {
        Stage::with(json!({})).await
    }

    /// The same, with these members in the settings.
    pub(crate) async fn with(members: Value) -> Option<Stage> {
        let python = python()?;
        let (table, ring) = (Arc::new(Table::filled().await), KeyRing::generate().unwrap());
        let [first, second] = [Meter::start(table.url()).await, Meter::start(table.url()).await];
        let request = Box::new(function("request-interceptor", &table, &first, &ring, &members).await);
        let response = Box::new(function("response-interceptor", &table, &second, &ring, &members).await);
        let mut stage = Stage::assemble(&python, Interceptors::Functions { request, response }, &ring).await;
        stage.behind = Some(Behind { table, request: first, response: second });
        Some(stage)
    }

    /// With interceptors that follow a script.
    pub(crate) async fn scripted(interceptors: Interceptors) -> Option<Stage> {
        Some(Stage::assemble(&python()?, interceptors, &KeyRing::generate().unwrap()).await)
    }

    async fn assemble(python: &Path, interceptors: Interceptors, ring: &KeyRing) -> Stage {
        let gateway = Gateway::start(interceptors).await;
        let (agent, client) = (Agent::start(python, &format!("{}/support", gateway.url)).await, Client::start(python));
        gateway.set_target(&agent.url);
        let tenants = [("alice", "acme"), ("bob", "globex"), ("carol", "initech")];
        let tokens = tenants.into_iter().map(|(user, tenant)| (user, minted(user, tenant, ring))).collect();
        Stage { gateway, agent, client, tokens, behind: None }
    }

    /// Has the client take a step as this caller. `path` is `/support` unless the step says another, and its `headers` come on top.
    pub(crate) async fn step(&mut self, caller: &str, form: Form, step: Value) -> Understood {
        let mut step = step;
        let mut headers = Map::new();
        headers.insert("authorization".to_owned(), format!("Bearer {}", self.tokens[caller]).into());
        if let Some(more) = step["headers"].as_object() {
            headers.extend(more.clone());
        }
        let path = step["path"].as_str().unwrap_or("/support").to_owned();
        step["url"] = format!("{}{path}", self.gateway.url).into();
        step["headers"] = Value::Object(headers);
        step["binding"] = form.binding.into();
        step["version"] = form.version.into();
        self.client.step(&step).await
    }

    /// A task of this caller that lasts until it is cancelled.
    pub(crate) async fn lasting_task(&mut self, caller: &str, form: Form) -> String {
        let step = json!({"do": "send", "text": "wait", "polling": true});
        self.step(caller, form, step).await.task().to_owned()
    }

    /// How many requests have reached the agent: exactly those that the gateway forwarded.
    pub(crate) async fn arrived(&self) -> usize {
        let arrived = self.agent.requests().await.len();
        assert_eq!(self.gateway.exchanges().iter().filter(|exchange| exchange.forwarded).count(), arrived);
        arrived
    }

    /// That a good call still arrives, so that refusals before it were about what was wrong with them.
    pub(crate) async fn still_works(&mut self) {
        let before = self.arrived().await;
        for form in FORMS {
            self.step("bob", form, json!({"do": "send", "text": "hello"})).await.ok();
        }
        assert_eq!(self.arrived().await, before + FORMS.len());
    }

    pub(crate) fn token(&self, caller: &str) -> &str {
        &self.tokens[caller]
    }

    /// The table behind the real interceptors.
    pub(crate) fn table(&self) -> Arc<Table> {
        Arc::clone(&self.behind.as_ref().unwrap().table)
    }

    /// What the REQUEST and the RESPONSE interceptor asked of the table since the last time somebody asked.
    pub(crate) fn take_operations(&self) -> [Vec<String>; 2] {
        let behind = self.behind.as_ref().unwrap();
        [behind.request.take(), behind.response.take()]
    }
}

async fn function(name: &str, table: &Table, meter: &Meter, ring: &KeyRing, members: &Value) -> Function {
    let substitution = Substitution { table: table.name(), endpoint_url: &meter.url, ring };
    let text = settings::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/settings/tasks.json")).unwrap();
    let mut document: Value = serde_json::from_str(&substitution.apply(&text).unwrap()).unwrap();
    merge(&mut document, members);
    let mut environment = table.environment().await;
    environment.push(("TENANTGATE_SETTINGS".to_owned(), document.to_string()));
    let folder = Path::new(env!("CARGO_BIN_EXE_tenantgate")).parent();
    let function = Function::start(&binary_path(name, folder).unwrap(), &environment).await.unwrap();
    function.ready(Duration::from_secs(15)).await.unwrap();
    function
}

/// Writes members over those of an object, and into its objects.
fn merge(document: &mut Value, members: &Value) {
    for (name, value) in members.as_object().unwrap() {
        let place = &mut document[name];
        if place.is_object() && value.is_object() { merge(place, value) } else { *place = value.clone() }
    }
}

fn minted(user: &str, tenant: &str, ring: &KeyRing) -> String {
    let mut caller = Caller::default();
    caller.claims.insert(TENANT_CLAIM.to_owned(), tenant.into());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    token::mint(user, &caller, ring, now).unwrap()
}
