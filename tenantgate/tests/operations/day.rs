//! The day at the desk of docs/operations.md, block for block.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::{Ended, project};
use crate::page::{Kind, blocks, is_as_shown};

#[test]
fn every_command_of_the_page_does_what_it_shows() {
    let page = fs::read_to_string(project().join("docs/operations.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut last: Option<Ended> = None;
    let (mut run, mut shown) = (0, 0);
    for block in blocks(&page) {
        let place = format!("docs/operations.md:{}", block.line);
        match block.kind {
            Kind::File { name } => fs::write(folder.path().join(name), &block.text).unwrap(),
            Kind::Commands { code } => {
                let ended = script(folder.path(), &block.text);
                assert_eq!(ended.code, code, "{place}: {}\n{}{}", block.text, ended.out, ended.err);
                last = Some(ended);
                run += 1;
            }
            Kind::Output { is_error } => {
                let Some(ended) = &last else { continue };
                let found = if is_error { &ended.err } else { &ended.out };
                assert!(
                    is_as_shown(&block.text, found),
                    "{place}: shown is\n{}but this was written:\n{found}",
                    block.text
                );
                shown += 1;
            }
        }
    }
    assert!(run >= 20 && shown >= 18, "{run} blocks of commands, {shown} of outputs");
}

/// Bash, which stops at the first command that fails.
fn script(folder: &Path, text: &str) -> Ended {
    let programs = Path::new(env!("CARGO_BIN_EXE_tenantgate")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", text]).current_dir(folder).env("PATH", path).env("USER", "ops");
    command.env_remove("TENANTGATE_BY");
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}
