//! Names of tools in texts.

use policy_model::ToolName;
use policy_model::invisible::without;
use policy_model::tool_name::DELIMITER;

use crate::view::View;

/// Whether a text is the name of a tool that the caller may not call, also with characters in it that nobody sees: a prefixed one,
/// or within a target a word that the answer itself shows to be one.
pub(crate) fn is_hidden(view: &View<'_>, text: &str) -> bool {
    let text = without(text);
    let name = text.trim();
    view.own_words().has(name) || is_prefixed_and_hidden(view, name)
}

/// Whether a text has such a name in it, also with marks at its ends that are no part of it, or behind another prefix.
pub(crate) fn mentions_hidden(view: &View<'_>, text: &str) -> bool {
    let text = without(text);
    let is_in_name = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    let has_own = !view.own_words().is_empty();
    (has_own || text.contains(DELIMITER))
        && text.split(|character| !is_in_name(character)).any(|word| {
            let bare = word.trim_matches(['_', '.', '-']);
            let is_bare_a_name = ToolName::parse(bare).is_ok_and(|tool| tool.target().is_some());
            let own = if is_bare_a_name { bare } else { word };
            is_hidden(view, own)
                || inner_name(bare).is_some_and(|name| is_hidden(view, name))
                || (has_own && ends_in_own_word(view, word, bare))
        })
}

/// Whether something is so of every tool that a name in a text or beside a description can stand for, and there is one.
///
/// Within a target a server may print the target before a name or not. A name that begins with the target is in full, as no tool of
/// it is called so. Another prefixed name is what the target calls one of its own, or the full name of another target's tool, and
/// counts as both: whoever may not use it in either reading does not see it.
pub(crate) fn is_so_of_all(view: &View<'_>, name: &str, is_so: impl Fn(&ToolName<'_>) -> bool) -> bool {
    let own = view.full_name(name).map(|full| ToolName::parse(&full).is_ok_and(|tool| is_so(&tool)));
    let in_full = match view.names().target() {
        None => None,
        Some(_) => ToolName::parse(name).ok().filter(|tool| tool.target().is_some()).map(|tool| is_so(&tool)),
    };
    matches!((own, in_full), (Some(true), None | Some(true)) | (None, Some(true)))
}

fn is_prefixed_and_hidden(view: &View<'_>, name: &str) -> bool {
    ToolName::parse(name).is_ok_and(|tool| tool.target().is_some())
        && !is_so_of_all(view, name, |tool| view.lists_tool(tool))
}

/// Whether a name without a prefix stands at the end of a word, behind runs of underscores: `purge` of `mcp__gateway__purge`.
fn ends_in_own_word(view: &View<'_>, word: &str, bare: &str) -> bool {
    let ends =
        |word: &str| runs(word).any(|(at, run)| word.get(at + run..).is_some_and(|end| view.own_words().has(end)));
    view.own_words().has(bare) || ends(word) || ends(bare)
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
