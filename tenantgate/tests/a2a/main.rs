//! A2A from end to end: a client and an agent of others, and between them a gateway with the two real interceptors.
#![cfg(test)]

// What the tests stand on.
#[path = "../support/folder.rs"]
mod folder;
mod forwarding;
mod gateway;
mod interceptors;
mod meter;
mod peers;
mod registry;
mod stage;
mod table;
mod wire;

// The harness itself, with interceptors that change nothing, or what they should not.
mod harness;
mod harness_replies;

// The tests.
mod bindings;
mod cards;
mod cost;
mod errors;
mod headers;
mod parts;
mod push;
mod refusals;
mod retries;
mod streams;
mod tasks;
mod tenant_context;
mod unknown_callers;
mod withdrawals;
