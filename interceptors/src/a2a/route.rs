//! Which operation an address is, by segment.

use policy_registry::TaskId;

use crate::http::ask::Verb;

use super::fault::A2aFault;
use super::method::{Method, Version};

/// What stands at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// The place to which JSON-RPC messages are sent.
    JsonRpc,
    /// The agent card for everybody.
    Card,
    /// An operation of the HTTP+JSON binding.
    Resource {
        /// What it is.
        method: Method,
        /// The version whose path this is.
        version: Version,
        /// The task in the path.
        task: Option<TaskId>,
    },
}

impl Route {
    /// Finds what stands at the rest of a path.
    pub(super) fn find(verb: Verb, rest: &str) -> Result<Route, A2aFault> {
        // An AgentCore Runtime is addressed with a prefix.
        let own = match rest.strip_prefix(RUNTIME) {
            Some(own) if own.is_empty() || own == "/" || own.starts_with("/.well-known/") => own,
            Some(_) | None => rest,
        };
        match (own, verb) {
            ("" | "/", Verb::Post) => return Ok(Route::JsonRpc),
            ("" | "/", Verb::Get | Verb::Delete) => return Err(A2aFault::Verb),
            ("/.well-known/agent-card.json" | "/.well-known/agent.json", Verb::Get) => return Ok(Route::Card),
            ("/.well-known/agent-card.json" | "/.well-known/agent.json", _) => return Err(A2aFault::Verb),
            (_, _) => {}
        }
        let mut segments: Vec<&str> = own.strip_prefix('/').ok_or(A2aFault::Path)?.split('/').collect();
        let version = if segments.first() == Some(&"v1") {
            segments.remove(0);
            Version::V0_3
        } else {
            Version::V1_0
        };
        let operations = Operations::at(&segments, version).ok_or(A2aFault::Path)?;
        let method = match verb {
            Verb::Get => operations.get,
            Verb::Post => operations.post,
            Verb::Delete => operations.delete,
        };
        let task = operations.task.map(TaskId::parse).transpose().map_err(|_| A2aFault::TaskId)?;
        Ok(Route::Resource { method: method.ok_or(A2aFault::Verb)?, version, task })
    }
}

/// What a path has for each HTTP method.
#[derive(Default)]
struct Operations<'s> {
    get: Option<Method>,
    post: Option<Method>,
    delete: Option<Method>,
    task: Option<&'s str>,
}

