//! What a message can be that nobody can read in one way.

/// Why a message is refused before anybody asks who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageFault {
    /// There is no message, as in a GET.
    NoBody,
    /// An array of messages.
    Batch,
    /// Something else than an object.
    NotAnObject,
    /// A member that stands twice, in one spelling or two.
    AmbiguousMember,
    /// A member that JSON-RPC does not have.
    StrayMember,
    /// `jsonrpc` is not `"2.0"`.
    JsonRpcVersion,
    /// Neither a request nor a notification nor a response.
    NotAMessage,
    /// `id` is not a string or integer, is missing, or stands in a notification.
    Id,
    /// `method` is not a string.
    MethodType,
    /// No method of that name.
    UnknownMethod,
    /// A method that the message's protocol version does not have.
    NotInVersion,
    /// A protocol version that the gateway does not speak, or two of them.
    ProtocolVersion,
    /// `params` is not an object.
    Params,
    /// `params.name` is not a tool's name.
    ToolName,
    /// `params.name` is not a prompt's name.
    PromptName,
    /// `params.uri` is not a URI in normal form.
    Uri,
    /// `params.ref` is not a reference to a prompt or a resource template.
    Reference,
    /// `params.arguments` is not an object.
    Arguments,
    /// No agent's and no model's name.
    Name,
    /// `params.taskId` is not a task's id.
    TaskId,
    /// The message as written and as parsed differ.
    RawBody,
    /// A mirrored header says something else than the message.
    MirroredHeader,
}
