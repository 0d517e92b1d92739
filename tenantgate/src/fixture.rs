//! The cases of the executable specification: where they are and what they say.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::Failure;

/// One folder with a `case.json`.
#[derive(Debug)]
pub struct Case {
    /// Its path below `exchanges`.
    pub name: String,
    /// The folder.
    pub directory: PathBuf,
    /// What its `case.json` says.
    pub document: CaseDocument,
}

/// A `case.json` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDocument {
    /// What the case shows, in one sentence.
    pub shows: String,
    /// Which interceptor gets the event.
    pub point: Point,
    /// The class of the reply.
    pub expect: Expect,
    /// The settings file, without `.json`.
    #[serde(default = "default_settings")]
    pub settings: String,
    /// How often the event is sent.
    #[serde(default = "once")]
    pub repeat: u32,
    /// The section of the threat catalogue that it answers.
    pub threat: Option<String>,
}

/// The two interception points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Point {
    /// Before the target.
    Request,
    /// After the target.
    Response,
}

/// The class of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// What came in goes on unchanged.
    Pass,
    /// It goes on with other arguments.
    Rewrite,
    /// The caller is refused.
    Refuse,
    /// A list comes back shorter.
    Filter,
    /// Values are taken out.
    Redact,
    /// There is nothing to answer.
    Empty,
}

impl Point {
    /// The word in `case.json` and in reports.
    pub fn text(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }

    /// The binary that runs at this point.
    pub fn binary(self) -> &'static str {
        match self {
            Self::Request => "request-interceptor",
            Self::Response => "response-interceptor",
        }
    }
}

impl Expect {
    /// The word in `case.json` and in reports.
    pub fn text(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Rewrite => "rewrite",
            Self::Refuse => "refuse",
            Self::Filter => "filter",
            Self::Redact => "redact",
            Self::Empty => "empty",
        }
    }
}

/// The fixtures that a path belongs to: the nearest folder, upwards, that has a `callers.json`.
pub fn root_of(path: &Path) -> Result<PathBuf, Failure> {
    if !path.exists() {
        return Err(Failure::input(format!("there is no file or folder {}", path.display())));
    }
    let absolute = std::path::absolute(path)
        .map_err(|error| Failure::input(format!("cannot use the path {}: {error}", path.display())))?;
    let root = absolute.ancestors().find(|ancestor| ancestor.join("callers.json").is_file());
    root.map(Path::to_owned).ok_or_else(|| {
        let remedy = "say where the fixtures are with --fixtures";
        Failure::input(format!("no folder above {} has a callers.json; {remedy}", path.display()))
    })
}

/// Every case at or below the paths, sorted by name.
pub fn discover(root: &Path, paths: &[PathBuf]) -> Result<Vec<Case>, Failure> {
    let mut cases = Vec::new();
    for path in paths {
        let path = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
        let folder = if path.is_file() { path.parent().unwrap_or(&path) } else { &path };
        collect(root, folder, &mut cases)?;
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases.dedup_by(|a, b| a.directory == b.directory);
    Ok(cases)
}

fn collect(root: &Path, folder: &Path, cases: &mut Vec<Case>) -> Result<(), Failure> {
    let document = folder.join("case.json");
    if document.is_file() {
        cases.push(Case {
            name: name(root, folder),
            directory: folder.to_owned(),
            document: read_document(&document)?,
        });
    } else if folder.join("event.json").exists() {
        return Err(Failure::input(format!("{} has an event.json but no case.json", folder.display())));
    }
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.is_dir() {
            collect(root, &path, cases)?;
        }
    }
    Ok(())
}

