//! The arguments, and perhaps claims, that give some paths some values.

use crate::json::quote;
use crate::request::ARGUMENTS;

/// What a path is to have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assignment<'a> {
    /// The names on the way, the root's first.
    pub(super) path: &'a [&'a str],
    /// JSON; missing if there is none.
    pub(super) text: Option<&'a str>,
}

/// The roots as JSON. The arguments are an object if nothing is said of them themselves, as is a value that has others below it.
pub(super) fn write(assignments: &[Assignment<'_>]) -> String {
    let mut present: Vec<(&[&str], &str)> = assignments.iter().filter_map(|own| Some((own.path, own.text?))).collect();
    if !assignments.iter().any(|own| own.path == [ARGUMENTS]) {
        present.push((&[ARGUMENTS], "{}"));
    }
    present.sort_unstable();
    let mut out = String::new();
    write_below(&mut out, 0, &present);
    out
}

/// Writes what all of these are at a depth at which they have the same names behind them.
fn write_below(out: &mut String, depth: usize, present: &[(&[&str], &str)]) {
    // A path that ends here stands before those that go on.
    let below = match present.split_first() {
        Some(((path, text), [])) if path.len() == depth => return out.push_str(text),
        Some(((path, _), below)) if path.len() == depth => below,
        Some(_) | None => present,
    };
    out.push('{');
    let name = |entry: &(&[&str], &str)| entry.0.get(depth).copied().unwrap_or_default().to_owned();
    for (number, group) in below.chunk_by(|left, right| name(left) == name(right)).enumerate() {
        if number > 0 {
            out.push(',');
        }
        out.push_str(&quote(&group.first().map(name).unwrap_or_default()));
        out.push(':');
        write_below(out, depth + 1, group);
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::{Assignment, write};

    #[test]
    fn values_stand_where_their_paths_lead() {
        check(&[], r#"{"arguments":{}}"#);
        check(&[(&["arguments"], None)], "{}");
        check(&[(&["arguments"], Some("{}"))], r#"{"arguments":{}}"#);
        check(&[(&["arguments", "a"], None)], r#"{"arguments":{}}"#);
        check(&[(&["claims", "a"], Some("1"))], r#"{"arguments":{},"claims":{"a":1}}"#);
        check(
            &[
                (&["arguments", "a", "b"], Some("1")),
                (&["arguments", "c"], Some("[2]")),
                (&["arguments", "a", "\""], Some("3")),
            ],
            r#"{"arguments":{"a":{"\"":3,"b":1},"c":[2]}}"#,
        );
        let below: &[&str] = &["arguments", "a", "b"];
        check(
            &[(below, Some("1")), (&["arguments", "a"], Some("{}")), (&["arguments"], Some("{}"))],
            r#"{"arguments":{"a":{"b":1}}}"#,
        );
        check(&[(below, None), (&["arguments", "a"], Some("{}"))], r#"{"arguments":{"a":{}}}"#);
    }

    fn check(assignments: &[(&[&str], Option<&str>)], expected: &str) {
        let assignments: Vec<Assignment<'_>> =
            assignments.iter().map(|(path, text)| Assignment { path, text: *text }).collect();
        assert_eq!(write(&assignments), expected);
    }
}
