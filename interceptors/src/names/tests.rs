//! The engine under names without a prefix: as under full names, and never under another target's.

mod mention;
mod name;
mod notes;
mod stage;
mod twins;
