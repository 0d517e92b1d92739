//! Many batches of random cases, each with a seed of its own.

use std::panic::resume_unwind;

const THREADS: u64 = 2;

/// A number that may be given in the environment.
pub(crate) fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Goes through so many batches, each with its seed: what was noted, by thread.
pub(crate) fn run<N: Default + Send>(seed: u64, batches: u64, check: impl Fn(u64, &mut N) + Sync) -> Vec<N> {
    let check = &check;
    std::thread::scope(|scope| {
        let of = |thread: u64| {
            move || {
                let mut noted = N::default();
                (thread..batches).step_by(THREADS as usize).for_each(|nth| check((seed << 32) + nth, &mut noted));
                noted
            }
        };
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(of(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}