impl<'s> Operations<'s> {
    fn at(segments: &[&'s str], version: Version) -> Option<Operations<'s>> {
        let none = Operations::default();
        let own = match (segments, version) {
            (["message:send"], _) => Operations { post: Some(Method::MessageSend), ..none },
            (["message:stream"], _) => Operations { post: Some(Method::MessageStream), ..none },
            (["card"], Version::V0_3) | (["extendedAgentCard"], Version::V1_0) => {
                Operations { get: Some(Method::ExtendedCard), ..none }
            }
            (["tasks"], Version::V1_0) => Operations { get: Some(Method::TasksList), ..none },
            (["tasks", task], _) => match task.split_once(':') {
                None => Operations { get: Some(Method::TasksGet), task: Some(*task), ..none },
                Some((task, "cancel")) => Operations { post: Some(Method::TasksCancel), task: Some(task), ..none },
                Some((task, "subscribe")) => {
                    let subscribe = Some(Method::TasksResubscribe);
                    Operations { get: subscribe, post: subscribe, task: Some(task), ..none }
                }
                Some(_) => return None,
            },
            (["tasks", task, CONFIGS], _) if is_plain(task) => {
                Operations { get: Some(Method::PushList), post: Some(Method::PushSet), task: Some(*task), ..none }
            }
            (["tasks", task, CONFIGS, config], _) if is_plain(task) && is_plain(config) => {
                Operations { get: Some(Method::PushGet), delete: Some(Method::PushDelete), task: Some(*task), ..none }
            }
            (_, _) => return None,
        };
        Some(own)
    }
}

/// What follows a colon would be an operation for some readers, and a part of the id for others.
fn is_plain(segment: &str) -> bool {
    !segment.is_empty() && !segment.contains(':')
}

const RUNTIME: &str = "/invocations";

const CONFIGS: &str = "pushNotificationConfigs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_path_and_http_method() {
        use Verb::{Delete, Get, Post};
        use Version::{V0_3, V1_0};
        for (verb, rest, method, version, task) in [
            (Post, "/v1/message:send", Method::MessageSend, V0_3, None),
            (Post, "/message:stream", Method::MessageStream, V1_0, None),
            (Get, "/v1/tasks/t-1", Method::TasksGet, V0_3, Some("t-1")),
            (Get, "/tasks", Method::TasksList, V1_0, None),
            (Post, "/tasks/t-1:cancel", Method::TasksCancel, V1_0, Some("t-1")),
            (Post, "/v1/tasks/t-1:subscribe", Method::TasksResubscribe, V0_3, Some("t-1")),
            (Get, "/tasks/t-1:subscribe", Method::TasksResubscribe, V1_0, Some("t-1")),
            (Post, "/v1/tasks/t-1/pushNotificationConfigs", Method::PushSet, V0_3, Some("t-1")),
            (Get, "/tasks/t-1/pushNotificationConfigs", Method::PushList, V1_0, Some("t-1")),
            (Get, "/tasks/t-1/pushNotificationConfigs/c", Method::PushGet, V1_0, Some("t-1")),
            (Delete, "/tasks/t-1/pushNotificationConfigs/c", Method::PushDelete, V1_0, Some("t-1")),
            (Get, "/v1/card", Method::ExtendedCard, V0_3, None),
            (Get, "/extendedAgentCard", Method::ExtendedCard, V1_0, None),
        ] {
            let task = task.map(|id| TaskId::parse(id).unwrap());
            assert_eq!(Route::find(verb, rest), Ok(Route::Resource { method, version, task }), "{rest}");
        }
        for rest in ["", "/", "/invocations", "/invocations/"] {
            assert_eq!(Route::find(Post, rest), Ok(Route::JsonRpc), "{rest}");
            assert_eq!(Route::find(Get, rest), Err(A2aFault::Verb), "{rest}");
        }
        for rest in ["/.well-known/agent-card.json", "/.well-known/agent.json", "/invocations/.well-known/agent.json"] {
            assert_eq!(Route::find(Get, rest), Ok(Route::Card), "{rest}");
            assert_eq!(Route::find(Post, rest), Err(A2aFault::Verb), "{rest}");
        }
    }

    #[test]
    fn other_paths_are_nobodys() {
        for rest in [
            "//",
            "x",
            "/v1",
            "/v1/",
            "/v1/tasks",
            "/v2/message:send",
            "/acme/message:send",
            "/invocations/message:send",
            "/message:send/",
            "/Message:send",
            "/message",
            "/tasks/",
            "/tasks/t:x:cancel",
            "/tasks/t:delete",
            "/tasks/t:x/pushNotificationConfigs",
            "/tasks/t/pushNotificationConfigs/",
            "/tasks/t/pushNotificationConfigs/c/d",
            "/card",
            "/v1/extendedAgentCard",
            "/.well-known/agent-card.json/",
            "/v1/.well-known/agent-card.json",
        ] {
            assert!(
                matches!(Route::find(Verb::Get, rest), Err(A2aFault::Path | A2aFault::TaskId)),
                "{rest}: {:?}",
                Route::find(Verb::Get, rest)
            );
        }
        assert_eq!(Route::find(Verb::Get, "/message:send"), Err(A2aFault::Verb));
        assert_eq!(Route::find(Verb::Post, "/tasks/t"), Err(A2aFault::Verb));
        assert_eq!(Route::find(Verb::Get, "/tasks/:cancel"), Err(A2aFault::TaskId));
        assert_eq!(Route::find(Verb::Post, "/tasks/:cancel"), Err(A2aFault::TaskId));
    }
}
