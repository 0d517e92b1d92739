//! The least times of calls that are to be compared, taken in turns, so that a change of the clock meets all of them.

use std::io::{Result as Written, Write};
use std::time::{Duration, Instant};

/// Calls by their names; the first is what the others are compared with.
pub(crate) type Calls<'c> = Vec<(&'static str, Box<dyn FnMut() + 'c>)>;

/// The least time of each call.
pub(crate) fn least(calls: &mut Calls<'_>) -> Vec<(&'static str, Duration)> {
    let mut times = vec![Duration::MAX; calls.len()];
    for _ in 0..ROUNDS {
        for ((_, call), least) in calls.iter_mut().zip(&mut times) {
            let started = Instant::now();
            call();
            *least = (*least).min(started.elapsed());
        }
    }
    calls.iter().map(|(name, _)| *name).zip(times).collect()
}

pub(crate) fn title(out: &mut impl Write, title: &str, floor: &str) -> Written<()> {
    writeln!(out, "\n{title}\n{:<66} {:>12} {:>8} {floor}", "", "minimum", "ratio")
}

/// A time and its ratio to another.
pub(crate) fn row(out: &mut impl Write, name: &str, time: Duration, floor: Duration) -> Written<()> {
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    writeln!(out, "{name:<66} {:>9.1} us {ratio:>7.2}x", time.as_secs_f64() * 1e6)
}

const ROUNDS: usize = 200;
