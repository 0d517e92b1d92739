//! Messages of the MCP specification stay valid against its schemas, whatever a policy redacts in them.
#![cfg(test)]

#[path = "../../../policy-model/tests/support/corpora.rs"]
mod corpora;
mod corpus;

use std::collections::BTreeSet;

use interceptors::redacting::redact;
use policy_model::{Layers, Policy, json};
use serde_json::Value;

use corpus::{Message, messages};

#[test]
fn without_redactions_every_message_stays_as_it_is() {
    let Some(messages) = messages() else { return };
    let policy = policy("");
    for message in &messages {
        assert_eq!(redacted(message, &policy), None, "{}", message.file);
    }
    println!("{} messages", messages.len());
    assert!(messages.len() >= 60, "{} messages", messages.len());
}

/// Each member's name in turn, wherever it occurs.
#[test]
fn a_message_with_a_member_masked_is_still_valid() {
    let Some(messages) = messages() else { return };
    let (mut checked, mut changed) = (0, 0);
    let mut broken = BTreeSet::new();
    for message in &messages {
        let mut names = BTreeSet::new();
        add_names(message.said(), &mut names);
        for name in &names {
            for action in [r#""MASK""#, r#""MASK","preserveType":true"#, r#""REMOVE""#] {
                let path = json::quote(&format!("$..['{name}']"));
                let policy = policy(&format!(r#"{{"resources":["agent:tool:*"],"path":{path},"action":{action}}}"#));
                checked += 1;
                let Some(text) = redacted(message, &policy) else { continue };
                changed += 1;
                if let Some(fault) = message.fault(&text) {
                    broken.insert(format!("{action} {name} in {}: {fault}", message.file));
                }
            }
        }
    }
    println!("{checked} redactions, {changed} of them changed the message");
    assert!(changed >= 300, "{changed} of {checked}");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_message_under_every_detector_is_still_valid() {
    let Some(messages) = messages() else { return };
    let detectors = r#"["EMAIL","PHONE","PAYMENT_CARD","IBAN","US_SSN","IP_ADDRESS","JWT","AWS_KEY","PRIVATE_KEY","BEARER_TOKEN","URL_CREDENTIALS"]"#;
    let policy = policy(&format!(r#"{{"resources":["agent:tool:*"],"detect":{detectors},"action":"MASK"}}"#));
    for message in &messages {
        if let Some(text) = redacted(message, &policy) {
            assert_eq!(message.fault(&text), None, "{}\n{text}", message.file);
        }
    }
}

fn policy(redactions: &str) -> Policy {
    let text = format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"redactions":[{redactions}]}}"#);
    Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn redacted(message: &Message, policy: &Policy) -> Option<String> {
    let document = json::parse(message.text.as_bytes()).unwrap();
    let redactor = Layers::of(policy).redactor(None, None);
    // What is withheld is answered with a refusal.
    redact(&redactor, document.root(), message.as_said(document.root())).unwrap_or(None)
}

fn add_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add_names(item, names)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            names.insert(name.clone());
            add_names(value, names);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
