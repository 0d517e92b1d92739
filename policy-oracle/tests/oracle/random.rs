//! Choices that follow from one seed.

/// A sequence of numbers (SplitMix64): the same seed gives the same choices.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    /// Whether something happens that does so in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(crate) fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// `count` draws, the same one perhaps several times.
    pub(crate) fn some_of<T: Clone>(&mut self, choices: &[T], count: usize) -> Vec<T> {
        (0..count).map(|_| self.one_of(choices)).collect()
    }

    /// All of them in another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in 0..list.len() {
            list.swap(at, self.below(list.len()));
        }
    }
}
