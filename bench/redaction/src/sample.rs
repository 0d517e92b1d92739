//! Times of calls that are to be compared: taken in turns, so that a change of the clock meets all of them.

use std::time::{Duration, Instant};

/// The median time of each call.
pub(crate) fn times_of(mut calls: Vec<(String, Box<dyn FnMut() + '_>)>) -> Vec<(String, Duration)> {
    let batches: Vec<u32> = calls.iter_mut().map(|(_, call)| batch(call)).collect();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); calls.len()];
    let started = Instant::now();
    for round in 0..ROUNDS {
        if round >= ROUNDS_LEAST && started.elapsed() > PATIENCE {
            break;
        }
        for (((_, call), batch), times) in calls.iter_mut().zip(&batches).zip(&mut times) {
            let started = Instant::now();
            (0..*batch).for_each(|_| call());
            times.push(started.elapsed() / *batch);
        }
    }
    let names = calls.into_iter().map(|(name, _)| name);
    names.zip(times.into_iter().map(median)).collect()
}

/// How many calls take long enough for the clock.
fn batch(call: &mut impl FnMut()) -> u32 {
    let mut batch = 1_u32;
    loop {
        let started = Instant::now();
        (0..batch).for_each(|_| call());
        if started.elapsed() > BATCH_TIME {
            return batch;
        }
        batch = batch.saturating_mul(2);
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

const ROUNDS: usize = 51;

const ROUNDS_LEAST: usize = 5;

const BATCH_TIME: Duration = Duration::from_micros(500);

const PATIENCE: Duration = Duration::from_secs(4);
