//! `tenantgate state` from outside: what it prints, what it writes, and what Terraform makes of it.
#![cfg(test)]

mod check;
#[path = "../support/folder.rs"]
mod folder;
mod hostile;
mod key;
mod migrate;
mod migration;
mod module;
mod terraform;
mod tf_init;
