//! Every reason to give no credentials.

use interceptors::identity::IdentityFault;
use interceptors::token::TokenFault;
use policy_registry::Refusal as RegistryRefusal;

use crate::exchange::ExchangeFault;
use crate::tag_claims::TagFault;

/// Why there are no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The caller is not known, or is not served.
    Identity(IdentityFault),
    /// The token does not ask AWS for its own tenant, and for nothing else.
    Tags(TagFault),
    /// AWS STS gave none.
    Exchange(ExchangeFault),
    /// It took too long.
    Deadline,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The caller's, with a token that is good.
    Unauthenticated,
    /// Nobody's: this caller is not served.
    Forbidden,
    /// The operator's; it may also pass.
    Unavailable,
}

impl Fault {
    /// The reason code of the log.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Identity(fault) => fault.code(),
            Fault::Tags(fault) => fault.code(),
            Fault::Exchange(fault) => fault.code(),
            Fault::Deadline => "DEADLINE",
        }
    }

    /// What the operator may read beyond the code: sentences of ours and names of attributes, never a value.
    pub fn detail(&self) -> Option<String> {
        match self {
            Fault::Identity(fault) => fault.detail(),
            Fault::Exchange(fault) => Some(fault.remedy().to_owned()),
            Fault::Tags(_) => Some(
                "the token's https://aws.amazon.com/tags must ask for the tag TenantID with the one tenant of the token, \
                 transitive, and for nothing else"
                    .to_owned(),
            ),
            Fault::Deadline => None,
        }
    }

    /// Whose turn it is.
    pub fn kind(&self) -> FaultKind {
        match self {
            Fault::Identity(IdentityFault::Token(fault)) => match fault {
                TokenFault::KeysUnavailable => FaultKind::Unavailable,
                TokenFault::ActorRequired => FaultKind::Forbidden,
                TokenFault::NoCredential
                | TokenFault::AmbiguousCredential
                | TokenFault::Scheme
                | TokenFault::SigV4
                | TokenFault::IamPrincipal
                | TokenFault::Format
                | TokenFault::Header
                | TokenFault::Algorithm
                | TokenFault::Kind
                | TokenFault::Issuer
                | TokenFault::Key
                | TokenFault::Signature
                | TokenFault::Claims
                | TokenFault::Expired
                | TokenFault::NotYetValid
                | TokenFault::Audience
                | TokenFault::Client
                | TokenFault::Tenant
                | TokenFault::IssuerTenant
                | TokenFault::TenantSelector
                | TokenFault::User
                | TokenFault::MachineClient
                | TokenFault::Roles
                | TokenFault::Actor => FaultKind::Unauthenticated,
            },
            Fault::Identity(IdentityFault::Registry(refusal)) => match refusal {
                RegistryRefusal::NotAMember
                | RegistryRefusal::MemberSuspended
                | RegistryRefusal::SeveralTenants
                | RegistryRefusal::UnknownAgent
                | RegistryRefusal::AgentSuspended
                | RegistryRefusal::UnknownTenant
                | RegistryRefusal::TenantSuspended
                | RegistryRefusal::Killed => FaultKind::Forbidden,
                RegistryRefusal::NoPolicy
                | RegistryRefusal::PolicyMismatch
                | RegistryRefusal::InvalidPolicy(_)
                | RegistryRefusal::NoBaseline
                | RegistryRefusal::Baseline(_)
                | RegistryRefusal::Malformed(_)
                | RegistryRefusal::Unavailable(_) => FaultKind::Unavailable,
            },
            Fault::Tags(_) => FaultKind::Forbidden,
            // AWS does not take this user's token.
            Fault::Exchange(ExchangeFault::WebIdentity) => FaultKind::Forbidden,
            Fault::Exchange(_) | Fault::Deadline => FaultKind::Unavailable,
        }
    }
}

impl From<IdentityFault> for Fault {
    fn from(fault: IdentityFault) -> Fault {
        Fault::Identity(fault)
    }
}

impl From<TagFault> for Fault {
    fn from(fault: TagFault) -> Fault {
        Fault::Tags(fault)
    }
}

impl From<ExchangeFault> for Fault {
    fn from(fault: ExchangeFault) -> Fault {
        Fault::Exchange(fault)
    }
}
