//! Every reason to refuse, and the one mapping from it to what the caller sees and what the audit line says.

mod detail;

use policy_model::decision::Denial;
use policy_model::rewriting::Unresolved;
use policy_registry::{ChangeRefusal, PolicyFault, Refusal as RegistryRefusal, TaskRefusal};

use crate::event::EventFault;
use crate::message::MessageFault;
use crate::method::Asks;
use crate::token::TokenFault;

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The event is not JSON.
    UnreadableEvent,
    /// The event is not one of the `mcp` family.
    Event(EventFault),
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
                | RegistryRefusal::TenantSuspended,
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
            | Refusal::Task(TaskRefusal::Unavailable(_))
            | Refusal::Change(ChangeRefusal::Unavailable(_) | ChangeRefusal::Malformed(_))
            | Refusal::Settings
            | Refusal::Deadline
            | Refusal::Panic => told(DENIED, "authorization is not available"),
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

    /// The reason code of the audit line.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::UnreadableEvent => "EVENT_UNREADABLE",
            Refusal::Event(fault) => match fault {
                EventFault::HttpFamily => "EVENT_HTTP_FAMILY",
                EventFault::UnclearFamily => "EVENT_FAMILY_UNCLEAR",
                EventFault::Version => "EVENT_VERSION",
                EventFault::Shape => "EVENT_SHAPE",
            },
            Refusal::Message(fault) => match fault {
                MessageFault::NoBody => "MESSAGE_MISSING",
                MessageFault::Batch => "MESSAGE_BATCH",
                MessageFault::NotAnObject => "MESSAGE_NOT_AN_OBJECT",
                MessageFault::AmbiguousMember => "MESSAGE_AMBIGUOUS_MEMBER",
                MessageFault::StrayMember => "MESSAGE_STRAY_MEMBER",
                MessageFault::JsonRpcVersion => "MESSAGE_JSONRPC_VERSION",
                MessageFault::NotAMessage => "MESSAGE_KIND",
                MessageFault::Id => "MESSAGE_ID",
                MessageFault::MethodType => "MESSAGE_METHOD_TYPE",
                MessageFault::UnknownMethod => "METHOD_UNKNOWN",
                MessageFault::NotInVersion => "METHOD_NOT_IN_VERSION",
                MessageFault::ProtocolVersion => "PROTOCOL_VERSION",
                MessageFault::Params => "PARAMS_TYPE",
                MessageFault::ToolName => "TOOL_NAME",
                MessageFault::PromptName => "PROMPT_NAME",
                MessageFault::Uri => "RESOURCE_URI",
                MessageFault::Reference => "COMPLETION_REFERENCE",
                MessageFault::Arguments => "ARGUMENTS_TYPE",
                MessageFault::TaskId => "TASK_ID",
                MessageFault::RawBody => "RAW_BODY_MISMATCH",
                MessageFault::MirroredHeader => "HEADER_MISMATCH",
            },
            Refusal::Token(fault) => fault.code(),
            Refusal::Registry(refusal) => match refusal {
                RegistryRefusal::NotAMember => "NOT_A_MEMBER",
                RegistryRefusal::SeveralTenants => "TENANT_AMBIGUOUS",
                RegistryRefusal::UnknownAgent => "AGENT_UNKNOWN",
                RegistryRefusal::AgentSuspended => "AGENT_SUSPENDED",
                RegistryRefusal::MemberSuspended => "MEMBER_SUSPENDED",
                RegistryRefusal::UnknownTenant => "TENANT_UNKNOWN",
                RegistryRefusal::TenantSuspended => "TENANT_SUSPENDED",
                RegistryRefusal::NoPolicy => "POLICY_MISSING",
                RegistryRefusal::PolicyMismatch => "POLICY_MISMATCH",
                RegistryRefusal::InvalidPolicy(_) => "POLICY_INVALID",
                RegistryRefusal::NoBaseline => "BASELINE_MISSING",
                RegistryRefusal::Baseline(fault) => match fault {
                    PolicyFault::NoDocument => "POLICY_MISSING",
                    PolicyFault::Mismatch => "POLICY_MISMATCH",
                    PolicyFault::Invalid(_) => "POLICY_INVALID",
                    PolicyFault::Malformed(_) => "REGISTRY_ITEM_MALFORMED",
                },
                RegistryRefusal::Malformed(_) => "REGISTRY_ITEM_MALFORMED",
                RegistryRefusal::Unavailable(_) => "REGISTRY_UNAVAILABLE",
            },
            Refusal::Arguments(unresolved, _) => match unresolved {
                Unresolved::Limit(_) => "ARGUMENTS_LIMIT",
                Unresolved::ControlCharacter => "ARGUMENTS_CONTROL_CHARACTER",
                Unresolved::There(_) | Unresolved::Found(_) | Unresolved::FoundInName(_) => "ARGUMENTS_REFUSED",
                Unresolved::NoObject
                | Unresolved::OtherSpelling(_)
                | Unresolved::Parent(_)
                | Unresolved::Value(_)
                | Unresolved::Conflict(_)
                | Unresolved::Completion
                | Unresolved::Unstable
                | Unresolved::TooMuchWork
                | Unresolved::TooDeep => "ARGUMENTS_UNRESOLVED",
            },
            Refusal::Headers(HeaderFault::Unresolved(_)) => "HEADER_UNRESOLVED",
            Refusal::Headers(HeaderFault::Conflict(_)) => "HEADER_CONFLICT",
            Refusal::Policy(denial, _) => match denial {
                Denial::NoRule => "NO_RULE",
                Denial::Rule { .. } => "DENY_RULE",
            },
            Refusal::Task(refusal) => match refusal {
                TaskRefusal::Unknown => "TASK_UNKNOWN",
                TaskRefusal::Foreign => "TASK_FOREIGN",
                TaskRefusal::Expired => "TASK_EXPIRED",
                TaskRefusal::Conflict => "TASK_CONFLICT",
                TaskRefusal::Malformed(_) => "TASK_MALFORMED",
                TaskRefusal::Unavailable(_) => "REGISTRY_UNAVAILABLE",
            },
            Refusal::Changed => "PIN_CHANGED",
            Refusal::Change(refusal) => match refusal {
                ChangeRefusal::Malformed(_) => "REGISTRY_ITEM_MALFORMED",
                ChangeRefusal::Unavailable(_) => "REGISTRY_UNAVAILABLE",
                ChangeRefusal::TooMany => "PIN_CHANGES_TOO_MANY",
            },
            Refusal::NotGrantable => "METHOD_NOT_GRANTABLE",
            Refusal::Settings => "SETTINGS",
            Refusal::Answer => "ANSWER_UNREADABLE",
            Refusal::NoAnswer => "ANSWER_MISSING",
            Refusal::Residue => "REDACTION_RESIDUE",
            Refusal::Opaque => "REDACTION_OPAQUE",
            Refusal::HashKey => "REDACTION_KEY",
            Refusal::TooMuchWork => "REDACTION_WORK",
            Refusal::TooLarge => "REPLY_TOO_LARGE",
            Refusal::Deadline => "DEADLINE",
            Refusal::Panic => "PANIC",
        }
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
