//! Texts in which what is to be found stands between `«` and `»`.

use policy_model::detector::{Detector, Detectors};

/// Checks that a detector finds what is marked, and nothing else.
pub(crate) fn check(detector: Detector, marked: &str) {
    let text = marked.replace(['«', '»'], "");
    let mut found = text.clone();
    for detection in Detectors::NONE.with(detector).find(&text).iter().rev() {
        found.insert(detection.range.end, '»');
        found.insert(detection.range.start, '«');
    }
    assert_eq!(found, marked, "{}", detector.word());
}
