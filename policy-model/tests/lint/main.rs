//! What authors are told of their policies.
#![cfg(test)]

#[path = "../support/asking.rs"]
mod asking;
mod linting;
#[path = "../support/policies.rs"]
mod policies;
#[path = "../support/random.rs"]
mod random;

mod calls;
mod conditions;
mod facts;
mod pins;
mod positions;
mod resources;
mod robustness;
mod rules;
mod shown;
mod soundness;
