//! The product's decisions, compared with two evaluators that were written from `docs/policy.md` and share nothing with
//! it: a naive one, and Cedar's. Both read the same random policies, callers and requests.
#![cfg(test)]

mod decisions;
mod laws;

mod cedar;
mod naive;
mod product;

mod batches;
mod caller;
mod counts;
mod decimal;
mod json;
mod outcome;
mod path;
mod policy;
mod random;
mod regular;
mod request;

mod generate;
mod shrink;
