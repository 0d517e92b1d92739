//! Names of tools in texts.

use policy_model::ToolName;
use policy_model::invisible::without;
use policy_model::tool_name::DELIMITER;

use crate::view::View;

/// Whether a text is the prefixed name of a tool that the caller may not call, also with characters in it that nobody sees.
pub(crate) fn is_hidden(view: &View<'_>, text: &str) -> bool {
    let name = without(text);
    ToolName::parse(name.trim()).is_ok_and(|tool| tool.target().is_some() && !view.lists_tool(&tool))
}

/// Whether a text has such a name in it, also with marks at its ends that are no part of it, or behind another prefix.
pub(crate) fn mentions_hidden(view: &View<'_>, text: &str) -> bool {
    let text = without(text);
    let is_in_name = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    text.contains(DELIMITER)
        && text.split(|character| !is_in_name(character)).any(|word| {
            let bare = word.trim_matches(['_', '.', '-']);
            let is_bare_a_name = ToolName::parse(bare).is_ok_and(|tool| tool.target().is_some());
            let own = if is_bare_a_name { bare } else { word };
            is_hidden(view, own) || inner_name(bare).is_some_and(|name| is_hidden(view, name))
        })
}

/// What stands around a delimiter between other runs of underscores: `crm___get` of `mcp__gateway__crm___get`.
fn inner_name(word: &str) -> Option<&str> {
    let (mut start, mut has_delimiter) = (0, false);
    for (at, run) in runs(word) {
        if run == DELIMITER.len() {
            has_delimiter = true;
        } else if has_delimiter {
            return word.get(start..at);
        } else {
            start = at + run;
        }
    }
    has_delimiter.then(|| word.get(start..)).flatten()
}

/// Where two underscores or more stand in a row, and how many.
fn runs(word: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = word.get(at..)?;
        let start = at + rest.find("__")?;
        let length = word.get(start..)?.bytes().take_while(|byte| *byte == b'_').count();
        at = start + length;
        Some((start, length))
    })
}

#[cfg(test)]
mod tests {
    use super::inner_name;

    #[test]
    fn the_name_inside_is_what_stands_between_other_runs() {
        for (word, inner) in [
            ("mcp__gateway__crm___get", Some("crm___get")),
            ("crm___get", Some("crm___get")),
            ("a____crm___get__b", Some("crm___get")),
            ("crm___get___more", Some("crm___get___more")),
            ("crm__get", None),
            ("a____b", None),
        ] {
            assert_eq!(inner_name(word), inner, "{word}");
        }
        // Linear, or this takes minutes.
        assert_eq!(inner_name(&format!("a{}b", "_".repeat(1 << 20))), None);
    }
}
