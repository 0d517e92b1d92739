//! Every reason to refuse, and the one mapping from it to what the caller sees and what the audit line says.

mod code;
mod detail;
mod http;

use policy_model::decision::Denial;
use policy_model::rewriting::Unresolved;
use policy_registry::{ChangeRefusal, ContextRefusal, Refusal as RegistryRefusal, RouteRefusal, TaskRefusal};

pub use crate::a2a::fault::A2aFault;
use crate::event::EventFault;
pub use crate::http::fault::HttpFault;
pub use crate::inference::fault::InferenceFault;
use crate::message::MessageFault;
use crate::method::Asks;
use crate::tenant_context::ContextFault;
use crate::token::TokenFault;
use crate::token_exchange::ExchangeFault;

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The event is not JSON.
    UnreadableEvent,
    /// The event cannot be taken apart.
    Event(EventFault),
    /// The request of the `http` family is not well-formed, or not one that may pass.
    Http(HttpFault),
    /// The path leads nowhere.
    Route(RouteRefusal),
    /// The message is not one of A2A.
    A2a(A2aFault),
    /// The request is not one to a model.
    Inference(InferenceFault),
    /// What the answer needs to know of its request cannot be kept, or not be found.
    Decision(ContextRefusal),
    /// The message is not well-formed.
    Message(MessageFault),
    /// The caller is not known.
    Token(TokenFault),
    /// The registry gives no grant.
    Registry(RegistryRefusal),
    /// The policy or the settings change the call's arguments, and that cannot be done, or they want none like these.
    Arguments(Unresolved, Asks),
    /// The policy adds a header, and that cannot be done.
    Headers(HeaderFault),
    /// A policy writes an argument that could be taken for the one of this name, in which the tenant context stands.
    ReservedArgument(String),
    /// There is no tenant context that the target could verify.
    Context(ContextFault),
    /// There is no token for the target.
    Exchange(ExchangeFault),
    /// The policy says no.
    Policy(Denial, Asks),
    /// The task is not one that the caller can ask for, or cannot be made one.
    Task(TaskRefusal),
    /// The tool is pinned, and was last seen with another definition.
    Changed,
    /// What became of a pinned tool is not known, or cannot be noted.
    Change(ChangeRefusal),
    /// No policy can grant the method.
    NotGrantable,
    /// The settings are missing or malformed.
    Settings,
    /// The target's answer is not one that can be checked.
    Answer,
    /// The target gave no answer.
    NoAnswer,
    /// A value that was redacted is still in the answer, in a place that no rule reaches.
    Residue,
    /// The answer has something that nobody can look into, and the policy wants such answers withheld.
    Opaque,
    /// The policy wants values hashed, and the settings have no such key.
    HashKey,
    /// The answer takes longer to redact than there is time.
    TooMuchWork,
    /// The reply would be larger than Lambda takes.
    TooLarge,
    /// No answer in time.
    Deadline,
    /// A defect of this program: it stopped before it had decided.
    Panic,
}

/// Why a header of this name, which is the policy's, cannot be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderFault {
    /// Its `valuePath` does not select exactly one string that can be a header's value.
    Unresolved(String),
    /// An identity header has that name.
    Conflict(String),
}

/// What a refused caller is told, besides the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The JSON-RPC error code.
    pub code: i32,
    /// A fixed sentence.
    pub sentence: &'static str,
    /// The HTTP status where it is not a matter of the refusal mode.
    pub status: Option<u16>,
}

