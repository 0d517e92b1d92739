//! The real Terraform, where there is one. What is run needs no provider that is not built in.

use std::path::Path;
use std::process::{Command, Output};

/// Whether there is one; if not, the test says that it was skipped.
pub(crate) fn is_there() -> bool {
    let is_there = Command::new("terraform").arg("-version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        println!("SKIPPED: there is no terraform on the path");
    }
    is_there
}

/// Runs it in a folder, without the settings of whoever runs the tests.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("terraform");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TF_")) {
        command.env_remove(name);
    }
    command.env("CHECKPOINT_DISABLE", "1").arg(format!("-chdir={}", folder.display())).args(arguments).output().unwrap()
}

/// Runs it, and expects that it ends well.
pub(crate) fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "terraform {arguments:?}: {out}{err}");
    out
}
