//! Repeated measurements and their median.

use std::time::{Duration, Instant};

/// The median of some durations; zero for none.
pub(crate) fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied().unwrap_or_default()
}

/// The median time of one call, from batches long enough for the clock.
pub(crate) fn time_of(mut call: impl FnMut()) -> Duration {
    let mut batch = 1_u32;
    loop {
        let started = Instant::now();
        (0..batch).for_each(|_| call());
        if started.elapsed() > BATCH_TIME {
            break;
        }
        batch = batch.saturating_mul(2);
    }
    let batches = (0..BATCHES).map(|_| {
        let started = Instant::now();
        (0..batch).for_each(|_| call());
        started.elapsed() / batch
    });
    median(batches.collect())
}

const BATCHES: usize = 25;

const BATCH_TIME: Duration = Duration::from_millis(4);
