//! The callers that events can name, and their tokens.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::failure::Failure;
use crate::keys::KeyRing;
use crate::token::{self, Caller};

/// The callers of one `callers.json`.
#[derive(Debug)]
pub struct Callers {
    path: PathBuf,
    callers: BTreeMap<String, Caller>,
}

impl Callers {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read(path)
            .map_err(|error| Failure::input(format!("cannot read the callers {}: {error}", path.display())))?;
        let callers =
            serde_json::from_slice(&text).map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
        Ok(Self { path: path.to_owned(), callers })
    }

    /// A new token of this caller.
    pub fn token(&self, name: &str, ring: &KeyRing) -> Result<String, String> {
        let path = self.path.display();
        let caller = self.callers.get(name).ok_or_else(|| format!("{path} has no caller `{name}`"))?;
        token::mint(name, caller, ring, now()).map_err(|error| format!("{path}: caller `{name}`: {error}"))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
