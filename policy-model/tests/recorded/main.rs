//! What is recorded of decisions, and what is decided again from it.
#![cfg(test)]

#[path = "../support/asker.rs"]
mod asker;
#[path = "../support/random.rs"]
mod random;
#[path = "../support/resource.rs"]
mod resource;

mod draw;
mod gaps;
mod law;
mod text;
