//! What a replay found, for people and for programs.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::colour::Colour;
use crate::fixture::{Case, Expect, Point};

/// What became of one case.
#[derive(Debug)]
pub(crate) struct CaseResult {
    pub(crate) name: String,
    pub(crate) point: Point,
    pub(crate) expect: Expect,
    /// The class of the reply, or what came instead of one.
    pub(crate) got: String,
    pub(crate) elapsed: Duration,
    /// Empty if the case passed.
    pub(crate) problems: Vec<String>,
}

impl CaseResult {
    pub(crate) fn new(case: &Case) -> Self {
        Self {
            name: case.name.clone(),
            point: case.document.point,
            expect: case.document.expect,
            got: String::new(),
            elapsed: Duration::ZERO,
            problems: Vec::new(),
        }
    }

    pub(crate) fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// How many cases passed and failed.
pub(crate) fn count(results: &[CaseResult]) -> (usize, usize) {
    let passed = results.iter().filter(|result| result.passed()).count();
    (passed, results.len() - passed)
}

/// The table, with the problems of a case below it; the last line is `N passed, M failed`.
pub(crate) fn write_table(out: &mut impl Write, results: &[CaseResult], colour: Colour) -> io::Result<()> {
    let width = |text: fn(&CaseResult) -> &str, title: &str| {
        results.iter().map(|result| text(result).chars().count()).chain([title.len()]).max().unwrap_or_default()
    };
    let name_width = width(|result| &result.name, "case");
    let got_width = width(|result| &result.got, "got");
    writeln!(
        out,
        "      {:name_width$}  {:8}  {:8}  {:got_width$}  {:>9}",
        "case", "point", "expected", "got", "time"
    )?;
    for result in results {
        let verdict = if result.passed() { colour.ink("32", "ok  ") } else { colour.ink("31", "FAIL") };
        let (point, expect) = (result.point.text(), result.expect.text());
        let milliseconds = result.elapsed.as_secs_f64() * 1000.0;
        writeln!(
            out,
            "{verdict}  {:name_width$}  {point:8}  {expect:8}  {:got_width$}  {milliseconds:6.2} ms",
            result.name, result.got
        )?;
        for problem in &result.problems {
            writeln!(out, "        {}", problem.replace('\n', "\n        "))?;
        }
    }
    let (passed, failed) = count(results);
    writeln!(out, "{passed} passed, {failed} failed")
}

/// One JSON document.
pub(crate) fn write_json(out: &mut impl Write, results: &[CaseResult]) -> io::Result<()> {
    let (passed, failed) = count(results);
    let cases: Vec<Value> = results
        .iter()
        .map(|result| {
            json!({
                "case": result.name, "point": result.point.text(), "expected": result.expect.text(),
                "got": result.got, "passed": result.passed(), "problems": result.problems,
                "durationUs": u64::try_from(result.elapsed.as_micros()).unwrap_or(u64::MAX),
            })
        })
        .collect();
    writeln!(out, "{:#}", json!({"passed": passed, "failed": failed, "cases": cases}))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::{CaseResult, Colour, write_json, write_table};
    use crate::fixture::{Expect, Point};

    pub(crate) fn results() -> Vec<CaseResult> {
        let passed = CaseResult {
            name: "identity/good".to_owned(),
            point: Point::Request,
            expect: Expect::Pass,
            got: "pass".to_owned(),
            elapsed: Duration::from_micros(1250),
            problems: Vec::new(),
        };
        let failed = CaseResult {
            name: "identity/<bad>".to_owned(),
            point: Point::Response,
            expect: Expect::Refuse,
            got: "pass".to_owned(),
            elapsed: Duration::ZERO,
            problems: vec!["reply differs at $.a: expected \"1\", got 2\u{1b}".to_owned()],
        };
        vec![passed, failed]
    }

    #[test]
    fn the_table_ends_with_the_count() {
        let mut out = Vec::new();
        write_table(&mut out, &results(), Colour::Never).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "ok    identity/good   request   pass      pass    1.25 ms");
        assert!(lines[2].starts_with("FAIL  identity/<bad>  response  refuse"));
        assert_eq!(lines.last(), Some(&"1 passed, 1 failed"));
        assert!(!lines[1].contains('\u{1b}'));
    }

    #[test]
    fn the_json_names_every_case() {
        let mut out = Vec::new();
        write_json(&mut out, &results()).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["passed"], 1);
        assert_eq!(json["cases"][0]["durationUs"], 1250);
        assert_eq!(json["cases"][1]["passed"], false);
    }
}
