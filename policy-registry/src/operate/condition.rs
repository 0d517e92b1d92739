//! The conditions under which something is written.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::key::PK;

/// What must be so of the item under a key; all of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition {
    parts: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

/// A condition as a request says it.
pub(super) struct Expression {
    pub(super) text: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}

impl Condition {
    /// There is no item.
    pub(super) fn absent() -> Condition {
        Condition::default().without(PK)
    }

    /// There is one.
    pub(super) fn present() -> Condition {
        Condition::default().with(PK)
    }

    /// It has this attribute.
    pub(super) fn with(mut self, name: &str) -> Condition {
        self.name(name);
        self.parts.push(format!("attribute_exists(#{name})"));
        self
    }

    /// It lacks this attribute.
    pub(super) fn without(mut self, name: &str) -> Condition {
        self.name(name);
        self.parts.push(format!("attribute_not_exists(#{name})"));
        self
    }

    /// An attribute is as it was read, also where it was missing.
    pub(super) fn same(mut self, name: &str, value: Option<&AttributeValue>) -> Condition {
        let Some(value) = value else { return self.without(name) };
        self.name(name);
        self.parts.push(format!("#{name} = :{name}"));
        self.values.insert(format!(":{name}"), value.clone());
        self
    }

    fn name(&mut self, name: &str) {
        self.names.insert(format!("#{name}"), name.to_owned());
    }

    pub(super) fn expression(self) -> Expression {
        let values = if self.values.is_empty() { None } else { Some(self.values) };
        Expression { text: self.parts.join(" AND "), names: self.names, values }
    }
}
