//! Issuer, kind and subject together are somebody: those of one name never share an answer, a task or what is remembered.

use interceptors::event::Point;
use interceptors::interceptor::Interceptor;
use policy_model::TenantId;
use policy_registry::record::{Client, Membership, ScopeBound, Status};
use proptest::prelude::{any, prop};
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::mutation::runner;
use crate::received::Received;
use crate::signer::{ISSUER, claims};
use crate::stage::{self, BlockingStage, Stage, reply};
use crate::tasks::{about, task};

#[test]
fn whoever_asked_before_everybody_gets_what_is_theirs() {
    let stage = BlockingStage::start();
    stage.block_on(register(&stage.stage));
    let principals = principals(&stage.stage);
    let ask = (any::<Index>(), select(TOOLS), any::<bool>());
    runner(60)
        .run(&prop::collection::vec(ask, 1..60), |asks| {
            // Nothing is remembered at first, and everything after that.
            let interceptor = interceptor(&stage.stage, Point::Request);
            for (index, tool, names_tenant) in asks {
                let principal = index.get(&principals);
                let event = principal.request(&call(tool), names_tenant);
                let received = Received::read(&stage.block_on(reply(&interceptor, event.as_bytes())));
                match &received {
                    Received::Forwarded { headers, .. } => {
                        assert!(principal.tools.contains(&tool), "{} {tool}", principal.what);
                        let headers: Vec<(&str, &str)> =
                            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        assert_eq!(headers, [("x-tenant-id", "cyberdyne"), ("x-user-id", principal.name)]);
                    }
                    Received::Refused { .. } | Received::Answered { .. } | Received::Nothing => assert!(
                        received.is_refused() && !principal.tools.contains(&tool),
                        "{} {tool}: {received:?}",
                        principal.what
                    ),
                }
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_task_is_for_the_one_who_made_it_and_for_none_of_that_name() {
    let stage = Stage::start().await;
    register(&stage).await;
    let (request, response) = (interceptor(&stage, Point::Request), interceptor(&stage, Point::Response));
    let principals = principals(&stage);
    let members: Vec<&Caller> = principals.iter().filter(|principal| !principal.tools.is_empty()).collect();
    for owner in &members {
        let id = format!("task-of-{}", owner.what.replace(' ', "-"));
        let event = owner.response(&call("lab___read"), &json!({"task": task(&id)}));
        assert!(Received::read(&reply(&response, event.as_bytes()).await).body().is_some(), "{}", owner.what);
        for other in &principals {
            let is_own = other.what == owner.what;
            let asked = other.request(&about("tasks/get", &id), true);
            let asked = Received::read(&reply(&request, asked.as_bytes()).await);
            assert_eq!(asked.body().is_some(), is_own, "{} asks for that of {}: {asked:?}", other.what, owner.what);
            let answered = other.response(&about("tasks/get", &id), &task(&id));
            let answered = Received::read(&reply(&response, answered.as_bytes()).await);
            assert_eq!(answered.body().is_some(), is_own, "{} reads that of {}", other.what, owner.what);
        }
    }
    assert_eq!(members.len(), 6);
}

/// Somebody, and which tools are theirs.
struct Caller {
    what: &'static str,
    /// As the target knows it.
    name: &'static str,
    credential: Credential,
    tools: &'static [&'static str],
}

enum Credential {
    /// With the tenant, and without.
    Token(String, String),
    Arn(&'static str),
}

impl Caller {
    fn request(&self, message: &Value, names_tenant: bool) -> String {
        json!({"interceptorInputVersion": "1.0", "mcp": {"gatewayRequest": self.gateway_request(message, names_tenant)}})
            .to_string()
    }

    fn response(&self, message: &Value, result: &Value) -> String {
        let body = json!({"jsonrpc": "2.0", "id": 1, "result": result});
        json!({"interceptorInputVersion": "1.0", "mcp": {"gatewayRequest": self.gateway_request(message, true),
               "gatewayResponse": {"statusCode": 200, "body": body}}})
        .to_string()
    }

    fn gateway_request(&self, message: &Value, names_tenant: bool) -> Value {
        let (mut headers, context) = match (&self.credential, names_tenant) {
            (Credential::Token(token, _), true) | (Credential::Token(_, token), false) => {
                (json!({"Authorization": format!("Bearer {token}")}), Value::Null)
            }
            (Credential::Arn(arn), _) => (json!({}), json!({"identity": {"awsPrincipalArn": arn}})),
        };
        headers["x-tenant-selector"] = json!("cyberdyne");
        json!({"httpMethod": "POST", "headers": headers, "body": message, "context": context})
    }
}

fn principals(stage: &Stage) -> [Caller; 7] {
    let token = |issuer: &str, subject: &str, more: Value| {
        let mut claims = claims(subject, "cyberdyne");
        claims["iss"] = json!(issuer);
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let with = stage.signer.sign(&claims);
        claims.as_object_mut().unwrap().remove("custom:tenant_id");
        Credential::Token(with, stage.signer.sign(&claims))
    };
    let caller = |what, name, credential, tools| Caller { what, name, credential, tools };
    let machine = |client: &str, scope: &str| json!({"client_id": client, "scope": scope});
    let ripley = "ripley";
    [
        caller("user ripley", ripley, token(ISSUER, ripley, json!({})), &["lab___read", "lab___build"]),
        caller("user ripley of the second issuer", ripley, token(SECOND, ripley, json!({})), &["lab___read"]),
        caller(
            "client ripley",
            "client:ripley",
            token(ISSUER, ripley, machine(ripley, "lab.deploy")),
            &["lab___read", "lab___deploy"],
        ),
        caller(
            "principal ripley",
            "client:ripley",
            Credential::Arn("arn:aws:sts::123456789012:assumed-role/ripley/1"),
            &["lab___read", "lab___build", "lab___deploy"],
        ),
        caller("user desk", "desk", token(ISSUER, "desk", json!({})), &["lab___read"]),
        caller(
            "client desk",
            "client:desk",
            token(ISSUER, "desk", machine("desk", "")),
            &["lab___read", "lab___batch"],
        ),
        caller("client desk of the second issuer", "client:desk", token(SECOND, "desk", machine("desk", "")), &[]),
    ]
}

/// What the fixtures do not have: users and clients of one name.
async fn register(stage: &Stage) {
    let tenant = || TenantId::parse("cyberdyne").unwrap();
    let client = |issuer: &str, roles: &[&str]| Client {
        issuer: issuer.to_owned(),
        client: "ripley".to_owned(),
        tenant: tenant(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        workspaces: Vec::new(),
        scopes: ScopeBound::OneOf(vec!["lab.deploy".to_owned()]),
        status: Status::Active,
    };
    let desk = Membership {
        issuer: ISSUER.to_owned(),
        subject: "desk".to_owned(),
        tenant: tenant(),
        roles: Vec::new(),
        workspaces: Vec::new(),
        status: Status::Active,
    };
    for item in [client(ISSUER, &[]).to_item(), client("aws:iam", &["engineer"]).to_item(), desk.to_item()] {
        stage::put(&stage.endpoint, item).await;
    }
}

fn interceptor(stage: &Stage, point: Point) -> Interceptor {
    stage.interceptor(point, |settings| {
        settings["registry"]["tasks"] = json!("RECORD");
        let issuer = &mut settings["issuers"][0];
        issuer["machineClients"] = json!("REGISTERED");
        issuer["tenantSelection"] = json!("MEMBERSHIP");
        let mut second = issuer.clone();
        second["issuer"] = json!(SECOND);
        settings["issuers"].as_array_mut().unwrap().push(second);
        let arn = "arn:aws:sts::123456789012:assumed-role/ripley/*";
        settings["iam"] = json!({"principals": [{"arn": arn, "client": "ripley"}]});
    })
}

fn call(tool: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}}})
}

const TOOLS: &[&str] = &["lab___read", "lab___build", "lab___deploy", "lab___batch"];

const SECOND: &str = "https://issuer.example/second";
