//! Why AWS STS gave no credentials that can be used.

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};

/// Why there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeFault {
    /// The request could not be made.
    Request,
    /// This program has no credentials of its own, or AWS does not take them.
    OwnCredentials,
    /// AWS refused access.
    Denied,
    /// The tags, with all else that is packed with them, are too large.
    Packed,
    /// AWS does not take the user's token.
    WebIdentity,
    /// AWS does not take what was asked for.
    Rejected,
    /// STS is not active in the Region.
    Region,
    /// Too many requests.
    Throttled,
    /// No answer in time.
    Timeout,
    /// No connection.
    Unreachable,
    /// Another error of AWS.
    Service,
    /// An answer that is none, or says another thing than was asked for.
    Answer(&'static str),
}

impl ExchangeFault {
    /// What an error of the client means.
    pub(super) fn of<E: ProvideErrorMetadata>(error: &SdkError<E>) -> ExchangeFault {
        match error {
            SdkError::TimeoutError(_) => ExchangeFault::Timeout,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => ExchangeFault::Timeout,
            SdkError::DispatchFailure(failure) if failure.is_io() => ExchangeFault::Unreachable,
            // Signing is part of the dispatch.
            SdkError::DispatchFailure(_) => ExchangeFault::OwnCredentials,
            SdkError::ResponseError(_) => ExchangeFault::Answer("it is no answer of STS"),
            SdkError::ServiceError(refused) => {
                ExchangeFault::of_code(refused.err().code(), refused.raw().status().as_u16())
            }
            SdkError::ConstructionFailure(_) | _ => ExchangeFault::OwnCredentials,
        }
    }

    fn of_code(code: Option<&str>, status: u16) -> ExchangeFault {
        match code {
            Some("AccessDenied" | "AccessDeniedException") => ExchangeFault::Denied,
            Some("PackedPolicyTooLarge" | "PackedPolicyTooLargeException") => ExchangeFault::Packed,
            Some(
                "InvalidIdentityToken"
                | "InvalidIdentityTokenException"
                | "IDPRejectedClaim"
                | "IDPRejectedClaimException"
                | "IDPCommunicationError"
                | "IDPCommunicationErrorException"
                | "ExpiredTokenException",
            ) => ExchangeFault::WebIdentity,
            Some(
                "InvalidClientTokenId"
                | "SignatureDoesNotMatch"
                | "UnrecognizedClientException"
                | "ExpiredToken"
                | "MissingAuthenticationToken"
                | "IncompleteSignature",
            ) => ExchangeFault::OwnCredentials,
            Some("ValidationError" | "MalformedPolicyDocument" | "InvalidParameterValue") => ExchangeFault::Rejected,
            Some("RegionDisabledException") => ExchangeFault::Region,
            Some("Throttling" | "ThrottlingException" | "ThrottledException" | "RequestLimitExceeded") => {
                ExchangeFault::Throttled
            }
            Some(_) | None if status == 429 => ExchangeFault::Throttled,
            // What cannot be read as an answer has no code, and a status of success.
            None if status < 400 => ExchangeFault::Answer("it is no answer of STS"),
            Some(_) | None => ExchangeFault::Service,
        }
    }

    /// The reason code of the log.
    pub fn code(self) -> &'static str {
        match self {
            ExchangeFault::Request => "STS_REQUEST",
            ExchangeFault::OwnCredentials => "STS_OWN_CREDENTIALS",
            ExchangeFault::Denied => "STS_ACCESS_DENIED",
            ExchangeFault::Packed => "STS_PACKED_POLICY_TOO_LARGE",
            ExchangeFault::WebIdentity => "STS_WEB_IDENTITY",
            ExchangeFault::Rejected => "STS_REJECTED",
            ExchangeFault::Region => "STS_REGION",
            ExchangeFault::Throttled => "STS_THROTTLED",
            ExchangeFault::Timeout => "STS_TIMEOUT",
            ExchangeFault::Unreachable => "STS_UNREACHABLE",
            ExchangeFault::Service => "STS_SERVICE",
            ExchangeFault::Answer(_) => "STS_ANSWER",
        }
    }

    /// What is wrong, and what would be right.
    pub fn remedy(self) -> &'static str {
        match self {
            ExchangeFault::Request => "the request to AWS STS cannot be made",
            ExchangeFault::OwnCredentials => {
                "AWS STS does not take this program's own credentials, or there are none; give it a role, or set AWS_ACCESS_KEY_ID \
                 and its siblings, or --profile"
            }
            ExchangeFault::Denied => {
                "AWS STS denies access; the role's trust policy must let this program (or, with WEB_IDENTITY, the token's issuer and \
                 audience) do sts:TagSession with the one tag TenantID, beside sts:AssumeRole and sts:SetSourceIdentity (or \
                 sts:AssumeRoleWithWebIdentity), and this program's own session must have no source identity, which could not be changed"
            }
            ExchangeFault::Packed => {
                "the session tags are too large together with what the identity provider or the chain of roles adds; TenantID must be \
                 the only tag, so take others away"
            }
            ExchangeFault::WebIdentity => {
                "AWS STS does not take the user's token; the issuer must be an IAM OIDC provider of this account with the token's \
                 audience, and sign with RS256 to RS512, ES256 or ES384"
            }
            ExchangeFault::Rejected => {
                "AWS STS does not take the request; the role's maximum session duration must be at least --duration-seconds, and a \
                 TenantID that this program's own session has already cannot be set again"
            }
            ExchangeFault::Region => {
                "AWS STS is not active in this Region for the account; set another AWS_REGION, or activate it"
            }
            ExchangeFault::Throttled => "AWS STS throttles; ask again later",
            ExchangeFault::Timeout => "AWS STS did not answer in time",
            ExchangeFault::Unreachable => {
                "AWS STS cannot be reached; check AWS_REGION, AWS_ENDPOINT_URL_STS and the network"
            }
            ExchangeFault::Service => "AWS STS reports an error of its own",
            ExchangeFault::Answer(what) => what,
        }
    }
}
