//! A second opinion on policies: the rules read one by one out of the document, by code that shares nothing with the product.

use serde_json::Value;

const SEARCH: &str = "x_amz_bedrock_agentcore_search";

/// Whether a policy document permits a tool.
pub(crate) fn permits(policy: &Value, tool: &str) -> bool {
    let Some(name) = Name::read(tool) else { return false };
    let default_target = policy["defaultTarget"].as_str();
    let has = |effect: &str| {
        policy["rules"].as_array().unwrap().iter().filter(|rule| rule["effect"] == effect).any(|rule| {
            rule["resources"].as_array().unwrap().iter().any(|resource| {
                let pattern = resource.as_str().unwrap().strip_prefix("agent:tool:").unwrap();
                name.is_named_by(pattern, effect == "DENY", default_target)
            })
        })
    };
    !has("DENY") && has("ALLOW")
}

struct Name<'n> {
    whole: &'n str,
    parts: Option<(&'n str, &'n str)>,
}

impl<'n> Name<'n> {
    fn read(whole: &'n str) -> Option<Name<'n>> {
        let is_word = whole.chars().all(|character| character.is_ascii_alphanumeric() || "_.-".contains(character));
        if whole.is_empty() || whole.len() > 256 || !is_word {
            return None;
        }
        let parts = whole.split_once("___");
        let is_right = match parts {
            Some((target, tool)) => {
                !target.is_empty() && !target.contains('_') && !tool.is_empty() && !tool.starts_with('_')
            }
            None => !whole.contains("__"),
        };
        is_right.then_some(Name { whole, parts })
    }

    fn is_named_by(&self, pattern: &str, is_deny: bool, default_target: Option<&str>) -> bool {
        if pattern.chars().all(|character| character == '*') {
            return true;
        }
        if let Some((target_pattern, tool_pattern)) = pattern.split_once("___") {
            // A DENY is read over the whole name, so that a tool with the delimiter in its name cannot slip it.
            if is_deny {
                return fits(pattern, self.whole);
            }
            return self.parts.is_some_and(|(target, tool)| fits(target_pattern, target) && fits(tool_pattern, tool));
        }
        match self.parts {
            Some((_, tool)) if is_deny => fits(pattern, tool) || fits(pattern, self.whole),
            Some((target, tool)) => default_target == Some(target) && fits(pattern, tool),
            None if is_deny => fits(pattern, self.whole),
            None if default_target.is_none() || pattern == SEARCH => fits(pattern, self.whole),
            None => false,
        }
    }
}

/// Whether `*` as any run of characters makes one of the other: piece after piece, each as early as it can stand.
fn fits(pattern: &str, text: &str) -> bool {
    let pieces: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn the_second_opinion_reads_wildcards() {
    for (pattern, text, expected) in [
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*b*c", "aXbYc", true),
        ("a*a", "a", false),
        ("abc", "abc", true),
        ("abc", "abcd", false),
        ("*a*a*b", "aab", true),
        ("*a*a*b", "ab", false),
    ] {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}
