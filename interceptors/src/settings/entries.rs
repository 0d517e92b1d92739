//! An object whose members an operator names: each name once. A map would silently keep the last of two.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

/// Members by name, in the order of the document.
#[derive(Debug)]
pub(super) struct Entries<T>(Vec<(String, T)>);

impl<T> Entries<T> {
    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Entries<T> {
        Entries(Vec::new())
    }
}

impl<T> IntoIterator for Entries<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'d, T: Deserialize<'d>> Deserialize<'d> for Entries<T> {
    fn deserialize<D: Deserializer<'d>>(document: D) -> Result<Entries<T>, D::Error> {
        document.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'d, T: Deserialize<'d>> Visitor<'d> for Members<T> {
    type Value = Entries<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with a member for each name")
    }

    fn visit_map<M: MapAccess<'d>>(self, mut map: M) -> Result<Entries<T>, M::Error> {
        let mut entries: Vec<(String, T)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some((name, value)) = map.next_entry::<String, T>()? {
            if !names.insert(name.clone()) {
                return Err(M::Error::custom(format!("{name:?} stands twice; give each name one entry")));
            }
            if entries.len() == ENTRIES_MAX {
                return Err(M::Error::custom(format!("more than {ENTRIES_MAX} names")));
            }
            entries.push((name, value));
        }
        Ok(Entries(entries))
    }
}

/// Most members of one object.
const ENTRIES_MAX: usize = 1_000;
