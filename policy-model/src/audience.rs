//! For whom of a tenant something is open, whoever they are and whatever they ask with: everybody, some, or nobody.
//!
//! Nothing is known of the caller but the tenant. What rules ask of callers, tokens, arguments and time of day is told, not decided.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::decision::{Effect, Layer, Layers};
use crate::id::RuleId;
use crate::policy::Policy;
use crate::request::Resource;
use crate::rule::{Names, Rule};

/// For whom something is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience<'p> {
    /// For every caller of the tenant, with any arguments, by this rule.
    Everybody(&'p RuleId),
    /// For some, or with some arguments, or none after all: it depends on what these rules ask.
    Some {
        /// The ALLOW rules, in the order of their ids; at least one.
        allows: Vec<Asking<'p>>,
        /// The DENY rules that override them, the baseline's first.
        denies: Vec<Asking<'p>>,
        /// Whether a policy wants an agent that calls on the user's behalf.
        needs_agent: bool,
    },
    /// For nobody: an operator stopped it.
    Stopped(&'p RuleId),
    /// For nobody: this DENY rule asks nothing.
    Denied(&'p RuleId, Layer),
    /// For nobody: no ALLOW rule that is in force, or will be, names it.
    NoRule,
}

/// A rule, and what it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking<'p> {
    /// The rule.
    pub rule: &'p RuleId,
    /// Whose it is.
    pub layer: Layer,
    /// Each thing in words; all of them must hold.
    pub asks: Vec<String>,
}

/// For whom a thing is open at a time, in seconds since 1970. A rule that ends or begins after it asks for that time.
pub fn audience<'p>(layers: Layers<'p>, resource: &Resource<'_>, time: i64) -> Audience<'p> {
    let kills = layers.kills.map(|kills| asking(kills, Layer::Baseline, Effect::Deny, resource, time));
    if let Some(kill) = kills.and_then(|kills| kills.into_iter().next()) {
        return Audience::Stopped(kill.rule);
    }
    let baseline = layers.baseline.map(|policy| (policy, Layer::Baseline));
    let denies = baseline.into_iter().chain([(layers.policy, Layer::Tenant)]);
    let denies: Vec<Asking<'p>> =
        denies.flat_map(|(policy, layer)| asking(policy, layer, Effect::Deny, resource, time)).collect();
    if let Some(always) = denies.iter().find(|deny| deny.asks.is_empty()) {
        return Audience::Denied(always.rule, always.layer);
    }
    let allows = asking(layers.policy, Layer::Tenant, Effect::Allow, resource, time);
    let needs_agent = layers.requires_actor();
    match allows.iter().find(|allow| allow.asks.is_empty()) {
        _ if allows.is_empty() => Audience::NoRule,
        Some(always) if denies.is_empty() && !needs_agent => Audience::Everybody(always.rule),
        Some(_) | None => Audience::Some { allows, denies, needs_agent },
    }
}

/// The rules of an effect that name the thing and are not over, each once.
fn asking<'p>(policy: &'p Policy, layer: Layer, effect: Effect, resource: &Resource<'_>, time: i64) -> Vec<Asking<'p>> {
    let index = match effect {
        Effect::Allow => &policy.enforced.allow,
        Effect::Deny => &policy.enforced.deny,
    };
    let mut numbers: Vec<u32> = Vec::new();
    index.visit(resource, &mut |number| numbers.push(number));
    numbers.sort_unstable();
    numbers.dedup();
    let rules = numbers.iter().filter_map(|number| policy.rules.get(*number as usize));
    let rules = rules.filter(|rule| *rule.in_force.end() >= time);
    rules.map(|rule| Asking { rule: &rule.id, layer, asks: asks(rule, time) }).collect()
}

/// What a rule asks, in words; what has begun by then is no question.
pub(crate) fn asks(rule: &Rule, time: i64) -> Vec<String> {
    let principals = [
        ("user", &rule.principals.users, true),
        ("role", &rule.principals.roles, false),
        ("workspace", &rule.principals.workspaces, false),
        ("agent", &rule.principals.agents, false),
    ];
    let mut asks: Vec<String> = principals
        .into_iter()
        .filter_map(|(kind, names, is_always)| of_names(kind, names.as_ref()?, is_always))
        .collect();
    if !rule.scopes.is_empty() {
        asks.push(format!("scope {}", listed(&rule.scopes, "and")));
    }
    match rule.conditions.len() {
        0 => {}
        1 => asks.push("1 condition".to_owned()),
        count => asks.push(format!("{count} conditions")),
    }
    if *rule.in_force.start() > time && *rule.in_force.start() > i64::MIN {
        asks.push(format!("from {}", moment(*rule.in_force.start())));
    }
    if *rule.in_force.end() < i64::MAX {
        asks.push(format!("until {}", moment(*rule.in_force.end())));
    }
    asks
}

/// What a list of names asks. Everybody is a user, so that any user is no question.
fn of_names(kind: &str, names: &Names, is_always: bool) -> Option<String> {
    match names {
        Names::Any if is_always => None,
        Names::Any => Some(format!("any {kind}")),
        Names::OneOf(names) => Some(format!("{kind} {}", listed(names, "or"))),
    }
}

fn listed(names: &[Box<str>], word: &str) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES_SHOWN_MAX).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(shown.len());
    let text = shown.join(&format!(" {word} "));
    if more == 0 { text } else { format!("{text} {word} {more} more") }
}

