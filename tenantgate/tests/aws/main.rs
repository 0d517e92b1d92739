//! `tenantgate gateway` and `tenantgate deploy` from outside, against a stand-in of AWS and against moto.
#![cfg(test)]

// What the tests stand on.
mod command;
mod functions;
mod moto;
mod stand_in;

// The tests.
mod api;
mod attach;
mod deploy;
mod detach;
mod emulator;
mod refusals;
mod settling;
