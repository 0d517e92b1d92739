//! Discovery of prompts, resources and templates: listed if and only if some use of it could be allowed.

use std::collections::HashMap;

use policy_model::json::{Edit, Edits, Kind, Value};
use policy_model::spelling::folded;
use policy_model::{Resource, ResourceUri, ToolName, UriTemplate};

use crate::invisible::show;
use crate::list::filter_parts;
use crate::method::Listed;
use crate::view::View;

/// Filters the result of a list of these. What such a list does not have is taken out.
pub(crate) fn filter(view: &View<'_>, listed: Catalog, result: Value<'_>, edits: &mut Edits) {
    filter_frame(result, listed.member(), edits, |list, edits| {
        filter_entries(view, listed, list, edits, |entry, edits| {
            show(view.invisible(), entry, listed.key(), edits, |entry, edits| filter_parts(view, entry, edits));
        });
    });
}

/// Filters what stands around the entries of a list, and has its member filtered.
pub(crate) fn filter_frame<'d>(
    result: Value<'d>,
    list: &str,
    edits: &mut Edits,
    filter_list: impl Fn(Value<'d>, &mut Edits),
) {
    if result.kind() != Kind::Object {
        edits.add(result, Edit::Replace(format!("{{\"{list}\":[]}}").into()));
        return;
    }
    for member in result.members() {
        let name = member.name.as_str().unwrap_or_default();
        if name == list {
            filter_list(member.value, edits);
        } else if name == "nextCursor" && member.value.kind() == Kind::String {
            // The server's own mark, which must come back as it was.
        } else if !MEMBERS.contains(&name.as_ref()) || !is_plain(member.value) {
            edits.add(member.value, Edit::Remove);
        }
    }
}

/// Filters what was read of a resource: each part has a URI of its own.
pub(crate) fn filter_contents(view: &View<'_>, result: Value<'_>, edits: &mut Edits) {
    for member in result.members().filter(|member| member.name.is_str("contents")) {
        // What a resource holds is no description, and stays as it is.
        filter_entries(view, Catalog::Resources, member.value, edits, |_, _| {});
    }
}

/// Which list an object is, by its members alone.
pub(crate) fn of_shape(result: Value<'_>) -> Option<Catalog> {
    let is_known = |name: &str, listed: Catalog| name == listed.member() || MEMBERS.contains(&name);
    let is = |listed: Catalog| {
        result.get(listed.member()).is_some()
            && result.members().all(|member| member.name.as_str().is_some_and(|name| is_known(&name, listed)))
    };
    [Catalog::Prompts, Catalog::Resources, Catalog::Templates].into_iter().find(|listed| is(*listed))
}

/// A list of other things than tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Catalog {
    Prompts,
    Resources,
    Templates,
}

impl Catalog {
    pub(crate) fn of(listed: Listed) -> Option<Catalog> {
        match listed {
            Listed::Tools | Listed::Tasks => None,
            Listed::Prompts => Some(Catalog::Prompts),
            Listed::Resources => Some(Catalog::Resources),
            Listed::Templates => Some(Catalog::Templates),
        }
    }

    /// The member that the list is in.
    fn member(self) -> &'static str {
        match self {
            Catalog::Prompts => "prompts",
            Catalog::Resources => "resources",
            Catalog::Templates => "resourceTemplates",
        }
    }

    /// The member by which an entry is known.
    fn key(self) -> &'static str {
        match self {
            Catalog::Prompts => "name",
            Catalog::Resources => "uri",
            Catalog::Templates => "uriTemplate",
        }
    }

    fn resource(self, key: &str) -> Option<Resource<'_>> {
        match self {
            Catalog::Prompts => ToolName::parse(key).ok().map(Resource::Prompt),
            Catalog::Resources => ResourceUri::parse(key).ok().map(Resource::Uri),
            Catalog::Templates => UriTemplate::parse(key).ok().map(Resource::Template),
        }
    }
}

fn filter_entries(
    view: &View<'_>,
    listed: Catalog,
    list: Value<'_>,
    edits: &mut Edits,
    keep: impl Fn(Value<'_>, &mut Edits),
) {
    if list.kind() != Kind::Array {
        edits.add(list, Edit::Replace("[]".into()));
        return;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for key in list.elements().filter_map(|entry| key_of(entry, listed.key())) {
        *counts.entry(key).or_default() += 1;
    }
    for entry in list.elements() {
        let is_listed = key_of(entry, listed.key()).is_some_and(|key| {
            // Parts of one resource may share its URI; two prompts of one name are two things.
            let is_clear = listed == Catalog::Resources || counts.get(&key) == Some(&1);
            is_clear && lists(view, listed, &key)
        });
        if is_listed {
            keep(entry, edits);
        } else {
            edits.add(entry, Edit::Remove);
        }
    }
}

/// Whether the caller may use what an entry is known by. A prompt goes by its full name.
fn lists(view: &View<'_>, listed: Catalog, key: &str) -> bool {
    let full = match listed {
        Catalog::Prompts => view.full_name(key),
        Catalog::Resources | Catalog::Templates => Some(key.into()),
    };
    full.is_some_and(|key| listed.resource(&key).is_some_and(|resource| view.lists_entry(&key, resource)))
}

/// An entry's key, if no reader can find another one.
pub(crate) fn key_of(entry: Value<'_>, key: &str) -> Option<String> {
    let is_key = |name: Value<'_>| name.as_str().is_some_and(|name| folded(&name) == folded(key));
    let mut keys = entry.members().filter(|member| is_key(member.name));
    match (keys.next(), keys.next()) {
        (Some(found), None) if found.name.is_str(key) => Some(found.value.as_str()?.into_owned()),
        (_, _) => None,
    }
}

/// Whether a value has nothing in it that could be a list of its own.
fn is_plain(value: Value<'_>) -> bool {
    value.descendants().all(|below| match below.kind() {
        Kind::Array => false,
        Kind::String => !below.as_str().is_some_and(|text| text.trim_start().starts_with(['{', '[', '"'])),
        Kind::Object | Kind::Null | Kind::Bool | Kind::Number => true,
    })
}

/// What these lists have beside their entries.
const MEMBERS: &[&str] = &["nextCursor", "_meta", "ttlMs", "cacheScope", "resultType"];
