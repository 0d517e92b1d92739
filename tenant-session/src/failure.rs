//! Why a command ended early, sorted by whose fault it is.

use std::fmt;

/// Why a command ended early; the text says what, where and the remedy.
#[derive(Debug)]
pub enum Failure {
    /// The files or arguments given are wrong (exit code 2).
    Input(String),
    /// Something was refused or failed while running (exit code 1).
    Run(String),
}

impl Failure {
    /// A fault in what the operator gave.
    pub fn input(text: impl Into<String>) -> Failure {
        Failure::Input(text.into())
    }

    /// A fault met while running.
    pub fn run(text: impl Into<String>) -> Failure {
        Failure::Run(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Input(text) | Failure::Run(text) => out.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}
