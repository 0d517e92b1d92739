//! Discovery by the gateway's search tool: its result has the list of tools twice.

use policy_model::json::{Edit, Edits, Kind, Value, quote};

use crate::list;
use crate::spelling::is_misspelt;
use crate::tool_result::ITEM;
use crate::view::View;

/// Whether a result is one, by its members alone.
pub(crate) fn is_result(result: Value<'_>) -> bool {
    let is_own = |name: Value<'_>| name.as_str().is_some_and(|name| SEARCH_RESULT.contains(&name.as_ref()));
    result.get("structuredContent").is_some_and(|list| list::has_only(list, list::MEMBERS))
        && result.members().all(|member| is_own(member.name))
}

/// A search result has the list twice: structured, and as JSON text.
pub(crate) fn filter(view: &View<'_>, result: Value<'_>, edits: &mut Edits) {
    for member in result.members() {
        match member.name.as_str().unwrap_or_default().as_ref() {
            "content" => filter_content(view, member.value, edits),
            "structuredContent" => list::filter_document(view, member.value, edits),
            _ => list::filter_member(view, member, edits),
        }
    }
}

/// The text copy. What cannot be read as a list is masked, other content is dropped.
fn filter_content(view: &View<'_>, content: Value<'_>, edits: &mut Edits) {
    if content.kind() != Kind::Array {
        edits.add(content, Edit::Replace("[]".into()));
        return;
    }
    for item in content.elements() {
        let text = item.get("text").filter(|_| item.get("type").is_some_and(|kind| kind.is_str("text")));
        let Some((value, text)) = text.and_then(|text| Some((text, text.as_str()?))) else {
            edits.add(item, Edit::Remove);
            continue;
        };
        if is_misspelt(item, ITEM) {
            edits.add(item, Edit::Remove);
            continue;
        }
        let filtered = list::filter_text(view, &text);
        if filtered != text {
            edits.add(value, Edit::Replace(quote(&filtered).into()));
        }
        for member in item.members().filter(|member| !member.name.is_str("text") && !member.name.is_str("type")) {
            list::filter(view, member.value, edits);
        }
    }
}

const SEARCH_RESULT: &[&str] = &["content", "structuredContent", "isError", "_meta", "resultType"];
