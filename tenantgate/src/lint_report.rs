//! What was found in policy files, for people and for programs.

use std::io::{self, Write};

use policy_model::lint::{Finding, Severity};
use policy_model::policy::Lines;
use serde_json::{Value, json};

use crate::colour::Colour;
use crate::excerpt::{Excerpt, visible};

/// A file and what was found in it.
pub(crate) struct Checked {
    pub(crate) file: String,
    pub(crate) text: Vec<u8>,
    pub(crate) findings: Vec<Finding>,
}

/// Each finding with its line of the file; the last line counts them.
pub(crate) fn write_text(out: &mut impl Write, checked: &[Checked], colour: Colour) -> io::Result<()> {
    for file in checked {
        let text = String::from_utf8_lossy(&file.text);
        let lines = Lines::of(&text);
        for finding in &file.findings {
            let (start, end) = (lines.position(finding.span.start), lines.position(finding.span.end));
            let severity = finding.severity;
            let place = if finding.place.is_empty() { String::new() } else { format!("{}: ", finding.place) };
            let name = colour.ink(ink(severity), word(severity));
            let message = visible(&format!("{place}{}", finding.message));
            writeln!(
                out,
                "{}:{}:{}: {name}: {message} [{}]",
                visible(&file.file),
                start.line,
                start.column,
                finding.code
            )?;
            let line = lines.line(start.line);
            let first = lines.start(start.line);
            let last = if end.line == start.line { finding.span.end.saturating_sub(first) } else { line.len() };
            let place = finding.span.start.saturating_sub(first)..last;
            let Excerpt { text, before, marked } = Excerpt::of(line, place);
            let margin = start.line.to_string();
            let mark = colour.ink(ink(severity), &"^".repeat(marked));
            writeln!(out, " {margin} | {text}")?;
            writeln!(out, " {} | {}{mark}", " ".repeat(margin.len()), " ".repeat(before))?;
        }
    }
    let (errors, warnings) = count(checked);
    writeln!(out, "{}: {}, {}", plural(checked.len(), "file"), plural(errors, "error"), plural(warnings, "warning"))
}

/// One JSON document: the files with their findings.
pub(crate) fn write_json(out: &mut impl Write, checked: &[Checked]) -> io::Result<()> {
    let file = |file: &Checked| {
        let text = String::from_utf8_lossy(&file.text);
        let lines = Lines::of(&text);
        let finding = |finding: &Finding| {
            let (start, end) = (lines.position(finding.span.start), lines.position(finding.span.end));
            json!({
                "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column,
                "severity": word(finding.severity), "code": finding.code, "place": finding.place, "message": finding.message,
            })
        };
        let findings: Vec<Value> = file.findings.iter().map(finding).collect();
        json!({ "file": file.file, "findings": findings })
    };
    writeln!(out, "{:#}", Value::Array(checked.iter().map(file).collect()))
}

fn count(checked: &[Checked]) -> (usize, usize) {
    let findings = || checked.iter().flat_map(|file| &file.findings);
    let errors = findings().filter(|finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => false,
    });
    let errors = errors.count();
    (errors, findings().count() - errors)
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn ink(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use policy_model::lint::{Surroundings, lint};
    use serde_json::{Value, json};

    use super::{Checked, Colour, write_json, write_text};

    fn checked(text: &str) -> Checked {
        let findings = lint(text.as_bytes(), &Surroundings::default());
        Checked { file: "acme.json".to_owned(), text: text.as_bytes().to_vec(), findings }
    }

    fn text(checked: &[Checked], colour: Colour) -> String {
        let mut out = Vec::new();
        write_text(&mut out, checked, colour).unwrap();
        String::from_utf8(out).unwrap()
    }

    const WRONG: &str = "{ \"policyId\": \"P\",\r\n\t\"tenantId\": \"ä ä\",\r\n\t\"rules\": [] }";

    #[test]
    fn a_finding_is_shown_with_its_line() {
        assert_eq!(
            text(&[checked(WRONG)], Colour::Never),
            "acme.json:2:14: error: tenantId: \"ä ä\" is not a tenant id; it is 1 to 63 of A-Z a-z 0-9 . _ -, beginning with a \
             letter or digit [not-an-id]\n \
             2 |  \"tenantId\": \"ä ä\",\n   \
             |              ^^^^^\n\
             1 file: 1 error, 0 warnings\n"
        );
    }

    #[test]
    fn colours_are_for_the_severity_and_the_mark() {
        let text = text(&[checked(WRONG)], Colour::Always);
        assert!(text.contains("acme.json:2:14: \u{1b}[1;31merror\u{1b}[0m: tenantId"), "{text}");
        assert!(text.contains("\u{1b}[1;31m^^^^^\u{1b}[0m"), "{text}");
        let text = super::tests::text(&[checked(r#"{"policyId":"P","tenantId":"a","rules":[]}"#)], Colour::Always);
        assert!(text.contains("\u{1b}[1;33mwarning\u{1b}[0m: rules: "), "{text}");
    }

    #[test]
    fn what_is_no_text_is_shown_as_far_as_it_is() {
        let file = Checked {
            file: "a\nb".to_owned(),
            text: b"{\"a\": \"\xff\"}".to_vec(),
            findings: lint(b"{\"a\": \"\xff\"}", &Surroundings::default()),
        };
        let text = text(&[file], Colour::Never);
        assert!(text.starts_with("a\u{240a}b:1:8: error: not JSON: invalid UTF-8 at byte 7 [not-json]\n"), "{text}");
        let empty = super::tests::text(&[checked("")], Colour::Never);
        assert!(empty.contains("acme.json:1:1: error: not JSON: the text ends"), "{empty}");
        assert!(empty.contains(" 1 | \n   | ^\n"), "{empty}");
    }

    #[test]
    fn a_program_reads_lines_columns_and_codes() {
        let mut out = Vec::new();
        write_json(&mut out, &[checked(WRONG), checked(r#"{"policyId":"P","tenantId":"*","rules":[]}"#)]).unwrap();
        let value: Value = serde_json::from_slice(&out).unwrap();
        let finding = &value[0]["findings"][0];
        assert_eq!(
            (&finding["line"], &finding["column"], &finding["endLine"], &finding["endColumn"]),
            (&json!(2), &json!(14), &json!(2), &json!(19))
        );
        assert_eq!((&finding["severity"], &finding["code"]), (&json!("error"), &json!("not-an-id")));
        assert_eq!((&finding["place"], &value[0]["file"]), (&json!("tenantId"), &json!("acme.json")));
        assert_eq!(value[1]["findings"], json!([]));
    }
}
