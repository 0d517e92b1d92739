//! All that is set in the arguments of one call, as a tree: an object that several entries go through is made once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Unresolved, is_same};
use crate::json::{self, Edit, Edits, Kind, Value, quote};

/// What is set at one place, and below it.
#[derive(Debug, Default)]
pub(super) struct Setting<'e> {
    /// An entry that goes through here.
    path: &'e str,
    value: Option<Cow<'e, str>>,
    below: BTreeMap<&'e str, Setting<'e>>,
}

impl<'e> Setting<'e> {
    /// Adds a value under names.
    pub(super) fn add(&mut self, path: &'e str, names: &[&'e str], value: Cow<'e, str>) -> Result<(), Unresolved> {
        if let Some((first, below)) = names.split_first() {
            let place = self.below.entry(first).or_insert_with(|| Setting { path, ..Setting::default() });
            return place.add(path, below, value);
        }
        self.value = Some(match self.value.take() {
            None => value,
            Some(other) if !is_same(&other, &value) => return Err(Unresolved::Conflict(path.to_owned())),
            // One value in two spellings: which of them is a matter of neither's place in the list.
            Some(other) => other.min(value),
        });
        Ok(())
    }

    /// Adds the edits after which an object has all that is set below.
    pub(super) fn edit(&self, object: Value<'_>, edits: &mut Edits) -> Result<(), Unresolved> {
        let mut missing: BTreeMap<&str, &Setting<'e>> = self.below.iter().map(|(name, place)| (*name, place)).collect();
        for member in object.members() {
            let name = member.name.as_str().unwrap_or_default();
            let Some(place) = missing.remove(name.as_ref()) else { continue };
            match (&place.value, member.value.kind()) {
                (Some(_), _) => edits.add(member.value, Edit::Replace(place.written()?.into())),
                (None, Kind::Object) => place.edit(member.value, edits)?,
                (None, Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array) => {
                    return Err(Unresolved::Parent(place.path.to_owned()));
                }
            }
        }
        let mut members = Vec::new();
        for (name, place) in missing {
            members.push(format!("{}:{}", quote(name), place.written()?));
        }
        if !members.is_empty() {
            edits.add(object, Edit::Append(members.join(",")));
        }
        Ok(())
    }

    /// The text of a place whatever is there, or where there is nothing.
    fn written(&self) -> Result<String, Unresolved> {
        let text = self.value.as_deref().unwrap_or("{}");
        if self.below.is_empty() {
            return Ok(text.to_owned());
        }
        let document = json::parse(text.as_bytes()).map_err(|_| Unresolved::TooDeep)?;
        if document.root().kind() != Kind::Object {
            return Err(Unresolved::Parent(self.path.to_owned()));
        }
        let mut edits = Edits::default();
        self.edit(document.root(), &mut edits)?;
        Ok(edits.apply(document.root()))
    }
}