impl Refusal {
    /// What the caller is told: nothing of rules, policies, tenants or tokens.
    pub fn told(&self) -> Told {
        let told = |code, sentence| Told { code, sentence, status: None };
        match self {
            Refusal::UnreadableEvent => told(PARSE_ERROR, "the message cannot be read"),
            Refusal::Event(_) => told(INVALID_REQUEST, "the request is not supported"),
            Refusal::Message(fault) => match fault {
                MessageFault::NoBody => Told { status: Some(405), ..told(INVALID_REQUEST, "a message is needed") },
                MessageFault::Batch => told(INVALID_REQUEST, "batches are not supported"),
                MessageFault::NotAnObject
                | MessageFault::AmbiguousMember
                | MessageFault::StrayMember
                | MessageFault::JsonRpcVersion
                | MessageFault::NotAMessage
                | MessageFault::Id
                | MessageFault::MethodType
                | MessageFault::RawBody => told(INVALID_REQUEST, "the message is not a valid request"),
                MessageFault::UnknownMethod | MessageFault::NotInVersion => told(METHOD_NOT_FOUND, "method not found"),
                MessageFault::ProtocolVersion => {
                    Told { status: Some(400), ..told(UNSUPPORTED_VERSION, "the protocol version is not supported") }
                }
                MessageFault::Params
                | MessageFault::ToolName
                | MessageFault::PromptName
                | MessageFault::Uri
                | MessageFault::Reference
                | MessageFault::Arguments
                | MessageFault::Name
                | MessageFault::TaskId => told(INVALID_PARAMS, "the parameters are not valid"),
                MessageFault::MirroredHeader => {
                    Told { status: Some(400), ..told(HEADER_MISMATCH, "the headers disagree with the message") }
                }
            },
            Refusal::Token(_) => told(DENIED, "the caller is not authenticated"),
            Refusal::Registry(
                RegistryRefusal::NotAMember
                | RegistryRefusal::MemberSuspended
                | RegistryRefusal::SeveralTenants
                | RegistryRefusal::UnknownAgent
                | RegistryRefusal::AgentSuspended
                | RegistryRefusal::UnknownTenant
                | RegistryRefusal::TenantSuspended
                | RegistryRefusal::Killed,
            ) => told(DENIED, "the caller is not authorized"),
            Refusal::Registry(
                RegistryRefusal::NoPolicy
                | RegistryRefusal::PolicyMismatch
                | RegistryRefusal::InvalidPolicy(_)
                | RegistryRefusal::NoBaseline
                | RegistryRefusal::Baseline(_)
                | RegistryRefusal::Malformed(_)
                | RegistryRefusal::Unavailable(_),
            )
            | Refusal::Headers(_)
            | Refusal::ReservedArgument(_)
            | Refusal::Context(_)
            | Refusal::Exchange(_)
            | Refusal::Task(TaskRefusal::Unavailable(_))
            | Refusal::Change(ChangeRefusal::Unavailable(_) | ChangeRefusal::Malformed(_))
            | Refusal::Route(RouteRefusal::Malformed(_) | RouteRefusal::Unavailable(_))
            | Refusal::Decision(_)
            | Refusal::Settings
            | Refusal::Deadline
            | Refusal::Panic => told(DENIED, "authorization is not available"),
            Refusal::Http(fault) => http::told(*fault),
            Refusal::Route(RouteRefusal::Unbound) => told(METHOD_NOT_FOUND, "nothing is found there"),
            Refusal::Route(RouteRefusal::Suspended) => told(DENIED, "the agent is not available"),
            Refusal::A2a(fault) => http::told_a2a(*fault),
            Refusal::Inference(fault) => told(INVALID_REQUEST, fault.told().1),
            // One answer to all: nobody finds out which ids there are.
            Refusal::Task(
                TaskRefusal::Unknown | TaskRefusal::Foreign | TaskRefusal::Expired | TaskRefusal::Malformed(_),
            ) => told(INVALID_PARAMS, "the task is not known"),
            Refusal::Policy(_, Asks::Tool) | Refusal::Arguments(_, Asks::Tool) => {
                told(DENIED, "the tool call is denied by policy")
            }
            Refusal::Policy(_, Asks::Prompt) | Refusal::Arguments(_, Asks::Prompt) => {
                told(DENIED, "the prompt is denied by policy")
            }
            Refusal::Policy(_, Asks::Resource) | Refusal::Arguments(_, Asks::Resource) => {
                told(DENIED, "the resource is denied by policy")
            }
            Refusal::Policy(_, Asks::Completion) | Refusal::Arguments(_, Asks::Completion) => {
                told(DENIED, "the completion is denied by policy")
            }
            Refusal::Policy(_, Asks::Agent) | Refusal::Arguments(_, Asks::Agent) => {
                told(DENIED, "the agent is denied by policy")
            }
            Refusal::Policy(_, Asks::Model) | Refusal::Arguments(_, Asks::Model) => {
                told(DENIED, "the model is denied by policy")
            }
            Refusal::Changed => told(DENIED, "the tool has changed and is not approved"),
            Refusal::NotGrantable => told(DENIED, "the method is not allowed"),
            Refusal::Answer
            | Refusal::NoAnswer
            | Refusal::Residue
            | Refusal::Opaque
            | Refusal::HashKey
            | Refusal::TooMuchWork
            | Refusal::Task(TaskRefusal::Conflict)
            | Refusal::Change(ChangeRefusal::TooMany) => told(DENIED, "the answer is withheld"),
            Refusal::TooLarge => told(DENIED, "the message is too large"),
        }
    }

    /// What the author of the rule wants the caller to read.
    pub fn reason(&self) -> Option<&str> {
        let Refusal::Policy(Denial::Rule { reason, .. }, _) = self else { return None };
        reason.as_ref().map(|reason| reason.as_str())
    }
}

impl From<HttpFault> for Refusal {
    fn from(fault: HttpFault) -> Refusal {
        Refusal::Http(fault)
    }
}

impl From<MessageFault> for Refusal {
    fn from(fault: MessageFault) -> Refusal {
        Refusal::Message(fault)
    }
}

impl From<TaskRefusal> for Refusal {
    fn from(refusal: TaskRefusal) -> Refusal {
        Refusal::Task(refusal)
    }
}

impl From<ChangeRefusal> for Refusal {
    fn from(refusal: ChangeRefusal) -> Refusal {
        Refusal::Change(refusal)
    }
}

impl From<ContextFault> for Refusal {
    fn from(fault: ContextFault) -> Refusal {
        Refusal::Context(fault)
    }
}

impl From<ExchangeFault> for Refusal {
    fn from(fault: ExchangeFault) -> Refusal {
        Refusal::Exchange(fault)
    }
}

impl From<TokenFault> for Refusal {
    fn from(fault: TokenFault) -> Refusal {
        Refusal::Token(fault)
    }
}

/// As AgentCore's own policy engine denies.
pub(crate) const DENIED: i32 = -32002;

const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
/// MCP 2026-07-28.
const HEADER_MISMATCH: i32 = -32020;
/// MCP 2026-07-28; its error data says what is supported.
pub(crate) const UNSUPPORTED_VERSION: i32 = -32022;
