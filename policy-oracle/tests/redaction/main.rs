//! The product's redactions of one document, compared with a redactor that was written for nothing but being right: a tree
//! that is copied, with the paths followed by another library. Both read the same random rules and documents.
#![cfg(test)]

mod comparison;

mod reference;

mod expected;
mod located;
mod treatment;

mod rule;

mod generate;
mod shrink;
mod spelling;

#[path = "../oracle/random.rs"]
#[expect(dead_code, reason = "the decisions' oracle draws in more ways")]
mod random;

#[path = "../oracle/batches.rs"]
mod batches;
