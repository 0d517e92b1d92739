//! What the items of the table say. An item that says anything else is refused as a whole.

mod attributes;
mod change;
mod change_set;
mod client;
mod context;
mod conversation;
mod kill;
mod log_entry;
mod membership;
mod policy;
mod route;
mod task;
mod tenant;
mod version;

use std::collections::HashMap;

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{Digest, PolicyId};

pub(crate) use attributes::item_bytes;
pub use change::ChangeRecord;
pub(crate) use change::{SEEN_AT, SHA256, definition_word};
pub use change_set::{ChangeSet, ChangeSetState};
pub use client::{Client, ScopeBound, is_scope};
pub use context::{ContextRecord, GATEWAY_BYTES_MAX, REQUEST_ID_BYTES_MAX};
pub(crate) use context::{is_gateway, is_request_id};
pub use conversation::ConversationRecord;
pub use kill::{KILLS_MAX, KILLS_POLICY_ID, Kill, KillScope, KillSwitch};
pub use log_entry::{Action, LogEntry};
pub(crate) use log_entry::{CHANGE_SET_LOG_PREFIX, KILL_LOG_PREFIX, MEMBER_PREFIX, REVISION_PREFIX, ROUTE_LOG_PREFIX};
pub use membership::{Membership, Roles, Workspaces};
pub use policy::PolicyRecord;
pub use route::{ROUTE_ID_BYTES_MAX, RouteBinding, RouteProtocol, RouteResponses};
pub(crate) use route::{is_route_id, route_revision, route_revision_number};
pub use task::{EXPIRES_AT, TaskRecord};
pub use tenant::{Baseline, Tenant};
pub use version::PolicyVersion;
pub(crate) use version::{content_record, content_record_version};

/// The version of the item layout that this code reads and writes.
pub const SCHEMA: &str = "1";

/// An item as DynamoDB gives it.
pub type Item = HashMap<String, AttributeValue>;

/// Whether a membership, tenant or route may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Active,
    /// It may not, until somebody lifts the suspension.
    Suspended,
}

/// Which document is meant: a half-done publication is noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPointer {
    /// The document's `policyId`.
    pub policy: PolicyId,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
}

/// An item that is not a record of its kind: the attribute that is wrong. It quotes nothing of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedItem(pub &'static str);

impl Status {
    /// The status as written in an item.
    pub fn word(self) -> &'static str {
        match self {
            Status::Active => "ACTIVE",
            Status::Suspended => "SUSPENDED",
        }
    }

    /// Takes the word; `None` for any other.
    pub fn from_word(word: &str) -> Option<Status> {
        match word {
            "ACTIVE" => Some(Status::Active),
            "SUSPENDED" => Some(Status::Suspended),
            _ => None,
        }
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Digest {
    let mut out = [0; digest::SHA256_OUTPUT_LEN];
    let computed = digest::digest(&digest::SHA256, bytes);
    out.iter_mut().zip(computed.as_ref()).for_each(|(out, byte)| *out = *byte);
    Digest::new(out)
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    sha256(bytes).to_string()
}
