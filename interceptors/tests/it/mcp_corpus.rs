//! The messages in the text of the MCP specification, and whose methods are whose by its schemas.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::corpora;

pub(crate) struct Corpus {
    pub(crate) messages: Vec<Message>,
    client_methods: BTreeSet<(String, String)>,
}

pub(crate) struct Message {
    pub(crate) file: String,
    version: String,
    pub(crate) answers: Option<String>,
    pub(crate) text: String,
    pub(crate) value: Value,
}

impl Corpus {
    pub(crate) fn open() -> Option<Corpus> {
        let folder = corpora::folder("mcp")?;
        let index = corpora::json(&folder.join("messages/index.json"));
        let messages: Vec<Message> = index
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| Message::read(&folder, entry))
            .filter(Message::is_whole)
            .collect();
        assert!(messages.len() > 200, "only {} messages", messages.len());
        let versions: BTreeSet<&str> = messages.iter().map(|message| message.version.as_str()).collect();
        assert_eq!(versions.len(), 4);
        let client_methods = versions.into_iter().flat_map(|version| client_methods(&folder, version)).collect();
        Some(Corpus { messages, client_methods })
    }

    /// Whether the version's schema has the method among those of a client.
    pub(crate) fn is_of_client(&self, message: &Message, method: &str) -> bool {
        self.client_methods.contains(&(message.version.clone(), method.to_owned()))
    }
}

impl Message {
    fn read(folder: &Path, entry: &Value) -> Message {
        let file = entry["file"].as_str().unwrap().to_owned();
        let path = folder.join(file.strip_prefix("mcp/").unwrap());
        let text = std::fs::read_to_string(path).unwrap().trim().to_owned();
        let value = serde_json::from_str(&text).unwrap();
        let answers = entry.get("answers").and_then(Value::as_str).map(str::to_owned);
        Message { file, version: entry["version"].as_str().unwrap().to_owned(), answers, text, value }
    }

    /// Whether it is a JSON-RPC message and not a part of one.
    fn is_whole(&self) -> bool {
        self.value.get("jsonrpc").is_some()
    }

    pub(crate) fn is_answer(&self) -> bool {
        self.value.get("method").is_none()
    }

    pub(crate) fn headers(&self) -> Value {
        json!({"MCP-Protocol-Version": self.version})
    }
}

/// The methods of `ClientRequest` and `ClientNotification` in a version's schema.
fn client_methods(folder: &Path, version: &str) -> Vec<(String, String)> {
    let schema = corpora::json(&folder.join(format!("schema/{version}/schema.json")));
    let definitions = schema.get("definitions").or_else(|| schema.get("$defs")).unwrap();
    let mut methods = Vec::new();
    for union in ["ClientRequest", "ClientNotification"] {
        // A union of one is that one.
        let only = std::slice::from_ref(&definitions[union]);
        for member in definitions[union]["anyOf"].as_array().map_or(only, Vec::as_slice) {
            let name = member["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
            let definition = name.map_or(member, |name| &definitions[name]);
            let method = definition["properties"]["method"]["const"].as_str().unwrap();
            methods.push((version.to_owned(), method.to_owned()));
        }
    }
    assert!(methods.len() > 5);
    methods
}
