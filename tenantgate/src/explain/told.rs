//! What is decided of a request, and why.

use interceptors::refusal::Refusal;
use interceptors::token::TokenFault;
use policy_model::decision::{Denial, Effect};
use policy_model::explanation::{Explanation, Held, Outcome, RuleExplanation, Verdict, Whose, explain};
use policy_model::json::Document;
use policy_model::{Arguments, Layers, Request};
use policy_registry::Refusal as RegistryRefusal;
use serde_json::{Value, json};

use super::asker::{Asker, AskerArguments};
use super::reasons;
use super::source::{Policies, Read, Source, SourceArguments};
use super::tree::{Line, Mark, render};
use super::wanted::{Wanted, check_arguments};
use super::{document, words};
use crate::colour::Colour;
use crate::failure::Failure;

/// An explanation, in both forms.
pub(super) struct Told {
    pub(super) is_allowed: bool,
    pub(super) json: Value,
    lines: Vec<Line>,
}

impl Told {
    /// For people.
    pub(super) fn text(&self, colour: Colour) -> String {
        render(&self.lines, colour)
    }
}

/// Explains a request; all that would be refused before a policy is read is told in the same way.
pub(super) async fn tell(
    wanted: &Wanted,
    sent: Option<&Document<'_>>,
    time: i64,
    arguments: &AskerArguments,
    source: &SourceArguments,
) -> Result<Told, Failure> {
    let mut asker = arguments.read()?;
    let malformed = wanted.resource().err().or_else(|| sent.and_then(|sent| check_arguments(sent).err()));
    if let Some(refusal) = malformed {
        return Ok(refused(wanted, &asker, &refusal, "before anybody asks who calls and before any rule is read"));
    }
    match source.open().await? {
        Source::Files(policies) => {
            let tenant = policies.read()?.policy.policy().tenant().cloned();
            asker.tenant = asker.tenant.or(tenant);
            decided(wanted, sent, time, &asker, &policies)
        }
        Source::Registry(desk) => {
            if let Err(refusal) = asker.enroll(&desk, &source.chosen()?).await? {
                return Ok(refused(wanted, &asker, &refusal, "by the registry, before any rule is read"));
            }
            let policies = match &asker.tenant {
                Some(tenant) => desk.policies(tenant).await?,
                None => None,
            };
            match policies {
                Some(policies) => decided(wanted, sent, time, &asker, &policies),
                None => {
                    let refusal = Refusal::Registry(RegistryRefusal::NoPolicy);
                    Ok(refused(wanted, &asker, &refusal, "by the registry, before any rule is read"))
                }
            }
        }
    }
}

/// A request that no rule is asked about.
fn refused(wanted: &Wanted, asker: &Asker, refusal: &Refusal, when: &str) -> Told {
    let code = refusal.code();
    let entry = reasons::find(code);
    // Of roles and scopes nothing was asked.
    let mut lines: Vec<Line> = head(wanted, asker, false).into_iter().take(2).collect();
    lines.push(Line::new(0, Mark::Head, format!("Refused {when}: {code}")));
    lines.extend(advice(code));
    lines.extend(refusal.detail().map(|detail| Line::new(1, Mark::None, format!("detail: {detail}"))));
    let json = json!({"effect": "DENY", "reason": code, "meaning": entry.map(|own| own.meaning), "remedy": entry.map(|own| own.remedy),
        "detail": refusal.detail(), "method": wanted.method, "resource": wanted.label(), "caller": asker.json(), "rules": [],
        "refusedBeforePolicy": true});
    Told { is_allowed: false, json, lines }
}

