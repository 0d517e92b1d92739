//! The protocol's own words: they stay where all else is redacted, since the other side must find them again.

use policy_model::json::{Kind, Value};

/// Which of the protocol's own objects something stands in; in an array, which of them the elements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The requests of `inputRequests`, each under a key.
    Requests,
    /// One of these.
    Request,
    /// What a server asks for: an elicitation, a sampling request, and what it tells beside them.
    Params,
    /// A message of a sampling request.
    Message,
    /// A content item of it.
    Content,
    /// Which model is to answer.
    Preferences,
    /// A name of one.
    Hint,
    /// A tool that the model may use.
    Tool,
    /// Members that are words, or yes or no.
    Choice,
    /// `_meta`.
    Meta,
    /// A JSON Schema.
    Schema,
    /// Schemas, each under a name.
    Schemas,
    /// How a task stands.
    Task,
    /// What may complete an argument.
    Completion,
    /// Anything.
    Data,
}

/// What a member of such an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A word of the protocol.
    Word,
    /// An object or an array of the protocol.
    Inside(Place),
    /// A value that a schema asks for or offers.
    Offered,
    /// An object or array of somebody's data, which must be there as one.
    Data,
    /// A text that must be there.
    Text,
    /// None of these.
    Said,
}

impl Place {
    /// What a member is.
    pub(crate) fn role(self, name: &str, value: Value<'_>) -> Role {
        let kind = value.kind();
        let inside = |is_there: bool, place| if is_there { Role::Inside(place) } else { Role::Said };
        let data = |is_there: bool| if is_there { Role::Data } else { Role::Said };
        let word = |is_there: bool| if is_there { Role::Word } else { Role::Said };
        let (is_object, is_array) = (kind == Kind::Object, kind == Kind::Array);
        let is_number = kind == Kind::Number;
        match (self, name) {
            (Place::Data, _) => Role::Said,
            (Place::Requests, _) => inside(is_object, Place::Request),
            (Place::Request, "params") => inside(is_object, Place::Params),
            (Place::Request, "method") => word(kind == Kind::String),
            (Place::Params, "requestedSchema") => inside(is_object, Place::Schema),
            (Place::Params, "messages") => inside(is_array, Place::Message),
            (Place::Params, "modelPreferences") => inside(is_object, Place::Preferences),
            (Place::Params, "tools") => inside(is_array, Place::Tool),
            (Place::Params, "toolChoice") => inside(is_object, Place::Choice),
            (Place::Params, "elicitations") => inside(is_array, Place::Params),
            (Place::Params, "task") => inside(is_object, Place::Task),
            (Place::Params, "maxTokens" | "progress" | "temperature" | "total") => word(is_number),
            (Place::Params, "includeContext" | "level" | "mode") => word(is_word(value)),
            // The way to a page where the user answers; without it there is no elicitation.
            (Place::Params, "elicitationId" | "requestState" | "url") => word(kind == Kind::String),
            (Place::Params, "progressToken" | "requestId") => word(kind == Kind::String || is_number),
            (Place::Params | Place::Task, name) if is_task_word(name, value) => Role::Word,
            (Place::Params | Place::Task | Place::Tool, "_meta") => inside(is_object, Place::Meta),
            (Place::Meta, "progressToken") => word(kind == Kind::String || is_number),
            (Place::Meta, "io.modelcontextprotocol/related-task") => inside(is_object, Place::Task),
            (Place::Message, "role") | (Place::Content, "type") => word(is_word(value)),
            (Place::Choice, "mode" | "taskSupport") => word(is_word(value)),
            (Place::Choice, _) => word(kind == Kind::Bool),
            (Place::Message, "content") => inside(is_object || is_array, Place::Content),
            (Place::Content, "content") => inside(is_array, Place::Content),
            (Place::Content, "id" | "name" | "toolUseId") | (Place::Tool, "name") => word(kind == Kind::String),
            (Place::Content, "isError") => word(kind == Kind::Bool),
            (Place::Preferences, "hints") => inside(is_array, Place::Hint),
            (Place::Preferences, _) => word(is_number),
            (Place::Tool, "inputSchema" | "outputSchema") => inside(is_object, Place::Schema),
            (Place::Tool, "annotations" | "execution") => inside(is_object, Place::Choice),
            (Place::Schema, "default" | "const" | "enum" | "examples") => Role::Offered,
            (Place::Schema, "properties" | "patternProperties" | "$defs" | "definitions") => {
                inside(is_object, Place::Schemas)
            }
            (Place::Schema, "oneOf" | "anyOf" | "allOf" | "prefixItems") => inside(is_array, Place::Schema),
            (Place::Schema, name) if SCHEMAS.contains(&name) => match kind {
                Kind::Object => Role::Inside(Place::Schema),
                Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array => word(kind == Kind::Bool),
            },
            (Place::Schema, "type" | "required") if is_array => Role::Word,
            (Place::Schema, name) if SCHEMA_WORDS.contains(&name) => word(kind == Kind::String),
            (Place::Schema, name) if SCHEMA_BOUNDS.contains(&name) => word(is_number || kind == Kind::Bool),
            (Place::Schemas, _) => inside(is_object, Place::Schema),
            (Place::Params, "metadata")
            | (Place::Content, "input" | "structuredContent")
            | (_, "_meta" | "annotations") => data(is_object),
            (Place::Params, "stopSequences") => data(is_array),
            (Place::Params, "message") | (Place::Content, "text") | (Place::Schema, "title") => Role::Text,
            (Place::Completion, "values") => inside(is_array, Place::Data),
            (Place::Completion, "total") => word(is_number),
            (Place::Completion, "hasMore") => word(kind == Kind::Bool),
            (_, _) => Role::Said,
        }
    }
}

/// Whether a member says how a task stands, in the protocol's own words.
pub(crate) fn is_task_word(name: &str, value: Value<'_>) -> bool {
    match (name, value.kind()) {
        ("createdAt" | "lastUpdatedAt" | "taskId", Kind::String) => true,
        ("status", Kind::String) => is_word(value),
        ("pollInterval" | "pollIntervalMs" | "ttl" | "ttlMs", Kind::Number | Kind::Null) => true,
        (_, _) => false,
    }
}

/// Whether a value is a word that says nothing of anybody.
pub(crate) fn is_word(value: Value<'_>) -> bool {
    value
        .as_str()
        .is_some_and(|word| word.len() <= 32 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

/// Members of a schema that are schemas.
const SCHEMAS: &[&str] = &[
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedProperties",
];

const SCHEMA_WORDS: &[&str] = &["$id", "$ref", "$schema", "format", "pattern", "type"];

const SCHEMA_BOUNDS: &[&str] = &[
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maximum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minimum",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "uniqueItems",
];
