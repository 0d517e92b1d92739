//! Repeated measurements and their median.

use std::time::{Duration, Instant};

/// The median of some durations; zero for none.
pub(crate) fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied().unwrap_or_default()
}

/// The median time of one call, from batches long enough for the clock and shorter than what a scheduler gives at once; from
/// fewer of them if the call is slow.
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
    let first = Instant::now();
    let mut times = Vec::new();
    while times.len() < BATCHES && (times.len() < BATCHES_LEAST || first.elapsed() < PATIENCE) {
        let started = Instant::now();
        (0..batch).for_each(|_| call());
        times.push(started.elapsed() / batch);
    }
    median(times)
}

const BATCHES: usize = 101;

/// So many are taken of the slowest call.
const BATCHES_LEAST: usize = 7;

const BATCH_TIME: Duration = Duration::from_micros(500);

const PATIENCE: Duration = Duration::from_secs(3);
