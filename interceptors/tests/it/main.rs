//! The two interceptors through their public door.
#![cfg(test)]

mod corpora;
mod events;
mod fixtures;
mod naive_policy;
mod received;
mod signer;
mod stage;
mod twins;

mod hostile_events;
mod mutation;
