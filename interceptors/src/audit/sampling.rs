//! Which allows are written down.

use aws_lc_rs::digest;

/// The share of allows that are written down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(f64);

impl Share {
    /// All of them.
    pub const ALL: Share = Share(1.0);

    /// A share from 0 to 1.
    pub fn new(share: f64) -> Option<Share> {
        (0.0..=1.0).contains(&share).then_some(Share(share))
    }

    /// The share, if it is not all.
    pub(crate) fn partial(self) -> Option<f64> {
        (self.0 < 1.0).then_some(self.0)
    }

    /// Whether the decision of this id is among them: always the same for the same id.
    pub(crate) fn includes(self, decision_id: &str) -> bool {
        if self.0 >= 1.0 {
            return true;
        }
        let hash = digest::digest(&digest::SHA256, decision_id.as_bytes());
        let place = hash.as_ref().iter().take(BYTES).fold(0_u64, |place, byte| place << 8 | u64::from(*byte));
        // Both are whole numbers that a double holds.
        (place as f64) < self.0 * (1_u64 << (8 * BYTES)) as f64
    }
}

const BYTES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_about_as_large_as_it_says_and_always_the_same() {
        for (share, least, most) in [(0.0, 0, 0), (0.1, 900, 1_100), (0.5, 4_850, 5_150), (1.0, 10_000, 10_000)] {
            let share = Share::new(share).unwrap();
            let count = || (0..10_000).filter(|number| share.includes(&format!("id-{number}"))).count();
            assert!((least..=most).contains(&count()), "{share:?} {}", count());
            assert_eq!(count(), count());
        }
    }

    #[test]
    fn more_is_never_less() {
        let [few, more] = [0.2, 0.3].map(|share| Share::new(share).unwrap());
        assert!((0..1_000).map(|id| id.to_string()).all(|id| !few.includes(&id) || more.includes(&id)));
    }

    #[test]
    fn what_is_no_share_is_none() {
        for share in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Share::new(share), None, "{share}");
        }
    }
}
