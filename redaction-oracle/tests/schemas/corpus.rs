//! The valid messages with values of a tool's making, and their schemas.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use interceptors::redacting::Said;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::corpora;

/// A message as it stands in the specification.
pub(crate) struct Message {
    pub(crate) file: String,
    pub(crate) text: String,
    value: Value,
    part: Part,
    schemas: Vec<Arc<Validator>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Result,
    Task,
    Error,
    Params,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Result | Part::Task => "result",
            Part::Error => "error",
            Part::Params => "params",
        }
    }
}

/// All of them; `None` where the suite is absent.
pub(crate) fn messages() -> Option<Vec<Message>> {
    let folder = corpora::folder("mcp")?;
    let read = |path: &Path| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let mut schemas: HashMap<(String, String), Option<Arc<Validator>>> = HashMap::new();
    let mut all = Vec::new();
    for entry in read(&folder.join("messages/index.json")).as_array().unwrap() {
        let Some((part, definitions)) = kind(entry) else { continue };
        let file = entry["file"].as_str().unwrap().to_owned();
        let version = entry["version"].as_str().unwrap();
        let text = fs::read_to_string(folder.join(file.strip_prefix("mcp/").unwrap())).unwrap().trim().to_owned();
        let value: Value = serde_json::from_str(&text).unwrap();
        if value.get("jsonrpc").is_none() {
            continue;
        }
        let mut validator = |definition: &str| {
            let key = (version.to_owned(), definition.to_owned());
            schemas
                .entry(key)
                .or_insert_with(|| of(&read(&folder.join(format!("schema/{version}/schema.json"))), definition))
                .clone()
        };
        let schemas: Vec<Arc<Validator>> = definitions.into_iter().filter_map(&mut validator).collect();
        let message = Message { file, text, value, part, schemas };
        // Where a call is answered with a task, it is no result of the call.
        if message.fault(&message.text).is_none() && !message.schemas.is_empty() {
            all.push(message);
        }
    }
    Some(all)
}

/// What of a message is redacted, and the definitions of which it must fit one.
fn kind(entry: &Value) -> Option<(Part, Vec<&str>)> {
    let of = |part: Part, definitions: &[&'static str]| Some((part, definitions.to_vec()));
    if entry["valid"] != true {
        return None;
    }
    match (entry["kind"].as_str()?, entry["answers"].as_str().or(entry["method"].as_str())?) {
        ("result", "tools/call") => of(Part::Result, &["InputRequiredResult", "CreateTaskResult", "CallToolResult"]),
        ("result", "prompts/get") => of(Part::Result, &["InputRequiredResult", "GetPromptResult"]),
        ("result", "resources/read") => of(Part::Result, &["InputRequiredResult", "ReadResourceResult"]),
        ("result", "completion/complete") => of(Part::Result, &["CompleteResult"]),
        ("result", "tasks/result") => of(Part::Result, &["CallToolResult"]),
        ("result", "tasks/get" | "tasks/cancel") => of(Part::Task, &["GetTaskResult", "CancelTaskResult"]),
        ("error", _) => Some((Part::Error, vec![entry["type"].as_str()?])),
        ("request", "elicitation/create" | "sampling/createMessage") => {
            Some((Part::Params, vec![entry["type"].as_str()?]))
        }
        (_, _) => None,
    }
}

fn of(schema: &Value, definition: &str) -> Option<Arc<Validator>> {
    let place = if schema.get("$defs").is_some() { "$defs" } else { "definitions" };
    schema[place].get(definition)?;
    let whole = json!({"$schema": schema["$schema"], "$ref": format!("#/{place}/{definition}"), place: schema[place]});
    Some(Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).unwrap()))
}

impl Message {
    /// What is redacted in it.
    pub(crate) fn said(&self) -> &Value {
        &self.value[self.part.name()]
    }

    pub(crate) fn as_said<'d>(&self, document: policy_model::json::Value<'d>) -> Said<'d> {
        let said = document.get(self.part.name()).unwrap();
        match self.part {
            Part::Result => Said::Result(said),
            Part::Task => Said::Task(said),
            Part::Error => Said::Error(said),
            Part::Params => Said::ServerRequest(said),
        }
    }

    /// Why a text is not valid where this message is; nothing if it fits one of the definitions that this message fits.
    pub(crate) fn fault(&self, text: &str) -> Option<String> {
        let part = |value: &Value| match self.part {
            Part::Result | Part::Task => value["result"].clone(),
            // The whole message has a definition.
            Part::Error | Part::Params => value.clone(),
        };
        let (before, after) = (part(&self.value), part(&serde_json::from_str(text).unwrap()));
        let fits: Vec<&Arc<Validator>> = self.schemas.iter().filter(|schema| schema.is_valid(&before)).collect();
        if fits.iter().any(|schema| schema.is_valid(&after)) {
            return None;
        }
        let fault = fits.first().and_then(|schema| schema.iter_errors(&after).next().map(|error| error.to_string()));
        Some(fault.unwrap_or_else(|| "it fits no definition".to_owned()))
    }
}
