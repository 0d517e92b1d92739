//! The registry compared with a model in memory: random changes by several operators, each of whom knows only what it saw last, and
//! decisions in between.

mod audit;
mod expected;
mod race;
mod random;
mod real;
mod scope;
mod step;

use std::collections::HashMap;

use expected::Expected;
use random::Random;
use real::Real;
use step::{Step, draw};

use crate::table::Table;

/// What it does and what it should do never differ; as often as the environment says (`make model`: 100,000 times), 2,000 times
/// otherwise.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_does_what_the_model_says() {
    let steps = setting("TENANTGATE_ORACLE_OPERATIONS", STEPS);
    let seed = setting("TENANTGATE_ORACLE_SEED", 2_026);
    let runs = (0..RUNS).map(|run| tokio::spawn(compare(seed.wrapping_mul(RUNS) + run, steps / RUNS)));
    let mut outcomes: HashMap<&str, (usize, usize)> = HashMap::new();
    for run in runs.collect::<Vec<_>>() {
        for (name, (done, refused)) in run.await.unwrap() {
            let total = outcomes.entry(name).or_default();
            *total = (total.0 + done, total.1 + refused);
        }
    }
    // A step that never succeeds, or is never refused, compares nothing.
    for name in step::NAMES.into_iter().filter(|_| steps >= STEPS) {
        let (done, refused) = outcomes.get(name).copied().unwrap_or_default();
        assert!(done > 0 && refused > 0, "{name}: {done} done, {refused} refused");
    }
}

/// One table from the beginning; how often each step was done and refused.
async fn compare(seed: u64, steps: u64) -> HashMap<&'static str, (usize, usize)> {
    let table = Table::new().await;
    let real = Real::new(&table, WRITERS);
    let mut random = Random::new(seed);
    let mut expected = Expected::default();
    let mut writers = vec![expected.clone(); WRITERS];
    let mut outcomes: HashMap<&str, (usize, usize)> = HashMap::new();
    for number in 0..steps {
        let writer = random.below(WRITERS);
        if random.below(4) == 0 {
            writers[writer] = expected.clone();
        }
        // What a writer does is what it would do of what it saw last.
        let step: Step = draw(&mut random, &writers[writer]);
        let should = expected.take(&step);
        let does = real.take(writer, &step).await;
        assert_eq!(does, should, "seed {seed}, step {number}, writer {writer}: {step:?}");
        let count = outcomes.entry(step.name()).or_default();
        if should.is_ok() {
            count.0 += 1
        } else {
            count.1 += 1
        }
        if number % AUDIT_STEPS == 0 || number + 1 == steps {
            audit::check(&real, &expected).await;
        }
    }
    outcomes
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Each takes a hundredth of a second in a build for tests.
const STEPS: u64 = 2_000;

const WRITERS: usize = 3;

const RUNS: u64 = 4;

const AUDIT_STEPS: u64 = 500;
