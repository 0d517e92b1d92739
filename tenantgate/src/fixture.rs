//! The cases of the executable specification: where they are and what they say.

mod document;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::Failure;
pub use document::{After, CaseDocument};

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
    let path = folder.join("case.json");
    if path.is_file() {
        let document = CaseDocument::read(&path)?;
        // An event that nobody sends would look like one that passed.
        if document.after.is_none() && folder.join(REQUEST_FILE).exists() {
            let remedy = "say `\"after\": {}` in its case.json";
            return Err(Failure::input(format!(
                "{} has a {REQUEST_FILE} that is not sent; {remedy}",
                folder.display()
            )));
        }
        cases.push(Case { name: name(root, folder), directory: folder.to_owned(), document });
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

fn name(root: &Path, folder: &Path) -> String {
    let relative = folder.strip_prefix(root.join("exchanges")).or_else(|_| folder.strip_prefix(root));
    relative.unwrap_or(folder).display().to_string()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot read {}: {error}", path.display()))
}

/// The event of a case.
pub(crate) const EVENT_FILE: &str = "event.json";

/// The event of the REQUEST point that a case comes after.
pub(crate) const REQUEST_FILE: &str = "request.json";

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
            (r#"{"shows":"x","point":"request","expect":"pass","clientContext":[]}"#, "clientContext"),
            (r#"{"shows":"x","point":"request","expect":"pass","clientContext":"a\nb"}"#, "clientContext"),
            (r#"{"shows":"x","point":"request","expect":"pass","after":{}}"#, "after"),
            (r#"{"shows":"x","point":"response","expect":"pass","after":{"expect":"filter"}}"#, "after"),
            (r#"{"shows":"x","point":"response","expect":"pass","after":{"repeat":0}}"#, "repeat"),
            (r#"{"shows":"x","point":"response","expect":"pass","after":{"settings":"a/b"}}"#, "settings"),
            (r#"{"shows":"x","point":"response","expect":"pass","after":{"event":"x"}}"#, "event"),
        ] {
            let root = fixtures(&[("broken", text)]);
            let failure = found(root.path(), ".").unwrap_err().to_string();
            assert!(failure.contains("broken/case.json") && failure.contains(field), "{failure}");
        }
    }

    #[test]
    fn a_client_context_is_kept_as_written() {
        let case = |context: &str| {
            let text = format!(r#"{{"shows":"x","point":"request","expect":"pass","clientContext":{context}}}"#);
            let root = fixtures(&[("a", &text)]);
            found(root.path(), ".").unwrap().remove(0).document.client_context
        };
        let object = "{\n \"custom\": {\"a\": 1.0, \"a\": \"${unique}\"}}";
        assert_eq!(case(object).unwrap(), object);
        assert_eq!(case(r#""e30=""#).unwrap(), "e30=");
        assert_eq!(case("null"), None);
    }

    #[test]
    fn what_goes_before_a_case_has_its_defaults() {
        let text = r#"{"shows":"x","point":"response","expect":"redact","settings":"a","after":{}}"#;
        let root = fixtures(&[("a", text)]);
        fs::write(root.path().join("exchanges/a/request.json"), "{}").unwrap();
        let document = found(root.path(), ".").unwrap().remove(0).document;
        let after = document.after.unwrap();
        assert_eq!((after.expect, after.settings, after.repeat), (Expect::Pass, None, 1));
    }

    #[test]
    fn a_request_that_would_not_be_sent_is_not_skipped() {
        let root = fixtures(&[("a", GOOD)]);
        fs::write(root.path().join("exchanges/a/request.json"), "{}").unwrap();
        let failure = found(root.path(), ".").unwrap_err().to_string();
        assert!(failure.contains("request.json") && failure.contains("after"), "{failure}");
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
