//! Finds members that stand twice, which `serde_json` would read in one of two ways.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Whether a member stands twice in some object of a JSON text.
pub(crate) fn has_twins(text: &str) -> bool {
    serde_json::from_str::<NoTwins>(text).is_err_and(|error| error.to_string().contains("twin"))
}

struct NoTwins;

impl<'de> Deserialize<'de> for NoTwins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NoTwins, D::Error> {
        deserializer.deserialize_any(NoTwins)
    }
}

impl<'de> Visitor<'de> for NoTwins {
    type Value = NoTwins;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<NoTwins, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, NoTwins)) = members.next_entry::<String, NoTwins>()? {
            if !names.insert(name) {
                return Err(serde::de::Error::custom("twin"));
            }
        }
        Ok(NoTwins)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<NoTwins, A::Error> {
        while elements.next_element::<NoTwins>()?.is_some() {}
        Ok(NoTwins)
    }

    fn visit_bool<E>(self, _: bool) -> Result<NoTwins, E> {
        Ok(NoTwins)
    }
    fn visit_i64<E>(self, _: i64) -> Result<NoTwins, E> {
        Ok(NoTwins)
    }
    fn visit_u64<E>(self, _: u64) -> Result<NoTwins, E> {
        Ok(NoTwins)
    }
    fn visit_f64<E>(self, _: f64) -> Result<NoTwins, E> {
        Ok(NoTwins)
    }
    fn visit_str<E>(self, _: &str) -> Result<NoTwins, E> {
        Ok(NoTwins)
    }
    fn visit_unit<E>(self) -> Result<NoTwins, E> {
        Ok(NoTwins)
    }
}
