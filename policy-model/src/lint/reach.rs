//! Resources that a rule names in vain.

use super::subject::{RuleView, Subject, is_unlimited};
use super::{Finding, Warning};
use crate::decision::Effect;
use crate::pattern::{Glob, Pattern, Reach, ToolPattern};
use crate::policy::{Mode, Written};
use crate::resource_index::ResourceIndex;
use crate::tool_name::{DELIMITER, SEARCH_TOOL, TOOL_NAME_BYTES_MAX};

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let denied = Denied::by(subject);
    for rule in &subject.rules {
        for (number, pattern, at) in rule.resources() {
            let warning = match rule.effect() {
                _ if names_nothing(pattern) => Some((Warning::NamesNothing, TOO_LONG.to_owned())),
                Effect::Allow => unreachable_bare_name(subject, pattern)
                    .or_else(|| shadowed(&denied, rule, pattern, subject.reach(Effect::Allow))),
                Effect::Deny => None,
            };
            if let Some((kind, message)) = warning {
                findings.push(subject.warning(kind, format!("{}.resources[{number}]", rule.place()), at, message));
            }
        }
    }
}

/// Whether no well-formed name fits. Agents, models and URIs are checked when they are read.
pub(super) fn names_nothing(pattern: &Pattern) -> bool {
    let bytes = |glob: &Glob| glob.pieces().iter().map(|piece| piece.len()).sum::<usize>();
    match pattern {
        Pattern::Tool(pattern) | Pattern::Prompt(pattern) => match pattern {
            ToolPattern::All => false,
            ToolPattern::Prefixed { target, tool } => {
                bytes(target) + DELIMITER.len() + bytes(tool) > TOOL_NAME_BYTES_MAX
            }
            ToolPattern::Bare(tool) => bytes(tool) > TOOL_NAME_BYTES_MAX,
        },
        Pattern::Uri(_) | Pattern::Agent(_) | Pattern::Model(_) => false,
    }
}

fn unreachable_bare_name(subject: &Subject<'_>, pattern: &Pattern) -> Option<(Warning, String)> {
    if subject.written.default_target.is_some() {
        return None;
    }
    let (name, what, but_its_search) = match pattern {
        Pattern::Tool(ToolPattern::Bare(name)) if !name.matches(SEARCH_TOOL) => (name, "tool", " but its own search"),
        Pattern::Prompt(ToolPattern::Bare(name)) => (name, "prompt", ""),
        Pattern::Tool(_) | Pattern::Prompt(_) | Pattern::Uri(_) | Pattern::Agent(_) | Pattern::Model(_) => return None,
    };
    let message = format!(
        "without a defaultTarget a bare name in an ALLOW is an unprefixed {what}, and AgentCore Gateway has none{but_its_search}; \
         write <target>___{name}, *___{name} for every target, or give the policy a defaultTarget"
    );
    Some((Warning::UnreachableBareName, message))
}

fn shadowed(denied: &Denied, rule: &RuleView<'_>, pattern: &Pattern, reach: Reach<'_>) -> Option<(Warning, String)> {
    let by = denied.all_of(pattern, reach).filter(|_| rule.is_enforced())?;
    Some((Warning::ShadowedByDeny, format!("{by} denies all of this to everybody; take one of the two out")))
}

/// What is always denied to everybody.
pub(super) struct Denied {
    own: ResourceIndex,
    baseline: ResourceIndex,
}

impl Denied {
    pub(super) fn by(subject: &Subject<'_>) -> Denied {
        let index = |written: &Written| {
            let mut index = ResourceIndex::default();
            let denies = |effect| match effect {
                Effect::Deny => true,
                Effect::Allow => false,
            };
            for document in &written.rules {
                let is_enforced = match document.mode {
                    Mode::Enforce => true,
                    Mode::LogOnly => false,
                };
                if denies(document.rule.effect) && is_enforced && is_unlimited(document, subject.surroundings.now) {
                    let number = document.number as u32;
                    document.resources.iter().for_each(|pattern| index.add(pattern, Reach::Wide, number));
                }
            }
            index
        };
        let baseline = subject.surroundings.baseline.map(|baseline| index(&baseline.0)).unwrap_or_default();
        Denied { own: index(subject.written), baseline }
    }

    /// Who denies all that a pattern names, if somebody surely does.
    pub(super) fn all_of(&self, pattern: &Pattern, reach: Reach<'_>) -> Option<String> {
        let first = |index: &ResourceIndex| {
            let mut first: Option<u32> = None;
            index.visit_covering(pattern, reach, &mut |number| {
                first = Some(first.map_or(number, |least| least.min(number)));
            });
            first
        };
        let own = first(&self.own).map(|number| format!("rules[{number}]"));
        own.or_else(|| first(&self.baseline).map(|number| format!("rules[{number}] of the baseline")))
    }
}

const TOO_LONG: &str = "longer than every name, which has at most 256 characters, so that nothing fits";
