//! What a policy document looks like: the fields of each object, for the reader and for the JSON Schema.

pub(crate) use super::operator::OPERATORS;
use super::redaction_document::{KEPT_CHARACTERS_MAX, TRUNCATED_CHARACTERS_MAX};
use super::{
    ARGUMENTS_MAX, CONDITIONS_MAX, DIGESTS_MAX, HEADERS_MAX, LIMIT_BYTES_MAX, LIMIT_TOKENS_MAX, LIMITS_MAX, NAMES_MAX,
    PINS_MAX, PUSH_URLS_MAX, RESOURCES_MAX, RULES_MAX,
};
use crate::detector::Detector;
use crate::header;
use crate::id::{POLICY_ID_BYTES_MAX, RULE_ID_BYTES_MAX, TENANT_ID_BYTES_MAX};
use crate::json::DEPTH_MAX;
use crate::pattern::ResourceType;
use crate::request::{ARGUMENTS, HEADER_ROOTS, ROOTS, VALUE_ROOTS};
use crate::tool_name::{TARGET_BYTES_MAX, TOOL_NAME_BYTES_MAX};

/// A member of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) is_required: bool,
    pub(crate) shape: Shape,
    pub(crate) about: &'static str,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// A string of 1 to so many characters, of a pattern (ECMA 262).
    Text {
        most: usize,
        pattern: &'static str,
    },
    /// Any string: it is not read.
    AnyText,
    /// One line.
    Sentence,
    /// One of these words.
    Word(&'static [&'static str]),
    /// RFC 9535, perhaps beginning with one of these names.
    Path(Option<&'static [&'static str]>),
    /// A second, in UTC.
    Time,
    /// `agent:<kind>:<pattern>`.
    Resource,
    /// The same of what is called with arguments.
    Called,
    /// The same of what is bounded.
    Limited,
    /// `https://<host>/<path>`, with wildcards.
    PushUrl,
    /// The name of a principal, or `*`.
    Name,
    /// A scope.
    Scope,
    List(&'static List),
    /// An object with these fields and no others.
    Object(&'static Definition),
    /// The same, with at least one of the fields.
    SomeOf(&'static Definition),
    /// What the operator beside it wants.
    Operand,
    /// Any JSON.
    Any,
    /// A string, number, boolean or null.
    Scalar,
    /// A boolean.
    Bool,
    /// A whole number from the first to the second.
    Count(usize, usize),
}

/// What a list may be like.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) of: Shape,
    pub(crate) what: &'static str,
    pub(crate) most: usize,
    /// What would be right in the place of an empty one; none if it may be empty.
    pub(crate) if_empty: Option<&'static str>,
}

/// An object and what the schema calls it.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) fields: &'static [Field],
}

impl Shape {
    pub(crate) fn list(self) -> Option<&'static List> {
        match self {
            Shape::List(list) => Some(list),
            Shape::Text { .. }
            | Shape::AnyText
            | Shape::Sentence
            | Shape::Word(_)
            | Shape::Path(_)
            | Shape::Time
            | Shape::Resource
            | Shape::Called
            | Shape::Limited
            | Shape::PushUrl
            | Shape::Name
            | Shape::Scope
            | Shape::Object(_)
            | Shape::SomeOf(_)
            | Shape::Operand
            | Shape::Any
            | Shape::Scalar
            | Shape::Bool
            | Shape::Count(..) => None,
        }
    }
}

const fn required(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, is_required: true, shape, about }
}

const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, is_required: false, shape, about }
}

