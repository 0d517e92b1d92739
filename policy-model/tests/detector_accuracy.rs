//! Precision and recall on the labelled set, as the documentation states them.
#![cfg(test)]

use std::collections::BTreeMap;
use std::ops::Range;

use policy_model::detector::{Detector, Detectors};
use serde_json::Value;

/// Least precision and recall, in percent: below these a change has made something worse.
fn least(detector: Detector) -> (f64, f64) {
    match detector {
        // Numbers of all countries, also those that only a word beside them tells from others.
        Detector::Phone => (95.0, 85.0),
        // Some are of a range that no issuer has.
        Detector::PaymentCard => (97.0, 92.0),
        Detector::Email
        | Detector::Iban
        | Detector::UsSsn
        | Detector::IpAddress
        | Detector::Jwt
        | Detector::AwsKey
        | Detector::PrivateKey
        | Detector::BearerToken
        | Detector::UrlCredentials => (98.0, 98.0),
    }
}

#[test]
fn precision_and_recall_are_what_the_documentation_says() {
    let (development, held_out) = (measure("development"), measure("held_out"));
    let mut table = String::new();
    for detector in Detector::ALL {
        let [own, unseen] = [&development, &held_out].map(|part| part.get(detector).copied().unwrap_or_default());
        table += &format!("| `{}` | {} | {} |\n", detector.word(), own.row(), unseen.row());
    }
    let documentation = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/redaction.md")).unwrap();
    assert!(documentation.contains(&table), "docs/redaction.md should have this table:\n{table}");
}

#[test]
fn no_detector_falls_below_its_threshold() {
    for part in ["development", "held_out"] {
        for (detector, score) in measure(part) {
            let (precision_min, recall_min) = least(detector);
            assert!(score.labels > 0, "{part} {}", detector.word());
            assert!(score.precision() >= precision_min, "{part} {}: {}", detector.word(), score.precision());
            assert!(score.recall() >= recall_min, "{part} {}: {}", detector.word(), score.recall());
        }
    }
}

/// How often a detector was right.
#[derive(Clone, Copy, Default)]
struct Score {
    labels: usize,
    covered: usize,
    found: usize,
    right: usize,
}

impl Score {
    fn precision(self) -> f64 {
        percent(self.right, self.found)
    }

    fn recall(self) -> f64 {
        percent(self.covered, self.labels)
    }

    fn row(self) -> String {
        format!("{} | {:.1} | {:.1}", self.labels, self.precision(), self.recall())
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// A label counts as found if one detection of its detector covers it whole. A detection counts as right if most of it, and
/// most of the two together, is a label of its detector. A secret inside what is labelled as another kind of secret counts for
/// neither.
fn measure(part: &str) -> BTreeMap<Detector, Score> {
    let path = format!("{}/tests/detectors/{part}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    let mut scores: BTreeMap<Detector, Score> = BTreeMap::new();
    for line in lines.lines() {
        let labelled: Value = serde_json::from_str(line).unwrap();
        let text = labelled["text"].as_str().unwrap();
        let labels: Vec<(Detector, Range<usize>)> =
            labelled["labels"].as_array().unwrap().iter().map(|label| place(text, label)).collect();
        let found = Detectors::all().find(text);
        for (detector, label) in &labels {
            let score = scores.entry(*detector).or_default();
            let covers = |range: &Range<usize>| range.start <= label.start && label.end <= range.end;
            score.labels += 1;
            score.covered += usize::from(found.iter().any(|own| own.detector == *detector && covers(&own.range)));
        }
        for own in &found {
            let is_right =
                labels.iter().any(|(detector, label)| *detector == own.detector && is_same(label, &own.range));
            let is_other_secret = is_secret(own.detector)
                && labels.iter().any(|(detector, label)| {
                    is_secret(*detector) && label.start < own.range.end && own.range.start < label.end
                });
            if is_right || !is_other_secret {
                let score = scores.entry(own.detector).or_default();
                score.found += 1;
                score.right += usize::from(is_right);
            }
        }
    }
    assert!(!scores.is_empty());
    scores
}

/// A label is where it begins and ends, in characters, and the detector's word.
fn place(text: &str, label: &Value) -> (Detector, Range<usize>) {
    let byte = |end: usize| {
        let character = usize::try_from(label[end].as_u64().unwrap()).unwrap();
        text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
    };
    (Detector::of(label[2].as_str().unwrap()).unwrap(), byte(0)..byte(1))
}

/// Whether what both have is at least half of what either has.
fn is_same(one: &Range<usize>, other: &Range<usize>) -> bool {
    let common = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    2 * common >= one.end.max(other.end) - one.start.min(other.start)
}

fn is_secret(detector: Detector) -> bool {
    match detector {
        Detector::Jwt | Detector::AwsKey | Detector::PrivateKey | Detector::BearerToken | Detector::UrlCredentials => {
            true
        }
        Detector::Email
        | Detector::Phone
        | Detector::PaymentCard
        | Detector::Iban
        | Detector::UsSsn
        | Detector::IpAddress => false,
    }
}
