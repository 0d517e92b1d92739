//! The rules of a policy document as it has them, for those who show them to people.

mod tool_set;

use std::ops::RangeInclusive;

use crate::audience::asks;
use crate::decision::Effect;
use crate::id::RuleId;
use crate::json;
use crate::pattern::{AgentPattern, Pattern, ToolPattern, UriPattern};
use crate::policy::{self, Mode, Reason};
pub use tool_set::{Share, ToolSet};

/// A rule as its document has it.
#[derive(Debug, Clone)]
pub struct OutlinedRule {
    /// Its id, also where none is written.
    pub id: RuleId,
    /// What it says.
    pub effect: Effect,
    /// Whether it has effect, and is not only recorded.
    pub is_enforced: bool,
    /// What it is about, as written.
    pub resources: Vec<String>,
    /// The tools that it names without a wildcard.
    pub tools: Vec<String>,
    /// The tools that it names with a wildcard, if that is not all or all of one target: the patterns of target and tool. The
    /// target is empty where a bare name is on every target, or on none.
    pub wildcards: Vec<(String, String)>,
    /// All tools that it names.
    pub tool_set: ToolSet,
    /// What it names whole.
    pub spans: Vec<Span>,
    /// What it asks of callers, tokens, arguments and the time, in words; nothing: it always applies.
    pub asks: Vec<String>,
    /// What refused callers read.
    pub reason: Option<Reason>,
    /// What it asks once it has begun.
    begun: Vec<String>,
    in_force: RangeInclusive<i64>,
}

impl OutlinedRule {
    /// What it asks at a time, in seconds since 1970; none if it is over by then.
    pub fn asks_at(&self, time: i64) -> Option<&[String]> {
        let asks = if *self.in_force.start() > time { &self.asks } else { &self.begun };
        (*self.in_force.end() >= time).then_some(asks)
    }
}

/// Something that a resource names whole, with all that is added to it later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// All of a kind, in words: `tools`.
    Everything(&'static str),
    /// All tools or prompts of one target.
    Target(String),
    /// Some of several targets, or of agents: the pattern.
    Several(String),
}

/// The rules of a document, in its order; nothing if it is no policy.
pub fn outline(document: &[u8]) -> Vec<OutlinedRule> {
    let Ok(document) = json::parse(document) else { return Vec::new() };
    let mut errors = Vec::new();
    let Ok(written) = policy::read(&document, &mut errors) else { return Vec::new() };
    let default_target = written.default_target.as_deref();
    let rules = written.rules.iter().map(|own| OutlinedRule {
        id: own.rule.id.clone(),
        effect: own.rule.effect,
        is_enforced: match own.mode {
            Mode::Enforce => true,
            Mode::LogOnly => false,
        },
        resources: own.resources.iter().map(ToString::to_string).collect(),
        tools: own.resources.iter().filter_map(|pattern| tool(pattern, default_target)).collect(),
        wildcards: own
            .resources
            .iter()
            .filter_map(|pattern| wildcard(pattern, own.rule.effect, default_target))
            .collect(),
        tool_set: ToolSet::of(own.resources.iter(), own.rule.effect, default_target),
        spans: own.resources.iter().filter_map(span).collect(),
        // As if it were long ago: what begins and what ends is said.
        asks: asks(&own.rule, i64::MIN),
        reason: own.rule.reason.clone(),
        begun: asks(&own.rule, i64::MAX),
        in_force: own.rule.in_force.clone(),
    });
    rules.collect()
}

/// A tool by its whole name.
fn tool(pattern: &Pattern, default_target: Option<&str>) -> Option<String> {
    match pattern {
        Pattern::Tool(ToolPattern::Prefixed { target, tool }) => {
            Some(format!("{}___{}", target.literal()?, tool.literal()?))
        }
        Pattern::Tool(ToolPattern::Bare(name)) => {
            let name = name.literal()?;
            Some(default_target.map_or_else(|| name.to_owned(), |target| format!("{target}___{name}")))
        }
        Pattern::Tool(ToolPattern::All)
        | Pattern::Prompt(_)
        | Pattern::Uri(_)
        | Pattern::Agent(_)
        | Pattern::Model(_) => None,
    }
}

