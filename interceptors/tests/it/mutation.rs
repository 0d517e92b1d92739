//! Small changes to bytes and to JSON, as strategies.

use proptest::prelude::{Just, Strategy, any, prop};
use proptest::prop_oneof;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

/// A runner that leaves no files behind.
pub(crate) fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// One change to bytes.
#[derive(Debug, Clone)]
pub(crate) enum ByteChange {
    Flip(Index, u8),
    Insert(Index, u8),
    Delete(Index),
    Truncate(Index),
    Repeat(Index, Index),
}

pub(crate) fn byte_changes() -> impl Strategy<Value = Vec<ByteChange>> {
    let byte = prop_oneof![any::<u8>(), select(b"{}[]\",:\\ue0 \0".to_vec())];
    let index = any::<Index>;
    let change = prop_oneof![
        4 => (index(), byte.clone()).prop_map(|(at, byte)| ByteChange::Flip(at, byte)),
        2 => (index(), byte).prop_map(|(at, byte)| ByteChange::Insert(at, byte)),
        2 => index().prop_map(ByteChange::Delete),
        1 => index().prop_map(ByteChange::Truncate),
        1 => (index(), index()).prop_map(|(from, to)| ByteChange::Repeat(from, to)),
    ];
    prop::collection::vec(change, 1..4)
}

impl ByteChange {
    pub(crate) fn make(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            ByteChange::Flip(at, byte) => *at.get_mut(bytes) = *byte,
            ByteChange::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
            ByteChange::Delete(at) => drop(bytes.remove(at.index(bytes.len()))),
            ByteChange::Truncate(at) => bytes.truncate(at.index(bytes.len())),
            ByteChange::Repeat(from, to) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                let piece = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(from..from, piece);
            }
        }
    }
}

/// One change to a JSON value: where, and what becomes of the value or member there.
#[derive(Debug, Clone)]
pub(crate) struct JsonChange {
    at: Index,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Replace(Value),
    WrapInArray,
    WrapInObject(String),
    Remove,
    Rename(String),
    Double(Value),
    OtherCase,
    AddMember(String, Value),
}

pub(crate) fn json_changes() -> impl Strategy<Value = Vec<JsonChange>> {
    let what = prop_oneof![
        4 => value().prop_map(What::Replace),
        1 => Just(What::WrapInArray),
        1 => name().prop_map(What::WrapInObject),
        2 => Just(What::Remove),
        1 => name().prop_map(What::Rename),
        2 => value().prop_map(What::Double),
        1 => Just(What::OtherCase),
        1 => (name(), value()).prop_map(|(name, value)| What::AddMember(name, value)),
    ];
    let change = (any::<Index>(), what).prop_map(|(at, what)| JsonChange { at, what });
    prop::collection::vec(change, 0..4)
}

/// Names that mean something to a gateway.
pub(crate) fn name() -> impl Strategy<Value = String> {
    select(NAMES).prop_map(str::to_owned)
}

/// Values that mean something, or are of another type than expected.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let others = [json!(null), json!(true), json!(0), json!(-1), json!(1.5), json!([]), json!({}), json!([[]])];
    prop_oneof![select(VALUES).prop_map(Value::from), select(others.to_vec())]
}

impl JsonChange {
    pub(crate) fn make(&self, root: &mut Value) {
        let mut places = Vec::new();
        collect(root, String::new(), &mut places);
        let place = &places[self.at.index(places.len())];
        match &self.what {
            What::Replace(value) => *root.pointer_mut(place).unwrap() = value.clone(),
            What::WrapInArray => {
                let value = root.pointer_mut(place).unwrap();
                *value = json!([value.take()]);
            }
            What::WrapInObject(name) => {
                let value = root.pointer_mut(place).unwrap();
                *value = json!({name: value.take()});
            }
            What::AddMember(name, value) => {
                if let Some(members) = root.pointer_mut(place).unwrap().as_object_mut() {
                    members.insert(name.clone(), value.clone());
                }
            }
            What::Remove | What::Rename(_) | What::Double(_) | What::OtherCase => self.change_member(root, place),
        }
    }

    fn change_member(&self, root: &mut Value, place: &str) {
        let Some((parent, name)) = place.rsplit_once('/') else { return };
        let name = name.replace("~1", "/").replace("~0", "~");
        let Some(members) = root.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
        let value = members[&name].clone();
        match &self.what {
            What::Remove => drop(members.remove(&name)),
            What::Rename(other) => {
                members.remove(&name);
                members.insert(other.clone(), value);
            }
            What::OtherCase => {
                members.remove(&name);
                members.insert(name.to_uppercase(), value);
            }
            What::Double(other) => drop(members.insert(format!("{name}{TWIN}"), other.clone())),
            What::Replace(_) | What::WrapInArray | What::WrapInObject(_) | What::AddMember(..) => {}
        }
    }
}

/// The JSON text of a changed value, in which doubled members have one name.
pub(crate) fn text(value: &Value) -> String {
    value.to_string().replace(TWIN, "")
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, element)| collect(element, format!("{place}/{index}"), places));
        }
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            collect(value, format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")), places);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    places.push(place);
}

/// Marks the second of two members with one name until the text is written.
const TWIN: char = '\u{e000}';

const NAMES: &[&str] = &[
    "mcp",
    "http",
    "interceptorInputVersion",
    "gatewayRequest",
    "rawGatewayRequest",
    "gatewayResponse",
    "headers",
    "body",
    "httpMethod",
    "Authorization",
    "authorization",
    "statusCode",
    "jsonrpc",
    "id",
    "method",
    "Method",
    "params",
    "name",
    "Name",
    "arguments",
    "_meta",
    "result",
    "error",
    "tools",
    "content",
    "structuredContent",
    "x",
    "",
];

const VALUES: &[&str] = &[
    "",
    "1.0",
    "2.0",
    "POST",
    "GET",
    "tools/call",
    "tools/list",
    "Tools/Call",
    "initialize",
    "ping",
    "prompts/get",
    "orders___getOrder",
    "orders___purgeAll",
    "crm___getContact",
    "crm___deleteContact",
    "support___order-lookup",
    "order-lookup",
    "admin-refund",
    "ORDERS___getOrder",
    "orders____x",
    "orders___getOrder ",
    "orders-admin___x",
    "*",
    "x_amz_bedrock_agentcore_search",
    "payroll___getEmployee",
    "Bearer a.b.c",
    "{\"tools\":[]}",
    "\u{17f}",
    "\u{0}",
];
