//! Changes to a text, in its order.

use std::ops::Range;

/// Changes to a text. None begins before the end of the one before it.
#[derive(Debug, Default)]
pub(super) struct Patches {
    list: Vec<Patch>,
    /// What is put in, one after the other.
    texts: String,
}

#[derive(Debug, Clone, Copy)]
struct Patch {
    start: u32,
    end: u32,
    /// Where in the texts its own ends and begins.
    text_start: u32,
    text_end: u32,
}

impl Patches {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Puts a text in the place of a range that is behind all others.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) {
        let patch = self.patch(range, text);
        self.list.push(patch);
    }

    /// The same for a range that is not behind all others: what was changed inside of it no longer matters.
    pub(super) fn replace_again(&mut self, range: Range<usize>, text: &str) {
        let patch = self.patch(range, text);
        let first = self.list.partition_point(|other| other.end <= patch.start);
        let after = self.list.partition_point(|other| other.start < patch.end);
        self.list.splice(first..after.max(first), [patch]);
    }

    fn patch(&mut self, range: Range<usize>, text: &str) -> Patch {
        if self.list.is_empty() {
            // Where there is one, there are often more.
            self.list.reserve(16);
            self.texts.reserve(128);
        }
        let text_start = self.texts.len() as u32;
        self.texts.push_str(text);
        Patch { start: range.start as u32, end: range.end as u32, text_start, text_end: self.texts.len() as u32 }
    }

    /// The text of a range with its changes made.
    pub(super) fn apply(&self, text: &str, range: Range<usize>) -> String {
        let taken: usize = self.list.iter().map(|patch| (patch.end - patch.start) as usize).sum();
        let mut out = String::with_capacity((range.len() + self.texts.len()).saturating_sub(taken));
        let mut at = range.start;
        for patch in &self.list {
            out.push_str(text.get(at..patch.start as usize).unwrap_or_default());
            out.push_str(self.texts.get(patch.text_start as usize..patch.text_end as usize).unwrap_or_default());
            at = patch.end as usize;
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
    has_removed: bool,
}

impl Parts {
    /// The parts after an opening bracket at `start`.
    pub(super) fn after(start: usize) -> Parts {
        Parts { end: start + 1, has_kept: false, has_removed: false }
    }

    /// A part that begins at `start` stays. Comes before what is changed inside of it. Offsets are of `text`, which begins at
    /// `base` of what is patched.
    pub(super) fn keep(&mut self, text: &str, base: usize, start: usize, patches: &mut Patches) {
        // Only behind what goes away a comma stands before the first part.
        if self.has_removed
            && !self.has_kept
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
        self.has_removed = true;
        self.end = end;
    }
}
