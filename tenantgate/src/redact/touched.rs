//! Which places some changes touch.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::change::Change;

/// The places of some changes.
pub(super) struct Touched {
    /// What was changed at a place: a part of a text, or all of it.
    places: HashMap<String, Vec<Option<Range<usize>>>>,
    /// The places around them.
    around: HashSet<String>,
}

impl Touched {
    pub(super) fn by(changes: &[Change]) -> Touched {
        let mut touched = Touched { places: HashMap::new(), around: HashSet::new() };
        for change in changes {
            let range = change.part.as_ref().map(|part| part.range.clone());
            let paths = prefixes(change);
            touched.places.entry(paths.last().cloned().unwrap_or_default()).or_default().push(range);
            touched.around.extend(paths);
        }
        touched
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether one of them is at the place of a change, or at one around it.
    pub(super) fn covers(&self, change: &Change) -> bool {
        let part = change.part.as_ref().map(|part| &part.range);
        prefixes(change).iter().filter_map(|place| self.places.get(place)).flatten().any(|own| match (own, part) {
            (None, _) => true,
            (Some(own), Some(part)) => own.start == part.start || (own.start < part.end && part.start < own.end),
            (Some(_), None) => false,
        })
    }

    /// Whether one of them is inside the place of a change.
    pub(super) fn is_inside(&self, change: &Change) -> bool {
        self.around.contains(&change.path.concat())
    }
}

/// The places around a change, and its own last.
fn prefixes(change: &Change) -> Vec<String> {
    let mut whole = String::new();
    let longer = |step: &String| {
        whole.push_str(step);
        whole.clone()
    };
    change.path.iter().map(longer).collect()
}
