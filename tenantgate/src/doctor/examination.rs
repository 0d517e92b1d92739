//! What was looked at, what was found, and what could not be looked at.

use super::code::{self, Code, Severity};
use crate::finding::Finding;

/// A mistake, and how bad it is.
#[derive(Debug)]
pub(crate) struct Diagnosis {
    pub(crate) severity: Severity,
    pub(crate) finding: Finding,
}

/// Something that could not be looked at.
#[derive(Debug)]
pub(crate) struct Unchecked {
    pub(crate) what: String,
    pub(crate) why: String,
    /// How to have it looked at.
    pub(crate) how: String,
}

/// All that came of it.
#[derive(Debug, Default)]
pub(crate) struct Examination {
    pub(crate) found: Vec<Diagnosis>,
    pub(crate) unchecked: Vec<Unchecked>,
    pub(crate) looked_at: Vec<String>,
}

impl Examination {
    /// A mistake of this sort.
    pub(super) fn find(&mut self, code: &Code, place: impl Into<String>, what: impl Into<String>) {
        self.find_as(code.severity, code, place, what);
    }

    /// One that is better or worse than usual here.
    pub(super) fn find_as(
        &mut self,
        severity: Severity,
        code: &Code,
        place: impl Into<String>,
        what: impl Into<String>,
    ) {
        let (place, what, remedy) = (place.into(), what.into(), code.remedy.to_owned());
        self.found.push(Diagnosis { severity, finding: Finding { code: code.word, place, what, remedy } });
    }

    /// What another check found.
    pub(super) fn take(&mut self, finding: Finding) {
        let severity = code::named(finding.code).map_or(Severity::Error, |code| code.severity);
        self.found.push(Diagnosis { severity, finding });
    }

    /// Something that nobody looked at.
    pub(super) fn leave(&mut self, what: impl Into<String>, why: impl Into<String>, how: impl Into<String>) {
        self.unchecked.push(Unchecked { what: what.into(), why: why.into(), how: how.into() });
    }

    /// Something that was looked at.
    pub(super) fn look_at(&mut self, what: impl Into<String>) {
        self.looked_at.push(what.into());
    }

    /// How many mistakes there are of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|diagnosis| diagnosis.severity == severity).count()
    }

    /// The worst first; else as they were found.
    pub(super) fn sort(&mut self) {
        self.found.sort_by_key(|diagnosis| diagnosis.severity);
    }
}
