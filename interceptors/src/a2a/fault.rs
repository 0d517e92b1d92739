//! What a request to an agent can be that nobody can read in one way.

use crate::refusal::Told;

/// Why a request is refused before anybody asks who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum A2aFault {
    /// The body is not JSON.
    Unreadable,
    /// No operation has that path.
    Path,
    /// No operation has that path with that HTTP method.
    Verb,
    /// A query that the operation does not have, or that can be read in two ways.
    Query,
    /// The body is said to be something else than JSON.
    ContentType,
    /// A body is missing.
    NoBody,
    /// There is a body where none belongs.
    Body,
    /// An array of messages.
    Batch,
    /// Something else than an object.
    NotAnObject,
    /// A member that stands twice, in one spelling or two, or in another spelling than the protocol's.
    AmbiguousMember,
    /// A member that JSON-RPC or the operation does not have.
    StrayMember,
    /// `jsonrpc` is not `"2.0"`.
    JsonRpcVersion,
    /// `id` is not a string or integer, or is missing.
    Id,
    /// `method` is not a string.
    MethodType,
    /// No method of that name.
    UnknownMethod,
    /// A protocol version that nobody here speaks, or two of them.
    Version,
    /// A method of another protocol version than the headers say.
    VersionMismatch,
    /// The parameters are not those of the operation.
    Params,
    /// A part of the message is not of one known kind.
    Part,
    /// A task's id is none, or is missing, or there are two.
    TaskId,
    /// Who is to be notified has no URL.
    PushUrl,
    /// The message's metadata has a name that could be taken for the reserved one.
    ReservedMetadata,
}

impl A2aFault {
    /// The reason code of the audit line.
    pub(crate) fn code(self) -> &'static str {
        match self {
            A2aFault::Unreadable => "A2A_UNREADABLE",
            A2aFault::Path => "A2A_PATH",
            A2aFault::Verb => "A2A_HTTP_METHOD",
            A2aFault::Query => "A2A_QUERY",
            A2aFault::ContentType => "A2A_CONTENT_TYPE",
            A2aFault::NoBody => "A2A_BODY_MISSING",
            A2aFault::Body => "A2A_BODY_UNEXPECTED",
            A2aFault::Batch => "A2A_BATCH",
            A2aFault::NotAnObject => "A2A_NOT_AN_OBJECT",
            A2aFault::AmbiguousMember => "A2A_AMBIGUOUS_MEMBER",
            A2aFault::StrayMember => "A2A_STRAY_MEMBER",
            A2aFault::JsonRpcVersion => "A2A_JSONRPC_VERSION",
            A2aFault::Id => "A2A_ID",
            A2aFault::MethodType => "A2A_METHOD_TYPE",
            A2aFault::UnknownMethod => "A2A_METHOD_UNKNOWN",
            A2aFault::Version => "A2A_VERSION",
            A2aFault::VersionMismatch => "A2A_VERSION_MISMATCH",
            A2aFault::Params => "A2A_PARAMS",
            A2aFault::Part => "A2A_PART",
            A2aFault::TaskId => "A2A_TASK_ID",
            A2aFault::PushUrl => "A2A_PUSH_URL",
            A2aFault::ReservedMetadata => "A2A_METADATA_RESERVED",
        }
    }

    /// What the caller is told, with the HTTP status of the HTTP+JSON binding.
    pub(crate) fn told(self) -> Told {
        let told = |code, status, sentence| Told { code, sentence, status: Some(status) };
        match self {
            A2aFault::Unreadable => told(PARSE_ERROR, 400, "the message cannot be read"),
            A2aFault::Path | A2aFault::UnknownMethod => told(METHOD_NOT_FOUND, 404, "method not found"),
            A2aFault::Verb => told(METHOD_NOT_FOUND, 405, "method not found"),
            A2aFault::ContentType => told(CONTENT_TYPE, 415, "the content type is not supported"),
            A2aFault::Batch => told(INVALID_REQUEST, 400, "batches are not supported"),
            A2aFault::NoBody
            | A2aFault::Body
            | A2aFault::NotAnObject
            | A2aFault::AmbiguousMember
            | A2aFault::StrayMember
            | A2aFault::JsonRpcVersion
            | A2aFault::Id
            | A2aFault::MethodType => told(INVALID_REQUEST, 400, "the message is not a valid request"),
            A2aFault::Version | A2aFault::VersionMismatch => {
                told(VERSION_NOT_SUPPORTED, 400, "the protocol version is not supported")
            }
            A2aFault::Query
            | A2aFault::Params
            | A2aFault::Part
            | A2aFault::TaskId
            | A2aFault::PushUrl
            | A2aFault::ReservedMetadata => told(INVALID_PARAMS, 400, "the parameters are not valid"),
        }
    }
}

const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
/// `ContentTypeNotSupportedError`, in both versions.
const CONTENT_TYPE: i32 = -32005;
/// `VersionNotSupportedError`, in version 1.0.
const VERSION_NOT_SUPPORTED: i32 = -32009;
