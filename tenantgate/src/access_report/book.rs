//! All that a report tells, whatever it is written as.

use std::collections::BTreeMap;

use policy_model::Effect;
use policy_model::outline::{OutlinedRule, Span};
use policy_registry::record::Kill;

use super::matrix::Matrix;
use super::reading::Registry;
use super::usage::Usage;
use crate::finding::plural;

/// All that a report tells.
pub(super) struct Book {
    /// Where the registry is.
    pub(super) source: String,
    /// When, RFC 3339 in UTC.
    pub(super) time: String,
    pub(super) tenants: usize,
    pub(super) suspended: Vec<String>,
    pub(super) kills: Vec<Kill>,
    pub(super) policies: usize,
    pub(super) matrix: Matrix,
    pub(super) wide: Listed<Wide>,
    /// None where no audit line was given.
    pub(super) unused: Option<Unused>,
    pub(super) changes: Listed<Change>,
    pub(super) days: u64,
    pub(super) baseline: Option<Result<Over, String>>,
    /// What is not told, or could not be read.
    pub(super) notes: Vec<String>,
}

/// A list, and how many of it are not shown.
pub(super) struct Listed<T> {
    pub(super) shown: Vec<T>,
    pub(super) left_out: usize,
}

/// A grant of more than anybody named.
pub(super) struct Wide {
    pub(super) tenants: String,
    pub(super) rule: String,
    pub(super) what: String,
    /// What it asks; empty: nothing.
    pub(super) asks: String,
}

/// Rules that settled nothing.
pub(super) struct Unused {
    pub(super) range: Option<(String, String)>,
    pub(super) lines: u64,
    /// How many of the lines stand for others, too.
    pub(super) samples: u64,
    pub(super) rules: Listed<UnusedRule>,
}

/// One of them.
pub(super) struct UnusedRule {
    pub(super) tenants: String,
    pub(super) rule: String,
    pub(super) effect: &'static str,
    pub(super) resources: String,
}

/// Something that was changed.
pub(super) struct Change {
    pub(super) time: String,
    pub(super) author: String,
    pub(super) action: &'static str,
    pub(super) what: String,
    pub(super) comment: String,
}

/// The policy over all tenants.
pub(super) struct Over {
    pub(super) policy: String,
    pub(super) sha256: String,
    pub(super) version: String,
    pub(super) rules: Vec<OutlinedRule>,
}

impl<T> Listed<T> {
    /// The first of them.
    pub(super) fn first(mut all: Vec<T>, most: usize) -> Listed<T> {
        let left_out = all.len().saturating_sub(most);
        all.truncate(most);
        Listed { shown: all, left_out }
    }
}

/// The tenants of each content, in words.
pub(super) fn tenants_of(registry: &Registry) -> BTreeMap<usize, String> {
    let mut names: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for tenant in &registry.tenants {
        if let Ok(content) = &tenant.content {
            names.entry(*content).or_default().push(tenant.id.as_str());
        }
    }
    names.into_iter().map(|(content, names)| (content, some(&names))).collect()
}

