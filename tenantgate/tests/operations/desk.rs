//! A folder with a registry in a file, and the command that is run there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// An operator's desk.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// A folder with an empty registry.
    pub(crate) fn new() -> Desk {
        let desk = Desk { folder: TempDir::new().unwrap() };
        desk.done(&["registry", "create"]);
        desk
    }

    /// The same with tenants that have no rules.
    pub(crate) fn with_tenants(tenants: &[&str]) -> Desk {
        let desk = Desk::new();
        for tenant in tenants {
            desk.done(&["tenant", "add", tenant]);
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantgate"));
        command.current_dir(self.folder.path()).args(arguments).env("TENANTGATE_BY", "ops").stdin(Stdio::null());
        command.env_remove("NO_COLOR").stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command as it is.
    pub(crate) fn plain(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).spawn().unwrap())
    }

    /// Runs a command on the registry in the file.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.plain(&[arguments, &["--file", FILE]].concat())
    }

    /// The same; it must end with 0. What it wrote.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
        ended.out
    }

    /// The same as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// The same; it must end with this code, and say this on stderr.
    pub(crate) fn refused(&self, code: i32, arguments: &[&str], words: &str) {
        let ended = self.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}{}", ended.out, ended.err);
        assert!(ended.err.contains(words), "{arguments:?}: {words:?} is not in {:?}", ended.err);
    }

    /// All items of the registry.
    pub(crate) fn dump(&self) -> Value {
        self.json(&["registry", "dump"])
    }
}

/// Waits for the end of a command.
pub(crate) fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A policy that lets a role call a tool.
pub(crate) fn policy(tenant: &str, role: &str) -> String {
    format!(
        r#"{{ "policyId": "POL", "tenantId": "{tenant}", "rules": [
  {{ "ruleId": "R", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___get"], "principals": {{ "roles": ["{role}"] }} }} ] }}"#
    )
}

/// The policy for all tenants.
pub(crate) const BASELINE: &str = r#"{ "policyId": "BASE", "tenantId": "*", "rules": [
  { "ruleId": "B", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:orders___purge"] } ] }"#;

/// The registry's file.
pub(crate) const FILE: &str = "registry.db";

/// Where the project is.
pub(crate) fn project() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
