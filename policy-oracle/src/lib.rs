//! Nothing but tests: see `tests/oracle/main.rs`.
