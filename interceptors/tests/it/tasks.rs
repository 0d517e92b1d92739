//! Two interceptors that record tasks, over a registry of their own.

use interceptors::event::Point;
use interceptors::interceptor::Interceptor;
use policy_model::{TenantId, ToolName, UserId};
use policy_registry::{Principal, PrincipalKind, TaskId, TaskRecord};
use serde_json::{Value, json};

use crate::events;
use crate::received::Received;
use crate::signer::{ISSUER, unix_now};
use crate::stage::{self, Stage, reply};

/// The methods that ask for one task.
pub(crate) const METHODS: &[&str] = &["tasks/get", "tasks/result", "tasks/cancel", "tasks/update"];

pub(crate) struct Tasks {
    pub(crate) stage: Stage,
    pub(crate) alice: String,
    request: Interceptor,
    response: Interceptor,
}

impl Tasks {
    pub(crate) async fn start() -> Tasks {
        let stage = Stage::start().await;
        let interceptor = |point| {
            stage.interceptor(point, |settings| {
                settings["registry"]["tasks"] = json!("RECORD");
                settings["registry"]["cacheTtlMs"] = json!(0);
            })
        };
        let (request, response) = (interceptor(Point::Request), interceptor(Point::Response));
        Tasks { alice: stage.signer.token("alice", "acme"), stage, request, response }
    }

    /// What becomes of a message at REQUEST.
    pub(crate) async fn ask(&self, token: &str, message: &Value) -> Received {
        Received::read(&self.reply(Point::Request, &request(token, message)).await)
    }

    /// What becomes of its answer with this result at RESPONSE.
    pub(crate) async fn answer(&self, token: &str, message: &Value, result: &Value) -> Received {
        Received::read(&self.reply(Point::Response, &response(token, message, result)).await)
    }

    /// The result that the caller gets.
    pub(crate) async fn result(&self, token: &str, message: &Value, result: &Value) -> Value {
        let received = self.answer(token, message, result).await;
        let body = received.body().unwrap_or_else(|| panic!("{message}: {received:?}"));
        serde_json::from_str::<Value>(body).unwrap()["result"].take()
    }

    pub(crate) async fn reply(&self, point: Point, event: &str) -> String {
        let interceptor = match point {
            Point::Request => &self.request,
            Point::Response => &self.response,
        };
        reply(interceptor, event.as_bytes()).await
    }

    /// Lets a call of a tool be answered with a task.
    pub(crate) async fn create(&self, token: &str, tool: &str, id: &str) -> Received {
        self.answer(token, &call(tool), &json!({"task": task(id)})).await
    }

    /// Whether a caller can ask for a task, at both points alike.
    pub(crate) async fn is_for(&self, token: &str, id: &str) -> bool {
        let mut told = Vec::new();
        for method in METHODS {
            let message = about(method, id);
            told.push(self.ask(token, &message).await.is_refused());
            told.push(self.answer(token, &message, &task(id)).await.is_refused());
        }
        told.dedup();
        assert_eq!(told.len(), 1, "{id}: {told:?}");
        !told[0]
    }

    /// Puts the record of a task of alice of acme, as it would be after so many seconds.
    pub(crate) async fn put(&self, tool: &str, id: &str, change: impl FnOnce(&mut TaskRecord)) {
        let owner = Principal {
            kind: PrincipalKind::User,
            agent: None,
            issuer: ISSUER.into(),
            subject: UserId::parse("alice").unwrap(),
            tenant: TenantId::parse("acme").unwrap(),
        };
        let tool = ToolName::parse(tool).unwrap();
        let mut task = TaskRecord::of_call(&owner, TaskId::parse(id).unwrap(), &tool, unix_now() + 3_600);
        change(&mut task);
        stage::put(&self.stage.endpoint, task.to_item()).await;
    }
}

/// An event at REQUEST.
pub(crate) fn request(token: &str, message: &Value) -> String {
    events::request_with(token, &headers(message), &message.to_string())
}

/// An event at RESPONSE.
pub(crate) fn response(token: &str, message: &Value, result: &Value) -> String {
    events::response_with(token, &headers(message), &message.to_string(), &events::result(result))
}

/// A message about a task, of the version that has its method.
pub(crate) fn about(method: &str, id: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"taskId": id}})
}

pub(crate) fn call(tool: &str) -> Value {
    serde_json::from_str(&events::call(tool)).unwrap()
}

pub(crate) fn list() -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tasks/list"})
}

/// How a task stands, as 2025-11-25 says it.
pub(crate) fn task(id: &str) -> Value {
    json!({"taskId": id, "status": "working", "statusMessage": "reading 078-05-1120", "createdAt": "2026-11-21T10:00:00Z",
           "lastUpdatedAt": "2026-11-21T10:00:05Z", "ttl": 60_000, "pollInterval": 5_000})
}

/// The same as 2026-07-28 says it.
pub(crate) fn new_task(id: &str) -> Value {
    json!({"resultType": "complete", "taskId": id, "status": "working", "statusMessage": "reading 078-05-1120",
           "createdAt": "2026-11-21T10:00:00Z", "lastUpdatedAt": "2026-11-21T10:00:05Z", "ttlMs": 60_000,
           "pollIntervalMs": 5_000})
}

/// `tasks/update` is of 2026-07-28 alone, all else of both or of none that is said.
fn headers(message: &Value) -> Value {
    if message["method"] == "tasks/update" { json!({"MCP-Protocol-Version": "2026-07-28"}) } else { json!({}) }
}
