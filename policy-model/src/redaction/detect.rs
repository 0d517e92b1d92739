//! What detectors find in texts, and what becomes of it.

use std::borrow::Cow;
use std::ops::Range;

use super::treatment::Treatment;
use super::{MASK, Redactor};
use crate::detector::Detectors;
use crate::json::{Kind, canonical_number};

impl Redactor<'_> {
    /// A text without what the detectors find in it; `None` if they find nothing.
    pub(super) fn detect(&self, text: &str) -> Option<String> {
        if self.detectors.is_empty() {
            return None;
        }
        let mut new: Option<String> = None;
        // What is left may be found anew where something between two parts of it is gone.
        for _ in 0..ROUNDS_MAX {
            match self.detect_once(new.as_deref().unwrap_or(text)) {
                Some(less) => new = Some(less),
                None => return new,
            }
        }
        Some(MASK.to_owned())
    }

    /// What becomes of a number that is what a detector looks for, however it is written.
    pub(super) fn detect_number(&self, literal: &str) -> Option<Cow<'static, str>> {
        let mut found = self.found(literal);
        if let Some(plain) = plain_integer(literal).filter(|_| found.is_empty()) {
            found = self.found(&plain);
        }
        let treatment = found.into_iter().map(|(_, treatment)| treatment).reduce(|all, own| all.with(&own))?;
        self.treat_as(&treatment, Kind::Number, literal)
    }

    fn detect_once(&self, text: &str) -> Option<String> {
        let found = self.found(text);
        if found.is_empty() {
            return None;
        }
        let mut new = String::with_capacity(text.len());
        let mut copied = 0;
        let mut is_changed = false;
        for (range, treatment) in found {
            let part = text.get(range.clone()).unwrap_or_default();
            let instead = treatment.of_text(part, &self.keys);
            if instead == part {
                continue;
            }
            is_changed = true;
            self.take_out(Kind::String, part);
            new.push_str(text.get(copied..range.start).unwrap_or_default());
            new.push_str(&instead);
            copied = range.end;
        }
        new.push_str(text.get(copied..).unwrap_or_default());
        is_changed.then_some(new)
    }

    /// What is found, and what is to become of it. Of several things that overlap the strictest holds for all of them.
    fn found(&self, text: &str) -> Vec<(Range<usize>, Treatment)> {
        let mut found: Vec<(Range<usize>, Treatment)> = Vec::new();
        for detection in self.detectors.find(text) {
            let of_rules = self.detections.iter().filter(|(own, _)| own.contains(detection.detector));
            let treatment = of_rules.fold(None, |all: Option<Treatment>, (_, own)| {
                Some(all.map_or_else(|| (*own).clone(), |all| all.with(own)))
            });
            let Some(treatment) = treatment else { continue };
            match found.last_mut().filter(|(range, _)| detection.range.start < range.end) {
                Some((range, own)) => {
                    let is_same = *range == detection.range;
                    let both = own.clone().with(&treatment);
                    // Of two things at once, no part can be shown.
                    *own = if is_same { both } else { both.of_all() };
                    range.end = range.end.max(detection.range.end);
                }
                None => found.push((detection.range, treatment)),
            }
        }
        found
    }
}

/// The detectors of some redactions together.
pub(super) fn union<'t>(detections: impl IntoIterator<Item = &'t Detectors>) -> Detectors {
    detections.into_iter().fold(Detectors::NONE, |all, own| all.union(*own))
}

/// A whole number that is written with a point or an exponent, without them.
fn plain_integer(literal: &str) -> Option<String> {
    if !literal.contains(['.', 'e', 'E']) {
        return None;
    }
    let canonical = canonical_number(literal)?;
    let (digits, zeros) = canonical.split_once('e')?;
    let zeros: usize = zeros.parse().ok().filter(|zeros| *zeros <= ZEROS_MAX)?;
    Some(format!("{digits}{}", "0".repeat(zeros)))
}

/// How often a text is looked through: what then still has something in it is masked.
const ROUNDS_MAX: usize = 4;

/// Numbers with more zeros at their end are nothing that a detector looks for.
const ZEROS_MAX: usize = 32;
