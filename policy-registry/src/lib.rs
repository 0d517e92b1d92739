//! Where policies live: one DynamoDB table, `User -> Tenant -> Policy`.
//!
//! [`registry`] answers who a principal is and what policies hold, from a cache with a stated staleness bound; `lookup` asks the
//! table, [`policies`] holds what it points to; [`record`] is what the items look like (`docs/registry.md`), [`key`] how they
//! are found; [`tenants`] finds the tenant where a token names none; [`tasks`] says whose a task is and which tool made it, [`changes`] what pinned tools were seen to become;
//! [`routes`] says what a path is bound to, [`contexts`] who asked for what on it; [`admin`] creates, loads and dumps a table, [`examine`] says what an item is.

pub mod admin;
mod answers;
pub mod changes;
pub mod client;
pub mod contexts;
mod dynamodb_json;
pub mod examine;
pub mod key;
mod kills;
mod lookup;
mod moment;
pub mod operate;
pub mod policies;
pub mod principal;
mod put;
mod read;
pub mod record;
pub mod registry;
pub mod route_path;
pub mod routes;
pub mod runtime_arn;
mod task_id;
pub mod tasks;
pub mod tenants;

pub use changes::{CHANGES_WRITTEN_MAX, ChangeRefusal, Sighting};
pub use client::{AwsEnvironment, ClientSettings};
pub use contexts::{CONTEXT_BYTES_MAX, ContextRefusal};
pub use moment::Moment;
pub use policies::PolicyFault;
pub use principal::{Principal, PrincipalKind, client_subject, is_reserved_subject};
pub use record::{
    ChangeRecord, ContextRecord, ConversationRecord, Kill, KillScope, KillSwitch, Roles, RouteBinding, RouteProtocol,
    RouteResponses, ScopeBound, TaskRecord, Workspaces, sha256, sha256_hex,
};
pub use registry::{BaselineMode, CacheState, Grant, Refusal, Registry, Resolution, Settings, Shadow};
pub use route_path::{InvalidRoutePath, RoutePath};
pub use routes::RouteRefusal;
pub use runtime_arn::RuntimeArn;
pub use task_id::{InvalidTaskId, TASK_ID_BYTES_MAX, TaskId};
pub use tasks::TaskRefusal;
pub use tenants::Member;
