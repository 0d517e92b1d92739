//! Private keys in files that only their owner may read.

use std::fs::{self, DirBuilder};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The bytes of a key file; if there is none, `generate` fills a new one (mode 0600, its directory 0700).
pub(crate) fn read_or_create(
    path: &Path,
    generate: impl FnOnce() -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::run(format!("cannot use the key file {}: {error}", path.display()));
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        read => return read.map_err(failed),
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
    let mut file = NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(&generate().map_err(Failure::Run)?).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        // Another process was faster: its key counts.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error.error)),
    }
    fs::read(path).map_err(failed)
}
