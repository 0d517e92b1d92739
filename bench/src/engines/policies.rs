//! One policy and its requests, for every engine: what a tenant with many targets has.

use serde_json::{Value, json};

/// A rule, before it is written in anybody's language.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
    pub(crate) target: String,
    pub(crate) tool: Tool,
    pub(crate) role: Option<&'static str>,
    pub(crate) scope: Option<&'static str>,
    pub(crate) condition: Option<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// Which tools of its target a rule names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tool {
    Named(&'static str),
    Beginning(&'static str),
}

/// What a value of the request must be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition {
    /// `arguments` or `claims`.
    pub(crate) root: &'static str,
    pub(crate) member: &'static str,
    pub(crate) test: Test,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Test {
    Equals(&'static str),
    LessThan(u32),
}

/// A request and what every engine must say to it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) target: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) arguments: Value,
    pub(crate) claims: Value,
    pub(crate) is_allowed: bool,
}

/// That many rules, ten for each target.
pub(crate) fn rules(count: usize) -> Vec<Rule> {
    (0..count.div_ceil(RULES_PER_TARGET)).flat_map(rules_of_target).take(count).collect()
}

fn rules_of_target(number: usize) -> [Rule; RULES_PER_TARGET] {
    let rule = |effect: Effect, tool: Tool| Rule {
        effect,
        target: target(number),
        tool,
        role: None,
        scope: None,
        condition: None,
    };
    let below = |member, most| Condition { root: "arguments", member, test: Test::LessThan(most) };
    let equal = |root, member, value| Condition { root, member, test: Test::Equals(value) };
    // A document of 10,000 rules has no room for three conditions with each target.
    let forbidden = match number.is_multiple_of(2) {
        true => Rule { condition: Some(equal("arguments", "to", "XX")), ..rule(Effect::Deny, Tool::Named("pay")) },
        false => rule(Effect::Deny, Tool::Named("refund")),
    };
    [
        rule(Effect::Allow, Tool::Named("get")),
        rule(Effect::Allow, Tool::Named("list")),
        rule(Effect::Allow, Tool::Beginning("find-")),
        Rule { role: Some("lead"), ..rule(Effect::Allow, Tool::Beginning("edit-")) },
        Rule { scope: Some(SCOPE), ..rule(Effect::Allow, Tool::Named("dump")) },
        rule(Effect::Deny, Tool::Named("drop")),
        rule(Effect::Deny, Tool::Beginning("edit-all")),
        Rule { condition: Some(below("amount", 500)), ..rule(Effect::Allow, Tool::Named("pay")) },
        forbidden,
        Rule { condition: Some(equal("claims", "dept", "sales")), ..rule(Effect::Allow, Tool::Beginning("book-")) },
    ]
}

/// Requests that rules without a condition settle.
pub(crate) fn unconditional(rules: usize) -> Vec<Ask> {
    let of_target = |number: usize| {
        let ask = |tool: &str, is_allowed: bool| Ask { is_allowed, ..ask(number, tool) };
        let scopes = vec!["openid".to_owned(), SCOPE.to_owned()];
        [
            ask("get", true),
            ask("list", true),
            ask("find-customer", true),
            Ask { roles: vec!["clerk".to_owned(), "lead".to_owned()], ..ask("edit-orders", true) },
            Ask { roles: vec!["clerk".to_owned()], ..ask("edit-orders", false) },
            Ask { roles: vec!["lead".to_owned()], ..ask("edit-all-orders", false) },
            Ask { scopes, ..ask("dump", true) },
            ask("dump", false),
            ask("drop", false),
            ask("unknown", false),
        ]
    };
    asked_targets(rules).into_iter().flat_map(of_target).collect()
}

/// Requests for which arguments or claims are looked at.
pub(crate) fn conditional(rules: usize) -> Vec<Ask> {
    let of_target = |number: usize| {
        let ask = |tool: &str, is_allowed: bool| Ask { is_allowed, ..ask(number, tool) };
        let pay = |arguments: Value, is_allowed: bool| Ask { arguments, ..ask("pay", is_allowed) };
        let book = |claims: Value, is_allowed: bool| Ask { claims, ..ask("book-trip", is_allowed) };
        [
            pay(json!({ "invoice": "A-1001", "amount": 120, "to": "DE" }), true),
            pay(json!({ "invoice": "A-1001", "amount": 120, "to": "XX" }), false),
            pay(json!({ "invoice": "A-1001", "amount": 500, "to": "DE" }), false),
            // A DENY that cannot be evaluated denies.
            pay(json!({ "invoice": "A-1001", "amount": 120 }), false),
            book(json!({ "sub": "alice", "iss": "https://issuer.example", "dept": "sales" }), true),
            book(json!({ "sub": "alice", "iss": "https://issuer.example", "dept": "support" }), false),
        ]
    };
    asked_targets(rules).into_iter().flat_map(of_target).collect()
}

fn ask(number: usize, tool: &str) -> Ask {
    Ask {
        target: target(number),
        name: format!("{}___{tool}", target(number)),
        roles: Vec::new(),
        scopes: Vec::new(),
        arguments: json!({}),
        claims: json!({ "sub": "alice", "iss": "https://issuer.example" }),
        is_allowed: false,
    }
}

/// Of the targets with all three conditions the first and, if there are more, one from the middle and the last.
fn asked_targets(rules: usize) -> Vec<usize> {
    let targets = rules.div_ceil(RULES_PER_TARGET);
    let mut asked: Vec<usize> = [0, targets / 2, targets.saturating_sub(1)].map(|number| number / 2 * 2).into();
    asked.dedup();
    asked
}

fn target(number: usize) -> String {
    format!("t{number}")
}

pub(crate) const RULES_PER_TARGET: usize = 10;

const SCOPE: &str = "out";
