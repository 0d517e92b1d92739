//! Which arguments nobody needs to give, since the policies set them.

use std::collections::BTreeSet;

use super::Change;
use crate::decision::Layers;
use crate::request::Resource;

impl Layers<'_> {
    /// The names of the arguments of a call that are set in each of them, whatever a caller writes there.
    pub fn set_arguments(self, resource: &Resource<'_>) -> BTreeSet<String> {
        let entries = self.rewrites(resource).into_iter().flatten();
        let names = entries.filter_map(|entry| match &entry.change {
            // The first is the root, which is `arguments`.
            Change::Set(_) => entry.path.names().filter(|names| names.len() == 2)?.last().map(|name| name.to_string()),
            Change::Remove | Change::Mask | Change::MaskFound(_) | Change::Refuse | Change::RefuseFound(_) => None,
        });
        names.collect()
    }
}
