//! The two interceptors through their public door.
#![cfg(test)]

// What the tests stand on.
mod corpora;
mod events;
mod fixtures;
mod issuer;
mod mutation;
mod naive_policy;
mod received;
mod signer;
mod stage;
mod twins;

// The tests.
mod hostile_events;
mod keys_by_url;
mod reply_bounds;
mod settings;
