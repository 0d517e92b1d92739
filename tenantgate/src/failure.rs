//! Why a command ended early, sorted by whose fault it is.

use std::fmt;
use std::io;

/// Why a command ended early; the text says what, where and the remedy.
#[derive(Debug)]
pub enum Failure {
    /// The files or arguments given are wrong, or name nothing (exit code 2).
    Input(String),
    /// Something failed while running (exit code 1).
    Run(String),
    /// Whoever read our output went away (exit code 0, no message).
    ReaderGone,
}

impl Failure {
    /// A fault in what the operator gave.
    pub fn input(text: impl Into<String>) -> Self {
        Self::Input(text.into())
    }

    /// A fault met while running.
    pub fn run(text: impl Into<String>) -> Self {
        Self::Run(text.into())
    }
}

/// Only output is written with `?`; every other I/O error names its file.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::Run(format!("cannot write output: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(text) | Self::Run(text) => f.write_str(text),
            Self::ReaderGone => f.write_str("the reader of the output went away"),
        }
    }
}

impl std::error::Error for Failure {}
