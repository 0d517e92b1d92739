//! Changes to a text, in its order.

use std::borrow::Cow;
use std::ops::Range;

/// Changes to a text. None begins before the end of the one before it.
#[derive(Debug, Default)]
pub(super) struct Patches {
    list: Vec<Patch>,
}

#[derive(Debug)]
struct Patch {
    start: usize,
    end: usize,
    text: Cow<'static, str>,
}

impl Patches {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Puts a text in the place of a range that is behind all others.
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<Cow<'static, str>>) {
        self.list.push(Patch { start: range.start, end: range.end, text: text.into() });
    }

    /// The same for a range that is not behind all others: what was changed inside of it no longer matters.
    pub(super) fn replace_again(&mut self, range: Range<usize>, text: &'static str) {
        let first = self.list.partition_point(|patch| patch.end <= range.start);
        let after = self.list.partition_point(|patch| patch.start < range.end);
        let patch = Patch { start: range.start, end: range.end, text: Cow::Borrowed(text) };
        self.list.splice(first..after.max(first), [patch]);
    }

    /// The text of a range with its changes made.
    pub(super) fn apply(&self, text: &str, range: Range<usize>) -> String {
        let added: usize = self.list.iter().map(|patch| patch.text.len()).sum();
        let taken: usize = self.list.iter().map(|patch| patch.end - patch.start).sum();
        let mut out = String::with_capacity((range.len() + added).saturating_sub(taken));
        let mut at = range.start;
        for patch in &self.list {
            out.push_str(text.get(at..patch.start).unwrap_or_default());
            out.push_str(&patch.text);
            at = patch.end;
        }
        out.push_str(text.get(at..range.end).unwrap_or_default());
        out
    }
}

/// The members or elements of a container one after the other: a part that goes takes its comma along.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// The end of the part before, or of the opening bracket.
    end: usize,
    has_kept: bool,
}

impl Parts {
    /// The parts after an opening bracket at `start`.
    pub(super) fn after(start: usize) -> Parts {
        Parts { end: start + 1, has_kept: false }
    }

    /// A part that begins at `start` stays. Comes before what is changed inside of it. Offsets are of `text`, which begins at
    /// `base` of what is patched.
    pub(super) fn keep(&mut self, text: &str, base: usize, start: usize, patches: &mut Patches) {
        if !self.has_kept
            && let Some(comma) = text.get(self.end..start).unwrap_or_default().find(',')
        {
            patches.replace(base + self.end..base + self.end + comma + 1, "");
        }
        self.has_kept = true;
    }

    /// A part that stays ends.
    pub(super) fn ends(&mut self, end: usize) {
        self.end = end;
    }

    /// A part that goes ends.
    pub(super) fn remove(&mut self, base: usize, end: usize, patches: &mut Patches) {
        patches.replace(base + self.end..base + end, "");
        self.end = end;
    }
}
