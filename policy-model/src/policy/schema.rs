//! The JSON Schema of a policy document, written from the tables that the reader uses.
//!
//! It refuses no document that [`Policy::parse`](super::Policy::parse) takes. What it cannot say (that a path is one, that ids
//! are not used twice, ..) it leaves to the reader.

mod tree;

use super::limit_document::MODELS;
use super::operator::{Needs, Operator};
use super::redaction_document;
use super::shape::{ACTIONS, ARGUMENT_ACTIONS, CALLED, Definition, Field, LIMIT_TOKENS, LIMITED, List, POLICY, Shape};
use super::{
    EXPRESSION_BYTES_MAX, NAME_BYTES_MAX, RESOURCE_BYTES_MAX, ResourceType, SENTENCE_CHARACTERS_MAX, VALUE_BYTES_MAX,
    VALUES_MAX, WILDCARDS_MAX,
};
use crate::request::{AGENT_NAME_BYTES_MAX, MODEL_NAME_BYTES_MAX, SKILL_ID_BYTES_MAX};
use crate::selector::PATH_BYTES_MAX;
use tree::Tree;

/// The schema's name for itself.
pub const SCHEMA_ID: &str = "urn:tenantgate:schema:policy";

/// The JSON Schema (draft 2020-12) of a policy document.
pub fn schema() -> String {
    let mut definitions = Vec::new();
    let head = Tree::object([
        ("$schema", Tree::text("https://json-schema.org/draft/2020-12/schema")),
        ("$id", Tree::text(SCHEMA_ID)),
        ("title", Tree::text("tenantgate policy")),
        (
            "description",
            Tree::text(
                "Which callers of one tenant may use what, under which conditions, and what is taken out of results",
            ),
        ),
    ]);
    let policy = members(head, POLICY, &mut definitions).with("allOf", Tree::List(vec![baseline()]));
    policy.with("$defs", Tree::Object(definitions)).write()
}

/// The baseline can only deny and redact.
fn baseline() -> Tree {
    let effect = Tree::object([("effect", constant("DENY"))]);
    let rules = Tree::object([("items", Tree::object([("properties", effect)]))]);
    let none = |name| (name, Tree::Bool(false));
    let then = Tree::object([none("defaultTarget"), none("pushNotificationUrls"), ("rules", rules)]);
    if_then("tenantId", constant("*"), Tree::object([("properties", then)]))
}

/// Adds what an object with these fields and no others looks like.
fn members(head: Tree, fields: &[Field], definitions: &mut Vec<(String, Tree)>) -> Tree {
    let properties = fields.iter().map(|field| {
        let description = Tree::text(field.about);
        (field.name.to_owned(), value(field.shape, definitions).with("description", description))
    });
    let properties = Tree::Object(properties.collect());
    let required = fields.iter().filter(|field| field.is_required).map(|field| field.name);
    let object = head.with("type", Tree::text("object")).with("properties", properties);
    object.with("required", Tree::texts(required)).with("additionalProperties", Tree::Bool(false))
}

fn value(shape: Shape, definitions: &mut Vec<(String, Tree)>) -> Tree {
    match shape {
        Shape::Text { most, pattern } => text(1, most).with("pattern", Tree::text(pattern)),
        Shape::AnyText => Tree::object([("type", Tree::text("string"))]),
        Shape::Sentence => text(0, SENTENCE_CHARACTERS_MAX).with("pattern", Tree::text(NO_CONTROLS)),
        Shape::Word(words) => Tree::object([("enum", Tree::texts(words.iter().copied()))]),
        Shape::Path(roots) => text(1, PATH_BYTES_MAX).with("pattern", Tree::text(path_pattern(roots))),
        Shape::Time => Tree::object([("type", Tree::text("string")), ("pattern", Tree::text(TIME))]),
        Shape::Resource => resource(ResourceType::ALL),
        Shape::Called => resource(CALLED),
        Shape::Limited => resource(LIMITED),
        Shape::PushUrl => few_wildcards_in(text(1, RESOURCE_BYTES_MAX).with("pattern", Tree::text(PUSH_URL))),
        Shape::Name => text(1, NAME_BYTES_MAX).with("pattern", Tree::text(NO_CONTROLS)),
        Shape::Scope => text(1, NAME_BYTES_MAX).with("pattern", Tree::text(SCOPE)).with("not", constant("*")),
        Shape::List(shape) => list(shape, definitions),
        Shape::Object(definition) => define(definition, definitions, |object| object),
        Shape::SomeOf(definition) => {
            define(definition, definitions, |object| object.with("minProperties", Tree::Number(1)))
        }
        Shape::Operand | Shape::Any => Tree::object([]),
        Shape::Scalar => Tree::object([("type", Tree::texts(["string", "number", "boolean", "null"]))]),
        Shape::Bool => Tree::object([("type", Tree::text("boolean"))]),
        Shape::Count(least, most) => {
            let count = Tree::object([("type", Tree::text("integer"))]);
            count.with("minimum", Tree::Number(least)).with("maximum", Tree::Number(most))
        }
    }
}

