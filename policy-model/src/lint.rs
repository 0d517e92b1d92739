//! What an author should know of a policy document: what is wrong with it, and what it says that was hardly meant.
//!
//! Findings are sound: a warning says only what is so, and where that is not certain there is none. In reading order: `subject`
//! is what is looked at, `reach` and `breadth` are about resources, `contradiction`, `comparison`, `claims` and `emptiness`
//! about conditions, `redactions`, `calls`, `pins`, `push_urls` and `whole` about the rest.

mod breadth;
mod calls;
mod claims;
mod comparison;
mod contradiction;
mod emptiness;
mod facts;
mod nearest;
mod pins;
mod push_urls;
mod reach;
mod redactions;
mod spread;
mod subject;
mod warning;
mod whole;

use std::ops::Range;

use crate::policy::{PolicyError, PolicyErrors, Problem, Written, read, read_json};
pub use claims::ClaimNames;
use subject::Subject;
pub use warning::Warning;
pub(crate) use whole::meaning_of;

/// What is known besides the document; all of it may be missing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Surroundings<'s> {
    /// Seconds since 1970: for rules that have expired.
    pub now: Option<i64>,
    /// The policy for all tenants: for what it denies.
    pub baseline: Option<&'s Baseline>,
    /// What the issuers of the settings call the claims: for claims that nobody knows.
    pub claims: &'s [ClaimNames],
    /// What else the issuers' tokens have.
    pub other_claims: &'s [String],
}

/// The policy for all tenants.
pub struct Baseline(Written);

/// Something to be told to the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A name for programs, which stays the same when the words change.
    pub code: &'static str,
    /// Where in the document, as in `rules[3].resources[0]`; empty for the document as a whole.
    pub place: String,
    /// The same in bytes of the text.
    pub span: Range<usize>,
    /// What it is, and what would be right.
    pub message: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is no policy.
    Error,
    /// It is one, but says something that was hardly meant.
    Warning,
}

/// Looks at a policy document. The findings come in the order of the text; of rules that are wrong there are no warnings.
pub fn lint(text: &[u8], surroundings: &Surroundings<'_>) -> Vec<Finding> {
    let document = match read_json(text) {
        Ok(document) => document,
        Err(error) => {
            let start = if let Problem::NotJson(error) = error.problem() { error.offset.min(text.len()) } else { 0 };
            return vec![wrong(&error, start..(start + 1).min(text.len()))];
        }
    };
    let mut errors = Vec::new();
    let mut findings = Vec::new();
    match read(&document, &mut errors) {
        Ok(written) => {
            let subject = Subject::new(&document, &written, surroundings);
            findings = subject.look();
            if errors.is_empty() {
                errors.extend(crate::policy::compile(written).err());
            }
        }
        Err(error) => errors.push(error),
    }
    findings.extend(errors.iter().map(|error| wrong(error, error.span(&document))));
    findings.sort_by_key(|finding| (finding.span.start, finding.severity));
    findings
}

fn wrong(error: &PolicyError, span: Range<usize>) -> Finding {
    Finding {
        severity: Severity::Error,
        code: error.problem().code(),
        place: error.place().to_owned(),
        span,
        message: error.problem().to_string(),
    }
}

impl Baseline {
    /// Reads the baseline's document.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &[u8]) -> Result<Baseline, PolicyErrors> {
        let document = read_json(text).map_err(PolicyErrors::one)?;
        let mut errors = Vec::new();
        let written = read(&document, &mut errors);
        if let Err(error) = &written {
            errors.push(error.clone());
        }
        match (written, PolicyErrors::of(errors)) {
            (Ok(written), None) => Ok(Baseline(written)),
            (Ok(_), Some(errors)) => Err(errors),
            (Err(error), errors) => Err(errors.unwrap_or(PolicyErrors::one(error))),
        }
    }

    /// Whether it is for every tenant, as a baseline must be.
    pub fn is_for_every_tenant(&self) -> bool {
        self.0.tenant.is_none()
    }
}

impl std::fmt::Debug for Baseline {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Baseline").field(&self.0.id).finish()
    }
}
