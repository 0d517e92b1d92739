//! What an evaluation may cost.

use std::cell::Cell;

/// Work that may still be done, in values looked at.
#[derive(Debug)]
pub(crate) struct Budget(Cell<u64>);

impl Budget {
    pub(crate) fn new(work: u64) -> Budget {
        Budget(Cell::new(work))
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.0.get() == 0
    }

    /// Takes work off; false if nothing is left, and the work is not to be done.
    pub(crate) fn spend(&self, work: usize) -> bool {
        self.0.set(self.0.get().saturating_sub(work as u64));
        !self.is_exhausted()
    }

    /// What is left.
    pub(crate) fn left(&self) -> u64 {
        self.0.get()
    }

    /// From now on so much is left.
    pub(crate) fn set(&self, left: u64) {
        self.0.set(left);
    }

    /// What is to be done cannot be bounded.
    pub(crate) fn exhaust(&self) {
        self.0.set(0);
    }
}

/// The work that a text of that many bytes is more than a value: comparing, unescaping or counting it.
pub(crate) fn text_work(bytes: usize) -> usize {
    bytes / 64 * 8
}
