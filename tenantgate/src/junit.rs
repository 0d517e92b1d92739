//! What a replay found, as the JUnit XML that build servers read.

use crate::report::{self, CaseResult};

/// The whole document.
pub(crate) fn document(results: &[CaseResult]) -> String {
    let (_, failed) = report::count(results);
    let seconds: f64 = results.iter().map(|result| result.elapsed.as_secs_f64()).sum();
    let counts = format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" time=\"{seconds:.6}\"", results.len());
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text += &format!("<testsuites name=\"tenantgate replay\" {counts}>\n  <testsuite name=\"exchanges\" {counts}>\n");
    for result in results {
        text += &test_case(result);
    }
    text + "  </testsuite>\n</testsuites>\n"
}

fn test_case(result: &CaseResult) -> String {
    let class = format!("exchanges.{}", result.point.text());
    let (name, seconds) = (escaped(&result.name), result.elapsed.as_secs_f64());
    let head = format!("    <testcase classname=\"{class}\" name=\"{name}\" time=\"{seconds:.6}\"");
    let Some(first) = result.problems.first() else {
        return format!("{head}/>\n");
    };
    let (message, all) = (escaped(first), escaped(&result.problems.join("\n")));
    format!("{head}>\n      <failure message=\"{message}\">{all}</failure>\n    </testcase>\n")
}

/// Text for XML 1.0, which has no way at all to write most control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use crate::report::tests::results;

    #[test]
    fn a_failure_is_escaped_and_counted() {
        let text = super::document(&results());
        assert!(text.contains("tests=\"2\" failures=\"1\""));
        assert!(text.contains("name=\"identity/&lt;bad&gt;\""));
        assert!(text.contains("expected &quot;1&quot;, got 2\\u{1b}"));
        assert!(!text.contains('\u{1b}'));
    }
}
