//! Nothing but tests: see `tests/canaries/main.rs`.
