//! What callers may do with many tools at once: all that fit a pattern, or all that no list names.

use policy_model::Effect;
use policy_model::audience::{Asking, Audience};
use policy_model::decision::Layer;
use policy_model::outline::{OutlinedRule, Share, ToolSet};
use policy_registry::record::{Kill, KillScope};

use super::matrix::{Column, Standing, told};

/// What decides over a tenant.
pub(super) struct Rules<'r> {
    /// Those of things.
    pub(super) kills: Vec<&'r Kill>,
    pub(super) baseline: &'r [OutlinedRule],
    pub(super) policy: &'r [OutlinedRule],
    /// Whether users need an agent that calls for them.
    pub(super) needs_agent: bool,
}

impl Rules<'_> {
    /// What is said of all of them, at a time in seconds since 1970.
    pub(super) fn told(&self, column: &Column, time: i64) -> (Standing, String) {
        let span = column.tools();
        let mut stopped = Vec::new();
        for kill in &self.kills {
            let KillScope::Resource { resource, .. } = &kill.scope else { continue };
            match ToolSet::denied(resource).share_of(&span) {
                Share::All => return (Standing::Denied, format!("an operator stopped it: kill {}", kill.id)),
                Share::Some => stopped.push(kill.id.as_str()),
                Share::Nothing => {}
            }
        }
        let asking = |rules, layer, effect| asking(rules, layer, effect, column, &span, time);
        let mut denies = asking(self.baseline, Layer::Baseline, Effect::Deny);
        denies.extend(asking(self.policy, Layer::Tenant, Effect::Deny));
        if let Some(always) = denies.iter().find(|deny| deny.asks.is_empty()) {
            return told(&Audience::Denied(always.rule, always.layer));
        }
        let allows = asking(self.policy, Layer::Tenant, Effect::Allow);
        let is_plain = denies.is_empty() && stopped.is_empty() && !self.needs_agent;
        match allows.iter().find(|allow| allow.asks.is_empty()) {
            _ if allows.is_empty() => told(&Audience::NoRule),
            Some(always) if is_plain => told(&Audience::Everybody(always.rule)),
            Some(_) | None => {
                let (standing, mut text) = told(&Audience::Some { allows, denies, needs_agent: self.needs_agent });
                if !stopped.is_empty() {
                    text += &format!("; an operator stopped some of these tools: kill {}", stopped.join(", "));
                }
                (standing, text)
            }
        }
    }
}

impl Column {
    fn tools(&self) -> ToolSet {
        match (self.target.as_str(), self.tool.as_str()) {
            ("", "") => ToolSet::of_parts("*", "*"),
            (target, "") => ToolSet::of_parts(target, "*"),
            (target, tool) => ToolSet::of_parts(target, tool),
        }
    }

    /// What of a rule's tools has no other column that stands for it alone.
    fn without_others(&self, tools: &ToolSet) -> ToolSet {
        match (self.target.as_str(), self.tool.as_str()) {
            ("", "") => tools.without_names().without_named_targets(),
            (_, "") => tools.without_names(),
            (..) => tools.clone(),
        }
    }
}

/// The rules of an effect that name some of them; to name not all is something that a rule asks.
fn asking<'r>(
    rules: &'r [OutlinedRule],
    layer: Layer,
    effect: Effect,
    column: &Column,
    span: &ToolSet,
    time: i64,
) -> Vec<Asking<'r>> {
    let rules = rules.iter().filter(|rule| rule.effect == effect && rule.is_enforced);
    let asking = rules.filter_map(|rule| {
        let asks = rule.asks_at(time)?;
        let some = match column.without_others(&rule.tool_set).share_of(span) {
            Share::Nothing => return None,
            Share::Some => Some("some of these tools".to_owned()),
            Share::All => None,
        };
        Some(Asking { rule: &rule.id, layer, asks: some.into_iter().chain(asks.iter().cloned()).collect() })
    });
    asking.collect()
}
