//! Until when something that is remembered counts.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A moment, by two clocks: a process that is frozen between invocations may have one that stood still meanwhile, and the other may
/// be set. What is over by either of them is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    running: Instant,
    wall: SystemTime,
}

impl Moment {
    /// Now.
    pub fn now() -> Moment {
        Moment { running: Instant::now(), wall: SystemTime::now() }
    }

    /// So much later.
    pub fn after(self, time: Duration) -> Moment {
        let running = self.running.checked_add(time).unwrap_or(self.running);
        Moment { running, wall: self.wall.checked_add(time).unwrap_or(self.wall) }
    }

    /// Whether it is over.
    pub fn is_over(self) -> bool {
        Instant::now() >= self.running || SystemTime::now() >= self.wall
    }

    /// How long it is ago, by the clock that says more.
    pub fn elapsed(self) -> Duration {
        self.running.elapsed().max(self.wall.elapsed().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_by_either_clock_is_over() {
        let (now, hour) = (Moment::now(), Duration::from_secs(3_600));
        let later = now.after(hour);
        assert!(now.is_over() && !later.is_over());
        assert!(Moment { wall: now.wall, ..later }.is_over(), "frozen for an hour");
        assert!(Moment { running: now.running, ..later }.is_over(), "set back by an hour");
        assert!(!Moment { wall: later.wall + hour, ..later }.is_over());
    }

    #[test]
    fn the_clock_that_says_more_says_how_long_ago_it_was() {
        let now = Moment::now();
        let frozen = Moment { wall: now.wall - Duration::from_secs(3_600), ..now };
        assert!(frozen.elapsed() >= Duration::from_secs(3_600));
        let set_back = Moment { wall: now.wall + Duration::from_secs(3_600), ..now };
        assert!(set_back.elapsed() < Duration::from_secs(60));
    }
}
