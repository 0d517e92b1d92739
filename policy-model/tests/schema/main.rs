//! The published JSON Schema: what it says, and that the reader agrees.
#![cfg(test)]

#[path = "../support/policies.rs"]
mod policies;
#[path = "../support/random.rs"]
mod random;

mod documents;
mod file;
mod mutations;
