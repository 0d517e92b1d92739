//! Documents with one entry in a list.

use super::refusing::policy;

pub(crate) fn rule(members: &str) -> String {
    policy(&format!(r#""rules":[{{"effect":"ALLOW","resourceType":"TOOL",{members}}}]"#))
}

pub(crate) fn redaction(members: &str) -> String {
    policy(&format!(r#""rules":[],"redactions":[{{{members}}}]"#))
}
