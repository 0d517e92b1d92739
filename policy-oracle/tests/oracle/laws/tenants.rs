//! What other policies say, and who else is decided on, changes nothing.

use crate::generate::Batch;
use crate::laws::outcomes;
use crate::outcome::{Outcome, Would};
use crate::product::{Asker, Product};

const TENANTS: usize = 4;
const REQUESTS: usize = 20;

#[test]
fn another_tenants_policy_changes_nothing() {
    for seed in 0..250 {
        let batches: Vec<Batch> = (0..TENANTS as u64).map(|nth| Batch::draw(seed * 10 + nth, 3, REQUESTS)).collect();
        let alone: Vec<Vec<(Outcome, Would)>> = batches.iter().map(|batch| outcomes(batch, &batch.layers)).collect();
        // Now all policies are there at once, in another order, and are asked in turn, also with each other's callers.
        let mut products: Vec<(usize, Product)> =
            (0..TENANTS).rev().map(|nth| (nth, Product::new(&batches[nth].layers))).collect();
        products.reverse();
        let askers: Vec<Vec<Asker<'_>>> =
            batches.iter().map(|batch| batch.callers.iter().map(Asker::new).collect()).collect();
        for place in 0..REQUESTS {
            for (nth, product) in &products {
                let (batch, others) = (&batches[*nth], &askers[(nth + 1) % TENANTS]);
                let (caller, request) = &batch.requests[place];
                product.decide(&others[*caller], request);
                let together = product.decide(&askers[*nth][*caller], request);
                assert_eq!(Some(&together), alone[*nth].get(place), "{request:?} under {}", batch.layers.policy);
            }
        }
    }
}
