//! All detectors in one text.

use std::str;

use policy_model::detector::Detectors;
use policy_model::redaction::{MASK, Prose};
use policy_model::{Layers, Policy};

/// What is found stands in the text, in its order; what was masked is not found again.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let found = Detectors::all().find(text);
    assert!(found.iter().all(|one| !one.range.is_empty() && text.get(one.range.clone()).is_some()), "not in the text");
    assert!(found.is_sorted_by_key(|one| one.range.start), "not in order");
    assert_eq!(found, Detectors::all().find(text), "another time others");
    let Ok(policy) = Policy::parse(POLICY) else { return };
    let redact = |text: &str| Layers::of(&policy).redactor(None, None).redact_text(text, Prose::Text);
    if let Some(once) = redact(text) {
        // In a shorter text there may be no time to read what looks like JSON: then it is masked.
        assert!(redact(&once).is_none_or(|twice| twice == MASK), "{once} is redacted again");
    }
}

const POLICY: &[u8] = br#"{"policyId":"p","tenantId":"t","rules":[],"redactions":[{"resources":["agent:tool:*"],"action":"MASK",
    "detect":["EMAIL","PHONE","PAYMENT_CARD","IBAN","US_SSN","IP_ADDRESS","JWT","AWS_KEY","PRIVATE_KEY","BEARER_TOKEN","URL_CREDENTIALS"]}]}"#;