/// The policy.
pub(crate) const POLICY: &[Field] = &[
    required("policyId", Shape::Text { most: POLICY_ID_BYTES_MAX, pattern: WORD }, "Name of the policy"),
    required(
        "tenantId",
        Shape::Text { most: TENANT_ID_BYTES_MAX, pattern: "^([A-Za-z0-9][A-Za-z0-9._-]*|\\*)$" },
        "The tenant; * is the baseline, for every tenant",
    ),
    optional("description", Shape::Sentence, "For readers"),
    optional("mode", Shape::Word(MODES), "LOG_ONLY: the rules change nothing and are only recorded"),
    optional("requireActor", Shape::Bool, "true: for a user an agent must call, which the token names as its actor"),
    optional(
        "defaultTarget",
        Shape::Text { most: TARGET_BYTES_MAX, pattern: "^[A-Za-z0-9.-]+$" },
        "The target that bare tool names in ALLOW rules mean",
    ),
    required("rules", Shape::List(&RULES), "Who may do what"),
    optional("redactions", Shape::List(&REDACTIONS), "What is taken out of results"),
    optional(
        "freeText",
        Shape::Word(FREE_TEXTS),
        "What becomes of text where a path is to be followed and none can be",
    ),
    optional("opaqueContent", Shape::Word(OPAQUES), "What becomes of images, blobs and the like under a redaction"),
    optional(
        "hashKey",
        Shape::Text { most: POLICY_ID_BYTES_MAX, pattern: WORD },
        "HASH: the key, as the settings call it",
    ),
    optional("arguments", Shape::List(&ARGUMENT_ENTRIES), "What is set, removed and masked in the arguments of calls"),
    optional(
        "limits",
        Shape::List(&LIMITS),
        "How large the arguments of calls may be, and how many tokens models may make",
    ),
    optional("headers", Shape::List(&HEADERS), "What is set in the headers of every request"),
    optional("pins", Shape::List(&PINS), "Tools that are shown and called with these definitions only"),
    optional(
        "pushNotificationUrls",
        Shape::List(&PUSH_URLS),
        "Where agents may send notifications of their tasks; nowhere if it is not there",
    ),
    optional(
        "requireDecisionContext",
        Shape::Bool,
        "true: an answer whose event does not say who asked must be joined with its request",
    ),
    optional("$schema", Shape::AnyText, "Where this schema is; for editors"),
];

/// A rule.
pub(crate) const RULE: &[Field] = &[
    optional(
        "ruleId",
        Shape::Text { most: RULE_ID_BYTES_MAX, pattern: WORD },
        "Name of the rule, its own in the policy",
    ),
    required("effect", Shape::Word(EFFECTS), "DENY overrides ALLOW"),
    required("resourceType", Shape::Word(RESOURCE_TYPES), "What the rule is about"),
    required("resources", Shape::List(&RESOURCES), "agent:<kind>:<name>, where * is any run of characters"),
    optional(
        "principals",
        Shape::SomeOf(&Definition { name: "principals", title: "Principals", fields: PRINCIPALS }),
        "Whom the rule is about; all lists that are given must match",
    ),
    optional("scopes", Shape::List(&SCOPES), "Scopes of the token that are needed, all of them"),
    optional("notBefore", Shape::Time, "First second in which the rule is in force, in UTC"),
    optional("notAfter", Shape::Time, "Last second in which the rule is in force, in UTC"),
    optional("conditions", Shape::List(&CONDITIONS), "What else must hold, all of it"),
    optional("mode", Shape::Word(MODES), "LOG_ONLY: the rule changes nothing and is only recorded"),
    optional("reason", Shape::Sentence, "What a refused caller reads"),
    optional("description", Shape::Sentence, "For readers"),
];

/// Whom a rule is about.
pub(crate) const PRINCIPALS: &[Field] = &[
    optional("users", Shape::List(&NAMES), "User ids, or exactly [\"*\"]"),
    optional("roles", Shape::List(&NAMES), "Roles of the token or the membership, or exactly [\"*\"]: any role"),
    optional("workspaces", Shape::List(&NAMES), "Workspaces of the membership, or exactly [\"*\"]: any workspace"),
    optional("agents", Shape::List(&NAMES), "Agents that call on the user's behalf, or exactly [\"*\"]: any agent"),
];

/// A condition.
pub(crate) const CONDITION: &[Field] = &[
    required(
        "path",
        Shape::Path(Some(ROOTS)),
        "RFC 9535, beginning at claims, arguments, tool, tenant, user, agent or time",
    ),
    required("operator", Shape::Word(OPERATORS), "How the selected values are compared"),
    optional("value", Shape::Operand, "What they are compared with"),
    optional("valuePath", Shape::Path(Some(ROOTS)), "Where in the same document that stands"),
];

