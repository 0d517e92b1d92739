//! Folders of policies.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The `*.json` files of a folder in the order of their names; those of a registry's folder are in `policies`. What is hidden is left out.
///
/// Nothing is passed over that could be a policy: a file with another case of the suffix, or a folder with such files, is an error.
pub(crate) fn files(path: &str) -> Result<Vec<PathBuf>, Failure> {
    let within = Path::new(path).join("policies");
    let folder = if within.is_dir() { within } else { PathBuf::from(path) };
    let mut files = Vec::new();
    for path in entries(&folder)? {
        if path.is_dir() {
            if entries(&path)?.iter().any(|path| is_json(path)) {
                return Err(Failure::input(format!(
                    "{} is a folder with *.json in a folder of policies, where folders are not looked into; give it itself, or move its files",
                    path.display()
                )));
            }
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        } else if is_json(&path) {
            return Err(Failure::input(format!("{} must end in .json, in small letters", path.display())));
        }
    }
    files.sort();
    Ok(files)
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// What is in a folder and not hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error: io::Error| Failure::input(format!("cannot read {}: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::files;

    #[test]
    fn what_could_be_a_policy_is_read_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let found = || {
            let found = files(folder.path().to_str().unwrap()).map_err(|failure| failure.to_string());
            found.map(|paths| paths.iter().map(|path| path.file_name().unwrap().to_owned()).collect::<Vec<_>>())
        };
        for name in ["b.json", "a.json", ".hidden.json", "README.md"] {
            fs::write(path(name), "{}").unwrap();
        }
        fs::create_dir_all(path("notes")).unwrap();
        assert_eq!(found().unwrap(), ["a.json", "b.json"]);

        fs::write(path("c.JSON"), "{}").unwrap();
        assert!(found().unwrap_err().contains("c.JSON must end in .json"));
        fs::remove_file(path("c.JSON")).unwrap();

        fs::write(path("notes/d.json"), "{}").unwrap();
        assert!(found().unwrap_err().contains("notes is a folder with *.json"));

        fs::create_dir_all(path("policies")).unwrap();
        fs::write(path("policies/e.json"), "{}").unwrap();
        assert_eq!(found().unwrap(), ["e.json"]);
    }
}
