//! Policies of `arguments`.

use policy_model::Policy;
use serde_json::Value;

/// A policy with these entries of `arguments`.
pub(crate) fn parse(tenant: &str, entries: &str) -> Policy {
    let document = format!(r#"{{"policyId":"p","tenantId":"{tenant}","rules":[],"arguments":[{entries}]}}"#);
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

/// An entry for the tool `t`.
pub(crate) fn entry(action: &str, path: &str, more: &str) -> String {
    format!(r#"{{"resources":["agent:tool:t"],"action":"{action}","path":{}{more}}}"#, Value::from(path))
}

/// SET with a value that is written out.
pub(crate) fn set(path: &str, value: &str) -> String {
    entry("SET", path, &format!(r#","value":{value}"#))
}

/// SET with a value from elsewhere.
pub(crate) fn set_from(path: &str, value_path: &str) -> String {
    entry("SET", path, &format!(r#","valuePath":{}"#, Value::from(value_path)))
}
