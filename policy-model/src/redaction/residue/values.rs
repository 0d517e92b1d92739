//! What is looked for, by how it begins.

use std::cell::OnceCell;
use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::super::taken_out::TakenOut;
use super::filter::HEAD_BYTES;

/// The values that were taken out.
pub(super) struct Values<'t> {
    taken_out: &'t TakenOut,
    heads: HashSet<[u8; HEAD_BYTES], FixedState>,
    sorted: OnceCell<Sorted<'t>>,
}

/// Each once, in their order, and the longest other value with which each begins.
struct Sorted<'t> {
    values: Vec<(&'t [u8], Option<usize>)>,
}

impl<'t> Values<'t> {
    pub(super) fn of(taken_out: &'t TakenOut) -> Values<'t> {
        let mut heads = HashSet::with_capacity_and_hasher(taken_out.len(), FixedState::default());
        heads.extend(taken_out.values().filter_map(|value| value.as_bytes().first_chunk::<HEAD_BYTES>().copied()));
        Values { taken_out, heads, sorted: OnceCell::new() }
    }

    /// Whether a value begins so.
    pub(super) fn begin_with(&self, bytes: &[u8]) -> bool {
        bytes.first_chunk().is_some_and(|head| self.heads.contains(head))
    }

    /// Whether a value begins with these bytes and has more.
    pub(super) fn go_on_from(&self, bytes: &[u8]) -> bool {
        let values = &self.sorted().values;
        let next = values.partition_point(|(value, _)| *value <= bytes);
        values.get(next).is_some_and(|(value, _)| value.starts_with(bytes))
    }

    /// Every value with which these bytes begin: the last that is not behind them in the order, or one that it begins with.
    pub(super) fn starting(&self, bytes: &[u8]) -> impl Iterator<Item = &'t [u8]> {
        let sorted = self.sorted();
        let mut next = sorted.values.partition_point(|(value, _)| *value <= bytes).checked_sub(1);
        std::iter::from_fn(move || {
            let (value, prefix) = next.and_then(|index| sorted.values.get(index))?;
            next = *prefix;
            Some(*value)
        })
        .filter(move |value| bytes.starts_with(value))
    }

    fn sorted(&self) -> &Sorted<'t> {
        self.sorted.get_or_init(|| {
            let mut list: Vec<&[u8]> = self.taken_out.values().map(str::as_bytes).collect();
            list.sort_unstable();
            list.dedup();
            let mut values: Vec<(&[u8], Option<usize>)> = Vec::with_capacity(list.len());
            for value in list {
                let mut prefix = values.len().checked_sub(1);
                while let Some((other, shorter)) = prefix.and_then(|index| values.get(index)) {
                    if value.starts_with(other) {
                        break;
                    }
                    prefix = *shorter;
                }
                values.push((value, prefix));
            }
            Sorted { values }
        })
    }
}