fn list(shape: &List, definitions: &mut Vec<(String, Tree)>) -> Tree {
    let least = usize::from(shape.if_empty.is_some());
    let list = Tree::object([("type", Tree::text("array")), ("items", value(shape.of, definitions))]);
    let list = list.with("minItems", Tree::Number(least)).with("maxItems", Tree::Number(shape.most));
    match shape.of {
        // Any name at all, or names.
        Shape::Name => {
            let items = |of: Tree| Tree::object([("items", of)]);
            let names = Tree::object([("not", constant("*"))]);
            list.with("anyOf", Tree::List(vec![items(constant("*")), items(names)]))
        }
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
        | Shape::Scope
        | Shape::List(_)
        | Shape::Object(_)
        | Shape::SomeOf(_)
        | Shape::Operand
        | Shape::Any
        | Shape::Scalar
        | Shape::Bool
        | Shape::Count(..) => list,
    }
}

/// Adds an object's definition once, and refers to it.
fn define(of: &Definition, definitions: &mut Vec<(String, Tree)>, also: impl Fn(Tree) -> Tree) -> Tree {
    if !definitions.iter().any(|(name, _)| name == of.name) {
        let object = also(members(Tree::object([("title", Tree::text(of.title))]), of.fields, definitions));
        let object = match of.name {
            "rule" => object.with("allOf", Tree::List(ResourceType::ALL.iter().map(|kind| resources(*kind)).collect())),
            "condition" => object.with("allOf", Tree::List(Needs::ALL.iter().map(|needs| operands(*needs)).collect())),
            "argument" => object.with("allOf", Tree::List(changes())),
            "limit" => any_of(object, LIMITS).with("allOf", Tree::List(bounds())),
            "redaction" => redaction(object),
            "header" => one_value(object),
            _ => object,
        };
        definitions.push((of.name.to_owned(), object));
    }
    Tree::object([("$ref", Tree::text(format!("#/$defs/{}", of.name)))])
}

/// What the resources of a rule of this kind look like.
fn resources(kind: ResourceType) -> Tree {
    let properties = Tree::object([("resources", resources_of(&[kind]))]);
    if_then("resourceType", constant(kind.word()), Tree::object([("properties", properties)]))
}

fn resources_of(kinds: &[ResourceType]) -> Tree {
    Tree::object([("items", Tree::object([("pattern", Tree::text(any_of_kinds(kinds)))]))])
}

/// What stands beside a bound of tokens, and what beside the others.
fn bounds() -> Vec<Tree> {
    let of_tokens = LIMITS.iter().filter(|name| **name != LIMIT_TOKENS).map(|name| (*name, Tree::Bool(false)));
    let of_tokens = of_tokens.chain([("resources", resources_of(MODELS))]);
    let of_tokens = Tree::Object(of_tokens.map(|(name, shape)| (name.to_owned(), shape)).collect());
    let of_arguments = Tree::object([("resources", resources_of(CALLED))]);
    let rule = Tree::object([("if", Tree::object([("required", Tree::texts([LIMIT_TOKENS]))]))]);
    let properties = |members: Tree| Tree::object([("properties", members)]);
    vec![rule.with("then", properties(of_tokens)).with("else", properties(of_arguments))]
}

