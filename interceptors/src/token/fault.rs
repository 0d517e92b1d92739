//! Every reason not to know a caller.

/// Why a caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// No `Authorization` header.
    NoCredential,
    /// More than one, or one that is no string.
    AmbiguousCredential,
    /// Another scheme than `Bearer`.
    Scheme,
    /// An AWS signature, where no setting lets such callers in; AgentCore's own probes have one.
    SigV4,
    /// An AWS principal that is nobody's, or several clients'.
    IamPrincipal,
    /// Not a compact JWS of three base64url parts, or too long.
    Format,
    /// A header member that changes what the signature means, or one that stands twice.
    Header,
    /// An algorithm that the issuer may not use.
    Algorithm,
    /// A token of another kind than an access token.
    Kind,
    /// No such issuer.
    Issuer,
    /// No usable key of that id.
    Key,
    /// The issuer's keys cannot be had.
    KeysUnavailable,
    /// The signature does not fit.
    Signature,
    /// Claims that are not an object, or one of the wrong type, or one that stands twice.
    Claims,
    /// Not valid any more.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// Meant for somebody else.
    Audience,
    /// Issued to another client.
    Client,
    /// The tenant claim is not one tenant id.
    Tenant,
    /// A tenant for which the issuer may not speak.
    IssuerTenant,
    /// The header that chooses a tenant stands there several times, or is not one tenant id.
    TenantSelector,
    /// The user claim is not one user id.
    User,
    /// A machine's token, where no setting lets such callers in.
    MachineClient,
    /// The roles are too many for the token.
    Roles,
    /// There is an actor, and it is not a chain of ids.
    Actor,
    /// The policies want an actor, and the token is the user's own.
    ActorRequired,
}

impl TokenFault {
    /// The reason code of the audit line.
    pub fn code(self) -> &'static str {
        match self {
            TokenFault::NoCredential => "CREDENTIAL_MISSING",
            TokenFault::AmbiguousCredential => "CREDENTIAL_AMBIGUOUS",
            TokenFault::Scheme => "CREDENTIAL_SCHEME",
            TokenFault::SigV4 => "CREDENTIAL_SIGV4",
            TokenFault::IamPrincipal => "IAM_PRINCIPAL",
            TokenFault::Format => "TOKEN_FORMAT",
            TokenFault::Header => "TOKEN_HEADER",
            TokenFault::Algorithm => "TOKEN_ALGORITHM",
            TokenFault::Kind => "TOKEN_KIND",
            TokenFault::Issuer => "TOKEN_ISSUER",
            TokenFault::Key => "TOKEN_KEY",
            TokenFault::KeysUnavailable => "KEYS_UNAVAILABLE",
            TokenFault::Signature => "TOKEN_SIGNATURE",
            TokenFault::Claims => "TOKEN_CLAIMS",
            TokenFault::Expired => "TOKEN_EXPIRED",
            TokenFault::NotYetValid => "TOKEN_NOT_YET_VALID",
            TokenFault::Audience => "TOKEN_AUDIENCE",
            TokenFault::Client => "TOKEN_CLIENT",
            TokenFault::Tenant => "TOKEN_TENANT",
            TokenFault::IssuerTenant => "TOKEN_ISSUER_TENANT",
            TokenFault::TenantSelector => "TENANT_SELECTOR",
            TokenFault::User => "TOKEN_USER",
            TokenFault::MachineClient => "TOKEN_MACHINE_CLIENT",
            TokenFault::Roles => "TOKEN_ROLES",
            TokenFault::Actor => "TOKEN_ACTOR",
            TokenFault::ActorRequired => "ACTOR_REQUIRED",
        }
    }
}
