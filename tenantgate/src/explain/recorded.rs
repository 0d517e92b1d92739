//! What an audit line records of a decision, and what the registry adds to it.

use interceptors::audit::subject_hash;
use policy_model::TenantId;
use policy_model::policy::ResourceType;
use policy_model::reach::Question;
use policy_registry::operate::{PolicyScope, VersionName};
use serde_json::{Map, Value, json};

use super::asker::AskerArguments;
use super::audit_file::Record;
use super::reasons;
use super::source::{Desk, Source, SourceArguments};
use super::tree::{Line, Mark, render};
use super::wanted::Wanted;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::who_can::roll::{Enrolled, Roll};
use crate::who_can::standing;

/// What is told of a line.
pub(super) struct Recorded {
    line: Map<String, Value>,
    /// Whose hash it is, if the registry says so.
    member: Option<Enrolled>,
    /// What the rules in force say of that member and what was asked for.
    reach: Option<(Vec<Line>, Value)>,
    /// What the rule of the line says now, and of which version.
    rule: Option<Rule>,
    unknown: Vec<String>,
    others: usize,
}

struct Rule {
    version: Option<u64>,
    text: Vec<String>,
}

/// What the line and the registry say together.
pub(super) async fn tell(
    record: &Record,
    source: &SourceArguments,
    asker: &AskerArguments,
) -> Result<Recorded, Failure> {
    let line = record.line.clone();
    let mut told = Recorded { line, member: None, reach: None, rule: None, unknown: Vec::new(), others: record.others };
    if asker.is_named() {
        return Err(Failure::input(
            "--as and --client ask about a request of your own; the audit line names its caller",
        ));
    }
    let tenant = told.text("tenant").and_then(|tenant| TenantId::parse(tenant).ok());
    if source.is_named() {
        match (source.open().await?, &tenant) {
            (Source::Files(policies), _) => {
                told.rule = rule_in(&told, &policies.policy.text, None)?;
                if told.rule.is_none()
                    && let Some(baseline) = &policies.baseline
                {
                    told.rule = rule_in(&told, &baseline.text, None)?;
                }
            }
            (Source::Registry(_), None) => {}
            (Source::Registry(desk), Some(tenant)) => {
                told.member = member(&desk, tenant, told.text("subject")).await?;
                told.rule = rule(&desk, tenant, &told).await?;
                told.reach = reach(&desk, tenant, &told).await?;
            }
        }
    }
    told.unknown = unknown(&told, source.is_named());
    Ok(told)
}

/// Whose hash a line has: members are compared one by one.
async fn member(desk: &Desk, tenant: &TenantId, hash: Option<&str>) -> Result<Option<Enrolled>, Failure> {
    let Some(hash) = hash else { return Ok(None) };
    let mut roll = Roll::new(desk, tenant);
    while let Some(page) = roll.next().await? {
        let found = page.into_iter().find(|own| own.member().is_some_and(|member| subject_hash(&member) == hash));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What the rules in force say of the member, whatever its token says.
async fn reach(desk: &Desk, tenant: &TenantId, told: &Recorded) -> Result<Option<(Vec<Line>, Value)>, Failure> {
    let asked = [
        ("tool", ResourceType::Tool),
        ("prompt", ResourceType::Prompt),
        ("model", ResourceType::Model),
        ("agentName", ResourceType::Agent),
    ];
    let asked = asked.iter().find_map(|(name, kind)| told.text(name).map(|text| Wanted::listed(*kind, text)));
    let (Some(wanted), Some(enrolled)) = (asked, &told.member) else { return Ok(None) };
    let (Ok(resource), Some(policies)) = (wanted.resource(), desk.policies(tenant).await?) else { return Ok(None) };
    let read = policies.read()?;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let question = Question::new(policies.layers(&read), resource, now);
    let Some(member) = enrolled.as_member(tenant) else { return Ok(None) };
    let reach = question.ask(&member);
    Ok(Some((standing::lines(&reach, &read, 1), standing::json(&reach, &read))))
}

/// What the rule of the line says, in the policy that the line names.
async fn rule(desk: &Desk, tenant: &TenantId, told: &Recorded) -> Result<Option<Rule>, Failure> {
    let (Some(_), Some(policy)) = (told.text("ruleId"), told.text("policyId")) else { return Ok(None) };
    for scope in [PolicyScope::Tenant(tenant.clone()), PolicyScope::Baseline] {
        let Ok(active) = desk.operator.version(&scope, &VersionName::Active).await else { continue };
        if active.policy.as_str() == policy {
            return rule_in(told, &active.document, Some(active.version).filter(|version| *version > 0));
        }
    }
    Ok(None)
}

fn rule_in(told: &Recorded, document: &str, version: Option<u64>) -> Result<Option<Rule>, Failure> {
    let Some(id) = told.text("ruleId") else { return Ok(None) };
    let Ok(read) = policy_model::comparison::Version::parse(document.as_bytes()) else { return Ok(None) };
    if told.text("policyId") != Some(read.policy().id().as_str()) {
        return Ok(None);
    }
    let text: Vec<String> = read.written(id).into_iter().flat_map(members).collect();
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(Rule { version, text }))
}

/// Each member of a rule, as written.
fn members(rule: policy_model::json::Value<'_>) -> Vec<String> {
    let member = |own: policy_model::json::Member<'_>| {
        format!(
            "{}: {}",
            own.name.as_str().unwrap_or_default(),
            own.value.canonical().unwrap_or_else(|_| own.value.text().to_owned())
        )
    };
    rule.members().map(member).collect()
}

