//! The arguments that give some paths some values.

use crate::json::quote;

/// What a path is to have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assignment<'a> {
    /// The names on the way from the arguments.
    pub(super) path: &'a [&'a str],
    /// JSON; missing if there is none.
    pub(super) text: Option<&'a str>,
}

/// The arguments as JSON; none if they are missing themselves. A value that has others below it is an object.
pub(super) fn write(assignments: &[Assignment<'_>]) -> Option<String> {
    let is_root_missing = assignments.iter().any(|own| own.path.is_empty() && own.text.is_none());
    let mut present: Vec<(&[&str], &str)> = assignments.iter().filter_map(|own| Some((own.path, own.text?))).collect();
    if is_root_missing && present.is_empty() {
        return None;
    }
    present.sort_unstable();
    let mut out = String::new();
    write_below(&mut out, 0, &present);
    Some(out)
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
        check(&[], Some("{}"));
        check(&[(&[], None)], None);
        check(&[(&[], Some("{}"))], Some("{}"));
        check(&[(&["a"], None)], Some("{}"));
        check(
            &[(&["a", "b"], Some("1")), (&["c"], Some("[2]")), (&["a", "\""], Some("3"))],
            Some(r#"{"a":{"\"":3,"b":1},"c":[2]}"#),
        );
        check(&[(&["a", "b"], Some("1")), (&["a"], Some("{}")), (&[], Some("{}"))], Some(r#"{"a":{"b":1}}"#));
        check(&[(&["a", "b"], None), (&["a"], Some("{}"))], Some(r#"{"a":{}}"#));
    }

    fn check(assignments: &[(&[&str], Option<&str>)], expected: Option<&str>) {
        let assignments: Vec<Assignment<'_>> =
            assignments.iter().map(|(path, text)| Assignment { path, text: *text }).collect();
        assert_eq!(write(&assignments).as_deref(), expected);
    }
}
