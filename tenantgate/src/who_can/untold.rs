//! Tenants that are counted and not named: nobody of them can.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::explain::tree::{Line, Mark};
use crate::explain::words;

/// How many there are.
#[derive(Default)]
pub(super) struct Untold {
    without_a_rule: u64,
    refused: BTreeMap<Refusal, u64>,
}

/// Why callers of a tenant are refused before any rule is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    Killed,
    Unknown,
    Suspended,
    PolicyMissing,
}

impl Refusal {
    pub(super) fn code(self) -> &'static str {
        match self {
            Refusal::Killed => "KILLED",
            Refusal::Unknown => "TENANT_UNKNOWN",
            Refusal::Suspended => "TENANT_SUSPENDED",
            Refusal::PolicyMissing => "POLICY_MISSING",
        }
    }

    /// In words, with the code.
    pub(super) fn why(self) -> &'static str {
        match self {
            Refusal::Killed => "an operator stopped the tenant, so that nobody can (KILLED)",
            Refusal::Unknown => "the tenant is not in the registry (TENANT_UNKNOWN)",
            Refusal::Suspended => "the tenant is suspended, so that nobody can (TENANT_SUSPENDED)",
            Refusal::PolicyMissing => "its policy is not there, so that nobody can (POLICY_MISSING)",
        }
    }
}

impl Untold {
    /// Counts a tenant: why it is refused, or none where no rule allows it.
    pub(super) fn add(&mut self, refusal: Option<Refusal>) {
        match refusal {
            Some(refusal) => *self.refused.entry(refusal).or_default() += 1,
            None => self.without_a_rule += 1,
        }
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        let rule = ("without a rule that allows it", self.without_a_rule);
        let refused = self.refused.iter().map(|(refusal, count)| (refusal.why(), *count));
        let counted = refused.chain([rule]).filter(|(_, count)| *count > 0);
        let line = |(why, count)| format!("{why}: {} (--none names them)", words::counted(count, "tenant"));
        counted.map(|own| Line::new(0, Mark::No, line(own))).collect()
    }

    pub(super) fn without_a_rule(&self) -> u64 {
        self.without_a_rule
    }

    /// The refused ones by their codes.
    pub(super) fn refused(&self) -> Value {
        self.refused.iter().map(|(refusal, count)| (refusal.code().to_owned(), json!(count))).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Refusal, Untold};
    use crate::colour::Colour;
    use crate::explain::tree::render;

    #[test]
    fn refused_tenants_are_counted_apart_by_reason() {
        let mut untold = Untold::default();
        assert!(untold.lines().is_empty());
        for refusal in [None, Some(Refusal::Killed), Some(Refusal::Suspended), Some(Refusal::Killed)] {
            untold.add(refusal);
        }
        assert_eq!((untold.without_a_rule(), untold.refused()), (1, json!({"KILLED": 2, "TENANT_SUSPENDED": 1})));
        let text = render(&untold.lines(), Colour::Never);
        assert!(text.contains("(KILLED): 2 tenants") && text.contains("(TENANT_SUSPENDED): 1 tenant"), "{text}");
        assert!(text.contains("without a rule that allows it: 1 tenant"), "{text}");
    }
}