fn decided(
    wanted: &Wanted,
    sent: Option<&Document<'_>>,
    time: i64,
    asker: &Asker,
    policies: &Policies,
) -> Result<Told, Failure> {
    let read = policies.read()?;
    let layers = policies.layers(&read);
    if asker.lacks_agent() && layers.requires_actor() {
        let refusal = Refusal::Token(TokenFault::ActorRequired);
        return Ok(refused(wanted, asker, &refusal, "by the policy's requireActor, before any rule is read"));
    }
    let tenant = asker.tenant.clone().ok_or_else(|| {
        Failure::input("the policy is for all tenants; name the one that is meant by --tenant, or give its own policy")
    })?;
    let caller = asker.caller(&tenant);
    let resource = wanted.resource().map_err(|_| Failure::input("no such name"))?;
    let arguments = if wanted.is_listing { Arguments::Unknown } else { Arguments::Known(sent.map(Document::root)) };
    let request = Request::new(&caller, resource, arguments, time);
    let explanation = explain(layers, &request);
    // What is allowed may still have arguments that the policies do not want.
    let unwanted = unwanted(wanted, layers, &request, &explanation);
    let is_allowed = unwanted.is_none() && is_allowed(&explanation);
    let code = unwanted.as_ref().map_or_else(|| code(&explanation, wanted), Refusal::code);
    let mut lines = head(wanted, asker, is_allowed);
    lines.extend(sources(policies, &read));
    lines.push(Line::new(0, Mark::Head, format!("Why: {}", why(&explanation, unwanted.as_ref()))));
    // Of rules the lines below say more.
    if !is_allowed && !["NO_RULE", "DENY_RULE"].contains(&code) {
        lines.extend(advice(code));
    }
    lines.extend(rules(wanted, &explanation, &read));
    let entry = reasons::find(code);
    let settled = explanation.rules.iter().find(|rule| rule.settles && rule.is_enforced);
    let settled = settled.map(|rule| json!({"layer": words::layer(rule.layer), "policyId": rule.policy.as_str(), "ruleId": rule.rule.as_str()}));
    let json = json!({"effect": if is_allowed { "ALLOW" } else { "DENY" }, "reason": code, "meaning": entry.map(|own| own.meaning),
        "remedy": entry.map(|own| own.remedy), "detail": unwanted.as_ref().and_then(Refusal::detail), "method": wanted.method,
        "resource": wanted.label(), "time": words::time(time), "caller": asker.json(),
        "policy": policies.policy.json(&read.policy),
        "baseline": policies.baseline.as_ref().zip(read.baseline.as_ref()).map(|(text, version)| text.json(version)),
        "settledBy": settled, "logOnly": document::would(&explanation), "rules": document::rules(&explanation, &read),
        "notNaming": document::unnamed(&explanation), "refusedBeforePolicy": false});
    Ok(Told { is_allowed, json, lines })
}

fn is_allowed(explanation: &Explanation<'_>) -> bool {
    match explanation.outcome {
        Outcome::Allowed(_) => true,
        Outcome::Killed(_)
        | Outcome::Denied { .. }
        | Outcome::NothingAllows
        | Outcome::NoArguments(_)
        | Outcome::WorkIsOver => false,
    }
}

fn unwanted(
    wanted: &Wanted,
    layers: Layers<'_>,
    request: &Request<'_>,
    explanation: &Explanation<'_>,
) -> Option<Refusal> {
    if !wanted.has_arguments() || !is_allowed(explanation) {
        return None;
    }
    layers.rewrite_arguments(request).err().map(|unresolved| Refusal::Arguments(unresolved, wanted.asks()))
}

fn code(explanation: &Explanation<'_>, wanted: &Wanted) -> &'static str {
    match explanation.outcome {
        Outcome::Allowed(_) => "ALLOW_RULE",
        Outcome::Killed(rule) => Refusal::Policy(Denial::Killed { rule: rule.clone() }, wanted.asks()).code(),
        Outcome::Denied { .. } => "DENY_RULE",
        Outcome::NothingAllows | Outcome::NoArguments(_) | Outcome::WorkIsOver => {
            Refusal::Policy(Denial::NoRule, wanted.asks()).code()
        }
    }
}

fn head(wanted: &Wanted, asker: &Asker, is_allowed: bool) -> Vec<Line> {
    let verdict = match (is_allowed, wanted.is_listing) {
        (true, false) => "ALLOWED",
        (false, false) => "DENIED",
        (true, true) => "LISTED",
        (false, true) => "HIDDEN",
    };
    let mut lines = vec![Line::new(0, Mark::of(is_allowed), format!("{verdict}  {} {}", wanted.method, wanted.name))];
    lines.extend(asker.lines().into_iter().map(|line| Line::new(1, Mark::None, line)));
    lines
}

fn sources(policies: &Policies, read: &Read<'_>) -> Vec<Line> {
    let own = policies.policy.title(&read.policy);
    let baseline = policies.baseline.as_ref().zip(read.baseline.as_ref()).map(|(text, version)| text.title(version));
    let baseline = baseline.map_or("no baseline".to_owned(), |title| format!("baseline {title}"));
    vec![Line::new(1, Mark::None, format!("policy {own}; {baseline}"))]
}

fn why(explanation: &Explanation<'_>, unwanted: Option<&Refusal>) -> String {
    if let Some(refusal) = unwanted {
        let detail = refusal.detail().map_or(String::new(), |detail| format!(" ({detail})"));
        return format!("a rule allows it, but not with these arguments: {}{detail}", refusal.code());
    }
    match explanation.outcome {
        Outcome::Allowed(rule) => format!("rule {rule} allows it, and no DENY rule applies"),
        Outcome::Killed(rule) => format!("an operator stopped it: kill {rule}"),
        Outcome::Denied { rule, layer, .. } => format!("DENY rule {rule} of {} applies", whose(layer)),
        Outcome::NothingAllows => "no ALLOW rule applies, and what no rule allows is denied".to_owned(),
        Outcome::NoArguments(rule) => {
            format!(
                "rule {rule} could apply, but with no arguments at all is it allowed: DENY rules or its own conditions take everything"
            )
        }
        Outcome::WorkIsOver => "the work that a list may take is used up".to_owned(),
    }
}

fn whose(layer: Whose) -> &'static str {
    match layer {
        Whose::Kill => "the kill switch",
        Whose::Baseline => "the baseline",
        Whose::Tenant => "the tenant",
    }
}

