//! The closed list of MCP methods, and what becomes of each.

/// A version of the Model Context Protocol that AgentCore Gateway speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 2025-03-26.
    V2025March,
    /// 2025-06-18.
    V2025June,
    /// 2025-11-25.
    V2025November,
    /// 2026-07-28, without sessions.
    V2026July,
}

impl Version {
    /// Takes a version as the protocol writes it.
    pub fn parse(text: &str) -> Option<Version> {
        match text {
            "2025-03-26" => Some(Version::V2025March),
            "2025-06-18" => Some(Version::V2025June),
            "2025-11-25" => Some(Version::V2025November),
            "2026-07-28" => Some(Version::V2026July),
            _ => None,
        }
    }
}

/// The versions as the protocol writes them.
pub const SUPPORTED: &[&str] = &["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

/// What becomes of a message with a known method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// A known caller may send it.
    Session,
    /// A known caller may send it; the answer is filtered.
    List(Listed),
    /// The policy decides by what it asks for.
    Ask(Asks),
    /// The policy decides by the tool whose call made the task.
    Task(OfTask),
    /// No policy can grant it.
    NotGrantable,
}

/// What a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// `tools/list`.
    Tools,
    /// `prompts/list`.
    Prompts,
    /// `resources/list`.
    Resources,
    /// `resources/templates/list`.
    Templates,
    /// `tasks/list`.
    Tasks,
}

/// What a request about a task is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfTask {
    /// How it stands, or that the server has heard.
    State,
    /// What the tool returned.
    Result,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A tool by its name.
    Tool,
    /// A prompt by its name.
    Prompt,
    /// A resource by its URI.
    Resource,
    /// Values for the arguments of what it refers to.
    Completion,
    /// An agent by its name.
    Agent,
    /// A model by its name.
    Model,
}

/// Whether a method's messages are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A request, with an id.
    Request,
    /// A notification, without.
    Notification,
}

/// A known method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// As written in a message.
    pub name: &'static str,
    /// What becomes of it.
    pub handling: Handling,
    /// Whether it is answered.
    pub direction: Direction,
    first: Version,
    last: Version,
}

impl Method {
    /// Finds a method by its exact name. Server-to-client methods are unknown here: no client sends them.
    pub fn find(name: &str) -> Option<Method> {
        METHODS.iter().find(|method| method.name == name).copied()
    }

    /// Whether a version has it. Without a version every one before 2026-07-28 may be meant, as that one always says so.
    pub fn is_in(self, version: Option<Version>) -> bool {
        match version {
            Some(version) => self.first <= version && version <= self.last,
            None => self.first <= Version::V2025November,
        }
    }
}

const fn request(name: &'static str, handling: Handling, first: Version, last: Version) -> Method {
    Method { name, handling, direction: Direction::Request, first, last }
}

const fn notification(name: &'static str, handling: Handling, first: Version, last: Version) -> Method {
    Method { name, handling, direction: Direction::Notification, first, last }
}

/// The methods that a client can send, from the published schemas of the four versions.
const METHODS: &[Method] = {
    use Asks::{Completion, Prompt, Resource, Tool};
    use Handling::{Ask, List, NotGrantable, Session, Task};
    use Listed::{Prompts, Resources, Tasks, Templates, Tools};
    use OfTask::{Result, State};
    use Version::{V2025March, V2025November, V2026July};
    &[
        request("initialize", Session, V2025March, V2025November),
        request("ping", Session, V2025March, V2025November),
        request("logging/setLevel", Session, V2025March, V2025November),
        request("server/discover", Session, V2026July, V2026July),
        request("tools/list", List(Tools), V2025March, V2026July),
        request("tools/call", Ask(Tool), V2025March, V2026July),
        request("prompts/list", List(Prompts), V2025March, V2026July),
        request("prompts/get", Ask(Prompt), V2025March, V2026July),
        request("resources/list", List(Resources), V2025March, V2026July),
        request("resources/read", Ask(Resource), V2025March, V2026July),
        request("resources/templates/list", List(Templates), V2025March, V2026July),
        request("resources/subscribe", Ask(Resource), V2025March, V2025November),
        request("resources/unsubscribe", Ask(Resource), V2025March, V2025November),
        request("completion/complete", Ask(Completion), V2025March, V2026July),
        request("tasks/get", Task(State), V2025November, V2026July),
        request("tasks/result", Task(Result), V2025November, V2025November),
        request("tasks/list", List(Tasks), V2025November, V2025November),
        request("tasks/cancel", Task(State), V2025November, V2026July),
        request("tasks/update", Task(State), V2026July, V2026July),
        request("subscriptions/listen", NotGrantable, V2026July, V2026July),
        notification("notifications/initialized", Session, V2025March, V2025November),
        notification("notifications/cancelled", Session, V2025March, V2026July),
        notification("notifications/progress", Session, V2025March, V2025November),
        notification("notifications/roots/list_changed", Session, V2025March, V2025November),
        notification("notifications/tasks/status", NotGrantable, V2025November, V2025November),
    ]
};
