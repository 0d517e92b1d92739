//! A policy of redactions, written out, applied to a document.

use policy_model::redaction::{HashKey, HashKeys};
use policy_model::{Layers, Policy, TenantId};

/// A policy with these redactions, each without its braces and resources.
pub(crate) fn policy(redactions: &[&str]) -> Policy {
    let redactions: Vec<String> =
        redactions.iter().map(|redaction| format!(r#"{{"resources":["agent:tool:*"],{redaction}}}"#)).collect();
    let document = format!(
        r#"{{"policyId":"p","tenantId":"t","hashKey":"k","rules":[],"redactions":[{}]}}"#,
        redactions.join(",")
    );
    Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"))
}

/// A document with its redactions made.
pub(crate) fn redacted(policy: &Policy, document: &str) -> String {
    let tenant = HashKey::of_tenant(&[7; 32], &TenantId::parse("t").unwrap());
    redacted_with(policy, document, HashKeys { tenant, ..HashKeys::default() })
}

/// The same with other keys.
pub(crate) fn redacted_with(policy: &Policy, document: &str, keys: HashKeys) -> String {
    let redactor = Layers::of(policy).redactor(None, None).with_keys(keys);
    redactor.redact_json(document).unwrap_or_else(|| document.to_owned())
}
