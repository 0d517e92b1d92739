//! What the audit line says of a refusal.

use policy_model::decision::Denial;
use policy_model::rewriting::Unresolved;
use policy_registry::{
    ChangeRefusal, ContextRefusal, PolicyFault, Refusal as RegistryRefusal, RouteRefusal, TaskRefusal,
};

use super::{HeaderFault, Refusal};
use crate::event::EventFault;
use crate::message::MessageFault;

impl Refusal {
    /// The reason code of the audit line.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::UnreadableEvent => "EVENT_UNREADABLE",
            Refusal::Event(fault) => match fault {
                EventFault::UnclearFamily => "EVENT_FAMILY_UNCLEAR",
                EventFault::Version => "EVENT_VERSION",
                EventFault::Shape => "EVENT_SHAPE",
            },
            Refusal::Http(fault) => fault.code(),
            Refusal::Route(refusal) => match refusal {
                RouteRefusal::Unbound => "ROUTE_UNBOUND",
                RouteRefusal::Suspended => "ROUTE_SUSPENDED",
                RouteRefusal::Malformed(_) => "ROUTE_MALFORMED",
                RouteRefusal::Unavailable(_) => "REGISTRY_UNAVAILABLE",
            },
            Refusal::A2a(fault) => fault.code(),
            Refusal::Inference(fault) => fault.code(),
            Refusal::Decision(refusal) => match refusal {
                ContextRefusal::Conflict => "DECISION_CONTEXT_CONFLICT",
                ContextRefusal::TooLarge => "DECISION_CONTEXT_TOO_LARGE",
                ContextRefusal::Malformed(_) => "DECISION_CONTEXT_MALFORMED",
                ContextRefusal::Unavailable(_) => "REGISTRY_UNAVAILABLE",
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
                MessageFault::Name => "NAME",
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
                RegistryRefusal::Killed => "KILLED",
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
            Refusal::ReservedArgument(_) => "ARGUMENT_CONFLICT",
            Refusal::Context(fault) => fault.code(),
            Refusal::Exchange(fault) => fault.code(),
            Refusal::Headers(HeaderFault::Unresolved(_)) => "HEADER_UNRESOLVED",
            Refusal::Headers(HeaderFault::Conflict(_)) => "HEADER_CONFLICT",
            Refusal::Policy(denial, _) => match denial {
                Denial::NoRule => "NO_RULE",
                Denial::Killed { .. } => "KILLED",
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
