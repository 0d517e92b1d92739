//! What a request can be that no model may be asked.

/// Why a request is refused before anybody asks who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InferenceFault {
    /// No operation of that method and path is known.
    Operation,
    /// A query that the operation does not have.
    Query,
    /// A body that is not said to be JSON in UTF-8.
    ContentType,
    /// No object where there must be one, or a body where there must be none.
    Body,
    /// A member that stands twice, or could be taken for one that matters.
    AmbiguousMember,
    /// A member that the operation does not have.
    StrayMember,
    /// `model` is not a model's name.
    Model,
    /// Another model than `model` is asked, or may be.
    SeveralModels,
    /// `stream` is not true or false.
    Stream,
    /// What bounds the tokens is no plain number, or there are two bounds.
    Tokens,
    /// Something that the provider holds under the account of all tenants is to be read.
    SharedState,
    /// The provider is to use tools of somebody else, which no gateway sees.
    RemoteTools,
}

impl InferenceFault {
    /// The reason code of the audit line.
    pub(crate) fn code(self) -> &'static str {
        match self {
            InferenceFault::Operation => "INFERENCE_OPERATION",
            InferenceFault::Query => "INFERENCE_QUERY",
            InferenceFault::ContentType => "INFERENCE_CONTENT_TYPE",
            InferenceFault::Body => "INFERENCE_BODY",
            InferenceFault::AmbiguousMember => "INFERENCE_AMBIGUOUS_MEMBER",
            InferenceFault::StrayMember => "INFERENCE_STRAY_MEMBER",
            InferenceFault::Model => "INFERENCE_MODEL",
            InferenceFault::SeveralModels => "INFERENCE_SEVERAL_MODELS",
            InferenceFault::Stream => "INFERENCE_STREAM",
            InferenceFault::Tokens => "INFERENCE_TOKENS",
            InferenceFault::SharedState => "INFERENCE_SHARED_STATE",
            InferenceFault::RemoteTools => "INFERENCE_REMOTE_TOOLS",
        }
    }

    /// What the caller is told: the HTTP status, and a fixed sentence.
    pub(crate) fn told(self) -> (u16, &'static str) {
        match self {
            InferenceFault::Operation => (404, "the operation is not supported"),
            InferenceFault::Query => (400, "the query is not supported"),
            InferenceFault::ContentType => (415, "the content type must be application/json"),
            InferenceFault::Body => (400, "the body must be a JSON object, and a GET has none"),
            InferenceFault::AmbiguousMember => (400, "a member could be read in two ways"),
            InferenceFault::StrayMember => (400, "a member is not supported"),
            InferenceFault::Model => (400, "model must be the name of a model"),
            InferenceFault::SeveralModels => (400, "only one model can be asked"),
            InferenceFault::Stream => (400, "stream must be true or false"),
            InferenceFault::Tokens => (400, "the bound on tokens must be one whole number"),
            InferenceFault::SharedState => (403, "what the provider keeps cannot be read"),
            InferenceFault::RemoteTools => (403, "tools of remote servers are not supported"),
        }
    }
}
