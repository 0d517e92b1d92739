//! Folders for `load`.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::table::document;

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    add(folder.path(), files);
    folder
}

/// Writes files, also over others.
pub(crate) fn add(folder: &Path, files: &[(&str, &str)]) {
    for (name, content) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// A folder with these raw items.
pub(crate) fn of_items(items: &[Value]) -> TempDir {
    let folder = folder(&[]);
    for (number, item) in items.iter().enumerate() {
        add(folder.path(), &[(&format!("items/{number:03}.json"), &item.to_string())]);
    }
    folder
}

/// A folder that is right: two tenants, two members.
pub(crate) fn right() -> TempDir {
    let policies = [document("acme", "p1"), document("globex", "g1")];
    folder(&[
        ("tenants.json", TENANTS),
        ("members.json", MEMBERS),
        ("policies/acme.json", &policies[0]),
        ("policies/globex.json", &policies[1]),
    ])
}

const TENANTS: &str = r#"[{"tenantId":"acme","status":"ACTIVE","policyId":"p1"},
    {"tenantId":"globex","status":"SUSPENDED","policyId":"g1"}]"#;

const MEMBERS: &str = r#"[
    {"issuer":"https://issuer.example/main","subject":"alice","tenantId":"acme","roles":["admin","support"],"status":"ACTIVE"},
    {"issuer":"https://issuer.example/main","subject":"bob","tenantId":"globex","status":"SUSPENDED"}]"#;
