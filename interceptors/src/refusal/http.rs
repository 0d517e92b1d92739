//! How a refusal is said where HTTP and A2A have words of their own for it.

use policy_registry::{RouteRefusal, TaskRefusal};

use super::{DENIED, INVALID_REQUEST, METHOD_NOT_FOUND, Refusal, Told};
use crate::a2a::fault::A2aFault;
use crate::event::EventFault;
use crate::http::HttpFault;

/// What the caller is told of a request that is not well-formed, or not one that may pass.
pub(super) fn told(fault: HttpFault) -> Told {
    let told = |code, sentence| Told { code, sentence, status: None };
    match fault {
        HttpFault::Request | HttpFault::Path | HttpFault::Query => {
            told(INVALID_REQUEST, "the request is not supported")
        }
        // By which a client of MCP knows that there is no stream to listen to, and no session to end.
        HttpFault::Verb => Told { status: Some(405), ..told(METHOD_NOT_FOUND, "the method is not supported there") },
        HttpFault::ContentType => told(INVALID_REQUEST, "the content type is not supported"),
        HttpFault::Encoding | HttpFault::Body | HttpFault::BodyPresence => {
            told(INVALID_REQUEST, "the message is not a valid request")
        }
        HttpFault::RuntimeUser => told(DENIED, "the caller cannot act for another user"),
        HttpFault::RequestId => told(DENIED, "authorization is not available"),
        HttpFault::NoContext => told(DENIED, "the answer is withheld"),
        HttpFault::ForeignTenant => told(DENIED, "the caller is not authorized"),
        HttpFault::PushUrl => told(DENIED, "notifications to that address are denied by policy"),
        HttpFault::Streaming => told(DENIED, "streaming is denied by policy"),
        HttpFault::MaxTokens => told(DENIED, "the number of tokens must be stated and is limited by policy"),
    }
}

/// What the caller of an agent is told of its message.
pub(super) fn told_a2a(fault: A2aFault) -> Told {
    fault.told()
}

impl Refusal {
    /// The status by which HTTP says it.
    pub(crate) fn http_status(&self) -> u16 {
        match self {
            Refusal::Token(_) => 401,
            Refusal::Route(RouteRefusal::Unbound) => 404,
            Refusal::Http(HttpFault::Verb) => 405,
            Refusal::Http(HttpFault::ContentType) => 415,
            Refusal::Http(
                HttpFault::Request
                | HttpFault::Path
                | HttpFault::Query
                | HttpFault::Encoding
                | HttpFault::Body
                | HttpFault::BodyPresence,
            )
            | Refusal::UnreadableEvent
            | Refusal::Event(EventFault::UnclearFamily | EventFault::Version | EventFault::Shape)
            | Refusal::Message(_) => 400,
            Refusal::A2a(fault) => fault.told().status.unwrap_or(400),
            Refusal::Inference(fault) => fault.told().0,
            Refusal::Task(
                TaskRefusal::Unknown | TaskRefusal::Foreign | TaskRefusal::Expired | TaskRefusal::Malformed(_),
            ) => 404,
            Refusal::Http(
                HttpFault::RuntimeUser
                | HttpFault::RequestId
                | HttpFault::NoContext
                | HttpFault::ForeignTenant
                | HttpFault::PushUrl
                | HttpFault::Streaming
                | HttpFault::MaxTokens,
            )
            | Refusal::Route(RouteRefusal::Suspended | RouteRefusal::Malformed(_) | RouteRefusal::Unavailable(_))
            | Refusal::Task(TaskRefusal::Conflict | TaskRefusal::Unavailable(_))
            | Refusal::Registry(_)
            | Refusal::Decision(_)
            | Refusal::Arguments(..)
            | Refusal::Headers(_)
            | Refusal::ReservedArgument(_)
            | Refusal::Context(_)
            | Refusal::Exchange(_)
            | Refusal::Policy(..)
            | Refusal::Changed
            | Refusal::Change(_)
            | Refusal::NotGrantable
            | Refusal::Settings
            | Refusal::Answer
            | Refusal::NoAnswer
            | Refusal::Residue
            | Refusal::Opaque
            | Refusal::HashKey
            | Refusal::TooMuchWork
            | Refusal::TooLarge
            | Refusal::Deadline
            | Refusal::Panic => 403,
        }
    }

    /// The code of the JSON-RPC error in A2A, whose own codes mean something else than MCP's.
    pub(crate) fn a2a_code(&self) -> i32 {
        if let Refusal::Task(
            TaskRefusal::Unknown | TaskRefusal::Foreign | TaskRefusal::Expired | TaskRefusal::Malformed(_),
        ) = self
        {
            return TASK_NOT_FOUND;
        }
        if let Refusal::Http(HttpFault::PushUrl) = self {
            return PUSH_NOTIFICATION_NOT_SUPPORTED;
        }
        if let Refusal::Http(HttpFault::Streaming) = self {
            return UNSUPPORTED_OPERATION;
        }
        match self.told().code {
            DENIED => SERVER_ERROR,
            code => code,
        }
    }
}

/// A2A 1.0, section 9.5.
const TASK_NOT_FOUND: i32 = -32001;
const PUSH_NOTIFICATION_NOT_SUPPORTED: i32 = -32003;
const UNSUPPORTED_OPERATION: i32 = -32004;
/// JSON-RPC 2.0, section 5.1; none of A2A's.
const SERVER_ERROR: i32 = -32000;
