//! What a model reads in a list and nobody sees.

use policy_model::invisible::{Found, find};
use policy_model::json::{self, Edit, Edits, Value};

use crate::settings::InvisibleCharacters;
use crate::within::Within;

/// Shows the entry of a list without what nobody sees in it, or not at all, and has what is shown filtered. `key` is the member
/// by which the entry is known: it is decided on as it came.
pub(crate) fn show(
    mode: InvisibleCharacters,
    entry: Value<'_>,
    key: &str,
    edits: &mut Edits,
    filter: impl Fn(Value<'_>, &mut Edits),
) {
    let found = match mode {
        InvisibleCharacters::Keep => Found::Nothing,
        InvisibleCharacters::Strip | InvisibleCharacters::Hide => find(entry, key),
    };
    match (found, mode) {
        (Found::Nothing, _) => filter(entry, edits),
        (Found::InTexts(stripped), InvisibleCharacters::Strip) => {
            let filtered = json::parse_owned(stripped.apply(entry)).map(|document| {
                let mut edits = Edits::default();
                filter(document.root(), &mut edits);
                edits.apply(document.root())
            });
            edits.add(entry, filtered.map_or(Edit::Remove, |text| Edit::Replace(text.into())));
        }
        (Found::InTexts(_), InvisibleCharacters::Hide | InvisibleCharacters::Keep) | (Found::InNames, _) => {
            edits.add(entry, Edit::Remove);
        }
    }
}

/// Shows what describes a tool so; what is within it was shown with it.
pub(crate) fn show_tool(
    mode: InvisibleCharacters,
    tool: Value<'_>,
    within: Within,
    edits: &mut Edits,
    filter: impl Fn(Value<'_>, &mut Edits, Within),
) {
    match within.tool() {
        Some(within) => show(mode, tool, "name", edits, |tool, edits| filter(tool, edits, within)),
        None => filter(tool, edits, within),
    }
}