fn moment(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(&Rfc3339).ok());
    time.unwrap_or_else(|| seconds.to_string())
}

const NAMES_SHOWN_MAX: usize = 5;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Audience, audience};
    use crate::{Arguments, Caller, Decision, Layers, Policy, Request, Resource, TenantId, ToolName, UserId, decide};

    const NOW: i64 = 1_800_000_000;

    fn policy(tenant: &str, rules: &Value) -> Policy {
        Policy::parse(json!({"policyId": "P", "tenantId": tenant, "rules": rules}).to_string().as_bytes()).unwrap()
    }

    fn rule(id: &str, effect: &str, more: &Value) -> Value {
        let mut rule =
            json!({"ruleId": id, "effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:orders___get"]});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    }

    fn word(layers: Layers<'_>) -> String {
        let resource = Resource::Tool(ToolName::parse("orders___get").unwrap());
        match audience(layers, &resource, NOW) {
            Audience::Everybody(rule) => format!("everybody {rule}"),
            Audience::Some { allows, denies, needs_agent } => {
                let told = |rules: &[super::Asking<'_>]| -> Vec<String> {
                    rules.iter().map(|own| format!("{}({})", own.rule, own.asks.join(", "))).collect()
                };
                format!("some {} but {} {needs_agent}", told(&allows).join(" "), told(&denies).join(" "))
            }
            Audience::Stopped(rule) => format!("stopped {rule}"),
            Audience::Denied(rule, layer) => format!("denied {rule} {layer:?}"),
            Audience::NoRule => "none".to_owned(),
        }
    }

    #[test]
    fn what_rules_ask_is_told() {
        let open = json!({});
        let role = json!({"principals": {"roles": ["clerk", "boss"]}});
        let late = json!({"notBefore": "2027-02-01T00:00:00Z"});
        let over = json!({"notAfter": "2020-01-01T00:00:00Z"});
        for (rules, expected) in [
            (json!([]), "none"),
            (json!([rule("A", "ALLOW", &over)]), "none"),
            (json!([rule("A", "ALLOW", &open)]), "everybody A"),
            (json!([rule("A", "ALLOW", &json!({"principals": {"users": ["*"]}}))]), "everybody A"),
            (json!([rule("A", "ALLOW", &role)]), "some A(role boss or clerk) but  false"),
            (json!([rule("A", "ALLOW", &late)]), "some A(from 2027-02-01T00:00:00Z) but  false"),
            (json!([rule("A", "ALLOW", &json!({"scopes": ["a", "b"]}))]), "some A(scope a and b) but  false"),
            (json!([rule("A", "ALLOW", &open), rule("D", "DENY", &role)]), "some A() but D(role boss or clerk) false"),
            (json!([rule("A", "ALLOW", &role), rule("D", "DENY", &open)]), "denied D Tenant"),
            (json!([rule("A", "ALLOW", &open), rule("D", "DENY", &over)]), "everybody A"),
        ] {
            let policy = policy("acme", &rules);
            assert_eq!(word(Layers::of(&policy)), expected, "{rules}");
        }
        let (own, all) =
            (policy("acme", &json!([rule("A", "ALLOW", &open)])), policy("*", &json!([rule("B", "DENY", &open)])));
        assert_eq!(word(Layers { kills: None, baseline: Some(&all), policy: &own }), "denied B Baseline");
        let kills = policy("*", &json!([rule("K1", "DENY", &open)]));
        assert_eq!(word(Layers { kills: Some(&kills), baseline: Some(&all), policy: &own }), "stopped K1");
    }

    /// What is said of everybody and of nobody is what each caller is answered.
    #[test]
    fn everybody_and_nobody_are_what_each_is_answered() {
        let asks = [
            json!({}),
            json!({"principals": {"roles": ["clerk"]}}),
            json!({"principals": {"users": ["*"]}}),
            json!({"principals": {"agents": ["*"]}}),
            json!({"scopes": ["orders.read"]}),
            json!({"conditions": [{"path": "$.arguments.amount", "operator": "LESS_THAN", "value": 10}]}),
            json!({"notAfter": "2020-01-01T00:00:00Z"}),
            json!({"notBefore": "2100-01-01T00:00:00Z"}),
        ];
        let (mut seen, tenant, user) = ([0; 3], TenantId::parse("acme").unwrap(), UserId::parse("alice").unwrap());
        for allow in &asks {
            for deny in asks.iter().map(Some).chain([None]) {
                let mut rules = vec![rule("A", "ALLOW", allow)];
                rules.extend(deny.map(|deny| rule("D", "DENY", deny)));
                let policy = policy("acme", &json!(rules));
                let layers = Layers::of(&policy);
                let name = Resource::Tool(ToolName::parse("orders___get").unwrap());
                let said = audience(layers, &name, NOW);
                for (roles, scopes, agent) in [(0, 0, None), (1, 0, None), (0, 1, None), (1, 1, Some("bot"))] {
                    let roles = vec!["clerk".to_owned(); roles];
                    let scopes = vec!["orders.read".to_owned(); scopes];
                    let caller = Caller {
                        tenant: &tenant,
                        user: &user,
                        issuer: "i",
                        agent,
                        roles: [&roles, &[]],
                        workspaces: &[],
                        scopes: &scopes,
                        claims: None,
                    };
                    for arguments in ["{}", r#"{"amount": 1}"#, r#"{"amount": 99}"#] {
                        let arguments = crate::json::parse(arguments.as_bytes()).unwrap();
                        let known = Arguments::Known(Some(arguments.root()));
                        let request = Request::new(&caller, name.clone(), known, NOW);
                        let is_permitted = match decide(layers, &request, ()) {
                            Decision::Permit(_) => true,
                            Decision::Denial(_) => false,
                        };
                        match &said {
                            Audience::Everybody(_) => assert!(is_permitted, "{rules:?}"),
                            Audience::Some { .. } => {}
                            Audience::Stopped(_) | Audience::Denied(..) | Audience::NoRule => {
                                assert!(!is_permitted, "{rules:?}")
                            }
                        }
                    }
                }
                match said {
                    Audience::Everybody(_) => seen[0] += 1,
                    Audience::Some { .. } => seen[1] += 1,
                    Audience::Stopped(_) | Audience::Denied(..) | Audience::NoRule => seen[2] += 1,
                }
            }
        }
        assert!(seen.iter().all(|count| *count > 3), "{seen:?}");
    }
}
