//! Policies of redactions.

use policy_model::{Policy, PolicyError};

/// What the paths of a policy are like.
#[derive(Clone, Copy)]
pub(crate) enum Paths {
    /// Names and wildcards only.
    Names,
    /// All with `..`.
    Descendants,
    /// One that selects nothing.
    Nothing,
}

impl Paths {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Paths::Names => "names and wildcards",
            Paths::Descendants => "descendants",
            Paths::Nothing => "nothing",
        }
    }

    /// The first selects a member of each record; the others look for members that other payloads have.
    pub(crate) fn texts(self, count: usize) -> Vec<String> {
        let others = (1..count).map(|number| match (self, number % 3) {
            (Paths::Descendants, 0) => format!("$..account{number}.iban"),
            (Paths::Descendants, 1) => format!("$..passport{number}"),
            (Paths::Descendants, _) => format!("$..cards{number}[*].number"),
            (Paths::Names | Paths::Nothing, 0) => format!("$.rows[*].account.iban{number}"),
            (Paths::Names | Paths::Nothing, 1) => format!("$.rows[*].passport{number}"),
            (Paths::Names | Paths::Nothing, _) => format!("$.customers[*].card{number}.number"),
        });
        let first: &[&str] = match self {
            Paths::Names => &["$.rows[*].ssn", "$.rows[*].customer.ssn"],
            Paths::Descendants => &["$..ssn"],
            Paths::Nothing => &["$..nothing"],
        };
        first.iter().map(|path| (*path).to_owned()).chain(others).collect()
    }
}

/// A policy with so many redactions; by names one more, since the two kinds of payloads have the member in two places.
pub(crate) fn policy(paths: Paths, count: usize) -> Result<Policy, PolicyError> {
    let redaction =
        |path: String| format!("{{\"resources\":[\"agent:tool:*\"],\"path\":\"{path}\",\"action\":\"MASK\"}}");
    let redactions: Vec<String> = paths.texts(count).into_iter().map(redaction).collect();
    let document =
        format!("{{\"policyId\":\"P\",\"tenantId\":\"bench\",\"rules\":[],\"redactions\":[{}]}}", redactions.join(","));
    Policy::parse(document.as_bytes())
}
