//! Where policies live: one DynamoDB table, `User -> Tenant -> Policy`.
//!
//! [`registry`] answers who a principal is and what policies hold, from a cache with a stated staleness bound; `lookup` asks the
//! table, [`policies`] holds what it points to; [`record`] is what the items look like (`docs/registry.md`), [`key`] how they
//! are found; [`tenants`] finds the tenant where a token names none; [`tasks`] says whose a task is and which tool made it, [`changes`] what pinned tools were seen to become; [`admin`] creates, loads and dumps a table.

pub mod admin;
pub mod changes;
pub mod client;
mod dynamodb_json;
pub mod key;
mod lookup;
mod moment;
pub mod policies;
pub mod principal;
mod read;
pub mod record;
pub mod registry;
mod task_id;
pub mod tasks;
pub mod tenants;

pub use changes::{CHANGES_WRITTEN_MAX, ChangeRefusal, Sighting};
pub use client::{AwsEnvironment, ClientSettings};
pub use moment::Moment;
pub use policies::PolicyFault;
pub use principal::{Principal, PrincipalKind, client_subject, is_reserved_subject};
pub use record::{ChangeRecord, Roles, ScopeBound, TaskRecord, Workspaces, sha256, sha256_hex};
pub use registry::{BaselineMode, CacheState, Grant, Refusal, Registry, Resolution, Settings, Shadow};
pub use task_id::{InvalidTaskId, TASK_ID_BYTES_MAX, TaskId};
pub use tasks::TaskRefusal;
pub use tenants::Member;
