//! Both interceptors over a registry of tenants that differ in their policies alone, and of targets of every protocol.

use std::cell::Cell;

use interceptors::event::Point;
use interceptors::gateway_context::GatewayContext;
use interceptors::interceptor::Interceptor;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::received::Received;
use crate::signer::ISSUER;
use crate::stage::{BlockingStage, item_count, reply_within};

pub(super) struct HttpStage {
    pub(super) stage: BlockingStage,
    request: Interceptor,
    response: Interceptor,
    callers: Vec<Caller>,
    ids: Cell<u32>,
    _registry: TempDir,
}

/// A member of a tenant.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) user: &'static str,
    pub(super) tenant: &'static str,
    pub(super) token: String,
}

/// A binding as the registry has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) id: &'static str,
    pub(super) path: &'static str,
    pub(super) protocol: &'static str,
    pub(super) agent: &'static str,
    pub(super) app: &'static str,
    pub(super) is_active: bool,
}

impl HttpStage {
    pub(super) fn start() -> HttpStage {
        HttpStage::with(|_| ())
    }

    /// The same with a change to the settings of both interceptors.
    pub(super) fn with(change: impl Fn(&mut Value)) -> HttpStage {
        let registry = registry();
        let stage = BlockingStage::over(registry.path());
        let interceptor = |point| stage.stage.interceptor(point, &change);
        let (request, response) = (interceptor(Point::Request), interceptor(Point::Response));
        let token = |user, tenant| stage.stage.signer.token(user, tenant);
        let callers = MEMBERS.map(|(user, tenant)| Caller { user, tenant, token: token(user, tenant) }).into();
        HttpStage { stage, request, response, callers, ids: Cell::new(0), _registry: registry }
    }

    pub(super) fn callers(&self) -> &[Caller] {
        &self.callers
    }

    /// The member of a tenant.
    pub(super) fn caller(&self, tenant: &str) -> &Caller {
        self.callers.iter().find(|caller| caller.tenant == tenant).unwrap()
    }

    /// An id that the gateway gave no request before.
    pub(super) fn new_id(&self) -> String {
        self.ids.set(self.ids.get() + 1);
        format!("request-{}", self.ids.get())
    }

    /// The reply's text.
    pub(super) fn reply(&self, point: Point, event: &[u8], request_id: &str) -> String {
        let interceptor = match point {
            Point::Request => &self.request,
            Point::Response => &self.response,
        };
        let gateway = GatewayContext { gateway_arn: Some(GATEWAY), request_id: Some(request_id) };
        self.stage.block_on(reply_within(interceptor, event, gateway))
    }

    /// What the gateway makes of the reply.
    pub(super) fn send(&self, point: Point, event: &Value, request_id: &str) -> Received {
        Received::read(&self.reply(point, event.to_string().as_bytes(), request_id))
    }

    /// How many items the registry has.
    pub(super) fn item_count(&self) -> usize {
        self.stage.block_on(item_count(&self.stage.stage.endpoint))
    }
}

/// The folder that the registry is loaded from.
fn registry() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, document: &Value| std::fs::write(folder.path().join(name), document.to_string()).unwrap();
    std::fs::create_dir(folder.path().join("policies")).unwrap();
    let tenants = MEMBERS.map(|(_, tenant)| json!({"tenantId": tenant, "status": "ACTIVE", "policyId": tenant}));
    write("tenants.json", &json!(tenants));
    let members = MEMBERS.map(|(user, tenant)| {
        json!({"issuer": ISSUER, "subject": user, "tenantId": tenant, "roles": [], "status": "ACTIVE"})
    });
    write("members.json", &json!(members));
    let routes = BOUND.map(|bound| {
        json!({"bindingId": bound.id, "path": bound.path, "protocol": bound.protocol, "responses": "BUFFERED", "agentName": bound.agent,
               "appId": bound.app, "status": if bound.is_active { "ACTIVE" } else { "SUSPENDED" }})
    });
    write("routes.json", &json!(routes));
    for (_, tenant) in MEMBERS {
        let mut policy = json!({"policyId": tenant, "tenantId": tenant, "rules": RULES.map(|(kind, resource)| {
            json!({"effect": "ALLOW", "resourceType": kind, "resources": [resource]})
        })});
        match tenant {
            REDACTED => {
                let resources = ["agent:agent:*", "agent:model:*", "agent:tool:*"];
                policy["redactions"] = json!([
                    {"resources": resources, "path": "$..ssn", "action": "MASK"},
                    {"resources": resources, "detect": ["PAYMENT_CARD"], "action": "MASK"},
                ]);
            }
            REWRITTEN => {
                policy["arguments"] = json!([{"resources": ["agent:tool:files___*"], "path": "$.arguments.region",
                                              "action": "SET", "value": "eu"}]);
            }
            NARROW => {
                policy["rules"] = json!([{"effect": "ALLOW", "resourceType": "AGENT",
                                          "resources": ["agent:agent:support"]}]);
            }
            _ => {}
        }
        write(&format!("policies/{tenant}.json"), &policy);
    }
    folder
}

/// A tenant whose policy redacts nothing and changes nothing.
pub(super) const PLAIN: &str = "globex";

/// One from whose answers values are taken out.
pub(super) const REDACTED: &str = "acme";

/// One for which an argument of tools is set.
pub(super) const REWRITTEN: &str = "initech";

/// One that may ask one agent alone.
pub(super) const NARROW: &str = "umbrella";

pub(super) const GATEWAY: &str = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/laws-AbC123";

const MEMBERS: [(&str, &str); 4] = [("ben", PLAIN), ("ann", REDACTED), ("cleo", REWRITTEN), ("dan", NARROW)];

const RULES: [(&str, &str); 3] =
    [("AGENT", "agent:agent:*"), ("MODEL", "agent:model:*"), ("TOOL", "agent:tool:files___*")];

pub(super) const BOUND: [Bound; 7] = [
    bound("support-a2a", "/support", "A2A", "support", "helpdesk"),
    bound("shop-agent", "/shop", "HTTP", "shop", "store"),
    bound("shop-desk", "/shop/desk", "HTTP", "desk", "store"),
    bound("files-mcp", "/files", "MCP", "files", "archive"),
    bound("llm", "/llm", "INFERENCE", "models", "platform"),
    bound("llm-inner", "/llm/inner", "INFERENCE", "inner", "platform"),
    Bound { is_active: false, ..bound("shop-old", "/shop/desk/old", "HTTP", "old", "store") },
];

const fn bound(
    id: &'static str,
    path: &'static str,
    protocol: &'static str,
    agent: &'static str,
    app: &'static str,
) -> Bound {
    Bound { id, path, protocol, agent, app, is_active: true }
}