/// What nobody can tell from the line.
fn unknown(told: &Recorded, has_registry: bool) -> Vec<String> {
    let mut unknown = Vec::new();
    let is_decision = ["NO_RULE", "DENY_RULE", "ALLOW_RULE"].contains(&told.text("reason").unwrap_or_default());
    if is_decision {
        if told.line.contains_key("facts") {
            unknown.push("the arguments, claims, roles and scopes themselves: the line has hashes of roles and scopes, and which conditions held".to_owned());
        } else {
            unknown.push(
                "the arguments, the claims, and the roles and scopes of the token: no audit line has them".to_owned(),
            );
        }
        unknown.push(
            "to see which rules were considered ask again with what the caller had: tenantgate explain --as USER .."
                .to_owned(),
        );
    }
    if has_registry {
        if told.member.is_none() && told.text("subject").is_some() {
            unknown.push("who it was: no member of the tenant has this hash now".to_owned());
        }
        if told.rule.is_none() && told.text("ruleId").is_some() {
            unknown.push("what the rule said: the policies in force now have no rule of that id".to_owned());
        } else if told.rule.is_some() {
            unknown.push("whether the rule said the same then: it is told as it stands now".to_owned());
        }
    } else {
        unknown.push(
            "who it was and what the rule says: name the registry (--file, --table, --endpoint-url, --registry)"
                .to_owned(),
        );
    }
    unknown
}

impl Recorded {
    fn text(&self, name: &str) -> Option<&str> {
        self.line.get(name).and_then(Value::as_str)
    }
}

/// For programs.
pub(super) fn json(told: &Recorded) -> Value {
    let reason = told.text("reason").and_then(reasons::find);
    json!({"line": told.line, "otherLinesOfTheDecision": told.others, "reason": reason.map(|own| own.json()), "member": told.member.as_ref().map(Enrolled::json), "reach": told.reach.as_ref().map(|(_, json)| json),
        "rule": told.rule.as_ref().map(|rule| json!({"version": rule.version, "says": rule.text})), "notKnown": told.unknown})
}

/// For people.
pub(super) fn text(told: &Recorded, colour: Colour) -> String {
    let effect = told.text("effect").unwrap_or("?");
    let asked = ["tool", "prompt", "model", "agentName"].iter().find_map(|name| told.text(name)).unwrap_or("");
    let method = told.text("method").unwrap_or("");
    let point = told.text("point").unwrap_or("?");
    let mut lines = vec![Line::new(0, Mark::of(effect == "ALLOW"), format!("{effect}  {method} {asked} (at {point})"))];
    for name in told.line.keys().filter(|name| !QUIET.contains(&name.as_str())) {
        let value = told.line.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        lines.push(Line::new(1, Mark::None, format!("{name}: {}", value.unwrap_or_default())));
    }
    if told.others > 0 {
        lines.push(Line::new(1, Mark::None, format!("{} more lines have this decisionId", told.others)));
    }
    if let Some(own) = told.text("reason").and_then(reasons::find) {
        lines.push(Line::new(0, Mark::Head, own.code));
        lines.push(Line::new(1, Mark::None, format!("means: {}", own.meaning)));
        lines.push(Line::new(1, Mark::None, format!("do: {}", own.remedy)));
    }
    if let Some(member) = &told.member {
        lines.push(Line::new(0, Mark::Head, "The caller"));
        lines.push(Line::new(1, Mark::None, member.words()));
    }
    if let Some((own, _)) = &told.reach {
        lines.push(Line::new(0, Mark::Head, "What the rules in force now say of it"));
        lines.extend(own.iter().cloned());
    }
    if let Some(rule) = &told.rule {
        let version = rule.version.map_or(String::new(), |version| format!(", version {version}"));
        lines.push(Line::new(0, Mark::Head, format!("The rule, as it stands now{version}")));
        lines.extend(rule.text.iter().map(|text| Line::new(1, Mark::None, text)));
    }
    lines.push(Line::new(0, Mark::Head, "Not known"));
    lines.extend(told.unknown.iter().map(|text| Line::new(1, Mark::Unsure, text)));
    render(&lines, colour)
}

/// What is told elsewhere, or to nobody.
const QUIET: &[&str] = &["effect", "method", "target", "level", "point"];
