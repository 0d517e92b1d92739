//! The operator's side of the registry: everything that changes it while interceptors read it.
//!
//! Whatever changes a tenant or the baseline is one transaction on condition that nobody changed it since it was read, together
//! with an entry in the log: `held` is how that is done, `transaction` how it is written. Policies have immutable versions
//! (`publish`, `change_set`, `rollback`, `shadow`, `versions`); `tenants`, `members`, `import` and `routes`
//! are the rest. What is listed comes page by page (`pages`).

mod backoff;
mod batch;
mod change_set;
mod clock;
mod condition;
mod document;
mod error;
mod expectation;
mod held;
mod import;
mod kills;
mod log;
mod members;
mod pages;
mod publish;
mod removal;
mod rollback;
mod routes;
mod scope;
mod shadow;
mod state;
mod status;
mod tenants;
mod transaction;
mod versions;

use std::fmt;

use aws_sdk_dynamodb::Client;

use crate::record::{Item, Status};

pub use change_set::{ChangeSetOptions, ChangeSetReport, change_set_id};
pub use document::PolicyDocument;
pub use error::OperateError;
pub use expectation::Expectation;
pub use import::{ImportPlan, ImportReport, MemberLine, REFUSED_SHOWN_MAX, RefusedLine};
pub use kills::{Kill, KillTarget, Killed};
pub use log::LogScope;
pub use members::{Enrollment, Subject};
pub use pages::{Listed, Pages, Unreadable};
pub use publish::{PublishOptions, PublishOutcome, Published};
pub use removal::{Removal, RemovalStage};
pub use rollback::{RollbackTarget, RolledBack};
pub use scope::PolicyScope;
pub use shadow::{ShadowCandidate, ShadowChange};
pub use state::PolicyState;
pub(crate) use state::{POLICY_VERSION, SHADOW_VERSION};
pub use tenants::StatusChange;
pub use versions::VersionName;

/// Whoever changes a registry table, under a name that the log keeps.
#[derive(Debug, Clone)]
pub struct Operator {
    client: Client,
    table: String,
    author: String,
    keeps_suspensions: bool,
}

/// How far something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// So many are done.
    pub done: u64,
    /// Of so many.
    pub total: u64,
}

impl Operator {
    /// An operator of a table. `author` is what the log says of whoever it was; nobody checks it.
    ///
    /// # Errors
    /// [`OperateError::Refused`] unless `author` is 1 to 128 bytes without control characters.
    pub fn new(client: Client, table: &str, author: &str) -> Result<Operator, OperateError> {
        check_text("the author", author, AUTHOR_BYTES_MAX)?;
        Ok(Operator { client, table: table.to_owned(), author: author.to_owned(), keeps_suspensions: false })
    }

    /// From now on, or no more, a member, client or route that is suspended stays so: what would make it active is refused, and an
    /// import leaves it suspended.
    pub fn keep_suspensions(&mut self, keeps: bool) {
        self.keeps_suspensions = keeps;
    }

    /// Refuses what would make something active again that stands in the table as suspended.
    fn check_suspension(&self, before: Option<&Item>, item: &Item) -> Result<(), OperateError> {
        if self.keeps_suspensions && before.is_some_and(is_suspended) && !is_suspended(item) {
            return Err(OperateError::Refused(
                "it is suspended, and would be active again; --lift-suspension says that this is meant, --suspended that it stays so"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Who the log says it was.
    pub fn author(&self) -> &str {
        &self.author
    }
}

fn is_suspended(item: &Item) -> bool {
    item.get("status").and_then(|status| status.as_s().ok()).is_some_and(|status| status == Status::Suspended.word())
}

/// A comment that the log can keep.
fn checked_comment(comment: Option<&str>) -> Result<Option<String>, OperateError> {
    if let Some(comment) = comment {
        check_text("the comment", comment, COMMENT_BYTES_MAX)?;
    }
    Ok(comment.map(str::to_owned))
}

fn check_text(what: impl fmt::Display, text: &str, bytes_max: usize) -> Result<(), OperateError> {
    if (1..=bytes_max).contains(&text.len()) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(OperateError::Refused(format!("{what} is not 1 to {bytes_max} bytes without control characters")))
}

/// Longest name of an author, in bytes.
pub const AUTHOR_BYTES_MAX: usize = 128;

/// Longest comment, in bytes.
pub const COMMENT_BYTES_MAX: usize = 1_000;
