//! The backend that a root was initialised with. Of its settings only those that say where the state is are looked at, or shown.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::Value;

use crate::failure::Failure;
use crate::state_unit::{STATE_FILE, Unit};

/// A backend, and where in it the state is.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) kind: String,
    pub(crate) place: Place,
    pub(crate) workspace: String,
}

/// Where a state is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Under this key, or what stands for one.
    At(String),
    /// In a file.
    Local,
    /// There is no key, or none that is known.
    Unknown,
}

impl Backend {
    /// What `terraform init` wrote down; `None` if it wrote nothing.
    pub(crate) fn read(root: &Path) -> Result<Option<Backend>, Failure> {
        if !root.is_dir() {
            let root = root.display();
            return Err(Failure::input(format!("there is no folder {root}; name the root that was initialised")));
        }
        let folder = env::var_os("TF_DATA_DIR").filter(|folder| !folder.is_empty());
        let folder = root.join(folder.map_or_else(|| PathBuf::from(".terraform"), PathBuf::from));
        let Some(text) = read_if_there(&folder.join(STATE_FILE))? else { return Ok(None) };
        let file = folder.join(STATE_FILE);
        let wrong = |what: &str| {
            let file = file.display();
            Failure::input(format!("{file}: {what}; run `terraform init` anew"))
        };
        let document: Value = serde_json::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
        let Some(backend) = document.get("backend").filter(|backend| !backend.is_null()) else { return Ok(None) };
        let kind = backend.get("type").and_then(Value::as_str).ok_or_else(|| wrong("the backend has no type"))?;
        let workspace = workspace(&folder)?;
        Ok(Some(Backend { kind: kind.to_owned(), place: place(kind, backend.get("config")), workspace }))
    }

    /// Whether the state is where the unit's belongs.
    pub(crate) fn is_at(&self, unit: &Unit) -> bool {
        match &self.place {
            // An address has a host, and maybe a path of its own, before the key.
            Place::At(path) if self.kind == "http" => {
                path.strip_suffix(&unit.key()).is_some_and(|before| before.ends_with('/'))
            }
            Place::At(key) => *key == self.wanted(unit),
            Place::Local | Place::Unknown => false,
        }
    }

    /// Where the unit's state belongs in such a backend.
    pub(crate) fn wanted(&self, unit: &Unit) -> String {
        // This one names the file itself, for the workspace.
        if self.kind == "gcs" { unit.folder() } else { unit.key() }
    }
}

fn place(kind: &str, settings: Option<&Value>) -> Place {
    let setting = |name: &str| settings.and_then(|settings| settings.get(name)?.as_str()).unwrap_or_default();
    let place = match kind {
        "local" => return Place::Local,
        "s3" | "azurerm" => setting("key").to_owned(),
        "gcs" => setting("prefix").to_owned(),
        "consul" => setting("path").to_owned(),
        "http" => path_of(setting("address")),
        _ => return Place::Unknown,
    };
    Place::At(place)
}

/// The path of an address, which may have a password before it and a token behind it.
fn path_of(address: &str) -> String {
    let after_scheme = address.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|start| after_scheme.get(start..)).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// The selected one.
fn workspace(folder: &Path) -> Result<String, Failure> {
    if let Ok(name) = env::var("TF_WORKSPACE")
        && !name.is_empty()
    {
        return Ok(name);
    }
    let selected = read_if_there(&folder.join("environment"))?.unwrap_or_default();
    let selected = selected.trim();
    Ok(if selected.is_empty() { super::DEFAULT_WORKSPACE } else { selected }.to_owned())
}

fn read_if_there(file: &Path) -> Result<Option<String>, Failure> {
    let cannot = |what: String| Failure::input(format!("cannot read {}: {what}", file.display()));
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot(error.to_string())),
        Ok(metadata) if metadata.len() > BYTES_MAX => return Err(cannot("longer than 1 MiB".to_owned())),
        Ok(_) => {}
    }
    fs::read_to_string(file).map(Some).map_err(|error| cannot(error.to_string()))
}

const BYTES_MAX: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Backend, Place, place};
    use crate::state_unit::{KnownTenants, Unit, UnitDocument};

    fn unit() -> Unit {
        let document = UnitDocument { env: "prod".to_owned(), app_id: "billing".to_owned(), ..UnitDocument::default() };
        Unit::parse(&document, &KnownTenants::default()).unwrap()
    }

    fn check(kind: &str, settings: serde_json::Value, is_right: bool) {
        let place = place(kind, Some(&settings));
        let backend = Backend { kind: kind.to_owned(), place, workspace: "default".to_owned() };
        assert_eq!(backend.is_at(&unit()), is_right, "{kind} {settings}");
    }

    #[test]
    fn each_backend_has_its_own_name_for_the_key() {
        let key = "agentcore/prod/billing/terraform.tfstate";
        for kind in ["s3", "azurerm"] {
            check(kind, json!({"key": key}), true);
            check(kind, json!({"key": "agentcore/prod/billing/other/terraform.tfstate"}), false);
            check(kind, json!({"key": format!("/{key}")}), false);
            check(kind, json!({"key": null}), false);
            check(kind, json!({}), false);
        }
        check("gcs", json!({"prefix": "agentcore/prod/billing"}), true);
        check("gcs", json!({"prefix": key}), false);
        check("consul", json!({"path": key}), true);
        check("consul", json!({"path": "agentcore"}), false);
        check("remote", json!({"key": key}), false);
        check("local", json!({"path": key}), false);
    }

    #[test]
    fn an_address_ends_with_the_key() {
        let key = "agentcore/prod/billing/terraform.tfstate";
        check("http", json!({"address": format!("https://user:secret@state.example/a/{key}?token=secret")}), true);
        check("http", json!({"address": format!("https://state.example/x{key}")}), false);
        check("http", json!({"address": format!("https://state.example/?{key}")}), false);
        check("http", json!({"address": key}), false);
        let place = place("http", Some(&json!({"address": "https://user:secret@state.example/a?token=secret"})));
        assert_eq!(place, Place::At("/a".to_owned()));
    }
}
