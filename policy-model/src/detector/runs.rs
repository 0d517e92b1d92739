//! Long runs of one class of bytes, found by looking at few of the others.

use std::ops::Range;

use super::text::Text;

/// The whole runs of at least `length` bytes of a class. Of bytes that are in no such run, about one in `length` is looked at.
pub(super) fn long_runs(text: Text<'_>, length: usize, is_in: fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            let last = start + length.max(1) - 1;
            if last >= text.len() {
                return None;
            }
            let run = text.start_of(last + 1, start, is_in);
            if run == start {
                let end = text.end_of(last, is_in);
                start = end;
                return Some(run..end);
            }
            start = run;
        }
    })
}
