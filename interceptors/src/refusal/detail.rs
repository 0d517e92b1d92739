//! What the operator reads of a registry that is broken, and of what a policy wants and cannot have.

use policy_registry::{
    ChangeRefusal, ContextRefusal, PolicyFault, Refusal as RegistryRefusal, RouteRefusal, TaskRefusal,
};

use super::{HeaderFault, Refusal};
use crate::http::HttpFault;

impl Refusal {
    /// What the operator's log may say beyond the code: names of attributes, paths, headers and causes, never a value.
    pub fn detail(&self) -> Option<String> {
        match self {
            Refusal::Registry(refusal) => registry_detail(refusal),
            Refusal::Task(refusal) => task_detail(*refusal),
            Refusal::Change(refusal) => Some(change_detail(*refusal)),
            Refusal::Arguments(unresolved, _) => Some(format!("arguments: {unresolved}")),
            Refusal::Headers(fault) => Some(header_detail(fault)),
            Refusal::ReservedArgument(name) => {
                Some(format!("arguments: a policy writes {name:?} or one like it, which the tenant context has"))
            }
            Refusal::Route(RouteRefusal::Malformed(attribute)) => Some(format!("route binding: attribute {attribute}")),
            Refusal::Route(RouteRefusal::Unavailable(cause)) => Some(format!("route binding: {cause}")),
            Refusal::Decision(refusal) => Some(decision_detail(*refusal)),
            Refusal::Http(HttpFault::RequestId) => Some(
                "the gateway gave no REQUEST_ID in the client context, under which the answer would be known"
                    .to_owned(),
            ),
            Refusal::UnreadableEvent
            | Refusal::Event(_)
            | Refusal::Http(_)
            | Refusal::Route(RouteRefusal::Unbound | RouteRefusal::Suspended)
            | Refusal::A2a(_)
            | Refusal::Inference(_)
            | Refusal::Message(_)
            | Refusal::Token(_)
            | Refusal::Context(_)
            | Refusal::Exchange(_)
            | Refusal::Policy(..)
            | Refusal::Changed
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
            | Refusal::Panic => None,
        }
    }
}

fn registry_detail(refusal: &RegistryRefusal) -> Option<String> {
    match refusal {
        RegistryRefusal::InvalidPolicy(problem) => Some(problem.to_string()),
        RegistryRefusal::Baseline(fault) => Some(match fault {
            PolicyFault::NoDocument => "baseline: no document".to_owned(),
            PolicyFault::Mismatch => "baseline: pointer, item and document disagree".to_owned(),
            PolicyFault::Invalid(problem) => format!("baseline: {problem}"),
            PolicyFault::Malformed(attribute) => format!("baseline: attribute {attribute}"),
        }),
        RegistryRefusal::Malformed(attribute) => Some(format!("attribute {attribute}")),
        RegistryRefusal::Unavailable(cause) => Some((*cause).to_owned()),
        RegistryRefusal::NotAMember
        | RegistryRefusal::SeveralTenants
        | RegistryRefusal::UnknownAgent
        | RegistryRefusal::AgentSuspended
        | RegistryRefusal::MemberSuspended
        | RegistryRefusal::UnknownTenant
        | RegistryRefusal::TenantSuspended
        | RegistryRefusal::Killed
        | RegistryRefusal::NoPolicy
        | RegistryRefusal::PolicyMismatch
        | RegistryRefusal::NoBaseline => None,
    }
}

fn task_detail(refusal: TaskRefusal) -> Option<String> {
    match refusal {
        TaskRefusal::Malformed(attribute) => Some(format!("task: attribute {attribute}")),
        TaskRefusal::Unavailable(cause) => Some(format!("task: {cause}")),
        // The target has given one id to two calls.
        TaskRefusal::Conflict => Some("task: its id is recorded for another call".to_owned()),
        TaskRefusal::Unknown | TaskRefusal::Foreign | TaskRefusal::Expired => None,
    }
}

fn decision_detail(refusal: ContextRefusal) -> String {
    match refusal {
        ContextRefusal::Conflict => "decision context: another request had the same id".to_owned(),
        ContextRefusal::TooLarge => "decision context: larger than an item may be".to_owned(),
        ContextRefusal::Malformed(attribute) => format!("decision context: attribute {attribute}"),
        ContextRefusal::Unavailable(cause) => format!("decision context: {cause}"),
    }
}

fn change_detail(refusal: ChangeRefusal) -> String {
    match refusal {
        ChangeRefusal::Malformed(attribute) => format!("changed tool: attribute {attribute}"),
        ChangeRefusal::Unavailable(cause) => format!("changed tool: {cause}"),
        ChangeRefusal::TooMany => "changed tools: more in one list than are noted at once".to_owned(),
    }
}

fn header_detail(fault: &HeaderFault) -> String {
    match fault {
        HeaderFault::Unresolved(name) => {
            format!("headers: {name:?}: \"valuePath\" does not select exactly one string that a header can have")
        }
        HeaderFault::Conflict(name) => format!("headers: {name:?}: an identity header of the settings has that name"),
    }
}
