//! A policy of redactions, applied to a document.

use policy_model::json;
use policy_model::{Layers, Policy, Resource, ToolName};

/// A policy that redacts these paths in the results of every tool.
pub(crate) fn policy(redactions: &[(&str, &str)]) -> Policy {
    let redaction = |(action, path): &(&str, &str)| {
        format!(r#"{{"resources":["agent:tool:*"],"path":{},"action":"{action}"}}"#, json::quote(path))
    };
    let redactions: Vec<String> = redactions.iter().map(redaction).collect();
    let document = format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"redactions":[{}]}}"#, redactions.join(","));
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// A document with its redactions made.
pub(crate) fn redacted(policy: &Policy, document: &str) -> String {
    let parsed = json::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"));
    let redactor = Layers::of(policy).redactor(Some(&[Resource::Tool(ToolName::parse("a___b").unwrap())]), None);
    redactor.redact_json(document).unwrap_or_else(|| parsed.text().to_owned())
}
