//! A registry's folder.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::folder::{Ended, Folder};

/// A folder with a registry in it, and a command that asks it.
pub(crate) struct Asked(pub(crate) Folder);

impl Asked {
    /// The tenant acme with these rules, and alice (role clerk), bob (role manager, workspace emea), carol (suspended) and the client nightly.
    pub(crate) fn new(command: &'static str, rules: &Value) -> Asked {
        Asked::with(command, json!({"policyId": "P", "tenantId": "acme", "rules": rules}))
    }

    /// The same with a whole policy.
    pub(crate) fn with(command: &'static str, policy: Value) -> Asked {
        let asked = Asked(Folder::new(command));
        let member = |name: &str, roles: &[&str], workspaces: &[&str], status: &str| json!({"issuer": ISSUER, "subject": name, "tenantId": "acme", "roles": roles, "workspaces": workspaces, "status": status});
        let members = json!([member("alice", &["clerk"], &[], "ACTIVE"), member("bob", &["manager"], &["emea"], "ACTIVE"),
            member("carol", &["clerk"], &[], "SUSPENDED"),
            {"issuer": ISSUER, "subject": "dave", "tenantId": "globex", "roles": [], "status": "ACTIVE"}]);
        let clients = json!([{"issuer": ISSUER, "clientId": "nightly", "tenantId": "acme", "roles": ["clerk"], "scopes": ["read"], "status": "ACTIVE"}]);
        let tenants = json!([{"tenantId": "acme", "status": "ACTIVE", "policyId": "P"},
            {"tenantId": "globex", "status": "SUSPENDED", "policyId": "G"}]);
        asked.put("tenants.json", &tenants);
        asked.put("members.json", &members);
        asked.put("clients.json", &clients);
        asked.put("policies/p.json", &policy);
        asked.put("policies/g.json", &json!({"policyId": "G", "tenantId": "globex", "rules": []}));
        asked.put("policies/b.json", &json!({"policyId": "B", "tenantId": "*", "rules": [
            {"ruleId": "no-drop", "effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:*drop*"], "reason": "Nobody drops"}]}));
        asked
    }

    pub(crate) fn put(&self, name: &str, value: &Value) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, value.to_string()).unwrap();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path("registry")
    }

    /// How the command ends on the registry.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let path = self.path().display().to_string();
        self.0.run(&[&["--registry", &path], arguments].concat())
    }

    /// The same, as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let ended = self.run(&[arguments, &["--json"]].concat());
        let json =
            serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {} {}", ended.out, ended.err));
        (ended.code, json)
    }
}

/// How any command ends.
pub(crate) fn run_command(words: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_tenantgate")).args(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// An ALLOW rule of a tool, with more.
pub(crate) fn allow(id: &str, tool: &str, more: Value) -> Value {
    rule(id, "ALLOW", tool, more)
}

pub(crate) fn deny(id: &str, tool: &str, more: Value) -> Value {
    rule(id, "DENY", tool, more)
}

fn rule(id: &str, effect: &str, tool: &str, more: Value) -> Value {
    let mut rule =
        json!({"ruleId": id, "effect": effect, "resourceType": "TOOL", "resources": [format!("agent:tool:{tool}")]});
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

pub(crate) const ISSUER: &str = "https://issuer.example";
