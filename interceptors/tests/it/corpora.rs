//! Where the public test suites are.

use std::path::{Path, PathBuf};

/// The folder of a public suite; `None`, after a line that says so, where it is absent.
pub(crate) fn folder(suite: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let corpora = std::env::var_os("TENANTGATE_CORPORA").map_or(beside, PathBuf::from);
    let folder = corpora.join(suite);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: {suite} is not in {}; set TENANTGATE_CORPORA to the folder that has it", corpora.display());
    None
}

/// A JSON file of a suite.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