/// A redaction.
pub(crate) const REDACTION: &[Field] = &[
    required(
        "resources",
        Shape::List(&RESOURCES),
        "Whose results: agent:<kind>:<name>, where * is any run of characters",
    ),
    optional("path", Shape::Path(None), "Where the values are: RFC 9535, from the root of each document in a result"),
    optional("detect", Shape::List(&DETECTORS), "What the values look like, in any text"),
    required("action", Shape::Word(ACTIONS), "What becomes of the selected values"),
    optional("keepFirst", Shape::Count(0, KEPT_CHARACTERS_MAX), "MASK: so many characters at the start stay"),
    optional("keepLast", Shape::Count(0, KEPT_CHARACTERS_MAX), "MASK: so many characters at the end stay"),
    optional(
        "preserveType",
        Shape::Bool,
        "MASK, TRUNCATE: numbers become 0, booleans false, containers keep their shape",
    ),
    optional("length", Shape::Count(1, TRUNCATED_CHARACTERS_MAX), "TRUNCATE: so many characters stay"),
    optional("with", Shape::Scalar, "REPLACE: what stands there instead"),
    optional(
        "unless",
        Shape::SomeOf(&Definition { name: "unless", title: "Unless", fields: UNLESS }),
        "Who sees the values: whoever has one of the roles or one of the scopes",
    ),
    optional("caseInsensitiveKeys", Shape::Bool, "The path's names match in any case"),
    optional("description", Shape::Sentence, "For readers"),
];

/// Who is exempt from a redaction.
pub(crate) const UNLESS: &[Field] = &[
    optional("roles", Shape::List(&NAMES), "Roles of the token or the membership"),
    optional("scopes", Shape::List(&SCOPES), "Scopes of the token"),
];

/// An entry of `arguments`.
pub(crate) const ARGUMENT: &[Field] = &[
    required(
        "resources",
        Shape::List(&CALLED_RESOURCES),
        "In whose calls: agent:tool:<name> or agent:prompt:<name>, where * is any run of characters",
    ),
    optional("path", Shape::Path(Some(ARGUMENT_ROOTS)), "RFC 9535, beginning at arguments; for SET of names only"),
    optional("detect", Shape::List(&DETECTORS), "MASK, REFUSE: what is looked for in them, or in all arguments"),
    required("action", Shape::Word(ARGUMENT_ACTIONS), "What becomes of the selected values"),
    optional("value", Shape::Any, "What SET writes there"),
    optional(
        "valuePath",
        Shape::Path(Some(VALUE_ROOTS)),
        "Where that stands: RFC 9535, beginning at claims, tool, tenant, user, agent or decision",
    ),
    optional("description", Shape::Sentence, "For readers"),
];

/// A limit.
pub(crate) const LIMIT: &[Field] = &[
    required(
        "resources",
        Shape::List(&LIMITED_RESOURCES),
        "In whose calls: agent:tool:<name>, agent:prompt:<name> or agent:model:<name>, where * is any run of characters",
    ),
    optional("argumentBytesMax", Shape::Count(1, LIMIT_BYTES_MAX), "All arguments together, in bytes"),
    optional("argumentDepthMax", Shape::Count(1, DEPTH_MAX), "How deep arrays and objects are nested"),
    optional("stringBytesMax", Shape::Count(1, LIMIT_BYTES_MAX), "The longest string or name of a member, in bytes"),
    optional(LIMIT_TOKENS, Shape::Count(1, LIMIT_TOKENS_MAX), "Of models: how many tokens a request may ask for"),
    optional("description", Shape::Sentence, "For readers"),
];

/// A header.
pub(crate) const HEADER: &[Field] = &[
    required("name", Shape::Text { most: header::NAME_BYTES_MAX, pattern: "^[A-Za-z0-9_-]+$" }, "Name of the header"),
    optional("value", Shape::Text { most: header::VALUE_BYTES_MAX, pattern: "^[!-~]([ -~]*[!-~])?$" }, "What it says"),
    optional(
        "valuePath",
        Shape::Path(Some(HEADER_ROOTS)),
        "Where that stands: RFC 9535, beginning at claims, tenant, user, agent, time or decision",
    ),
    optional("description", Shape::Sentence, "For readers"),
];

/// A pin.
pub(crate) const PIN: &[Field] = &[
    required(
        "tool",
        Shape::Text { most: TOOL_NAME_BYTES_MAX, pattern: "^[A-Za-z0-9_.-]+$" },
        "Name of one tool, as lists have it",
    ),
    required("sha256", Shape::List(&DIGESTS), "Of the canonical form (RFC 8785) of its definition; one must be met"),
    optional("description", Shape::Sentence, "For readers"),
];

/// Where an entry of `arguments` looks.
pub(crate) const ARGUMENT_ROOTS: &[&str] = &[ARGUMENTS];

