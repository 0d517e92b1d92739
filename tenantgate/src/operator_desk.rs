//! What commands that read or change a registry have in common.

use std::env;

use clap::Args;
use policy_model::TenantId;
use policy_registry::operate::{AUTHOR_BYTES_MAX, COMMENT_BYTES_MAX, Listed, OperateError, Operator, PolicyScope};

use crate::excerpt::visible;
use crate::failure::Failure;
use crate::registry_access::{RegistryAccess, RegistryArguments};

/// How a command that only reads is told where and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArguments {
    #[command(flatten)]
    registry: RegistryArguments,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a command that changes something is told where, who and why.
#[derive(Clone, Debug, Args)]
pub(crate) struct WriteArguments {
    #[command(flatten)]
    registry: RegistryArguments,
    /// Who does it, as the log is to say; nobody checks it [default: the variable TENANTGATE_BY, or USER; needed where neither is set]
    #[arg(long, value_name = "NAME", value_parser = |text: &str| log_text(text, AUTHOR_BYTES_MAX))]
    by: Option<String>,
    /// Why, as the log is to say
    #[arg(long, visible_alias = "reason", value_name = "TEXT", value_parser = |text: &str| log_text(text, COMMENT_BYTES_MAX))]
    comment: Option<String>,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A registry, and whoever works on it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) operator: Operator,
    pub(crate) registry: RegistryAccess,
}

impl ReadArguments {
    /// Reaches the registry.
    pub(crate) async fn open(&self) -> Result<Desk, Failure> {
        Desk::to_read(&self.registry).await
    }
}

impl WriteArguments {
    /// Reaches the registry in the name of whoever works on it.
    pub(crate) async fn open(&self) -> Result<Desk, Failure> {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let author = self.by.clone().or_else(|| variable("TENANTGATE_BY")).or_else(|| variable("USER"));
        let author = author.ok_or_else(|| {
            Failure::input("nobody says who does this: give --by NAME, or set TENANTGATE_BY; the log keeps it")
        })?;
        Desk::open(&self.registry, &author).await
    }

    /// Why.
    pub(crate) fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }
}

impl Desk {
    /// Reaches a registry in which nothing is to be changed.
    pub(crate) async fn to_read(registry: &RegistryArguments) -> Result<Desk, Failure> {
        // Nothing is written, so that nobody reads the name.
        Desk::open(registry, "reader").await
    }

    async fn open(registry: &RegistryArguments, author: &str) -> Result<Desk, Failure> {
        let registry = registry.open().await?;
        let operator = Operator::new(registry.client.clone(), &registry.table, author)
            .map_err(|error| Failure::input(error.to_string()))?;
        Ok(Desk { operator, registry })
    }

    /// What went wrong, for whoever called the command.
    pub(crate) fn failure(&self, error: &OperateError) -> Failure {
        let text = visible(&error.to_string());
        match error {
            OperateError::NotFound(_) => Failure::input(format!("{text} ({})", self.registry.place)),
            OperateError::Conflict { .. } | OperateError::NotExpected { .. } | OperateError::Refused(_) => {
                Failure::run(text)
            }
            OperateError::Malformed(_) | OperateError::Table(_) => {
                Failure::run(format!("{}: {text}", self.registry.place))
            }
        }
    }
}

/// The entries of a page that can be read. Of the others it is said on stderr that they are there.
pub(crate) fn readable<T>(page: Vec<Listed<T>>) -> Vec<T> {
    let mut entries = Vec::with_capacity(page.len());
    for entry in page {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(unreadable) => note(&format!(
                "the item {:?} is not what it should be: {}; it is left out here, and refused by the interceptors",
                unreadable.key, unreadable.attribute
            )),
        }
    }
    entries
}

/// A line on stderr that is no error.
pub(crate) fn note(text: &str) {
    use std::io::Write;
    // Without stderr there is nobody to tell.
    drop(writeln!(std::io::stderr().lock(), "tenantgate: note: {}", visible(text)));
}

/// A tenant, as an argument.
pub(crate) fn tenant(text: &str) -> Result<TenantId, String> {
    TenantId::parse(text).map_err(|error| format!("is {error}"))
}

/// A tenant, or `*` for the baseline, as an argument.
pub(crate) fn scope(text: &str) -> Result<PolicyScope, String> {
    if text == EVERY_TENANT {
        return Ok(PolicyScope::Baseline);
    }
    tenant(text).map(PolicyScope::Tenant).map_err(|problem| format!("{problem}, or '*' for the baseline"))
}

/// A scope as policies write it: the tenant, or `*`.
pub(crate) fn scope_word(scope: &PolicyScope) -> &str {
    scope.tenant().map_or(EVERY_TENANT, TenantId::as_str)
}

/// What the log can keep.
pub(crate) fn log_text(text: &str, bytes_max: usize) -> Result<String, String> {
    if (1..=bytes_max).contains(&text.len()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(format!("must be 1 to {bytes_max} bytes without control characters"))
}

/// What a baseline's `tenantId` is.
const EVERY_TENANT: &str = "*";
