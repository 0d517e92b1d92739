//! What a gateway was before an update, in a file with which it can be restored.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The file, if none is named.
pub(crate) fn default_path(id: &str) -> PathBuf {
    PathBuf::from(format!("gateway-{id}.before.json"))
}

/// What would keep the file from being written, before anything is asked.
pub(crate) fn check(file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::input(format!(
            "{} is there already and is never overwritten; keep it elsewhere, or name another file with --backup",
            file.display()
        )));
    }
    Ok(())
}

/// Writes the file, which must not be there.
pub(crate) fn save(file: &Path, former: &str) -> Result<(), Failure> {
    let saved = OpenOptions::new().write(true).create_new(true).open(file).and_then(|mut opened| {
        opened.write_all(former.as_bytes())?;
        opened.write_all(b"\n")?;
        opened.sync_all()
    });
    saved.map_err(|error| {
        let file = file.display();
        Failure::input(format!("cannot save the former configuration to {file}, and nothing was updated: {error}"))
    })
}

/// The command that puts it back.
pub(crate) fn restore(id: &str, file: &Path, region: &str) -> String {
    format!(
        "aws bedrock-agentcore-control update-gateway --region {region} --gateway-identifier {id} --cli-input-json file://{}",
        file.display()
    )
}
