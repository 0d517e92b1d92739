//! Why a command changed nothing, or not all.

use std::fmt;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::record::MalformedItem;

/// Why a command changed nothing, or not all that it was to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperateError {
    /// Somebody else has changed it since.
    Conflict {
        /// What was to be changed, as in `tenant acme`.
        what: String,
        /// What it was expected to be, as in `version 7`.
        expected: String,
        /// What it is.
        found: String,
    },
    /// Another version is in force than the caller said.
    NotExpected {
        /// Whose policy, as in `tenant acme`.
        what: String,
        /// What the caller said, as in `version 7`.
        expected: String,
        /// What is in force.
        found: String,
    },
    /// What was named is not there.
    NotFound(String),
    /// It must not be done: the reason, and what would be right.
    Refused(String),
    /// An item is not what it should be.
    Malformed(String),
    /// DynamoDB refused or did not answer.
    Table(String),
}

impl OperateError {
    /// An item that is not what it should be.
    pub(crate) fn malformed(what: &str, item: MalformedItem) -> OperateError {
        OperateError::Malformed(format!("{what} is malformed: {}", item.0))
    }

    /// The error of a request and its causes in one line.
    pub(crate) fn table<E, R>(error: &SdkError<E, R>) -> OperateError
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: fmt::Debug + 'static,
    {
        OperateError::Table(error_line(error))
    }
}

/// The error and its causes in one line, each once.
pub(crate) fn error_line(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !line.ends_with(&text) {
            line = format!("{line}: {text}");
        }
        cause = next.source();
    }
    line
}

impl fmt::Display for OperateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OperateError::Conflict { what, expected, found } => {
                write!(out, "{what} was changed by somebody else: expected {expected}, found {found}")
            }
            OperateError::NotExpected { what, expected, found } => {
                write!(out, "{what}: {expected} was expected, {found} is in force")
            }
            OperateError::NotFound(what) => write!(out, "{what} is not in the registry"),
            OperateError::Refused(reason) => write!(out, "{reason}"),
            OperateError::Malformed(what) => write!(out, "{what}"),
            OperateError::Table(problem) => write!(out, "DynamoDB: {problem}"),
        }
    }
}

impl std::error::Error for OperateError {}
