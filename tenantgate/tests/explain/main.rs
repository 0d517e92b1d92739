//! `tenantgate explain`, `who-can` and `what-can` from outside: what they say, and how they end.
#![cfg(test)]

#[path = "../support/folder.rs"]
mod folder;
mod registry;

mod audit;
mod commands;
mod document;
mod hostile;
mod reasons;
mod what_can;
mod who_can;
