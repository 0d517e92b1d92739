//! Tenant sessions through their public doors: the endpoint, the command, and real AWS STS as moto has it.
#![cfg(test)]

// What the tests stand on.
mod http;
mod process;
#[path = "../../../interceptors/tests/it/signer.rs"]
mod signer;
mod stage;
mod sts;

// The tests.
mod callers;
mod command;
mod endpoint;
mod exchange;
mod moto;
mod revocation;
mod web_identity;