/// The first ones, and how many more.
pub(super) fn some(names: &[&str]) -> String {
    let shown = names.iter().take(NAMES_SHOWN_MAX).copied().collect::<Vec<&str>>().join(", ");
    match names.len().saturating_sub(NAMES_SHOWN_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Grants of all of something.
pub(super) fn wide(registry: &Registry, tenants: &BTreeMap<usize, String>) -> Listed<Wide> {
    let mut found = Vec::new();
    for (content, rule) in rules(registry) {
        if rule.effect == Effect::Deny || !rule.is_enforced {
            continue;
        }
        for span in &rule.spans {
            let what = match span {
                Span::Everything(kind) => format!("all {kind}"),
                Span::Target(target) => format!("all of target {target}"),
                Span::Several(pattern) => format!("several targets: {pattern}"),
            };
            let rank = match span {
                Span::Everything(_) => 0,
                Span::Several(_) => 1,
                Span::Target(_) => 2,
            };
            let whose = tenants.get(&content).cloned().unwrap_or_default();
            let wide = Wide { tenants: whose, rule: rule.id.to_string(), what, asks: rule.asks.join(", ") };
            found.push(((!wide.asks.is_empty(), rank), wide));
        }
    }
    // What asks nothing and reaches furthest comes first.
    found.sort_by_key(|(rank, _)| *rank);
    Listed::first(found.into_iter().map(|(_, wide)| wide).collect(), LISTED_MAX)
}

/// The rules that settled nothing in the lines.
pub(super) fn unused(registry: &Registry, tenants: &BTreeMap<usize, String>, usage: &Usage) -> Unused {
    let mut policies: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for tenant in &registry.tenants {
        if let Ok(content) = &tenant.content {
            policies.entry(*content).or_default().push(tenant.policy.as_str());
        }
    }
    let mut found = Vec::new();
    let tell = |rule: &OutlinedRule, tenants: String| UnusedRule {
        tenants,
        rule: rule.id.to_string(),
        effect: rule.effect.word(),
        resources: some(&rule.resources.iter().map(String::as_str).collect::<Vec<&str>>()),
    };
    for (content, rule) in rules(registry) {
        let own = policies.get(&content).map(Vec::as_slice).unwrap_or_default();
        if own.iter().all(|policy| usage.count(policy, rule.id.as_str()) == 0) {
            found.push(tell(rule, tenants.get(&content).cloned().unwrap_or_default()));
        }
    }
    if let Some(Ok(baseline)) = &registry.baseline {
        let policy = baseline.policy.id().as_str();
        let own = baseline.rules.iter().filter(|rule| usage.count(policy, rule.id.as_str()) == 0);
        found.extend(own.map(|rule| tell(rule, "the baseline".to_owned())));
    }
    Unused {
        range: usage.range.clone(),
        lines: usage.lines,
        samples: usage.samples,
        rules: Listed::first(found, LISTED_MAX),
    }
}

fn rules(registry: &Registry) -> impl Iterator<Item = (usize, &OutlinedRule)> {
    let contents = registry.contents.iter().enumerate();
    contents.flat_map(|(index, content)| content.rules.iter().map(move |rule| (index, rule)))
}

impl Unused {
    /// What samples leave open, where lines are some.
    pub(super) fn samples_told(&self) -> Option<String> {
        let counted =
            if self.samples == 1 { "1 line is a sample" } else { &format!("{} lines are samples", self.samples) };
        (self.samples > 0)
            .then(|| format!("{counted} of more calls: a rule that settled only calls without a line counts as unused"))
    }
}

impl Book {
    /// The numbers that stand at the top: what, and how many.
    pub(super) fn numbers(&self) -> Vec<(&'static str, String)> {
        let unused = self.unused.as_ref().map_or("not looked at".to_owned(), |unused| {
            (unused.rules.shown.len() + unused.rules.left_out).to_string()
        });
        vec![
            ("tenants", self.tenants.to_string()),
            ("suspended", self.suspended.len().to_string()),
            ("stops in force", self.kills.len().to_string()),
            ("different policies", self.policies.to_string()),
            ("wide grants", (self.wide.shown.len() + self.wide.left_out).to_string()),
            ("unused rules", unused),
        ]
    }

    /// What of the matrix is not shown.
    pub(super) fn matrix_notes(&self) -> Vec<String> {
        let [tools, groups] = self.matrix.left_out;
        let mut notes = Vec::new();
        if tools > 0 {
            notes.push(format!(
                "{} left out of the matrix: it has the first {}",
                plural(tools, "tool"),
                self.matrix.columns.len()
            ));
        }
        if groups > 0 {
            notes.push(format!(
                "{} of tenants left out of the matrix: it has the {} largest",
                plural(groups, "group"),
                self.matrix.rows.len()
            ));
        }
        notes
    }
}

const NAMES_SHOWN_MAX: usize = 5;

const LISTED_MAX: usize = 500;

#[cfg(test)]
mod tests {
    use super::{Listed, Unused};

    #[test]
    fn samples_are_told_where_lines_are_some() {
        let told = |samples| {
            let rules = Listed { shown: Vec::new(), left_out: 0 };
            Unused { range: None, lines: 9, samples, rules }.samples_told()
        };
        assert_eq!(told(0), None);
        assert!(
            told(1).unwrap().starts_with("1 line is a sample of")
                && told(2).unwrap().starts_with("2 lines are samples of")
        );
    }
}