/// Target and tool of a pattern that names neither one tool nor a whole target.
fn wildcard(pattern: &Pattern, effect: Effect, default_target: Option<&str>) -> Option<(String, String)> {
    match pattern {
        Pattern::Tool(ToolPattern::Prefixed { target, tool }) => {
            let is_told = target.literal().is_some() && (tool.is_any() || tool.literal().is_some());
            (!is_told).then(|| (target.to_string(), tool.to_string()))
        }
        Pattern::Tool(ToolPattern::Bare(tool)) => {
            let target = match effect {
                Effect::Allow => default_target.unwrap_or_default(),
                Effect::Deny => "",
            };
            tool.literal().is_none().then(|| (target.to_owned(), tool.to_string()))
        }
        Pattern::Tool(ToolPattern::All)
        | Pattern::Prompt(_)
        | Pattern::Uri(_)
        | Pattern::Agent(_)
        | Pattern::Model(_) => None,
    }
}

fn span(pattern: &Pattern) -> Option<Span> {
    match pattern {
        Pattern::Tool(ToolPattern::All) => Some(Span::Everything("tools")),
        Pattern::Prompt(ToolPattern::All) => Some(Span::Everything("prompts")),
        Pattern::Tool(ToolPattern::Prefixed { target, tool })
        | Pattern::Prompt(ToolPattern::Prefixed { target, tool }) => match target.literal() {
            Some(target) => tool.is_any().then(|| Span::Target(target.to_owned())),
            None => Some(Span::Several(pattern.to_string())),
        },
        Pattern::Tool(ToolPattern::Bare(_)) | Pattern::Prompt(ToolPattern::Bare(_)) => None,
        Pattern::Uri(UriPattern::All) => Some(Span::Everything("resources")),
        Pattern::Uri(UriPattern::Parts { authority, .. }) => authority
            .as_ref()
            .filter(|authority| authority.literal().is_none())
            .map(|_| Span::Several(pattern.to_string())),
        Pattern::Agent(AgentPattern::Whole(name)) => name.is_any().then_some(Span::Everything("agents")),
        Pattern::Agent(AgentPattern::Skill { agent, .. }) => agent.is_any().then(|| Span::Several(pattern.to_string())),
        Pattern::Model(name) => name.is_any().then_some(Span::Everything("models")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, outline};

    #[test]
    fn rules_are_told_as_they_are_written() {
        let document = r#"{"policyId": "P", "tenantId": "acme", "defaultTarget": "orders", "rules": [
            {"ruleId": "Z", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*", "agent:tool:crm___*", "agent:tool:c*___x", "agent:tool:lookup"], "scopes": ["s"]},
            {"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:crm___drop"], "mode": "LOG_ONLY", "reason": "no"},
            {"ruleId": "M", "effect": "ALLOW", "resourceType": "MODEL", "resources": ["agent:model:*"], "notAfter": "2027-01-01T00:00:00Z"}]}"#;
        let rules = outline(document.as_bytes());
        let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, ["Z", "DENY agent:tool:crm___drop", "M"]);
        let spans =
            [Span::Everything("tools"), Span::Target("crm".to_owned()), Span::Several("agent:tool:c*___x".to_owned())];
        assert_eq!(
            (rules[0].spans.as_slice(), rules[0].tools.as_slice()),
            (&spans[..], &["orders___lookup".to_owned()][..])
        );
        assert_eq!((rules[1].is_enforced, rules[1].tools.join(" ")), (false, "crm___drop".to_owned()));
        assert_eq!(rules[1].reason.as_ref().map(|reason| reason.as_str()), Some("no"));
        assert_eq!(rules[2].asks, ["until 2027-01-01T00:00:00Z"]);
        assert_eq!(rules[0].asks, ["scope s"]);
        assert_eq!(rules[0].wildcards, [("c*".to_owned(), "x".to_owned())]);
        assert!(rules[2].asks_at(0).is_some() && rules[2].asks_at(i64::MAX).is_none());
        assert!(outline(b"{}").is_empty() && outline(b"[").is_empty());
    }
}
