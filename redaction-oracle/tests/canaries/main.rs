//! Messages of all kinds and versions with values that are used nowhere else, some of them at places that a policy redacts.
//! What must come back is known to the byte before the product is asked.
#![cfg(test)]

mod campaign;

mod message;

mod content;
mod document;
mod rules;
mod words;

mod canary;
mod copies;
mod search;
mod template;

#[path = "../../../policy-oracle/tests/oracle/random.rs"]
#[expect(dead_code, reason = "the decisions' oracle draws in more ways")]
mod random;

#[path = "../../../policy-oracle/tests/oracle/batches.rs"]
mod batches;
