//! Where policies live: one DynamoDB table, `User -> Tenant -> Policy`.
//!
//! [`registry`] answers who a principal is and what policy holds, from a cache with a stated staleness bound; [`record`] is
//! what the items look like (`docs/registry.md`), [`key`] how they are found; [`admin`] creates, loads and dumps a table.

pub mod admin;
pub mod client;
mod dynamodb_json;
pub mod key;
mod read;
pub mod record;
pub mod registry;

pub use client::{AwsEnvironment, ClientSettings};
pub use record::{Roles, sha256_hex};
pub use registry::{CacheState, Grant, Principal, Refusal, Registry, Resolution, Settings};
