//! What can be wrong with a request of the `http` family before its protocol reads it, and with what its answer needs.

/// Why a request or an answer is refused, whatever its protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpFault {
    /// The event has no request, or one without path or method.
    Request,
    /// The path is not one that is read in one way only.
    Path,
    /// What follows `?` in the path is nothing that the protocol has.
    Query,
    /// The HTTP method is none that the protocol has there.
    Verb,
    /// The content type is none, or none of the protocol.
    ContentType,
    /// The body is not base64 in its one spelling.
    Encoding,
    /// The body is not what its content type says.
    Body,
    /// There is a body where none belongs, or none where one does.
    BodyPresence,
    /// A header would make the runtime act for another user.
    RuntimeUser,
    /// The gateway gave no id under which the answer could find its caller.
    RequestId,
    /// The answer has no caller: there is no decision context of its request.
    NoContext,
    /// The request says another tenant than the caller's.
    ForeignTenant,
    /// The policy does not allow notifications to that URL.
    PushUrl,
    /// The answer would be streamed past the redactions that it needs.
    Streaming,
    /// The request says more tokens than the policy allows, or does not say how many.
    MaxTokens,
}

impl HttpFault {
    /// The reason code of the audit line.
    pub(crate) fn code(self) -> &'static str {
        match self {
            HttpFault::Request => "HTTP_REQUEST",
            HttpFault::Path => "HTTP_PATH",
            HttpFault::Query => "HTTP_QUERY",
            HttpFault::Verb => "HTTP_METHOD",
            HttpFault::ContentType => "HTTP_CONTENT_TYPE",
            HttpFault::Encoding => "HTTP_BODY_ENCODING",
            HttpFault::Body => "HTTP_BODY",
            HttpFault::BodyPresence => "HTTP_BODY_PRESENCE",
            HttpFault::RuntimeUser => "HTTP_RUNTIME_USER",
            HttpFault::RequestId => "HTTP_REQUEST_ID",
            HttpFault::NoContext => "DECISION_CONTEXT_MISSING",
            HttpFault::ForeignTenant => "TENANT_FOREIGN",
            HttpFault::PushUrl => "PUSH_URL",
            HttpFault::Streaming => "STREAMING",
            HttpFault::MaxTokens => "MAX_TOKENS",
        }
    }
}
