//! Some hundred thousand documents, each redacted twice over.

use std::time::Instant;

use policy_model::redaction::{HashKey, HashKeys};
use policy_model::{Layers, Policy, TenantId};
use serde_json::Value;

use crate::batches::{run, setting};
use crate::expected::{Expected, Hashes};
use crate::generate;
use crate::random::Random;
use crate::reference;
use crate::rule::{Rule, policy};
use crate::shrink::shrink;
use crate::spelling::spell;

/// So many documents have the same rules.
const DOCUMENTS: u64 = 20;

#[test]
fn the_product_redacts_as_a_reference_does() {
    let documents = setting("TENANTGATE_ORACLE_DOCUMENTS", 200_000);
    let seed = setting("TENANTGATE_ORACLE_SEED", 2_026);
    let started = Instant::now();
    let batches = documents.div_ceil(DOCUMENTS);
    let noted = run(seed, batches, |seed, (counts, hashes): &mut (Counts, Hashes)| compare_batch(seed, hashes, counts));
    let counts = noted.into_iter().map(|(counts, _)| counts).fold(Counts::default(), Counts::plus);
    println!("seed {seed}, {:.1} s: {counts:?}", started.elapsed().as_secs_f64());
    assert!(counts.documents >= documents);
    assert!(counts.changed * 3 >= counts.documents, "few documents were changed: {counts:?}");
    assert!(counts.hashed * 50 >= counts.documents && counts.within_texts * 20 >= counts.documents, "{counts:?}");
}

#[derive(Debug, Default)]
struct Counts {
    documents: u64,
    changed: u64,
    hashed: u64,
    within_texts: u64,
}

impl Counts {
    fn add(&mut self, expected: &Expected, document: &Value) {
        self.documents += 1;
        self.changed += u64::from(expected.is_other_than(document));
        let shown = format!("{expected:?}");
        self.hashed += u64::from(shown.contains("Hash("));
        self.within_texts += u64::from(shown.contains("Text {"));
    }

    fn plus(self, other: Counts) -> Counts {
        Counts {
            documents: self.documents + other.documents,
            changed: self.changed + other.changed,
            hashed: self.hashed + other.hashed,
            within_texts: self.within_texts + other.within_texts,
        }
    }
}

fn compare_batch(seed: u64, hashes: &mut Hashes, counts: &mut Counts) {
    let random = &mut Random::new(seed);
    let rules = generate::rules(random);
    // Order means nothing.
    let mut shuffled = rules.clone();
    random.shuffle(&mut shuffled);
    let product = parse(&shuffled);
    for _ in 0..DOCUMENTS {
        let document = generate::document(random);
        let text = spell(&document, random);
        let expected = reference::redact(&rules, &document);
        counts.add(&expected, &document);
        if fault(&product, &text, &document, &expected, hashes).is_some() {
            report(seed, &rules, &document);
        }
    }
}

fn parse(rules: &[Rule]) -> Policy {
    let text = policy(rules);
    Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// What is wrong with the product's redaction of a text.
fn fault(product: &Policy, text: &str, document: &Value, expected: &Expected, hashes: &mut Hashes) -> Option<String> {
    let redactor = Layers::of(product).redactor(None, None).with_keys(keys());
    let redacted = redactor.redact_json(text);
    let shown = redacted.as_deref().unwrap_or(text);
    let is_right = match &redacted {
        None => !expected.is_other_than(document),
        Some(redacted) => serde_json::from_str(redacted).is_ok_and(|value: Value| expected.is(&value, hashes)),
    };
    (!is_right || redactor.is_exhausted()).then(|| shown.to_owned())
}

/// Panics with the least case that shows a difference.
fn report(seed: u64, rules: &[Rule], document: &Value) -> ! {
    let differs = |rules: &[Rule], document: &Value| {
        let expected = reference::redact(rules, document);
        fault(&parse(rules), &document.to_string(), document, &expected, &mut Hashes::default())
    };
    let (rules, document) = shrink(rules, document, &|rules, document| differs(rules, document).is_some());
    panic!(
        "a difference\npolicy: {}\ndocument: {document}\nproduct: {}\nreference: {:?}\nbatch: {seed}",
        policy(&rules),
        differs(&rules, &document).unwrap_or_else(|| "it depends on how the document is spelt".to_owned()),
        reference::redact(&rules, &document)
    )
}

fn keys() -> HashKeys {
    let tenant = HashKey::of_tenant(&[7; 32], &TenantId::parse("t").unwrap());
    HashKeys { tenant, ..HashKeys::default() }
}
