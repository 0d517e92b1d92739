//! What holds for every policy: properties of the product alone.

mod candidates;
mod listing;
mod monotony;
mod order;
mod tenants;
mod witness;

use crate::generate::Batch;
use crate::outcome::{Outcome, Would};
use crate::policy::Layers;
use crate::product::{Asker, Product};

/// What comes out under these layers for each request of the batch.
fn outcomes(batch: &Batch, layers: &Layers) -> Vec<(Outcome, Would)> {
    let product = Product::new(layers);
    let askers: Vec<Asker<'_>> = batch.callers.iter().map(Asker::new).collect();
    batch.requests.iter().map(|(caller, request)| product.decide(&askers[*caller], request)).collect()
}

/// A policy and its baseline, to be read.
fn shown(layers: &Layers) -> String {
    let policies: Vec<String> = layers.policies().map(ToString::to_string).collect();
    policies.join("\n")
}
