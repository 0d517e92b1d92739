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
    let runs: Vec<(usize, usize)> = word
        .match_indices("__")
        .map(|(start, _)| {
            (start, word.get(start..).unwrap_or_default().bytes().take_while(|byte| *byte == b'_').count())
        })
        .collect();
    let delimiter = runs.iter().find(|(start, length)| *length == DELIMITER.len() && !ends_with_run(word, *start))?.0;
    let is_other = |(start, length): &&(usize, usize)| *length != DELIMITER.len() && !ends_with_run(word, *start);
    let before = runs.iter().filter(is_other).rfind(|(start, _)| *start < delimiter);
    let after = runs.iter().filter(is_other).find(|(start, _)| *start > delimiter);
    let (start, end) =
        (before.map_or(0, |(start, length)| start + length), after.map_or(word.len(), |(start, _)| *start));
    word.get(start..end)
}

/// Whether a place is inside of a run of underscores.
fn ends_with_run(word: &str, start: usize) -> bool {
    word.get(..start).is_some_and(|before| before.ends_with('_'))
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
    }
}