fn read_document(path: &Path) -> Result<CaseDocument, Failure> {
    let wrong = |text: String| Failure::input(format!("{}: {text}", path.display()));
    let text = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let document: CaseDocument = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    if document.shows.trim().is_empty() {
        return Err(wrong("`shows` must be one sentence".to_owned()));
    }
    if !(1..=REPEAT_MAX).contains(&document.repeat) {
        return Err(wrong(format!("`repeat` must be from 1 to {REPEAT_MAX}")));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if document.settings.is_empty() || !document.settings.chars().all(plain) {
        return Err(wrong("`settings` must be the name of a file in `settings`, without `.json`".to_owned()));
    }
    Ok(document)
}

fn name(root: &Path, folder: &Path) -> String {
    let relative = folder.strip_prefix(root.join("exchanges")).or_else(|_| folder.strip_prefix(root));
    relative.unwrap_or(folder).display().to_string()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot read {}: {error}", path.display()))
}

fn default_settings() -> String {
    "default".to_owned()
}

fn once() -> u32 {
    1
}

const REPEAT_MAX: u32 = 1000;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Case, Expect, Point, discover, root_of};
    use crate::failure::Failure;

    const GOOD: &str = r#"{"shows":"it works","point":"request","expect":"pass"}"#;

    fn fixtures(cases: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("callers.json"), "{}").unwrap();
        for (name, text) in cases {
            let directory = root.path().join("exchanges").join(name);
            fs::create_dir_all(&directory).unwrap();
            fs::write(directory.join("case.json"), text).unwrap();
        }
        root
    }

    fn found(root: &Path, path: &str) -> Result<Vec<Case>, Failure> {
        discover(root, &[root.join(path)])
    }

    #[test]
    fn cases_are_found_at_any_depth_and_sorted() {
        let root = fixtures(&[("b/deep/er", GOOD), ("a", GOOD), ("b", GOOD)]);
        let names = |path| found(root.path(), path).unwrap().into_iter().map(|case| case.name).collect::<Vec<_>>();
        assert_eq!(names("."), ["a", "b", "b/deep/er"]);
        assert_eq!(names("exchanges/b"), ["b", "b/deep/er"]);
        assert_eq!(names("exchanges/b/deep/er/case.json"), ["b/deep/er"]);
    }

    #[test]
    fn the_root_is_the_nearest_folder_with_callers() {
        let root = fixtures(&[("a", GOOD)]);
        assert_eq!(root_of(&root.path().join("exchanges/a")).unwrap(), root.path());
        assert!(root_of(tempfile::tempdir().unwrap().path()).is_err());
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let root = fixtures(&[("a", GOOD)]);
        let document = &found(root.path(), ".").unwrap()[0].document;
        assert_eq!((document.point, document.expect), (Point::Request, Expect::Pass));
        assert_eq!((document.settings.as_str(), document.repeat), ("default", 1));
    }

    #[test]
    fn a_broken_case_is_named_with_its_field() {
        for (text, field) in [
            (r#"{"shows":"x","point":"request"}"#, "expect"),
            (r#"{"shows":"x","point":"middle","expect":"pass"}"#, "middle"),
            (r#"{"shows":"x","point":"request","expect":"pass","wrong":1}"#, "wrong"),
            (r#"{"shows":" ","point":"request","expect":"pass"}"#, "shows"),
            (r#"{"shows":"x","point":"request","expect":"pass","repeat":0}"#, "repeat"),
            (r#"{"shows":"x","point":"request","expect":"pass","settings":"../x"}"#, "settings"),
        ] {
            let root = fixtures(&[("broken", text)]);
            let failure = found(root.path(), ".").unwrap_err().to_string();
            assert!(failure.contains("broken/case.json") && failure.contains(field), "{failure}");
        }
    }

    #[test]
    fn an_event_without_a_case_is_not_skipped() {
        let root = fixtures(&[("a", GOOD)]);
        let orphan = root.path().join("exchanges/orphan");
        fs::create_dir(&orphan).unwrap();
        fs::write(orphan.join("event.json"), "{}").unwrap();
        assert!(found(root.path(), ".").unwrap_err().to_string().contains("orphan"));
    }
}