/// What stands beside the actions of an entry of `arguments`.
fn changes() -> Vec<Tree> {
    let change = |action: &&str| match *action {
        "SET" => {
            let none = Tree::object([("detect", Tree::Bool(false))]);
            let then = Tree::object([("properties", none), ("required", Tree::texts(["path"]))]);
            if_then("action", constant(action), one_value(then))
        }
        "REMOVE" => {
            let none = ["value", "valuePath", "detect"].map(|name| (name, Tree::Bool(false)));
            let then = Tree::object([("properties", Tree::object(none)), ("required", Tree::texts(["path"]))]);
            if_then("action", constant(action), then)
        }
        _ => {
            let none = Tree::object([("value", Tree::Bool(false)), ("valuePath", Tree::Bool(false))]);
            let then = Tree::object([("properties", none)]);
            if_then("action", constant(action), any_of(then, &["path", "detect"]))
        }
    };
    ARGUMENT_ACTIONS.iter().map(change).collect()
}

/// Adds that exactly one of the two is there.
fn one_value(object: Tree) -> Tree {
    one_of(object, ["value", "valuePath"])
}

/// Adds that at least one of them is there.
fn any_of(object: Tree, names: &[&str]) -> Tree {
    let one = |name: &&str| Tree::object([("required", Tree::texts([*name]))]);
    object.with("anyOf", Tree::List(names.iter().map(one).collect()))
}

fn one_of(object: Tree, names: [&str; 2]) -> Tree {
    let only = |name: &str| Tree::object([("required", Tree::texts([name]))]);
    object.with("oneOf", Tree::List(names.map(only).to_vec()))
}

/// What stands beside the actions of a redaction.
fn redaction(object: Tree) -> Tree {
    let parameters = |action: &&'static str| {
        let takes = redaction_document::takes(action);
        let others = redaction_document::PARAMETERS.iter().filter(|name| !takes.contains(name));
        let none = Tree::Object(others.map(|name| ((*name).to_owned(), Tree::Bool(false))).collect());
        let then = Tree::object([("properties", none)]);
        let then = match redaction_document::needs(action) {
            Some(name) => then.with("required", Tree::texts([name])),
            None => then,
        };
        if_then("action", constant(action), then)
    };
    let by_path = Tree::object([("properties", Tree::object([("caseInsensitiveKeys", Tree::Bool(false))]))]);
    let rules = ACTIONS.iter().map(parameters).chain([if_then("detect", Tree::object([]), by_path)]);
    one_of(object, ["path", "detect"]).with("allOf", Tree::List(rules.collect()))
}

/// What stands beside the operators that need this.
fn operands(needs: Needs) -> Tree {
    let operators = Operator::ALL.iter().filter(|operator| operator.needs() == needs).map(|operator| operator.word());
    let properties = |value: Tree, path: Option<Tree>| {
        let members = [("value", value)].into_iter().chain(path.map(|path| ("valuePath", path)));
        Tree::object([("properties", Tree::Object(members.map(|(name, shape)| (name.to_owned(), shape)).collect()))])
    };
    let then = if needs == Needs::Nothing {
        properties(Tree::Bool(false), Some(Tree::Bool(false)))
    } else if needs.takes_path() {
        one_value(properties(operand(needs), None))
    } else {
        properties(operand(needs), Some(Tree::Bool(false))).with("required", Tree::texts(["value"]))
    };
    if_then("operator", Tree::object([("enum", Tree::texts(operators))]), then)
}

