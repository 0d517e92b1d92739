//! Listed if and only if callable with some arguments.

use crate::batches::setting;
use crate::generate::Batch;
use crate::json::Json;
use crate::laws::shown;
use crate::laws::witness::Search;
use crate::policy::Kind;
use crate::product::{Asker, Product};
use crate::request::Request;

#[test]
fn what_is_allowed_with_some_arguments_is_listed() {
    let mut allowed = 0;
    for seed in 0..3_000 {
        let batch = Batch::draw(seed, 3, 20);
        let product = Product::new(&batch.layers);
        let askers: Vec<Asker<'_>> = batch.callers.iter().map(Asker::new).collect();
        for (caller, request) in &batch.requests {
            if product.decide(&askers[*caller], request).0.is_allowed() {
                allowed += 1;
                assert!(
                    product.lists(&askers[*caller], request),
                    "{request:?}\narguments: {}\nof {:?}\nunder {}",
                    arguments(request),
                    batch.callers[*caller],
                    shown(&batch.layers)
                );
            }
        }
    }
    println!("allowed: {allowed}");
    assert!(allowed >= 10_000);
}

#[test]
fn what_is_listed_is_callable_with_some_arguments() {
    // So many policies, whose every listed tool is called: looking for its arguments takes time.
    let policies = setting("TENANTGATE_ORACLE_WITNESSED", 600);
    let (mut listed, mut hidden, mut without_witness) = (0, 0, Vec::new());
    for seed in 0..policies {
        let batch = Batch::draw_plain(seed, 2, 6);
        let product = Product::new(&batch.layers);
        for (caller, request) in batch.cases() {
            let asker = Asker::new(caller);
            let is_listed = product.lists(&asker, request);
            let rounds = if is_listed { 1_000 } else { 3 };
            let witness = Search::new(&batch, caller, request).witness(rounds);
            let witness = witness.map(|arguments| Request { arguments: Some(arguments), ..request.clone() });
            match (is_listed, &witness) {
                (true, None) => {
                    listed += 1;
                    without_witness.push(format!("{request:?} of {caller:?}\nunder {}", shown(&batch.layers)));
                }
                (true, Some(witness)) => {
                    listed += 1;
                    assert!(product.decide(&asker, witness).0.is_allowed(), "{witness:?}");
                }
                (false, None) => hidden += 1,
                (false, Some(witness)) => panic!(
                    "hidden, but allowed: {request:?}\narguments: {}\nof {caller:?}\nunder {}",
                    arguments(witness),
                    shown(&batch.layers)
                ),
            }
        }
    }
    println!("listed: {listed}, hidden: {hidden}, without witness: {}", without_witness.len());
    without_witness.iter().take(3).for_each(|case| println!("{case}\n"));
    assert!(listed >= policies && hidden >= policies);
    // What the reference excepts from exactness, and what is not looked for here.
    assert!(without_witness.len() * 100 <= listed as usize, "{} of {listed}", without_witness.len());
}

fn arguments(request: &Request) -> String {
    request.arguments.as_ref().map(Json::to_string).unwrap_or_default()
}

#[test]
fn a_template_is_listed_if_one_of_its_uris_is_allowed() {
    let templates = [
        ("file:///docs/{name}", vec!["file:///docs/a", "file:///docs/a%20b"]),
        ("file:///{folder}/a", vec!["file:///docs/a"]),
        ("file:///docs/{folder}/{name}", vec!["file:///docs/a/b", "file:///docs/private/a"]),
        (
            "https://eu.example.com/public/{name}",
            vec!["https://eu.example.com/public/a", "https://eu.example.com/public/a?x=1"],
        ),
        ("s3://bucket/{+key}", vec!["s3://bucket/public/a"]),
        ("urn:isbn:{number}", vec!["urn:isbn:123"]),
    ];
    let (mut listed, mut hidden) = (0, 0);
    for seed in 0..4_000 {
        let batch = Batch::draw(seed, 1, 1);
        if batch.world.kind != Kind::Resource {
            continue;
        }
        let product = Product::new(&batch.layers);
        let (caller, request) = batch.cases().next().unwrap();
        let asker = Asker::new(caller);
        for (template, uris) in &templates {
            let is_listed = product.lists_template(&asker, template, request.seconds);
            *(if is_listed { &mut listed } else { &mut hidden }) += 1;
            for uri in uris {
                let request = Request { kind: Kind::Resource, name: (*uri).to_owned(), ..request.clone() };
                assert!(
                    is_listed || !product.lists(&asker, &request),
                    "{template} is hidden and {uri} listed, of {caller:?} under {}",
                    shown(&batch.layers)
                );
            }
        }
    }
    println!("listed: {listed}, hidden: {hidden}");
    assert!(listed >= 200 && hidden >= 200);
}
