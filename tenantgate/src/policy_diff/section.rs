//! What came of comparing a pair of policies.

use std::collections::BTreeSet;

use policy_model::comparison::{Change, Comparison, Entry, Weight};

/// A pair of policies and how they differ.
pub(super) struct Section {
    /// The tenant; `*` for the baseline.
    pub(super) tenant: String,
    pub(super) policy: String,
    /// The files; none if there is no such policy on that side.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) comparison: Comparison,
    pub(super) entries: BTreeSet<Entry>,
}

/// How much was found.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) policies: usize,
    pub(super) widened: usize,
    pub(super) narrowed: usize,
    /// What may be either.
    pub(super) changed: usize,
    pub(super) logged: usize,
    pub(super) gaps: usize,
}

impl Section {
    pub(super) fn is_empty(&self) -> bool {
        self.comparison.differences.is_empty() && self.comparison.gaps.is_empty() && self.entries.is_empty()
    }

    pub(super) fn title(&self) -> String {
        let who = if self.tenant == "*" { "all tenants".to_owned() } else { format!("tenant {}", self.tenant) };
        let files = match (&self.old, &self.new) {
            (Some(old), Some(new)) => format!("{old} -> {new}"),
            (Some(old), None) => format!("{old}, which is gone"),
            (None, Some(new)) => format!("{new}, which is new"),
            (None, None) => String::new(),
        };
        format!("{} ({who}): {files}", self.policy)
    }
}

impl Counts {
    pub(super) fn of(sections: &[Section]) -> Counts {
        let mut counts = Counts { policies: sections.len(), ..Counts::default() };
        for section in sections {
            counts.gaps += section.comparison.gaps.len();
            for difference in &section.comparison.differences {
                match difference.change {
                    Change::Widened => counts.widened += 1,
                    Change::Narrowed => counts.narrowed += 1,
                }
            }
            for entry in &section.entries {
                match entry.weight {
                    Weight::Widens => counts.widened += 1,
                    Weight::Narrows => counts.narrowed += 1,
                    Weight::Changes => counts.changed += 1,
                    Weight::OnlyLogs => counts.logged += 1,
                }
            }
        }
        counts
    }

    pub(super) fn words(&self) -> String {
        let policies = if self.policies == 1 { "policy" } else { "policies" };
        let mut words = format!("{} {policies}: {} widened, {} narrowed", self.policies, self.widened, self.narrowed);
        for (count, what) in [(self.changed, "changed in a way that may widen"), (self.logged, "only logged")] {
            if count > 0 {
                words.push_str(&format!(", {count} {what}"));
            }
        }
        if self.gaps > 0 {
            words.push_str("; the comparison is not complete, and counts as widened and narrowed");
        }
        words
    }
}
