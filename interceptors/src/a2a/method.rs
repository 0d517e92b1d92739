//! The closed list of what can be asked of an agent.

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// 0.3, whose methods are called `message/send` and so on.
    V0_3,
    /// 1.0, whose methods are called `SendMessage` and so on.
    V1_0,
}

impl Version {
    /// Takes a version as a header says it. Its patches speak alike.
    pub(crate) fn parse(text: &str) -> Option<Version> {
        let mut numbers = text.splitn(3, '.');
        let version = match (numbers.next(), numbers.next()) {
            (Some("0"), Some("3")) => Version::V0_3,
            (Some("1"), Some("0")) => Version::V1_0,
            (_, _) => return None,
        };
        let is_number = |patch: &str| (1..=3).contains(&patch.len()) && patch.bytes().all(|byte| byte.is_ascii_digit());
        numbers.next().is_none_or(is_number).then_some(version)
    }
}

/// How requests and answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    /// As JSON-RPC 2.0 messages.
    JsonRpc,
    /// As HTTP methods on paths, with bare JSON in the bodies.
    HttpJson,
}

/// What is asked for, in either version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// A message to the agent.
    MessageSend,
    /// The same, answered by a stream.
    MessageStream,
    /// How a task stands.
    TasksGet,
    /// Which tasks there are.
    TasksList,
    /// That a task be stopped.
    TasksCancel,
    /// The stream of a task, once more.
    TasksResubscribe,
    /// That somebody be notified of a task.
    PushSet,
    /// Who is notified of a task.
    PushGet,
    /// All who are notified of a task.
    PushList,
    /// That somebody is no longer notified of a task.
    PushDelete,
    /// The agent card for known callers.
    ExtendedCard,
    /// The agent card for everybody.
    Card,
}

impl Method {
    /// Finds what the audit line calls so.
    pub(crate) fn called(name: &str) -> Option<Method> {
        METHODS.iter().map(|(method, _)| *method).chain([Method::Card]).find(|method| method.name() == name)
    }

    /// Finds a method of JSON-RPC, and the version that calls it so.
    pub(crate) fn find(name: &str) -> Option<(Method, Version)> {
        let is_called_so =
            |(method, new): &&(Method, &str)| *new == name || (method.name() == name && method.is_in_0_3());
        METHODS
            .iter()
            .find(is_called_so)
            .map(|(method, new)| (*method, if *new == name { Version::V1_0 } else { Version::V0_3 }))
    }

    /// What the audit line calls it, for both versions.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::MessageSend => "message/send",
            Method::MessageStream => "message/stream",
            Method::TasksGet => "tasks/get",
            Method::TasksList => "tasks/list",
            Method::TasksCancel => "tasks/cancel",
            Method::TasksResubscribe => "tasks/resubscribe",
            Method::PushSet => "tasks/pushNotificationConfig/set",
            Method::PushGet => "tasks/pushNotificationConfig/get",
            Method::PushList => "tasks/pushNotificationConfig/list",
            Method::PushDelete => "tasks/pushNotificationConfig/delete",
            Method::ExtendedCard => "agent/getAuthenticatedExtendedCard",
            Method::Card => "agent/getCard",
        }
    }

    /// Whether it is answered by a stream.
    pub(crate) fn streams(self) -> bool {
        matches!(self, Method::MessageStream | Method::TasksResubscribe)
    }

    /// Whether it sends a message.
    pub(crate) fn has_message(self) -> bool {
        matches!(self, Method::MessageSend | Method::MessageStream)
    }

    /// Version 0.3 has no list of tasks.
    fn is_in_0_3(self) -> bool {
        self != Method::TasksList
    }
}

/// The methods of JSON-RPC, as version 1.0 calls them. The card for everybody is none of them.
const METHODS: &[(Method, &str)] = &[
    (Method::MessageSend, "SendMessage"),
    (Method::MessageStream, "SendStreamingMessage"),
    (Method::TasksGet, "GetTask"),
    (Method::TasksList, "ListTasks"),
    (Method::TasksCancel, "CancelTask"),
    (Method::TasksResubscribe, "SubscribeToTask"),
    (Method::PushSet, "CreateTaskPushNotificationConfig"),
    (Method::PushGet, "GetTaskPushNotificationConfig"),
    (Method::PushList, "ListTaskPushNotificationConfigs"),
    (Method::PushDelete, "DeleteTaskPushNotificationConfig"),
    (Method::ExtendedCard, "GetExtendedAgentCard"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_have_names_of_their_own() {
        assert_eq!(Method::find("message/send"), Some((Method::MessageSend, Version::V0_3)));
        assert_eq!(Method::find("SendMessage"), Some((Method::MessageSend, Version::V1_0)));
        assert_eq!(Method::find("ListTasks"), Some((Method::TasksList, Version::V1_0)));
        for unknown in ["tasks/list", "agent/getCard", "Message/send", "message/send ", "sendMessage", ""] {
            assert_eq!(Method::find(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_version_is_one_of_two_with_any_patch() {
        for (text, version) in [("0.3", Version::V0_3), ("0.3.0", Version::V0_3), ("1.0", Version::V1_0)] {
            assert_eq!(Version::parse(text), Some(version), "{text}");
        }
        for text in ["", "1", "1.1", "0.2", "01.0", "1.0.", "1.0.x", "1.0.0.0", " 1.0", "1.0,0.3"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
