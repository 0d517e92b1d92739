//! A redaction as a policy says it.

use serde_json::{Map, Value, json};

/// What a path selects, and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) path: String,
    pub(crate) folds_case: bool,
    pub(crate) action: Action,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    Remove,
    Mask { keeps_type: bool },
    Show { first: usize, last: usize, keeps_type: bool },
    Truncate { length: usize, keeps_type: bool },
    Replace(Value),
    Hash,
}

impl Rule {
    pub(crate) fn document(&self) -> Value {
        let mut members = Map::new();
        members.insert("resources".to_owned(), json!(["agent:tool:*"]));
        members.insert("path".to_owned(), json!(self.path));
        if self.folds_case {
            members.insert("caseInsensitiveKeys".to_owned(), json!(true));
        }
        let mut add = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        match &self.action {
            Action::Remove => add("action", json!("REMOVE")),
            Action::Hash => add("action", json!("HASH")),
            Action::Replace(with) => {
                add("action", json!("REPLACE"));
                add("with", with.clone());
            }
            Action::Mask { keeps_type } => {
                add("action", json!("MASK"));
                add("preserveType", json!(keeps_type));
            }
            Action::Show { first, last, keeps_type } => {
                add("action", json!("MASK"));
                add("keepFirst", json!(first));
                add("keepLast", json!(last));
                add("preserveType", json!(keeps_type));
            }
            Action::Truncate { length, keeps_type } => {
                add("action", json!("TRUNCATE"));
                add("length", json!(length));
                add("preserveType", json!(keeps_type));
            }
        }
        Value::Object(members)
    }
}

/// A policy with these redactions.
pub(crate) fn policy(rules: &[Rule]) -> String {
    let redactions: Vec<Value> = rules.iter().map(Rule::document).collect();
    json!({"policyId": "p", "tenantId": "t", "hashKey": "k", "rules": [], "redactions": redactions}).to_string()
}