fn operand(needs: Needs) -> Tree {
    let any_of = |shapes: Vec<Tree>| Tree::object([("anyOf", Tree::List(shapes))]);
    let several = |of: Tree| {
        let list = Tree::object([("type", Tree::text("array")), ("items", of), ("minItems", Tree::Number(1))]);
        list.with("maxItems", Tree::Number(VALUES_MAX))
    };
    let number = || Tree::object([("type", Tree::text("number"))]);
    let other_scalars = || Tree::object([("type", Tree::texts(["number", "boolean", "null"]))]);
    let network = || Tree::object([("type", Tree::text("string")), ("pattern", Tree::text(NETWORK))]);
    match needs {
        Needs::Nothing => Tree::Bool(false),
        Needs::Scalar => any_of(vec![text(0, VALUE_BYTES_MAX), other_scalars()]),
        Needs::Part => any_of(vec![text(1, VALUE_BYTES_MAX), other_scalars()]),
        Needs::List => any_of(vec![several(text(0, VALUE_BYTES_MAX)), several(number())]),
        Needs::Number => number(),
        Needs::Text => text(1, VALUE_BYTES_MAX),
        Needs::Like => text(1, VALUE_BYTES_MAX).with("pattern", Tree::text(few_wildcards())),
        Needs::Expression => text(1, EXPRESSION_BYTES_MAX),
        Needs::Networks => any_of(vec![network(), several(network())]),
        Needs::Times => {
            let time = Tree::object([("type", Tree::text("string")), ("pattern", Tree::text(TIME_OF_DAY))]);
            let list = Tree::object([("type", Tree::text("array")), ("items", time), ("minItems", Tree::Number(2))]);
            list.with("maxItems", Tree::Number(2)).with("uniqueItems", Tree::Bool(true))
        }
    }
}

/// A rule for documents in which a member is there and looks so.
fn if_then(member: &str, looks: Tree, then: Tree) -> Tree {
    let condition =
        Tree::object([("properties", Tree::object([(member, looks)])), ("required", Tree::texts([member]))]);
    Tree::object([("if", condition), ("then", then)])
}

fn text(least: usize, most: usize) -> Tree {
    let text = Tree::object([("type", Tree::text("string"))]);
    let text = if least == 0 { text } else { text.with("minLength", Tree::Number(least)) };
    text.with("maxLength", Tree::Number(most))
}

fn constant(word: &str) -> Tree {
    Tree::object([("const", Tree::text(word))])
}

/// A bracket may have the name in several spellings, and is left to the reader.
fn path_pattern(roots: Option<&[&str]>) -> String {
    match roots {
        None => "^\\$".to_owned(),
        Some(roots) => format!("^\\$[ \\t\\n\\r]*(\\[|\\.({})([ \\t\\n\\r.\\[]|$))", roots.join("|")),
    }
}

fn resource(kinds: &[ResourceType]) -> Tree {
    few_wildcards_in(text(1, RESOURCE_BYTES_MAX).with("pattern", Tree::text(any_of_kinds(kinds))))
}

/// Adds how many wildcards there may be.
fn few_wildcards_in(pattern: Tree) -> Tree {
    pattern.with("allOf", Tree::List(vec![Tree::object([("pattern", Tree::text(few_wildcards()))])]))
}

fn any_of_kinds(kinds: &[ResourceType]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind_pattern(*kind)).collect();
    format!("^({})$", kinds.join("|"))
}

fn kind_pattern(kind: ResourceType) -> String {
    let name = match kind {
        ResourceType::Tool | ResourceType::Prompt => "[A-Za-z0-9_.*-]+".to_owned(),
        ResourceType::Resource => URI.to_owned(),
        ResourceType::Agent => {
            format!("[A-Za-z0-9._*-]{{1,{AGENT_NAME_BYTES_MAX}}}(/[A-Za-z0-9._*-]{{1,{SKILL_ID_BYTES_MAX}}})?")
        }
        ResourceType::Model => format!("[A-Za-z0-9._:/@*-]{{1,{MODEL_NAME_BYTES_MAX}}}"),
    };
    format!("{}{name}", kind.prefix())
}

fn few_wildcards() -> String {
    format!("^[^*]*([*][^*]*){{0,{WILDCARDS_MAX}}}$")
}

const NO_CONTROLS: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

const LIMITS: &[&str] = &["argumentBytesMax", "argumentDepthMax", "stringBytesMax", LIMIT_TOKENS];

const SCOPE: &str = "^[!#-\\[\\]-~]+$";

const TIME: &str =
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|\\+00:00)$";

const TIME_OF_DAY: &str = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";

const NETWORK: &str = "^[0-9A-Fa-f:.]+/[0-9]{1,3}$";

const PUSH_URL: &str = "^https://([*][.])?[a-z0-9._:\\[\\]-]+/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*$";

const URI: &str = "([*]+|[a-z][a-z0-9+.-]*:[A-Za-z0-9._~!$&'()*+,;=:@/?%\\[\\]-]+)";
