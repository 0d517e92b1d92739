//! A policy of redactions, written out, applied to a document.

use policy_model::Policy;

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
