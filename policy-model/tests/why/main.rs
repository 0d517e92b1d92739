//! Why a request is decided as it is, and what is left open where a token is not known.
#![cfg(test)]

#[path = "../support/asker.rs"]
mod asker;
#[path = "../support/drawing.rs"]
mod drawing;
#[path = "../support/resource.rs"]
mod resource;
mod worlds;

mod explanation;
mod explanation_law;
mod reach;
mod reach_law;
