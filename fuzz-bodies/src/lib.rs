//! What must hold of any bytes. Each target is a function that takes some and asserts; `fuzz/` gives them to libFuzzer, `mutate`
//! to a loop of its own, the tests replay the seeds in `fuzz/corpus`.

mod detectors;
mod event;
mod redactor;
mod scanner;

/// A target's name, and what it does with some bytes. It panics where something does not hold.
pub type Target = (&'static str, fn(&[u8]));

/// All of them; the seeds of each are in the folder of its name.
pub const TARGETS: [Target; 4] =
    [("scanner", scanner::run), ("redactor", redactor::run), ("detectors", detectors::run), ("event", event::run)];