/// What a code means and what to do.
fn advice(code: &str) -> Vec<Line> {
    let entry = reasons::find(code);
    entry.map_or_else(Vec::new, |own| {
        vec![
            Line::new(1, Mark::None, format!("means: {}", own.meaning)),
            Line::new(1, Mark::None, format!("do: {}", own.remedy)),
        ]
    })
}

fn rules(wanted: &Wanted, explanation: &Explanation<'_>, read: &Read<'_>) -> Vec<Line> {
    let mut lines =
        vec![Line::new(0, Mark::Head, format!("Rules that name {}: {}", wanted.label(), explanation.rules.len()))];
    for own in &explanation.rules {
        lines.extend(rule(own, read));
    }
    for unnamed in explanation.unnamed.iter().filter(|unnamed| !unnamed.rules.is_empty()) {
        let first: Vec<&str> = unnamed.rules.iter().take(RULES_TOLD_MAX).map(|rule| rule.as_str()).collect();
        let more = unnamed.rules.len() - first.len();
        let more = if more > 0 { format!(", and {more} more (--json has all)") } else { String::new() };
        let count = words::counted(unnamed.rules.len() as u64, "rule");
        let text = format!("{count} of {}: not about it: {}{more}", unnamed.policy, first.join(", "));
        lines.push(Line::new(0, Mark::None, text));
    }
    lines
}

fn rule(own: &RuleExplanation<'_>, read: &Read<'_>) -> Vec<Line> {
    let wording = words::wording(read, own.layer, own.number);
    let (mark, verdict) = match (own.verdict, own.effect) {
        (Verdict::Applies, _) => (Mark::Yes, "applies"),
        (Verdict::DoesNotApply, _) => (Mark::No, "does not apply"),
        (Verdict::CannotBeEvaluated, Effect::Allow) => (Mark::Unsure, "cannot be evaluated, and so does not apply"),
        (Verdict::CannotBeEvaluated, Effect::Deny) => (Mark::Unsure, "cannot be evaluated, and so applies"),
        (Verdict::DependsOnArguments, _) => (Mark::Unsure, "depends on the arguments"),
    };
    let only_logs = if own.is_enforced { "" } else { ", only logged" };
    let settles = match (own.settles, own.is_enforced) {
        (true, true) => "; it settles the matter",
        (true, false) => "; it would settle the matter",
        (false, _) => "",
    };
    let text = format!("{} {} of {}{only_logs}: {verdict}{settles}", own.effect, own.rule, own.policy);
    let mut lines = vec![Line::new(1, mark, text)];
    if let Some(wording) = &wording {
        let resources: Vec<&str> = wording.resources.iter().take(RULES_TOLD_MAX).map(String::as_str).collect();
        let more = wording.resources.len() - resources.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(Line::new(2, Mark::None, format!("names {}{more}", resources.join(", "))));
        lines.extend(wording.reason.as_ref().map(|reason| Line::new(2, Mark::None, format!("callers read: {reason}"))));
    }
    lines.extend(own.checks.iter().map(|check| Line::new(2, Mark::of(check.holds()), words::check(check))));
    for (number, check) in own.conditions.iter().enumerate() {
        let mark = match check.held {
            Held::True => Mark::Yes,
            Held::False => Mark::No,
            Held::Indeterminate(_) | Held::Open => Mark::Unsure,
        };
        let text = format!("{}: {}", words::condition(wording.as_ref(), number), words::held(check));
        lines.push(Line::new(2, mark, text));
    }
    lines
}

/// Most rules, or resources of a rule, that are listed in a line.
const RULES_TOLD_MAX: usize = 20;