/// What is called with arguments.
pub(crate) const CALLED: &[ResourceType] = &[ResourceType::Tool, ResourceType::Prompt];

/// What has bounds.
pub(crate) const LIMITED: &[ResourceType] = &[ResourceType::Tool, ResourceType::Prompt, ResourceType::Model];

/// The bound of models.
pub(crate) const LIMIT_TOKENS: &str = "maxTokens";

pub(crate) const ARGUMENT_ACTIONS: &[&str] = &["SET", "REMOVE", "MASK", "REFUSE"];

pub(crate) const EFFECTS: &[&str] = &["ALLOW", "DENY"];

pub(crate) const RESOURCE_TYPES: &[&str] = &["TOOL", "PROMPT", "RESOURCE", "AGENT", "MODEL"];

pub(crate) const MODES: &[&str] = &["ENFORCE", "LOG_ONLY"];

pub(crate) const ACTIONS: &[&str] = &["MASK", "REMOVE", "REPLACE", "HASH", "TRUNCATE"];

pub(crate) const FREE_TEXTS: &[&str] = &["GUARD", "MASK", "PASS"];

pub(crate) const OPAQUES: &[&str] = &["MASK", "BLOCK"];

const RULES: List = List {
    of: Shape::Object(&Definition { name: "rule", title: "Rule", fields: RULE }),
    what: "rules",
    most: RULES_MAX,
    if_empty: None,
};

const REDACTIONS: List = List {
    of: Shape::Object(&Definition { name: "redaction", title: "Redaction", fields: REDACTION }),
    what: "redactions",
    most: RULES_MAX,
    if_empty: None,
};

const ARGUMENT_ENTRIES: List = List {
    of: Shape::Object(&Definition { name: "argument", title: "Argument", fields: ARGUMENT }),
    what: "arguments",
    most: ARGUMENTS_MAX,
    if_empty: None,
};

const LIMITS: List = List {
    of: Shape::Object(&Definition { name: "limit", title: "Limit", fields: LIMIT }),
    what: "limits",
    most: LIMITS_MAX,
    if_empty: None,
};

const HEADERS: List = List {
    of: Shape::Object(&Definition { name: "header", title: "Header", fields: HEADER }),
    what: "headers",
    most: HEADERS_MAX,
    if_empty: None,
};

const DETECTORS: List = List {
    of: Shape::Word(Detector::WORDS),
    what: "detectors",
    most: Detector::WORDS.len(),
    if_empty: Some("name what is to be found, as in [\"EMAIL\"]"),
};

const PINS: List = List {
    of: Shape::Object(&Definition { name: "pin", title: "Pin", fields: PIN }),
    what: "pins",
    most: PINS_MAX,
    if_empty: None,
};

const PUSH_URLS: List =
    List { of: Shape::PushUrl, what: "patterns of URLs to call back", most: PUSH_URLS_MAX, if_empty: None };

const DIGESTS: List = List {
    of: Shape::Text { most: 64, pattern: "^[0-9a-f]{64}$" },
    what: "digests of a tool",
    most: DIGESTS_MAX,
    if_empty: Some("`tenantgate tools pin` prints the digest of a definition; leave the pin out where there is none"),
};

const CONDITIONS: List = List {
    of: Shape::Object(&Definition { name: "condition", title: "Condition", fields: CONDITION }),
    what: "conditions in a rule",
    most: CONDITIONS_MAX,
    if_empty: Some("leave \"conditions\" out where there are none"),
};

const RESOURCES: List = List {
    of: Shape::Resource,
    what: "resources in a rule",
    most: RESOURCES_MAX,
    if_empty: Some("everything of a kind is written with *, as in [\"agent:tool:*\"]"),
};

const CALLED_RESOURCES: List = List { of: Shape::Called, ..RESOURCES };

const LIMITED_RESOURCES: List = List { of: Shape::Limited, ..RESOURCES };

const NAMES: List = List { of: Shape::Name, what: "names", most: NAMES_MAX, if_empty: Some("any is written [\"*\"]") };

const SCOPES: List = List {
    of: Shape::Scope,
    what: "scopes",
    most: NAMES_MAX,
    if_empty: Some("leave \"scopes\" out where none is needed"),
};

const WORD: &str = "^[A-Za-z0-9][A-Za-z0-9._-]*$";
