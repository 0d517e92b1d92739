//! What a policy document looks like: the fields of each object, for the reader and for the JSON Schema.

use super::{
    CONDITIONS_MAX, EXPRESSION_BYTES_MAX, NAME_BYTES_MAX, NAMES_MAX, RESOURCE_BYTES_MAX, RESOURCES_MAX, RULES_MAX,
    SENTENCE_CHARACTERS_MAX, VALUE_BYTES_MAX, VALUES_MAX,
};
use crate::selector::PATH_BYTES_MAX;

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
    /// A string of 1 to so many characters, perhaps of a pattern (ECMA 262).
    Text { most: usize, pattern: Option<&'static str> },
    /// One line of at most so many characters.
    Sentence(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list with at least and at most so many elements.
    List { of: &'static Shape, least: usize, most: usize },
    /// An object with these fields and no others.
    Object(&'static [Field]),
    /// An object with at least one of these fields.
    SomeOf(&'static [Field]),
    /// A whole number in a range.
    Integer { least: u64, most: u64 },
    /// What the operator beside it wants.
    Operand,
}

const fn required(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, is_required: true, shape, about }
}

const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, is_required: false, shape, about }
}

/// The policy.
pub(crate) const POLICY: &[Field] = &[
    required("policyId", Shape::Text { most: 128, pattern: Some(WORD) }, "Name of the policy"),
    required(
        "tenantId",
        Shape::Text { most: 63, pattern: Some("^([A-Za-z0-9][A-Za-z0-9._-]*|\\*)$") },
        "The tenant; * is the baseline, for every tenant",
    ),
    optional("description", SENTENCE, "For readers"),
    optional("mode", Shape::Word(MODES), "LOG_ONLY: the rules change nothing and are only recorded"),
    optional(
        "defaultTarget",
        Shape::Text { most: 256, pattern: Some("^[A-Za-z0-9.-]+$") },
        "The target that bare tool names in ALLOW rules mean",
    ),
    required("rules", Shape::List { of: &Shape::Object(RULE), least: 0, most: RULES_MAX }, "Who may do what"),
    optional(
        "redactions",
        Shape::List { of: &Shape::Object(REDACTION), least: 0, most: RULES_MAX },
        "What is taken out of results",
    ),
    optional("$schema", Shape::Text { most: 2_048, pattern: None }, "Where this schema is; for editors"),
];

/// A rule.
pub(crate) const RULE: &[Field] = &[
    optional("ruleId", Shape::Text { most: 128, pattern: Some(WORD) }, "Name of the rule, its own in the policy"),
    required("effect", Shape::Word(EFFECTS), "DENY overrides ALLOW"),
    required("resourceType", Shape::Word(RESOURCE_TYPES), "What the rule is about"),
    required("resources", RESOURCES, "agent:<kind>:<name>, where * is any run of characters"),
    optional("principals", Shape::SomeOf(PRINCIPALS), "Whom the rule is about; all lists that are given must match"),
    optional("scopes", NAMES, "Scopes of the token that are needed, all of them"),
    optional("notBefore", TIME, "First second in which the rule is in force, in UTC"),
    optional("notAfter", TIME, "Last second in which the rule is in force, in UTC"),
    optional(
        "conditions",
        Shape::List { of: &Shape::Object(CONDITION), least: 1, most: CONDITIONS_MAX },
        "What else must hold, all of it",
    ),
    optional("mode", Shape::Word(MODES), "LOG_ONLY: the rule changes nothing and is only recorded"),
    optional("reason", SENTENCE, "What a refused caller reads"),
    optional("description", SENTENCE, "For readers"),
];

/// Whom a rule is about.
pub(crate) const PRINCIPALS: &[Field] = &[
    optional("users", NAMES, "User ids, or exactly [\"*\"]"),
    optional("roles", NAMES, "Roles of the token or the membership, or exactly [\"*\"]: any role"),
    optional("workspaces", NAMES, "Workspaces of the membership, or exactly [\"*\"]: any workspace"),
    optional("agents", NAMES, "Agents that call on the user's behalf, or exactly [\"*\"]: any agent"),
];

/// A condition.
pub(crate) const CONDITION: &[Field] = &[
    required("path", PATH, "RFC 9535, beginning at claims, arguments, tool, tenant, user, agent or time"),
    required("operator", Shape::Word(OPERATORS), "How the selected values are compared"),
    optional("value", Shape::Operand, "What they are compared with"),
    optional("valuePath", PATH, "Where in the same document that stands"),
];

/// A redaction.
pub(crate) const REDACTION: &[Field] = &[
    required("resources", RESOURCES, "Whose results: agent:<kind>:<name>, where * is any run of characters"),
    required("path", PATH, "RFC 9535, from the root of each document in a result"),
    required("action", Shape::Word(ACTIONS), "What becomes of the selected values"),
    optional("description", SENTENCE, "For readers"),
];

pub(crate) const EFFECTS: &[&str] = &["ALLOW", "DENY"];

pub(crate) const RESOURCE_TYPES: &[&str] = &["TOOL", "PROMPT", "RESOURCE", "AGENT", "MODEL"];

pub(crate) const MODES: &[&str] = &["ENFORCE", "LOG_ONLY"];

pub(crate) const ACTIONS: &[&str] = &["MASK", "REMOVE"];

pub(crate) const OPERATORS: &[&str] = &[
    "EQUALS",
    "NOT_EQUALS",
    "IN",
    "NOT_IN",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "CONTAINS",
    "STARTS_WITH",
    "ENDS_WITH",
    "LIKE",
    "MATCHES",
    "EXISTS",
    "NOT_EXISTS",
    "IN_CIDR",
    "BETWEEN",
];

const WORD: &str = "^[A-Za-z0-9][A-Za-z0-9._-]*$";

const SENTENCE: Shape = Shape::Sentence(SENTENCE_CHARACTERS_MAX);

const PATH: Shape = Shape::Text { most: PATH_BYTES_MAX, pattern: Some("^\\$") };

const TIME: Shape = Shape::Text { most: 25, pattern: Some("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|\\+00:00)$") };

const NAMES: Shape =
    Shape::List { of: &Shape::Text { most: NAME_BYTES_MAX, pattern: None }, least: 1, most: NAMES_MAX };

const RESOURCES: Shape = Shape::List {
    of: &Shape::Text { most: RESOURCE_BYTES_MAX, pattern: Some("^agent:(tool|prompt|resource|agent|model):.+$") },
    least: 1,
    most: RESOURCES_MAX,
};

/// The bounds of the values in a condition, for the schema.
pub(crate) const OPERAND_BOUNDS: (usize, usize, usize) = (VALUE_BYTES_MAX, VALUES_MAX, EXPRESSION_BYTES_MAX);
