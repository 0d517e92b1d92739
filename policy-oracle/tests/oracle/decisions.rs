//! A million decisions of the product, each compared with two other evaluators of the policy language.

use std::time::Instant;

use crate::batches::{run, setting};
use crate::cedar::Cedar;
use crate::counts::Counts;
use crate::generate::Batch;
use crate::naive;
use crate::outcome::{Outcome, Would};
use crate::product::{Asker, Product};
use crate::shrink::{Case, shrink};

const CALLERS: usize = 5;
const REQUESTS: usize = 100;

#[test]
fn the_product_decides_as_two_other_evaluators_do() {
    let triples = setting("TENANTGATE_ORACLE_TRIPLES", 1_000_000);
    let seed = setting("TENANTGATE_ORACLE_SEED", 2_026);
    let started = Instant::now();
    let batches = triples.div_ceil(REQUESTS as u64);
    let check = |seed: u64, counts: &mut Counts| *counts = std::mem::take(counts).plus(compare(seed));
    let counts = run(seed, batches, check).into_iter().fold(Counts::default(), Counts::plus);
    println!("seed {seed}, {:.1} s: {}", started.elapsed().as_secs_f64(), counts.shown());
    assert!(counts.triples >= triples);
    counts.check();
}

/// Compares all requests of a batch.
fn compare(seed: u64) -> Counts {
    let batch = Batch::draw(seed, CALLERS, REQUESTS);
    let product = Product::new(&batch.layers);
    let cedar = Cedar::new(&batch.layers, batch.cases());
    let askers: Vec<_> =
        batch.callers.iter().map(|caller| (Asker::new(caller), cedar.principal(caller), caller.document())).collect();
    let mut counts = Counts::default();
    for (caller, request) in &batch.requests {
        let (asker, principal, document) = &askers[*caller];
        let document = request.document(document);
        let expected = naive::decide(&batch.layers, &batch.callers[*caller], request, &document);
        counts.add(&expected);
        let expected = (expected.outcome, expected.would);
        let got = product.decide(asker, request);
        let also = cedar.decide(principal, request, &document);
        if expected != got || also != got {
            let case =
                Case { layers: batch.layers.clone(), caller: batch.callers[*caller].clone(), request: request.clone() };
            report(seed, &case);
        }
    }
    counts
}

/// Panics with the least case that shows a difference between the same evaluators.
fn report(seed: u64, case: &Case) -> ! {
    let differing = answers(case).differing();
    let case = shrink(case, &|case| answers(case).differing() == differing);
    let Answers { product, naive, cedar } = answers(&case);
    let baseline = case.layers.baseline.as_ref().map(ToString::to_string);
    let Case { layers, caller, request } = &case;
    let claims = caller.claims.as_ref().map(ToString::to_string);
    let arguments = request.arguments.as_ref().map(ToString::to_string);
    panic!(
        "a difference\npolicy: {}\nbaseline: {baseline:?}\ncaller: {caller:?}\nclaims: {claims:?}\nrequest: {request:?} at {}\n\
         arguments: {arguments:?}\nproduct: {product:?}\nnaive: {naive:?}\ncedar: {cedar:?}\nbatch: {seed}",
        layers.policy,
        request.time(),
    )
}

#[derive(PartialEq)]
struct Answers {
    product: (Outcome, Would),
    naive: (Outcome, Would),
    cedar: (Outcome, Would),
}

impl Answers {
    fn differing(&self) -> (bool, bool, bool) {
        (self.product != self.naive, self.product != self.cedar, self.naive != self.cedar)
    }
}

fn answers(case: &Case) -> Answers {
    let Case { layers, caller, request } = case;
    let document = request.document(&caller.document());
    let naive = naive::decide(layers, caller, request, &document);
    let cedar = Cedar::new(layers, [(caller, request)].into_iter());
    let cedar = cedar.decide(&cedar.principal(caller), request, &document);
    let product = Product::new(layers).decide(&Asker::new(caller), request);
    Answers { product, naive: (naive.outcome, naive.would), cedar }
}
