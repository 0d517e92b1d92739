//! The operator's commands from outside: the real command against registries in files and at an endpoint.
#![cfg(test)]

// What the tests stand on.
mod desk;
mod page;

// The tests.
mod answers;
mod cut_off;
mod day;
mod import;
mod publish;
mod revocation;
mod shell;
mod usage;
mod versions;
