//! The policy document: JSON text to [`Policy`].

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::{PolicyError, Problem};
use super::fields::Fields;
use super::{
    Action, DOCUMENT_BYTES_MAX, Policy, RESOURCES_MAX, RULES_MAX, Reason, Redaction, Rule, SENTENCE_CHARACTERS_MAX,
};
use crate::decision::Effect;
use crate::id::{InvalidId, PolicyId, RuleId, TenantId};
use crate::json::{self, Value};
use crate::pattern::ToolPattern;
use crate::selector::Selector;
use crate::tool_index::{INNER_WILDCARDS_MAX, Reach, ToolIndex};
use crate::tool_name::is_target;

pub(super) fn parse(document: &[u8]) -> Result<Policy, PolicyError> {
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(PolicyError::new("", Problem::TooMany("bytes in the document", DOCUMENT_BYTES_MAX)));
    }
    let document = json::parse(document).map_err(|error| PolicyError::new("", Problem::NotJson(error)))?;
    let fields = Fields::read(document.root(), "", POLICY_FIELDS)?;
    let id = parse_id(&fields, "policyId", PolicyId::parse)?;
    let tenant = match fields.text("tenantId")?.as_ref() {
        BASELINE => None,
        _ => Some(parse_id(&fields, "tenantId", TenantId::parse)?),
    };
    check_sentence(&fields, "description")?;
    let default_target = parse_default_target(&fields)?;

    let mut rules = Vec::new();
    for (place, value) in limited(fields.list("rules")?, "rules", RULES_MAX, &fields.place("rules"))? {
        rules.push(RuleDocument::read(value, &place)?);
    }
    check_rule_ids(&rules)?;
    rules.sort_by(|left, right| (&left.id, &left.reason).cmp(&(&right.id, &right.reason)));
    let index = |effect: Effect, reach: Reach<'_>| {
        let mut index = ToolIndex::default();
        for (number, rule) in (0..).zip(&rules) {
            match (rule.effect, effect) {
                (Effect::Allow, Effect::Allow) | (Effect::Deny, Effect::Deny) => {
                    rule.resources.iter().for_each(|resource| index.add(resource, reach, number));
                }
                (Effect::Allow, Effect::Deny) | (Effect::Deny, Effect::Allow) => {}
            }
        }
        bounded(index, "rules")
    };
    let allow = index(Effect::Allow, Reach::OneTarget(default_target.as_deref()))?;
    let deny = index(Effect::Deny, Reach::Everywhere)?;
    let rules = rules.into_iter().map(|rule| Rule { id: rule.id, effect: rule.effect, reason: rule.reason }).collect();

    let (redactions, redacted) = parse_redactions(&fields)?;
    Ok(Policy { id, tenant, rules, allow, deny, redactions, redacted })
}

struct RuleDocument {
    id: RuleId,
    is_id_written: bool,
    place: String,
    effect: Effect,
    resources: Vec<ToolPattern>,
    reason: Option<Reason>,
}

impl RuleDocument {
    fn read(value: Value<'_>, place: &str) -> Result<RuleDocument, PolicyError> {
        let fields = Fields::read(value, place, RULE_FIELDS)?;
        let effect = match fields.text("effect")?.as_ref() {
            "ALLOW" => Effect::Allow,
            "DENY" => Effect::Deny,
            other => return Err(unknown_word(&fields, "effect", other, &["ALLOW", "DENY"])),
        };
        match fields.text("resourceType")?.as_ref() {
            "TOOL" => {}
            other => return Err(unknown_word(&fields, "resourceType", other, &["TOOL"])),
        }
        check_sentence(&fields, "description")?;
        let resources = parse_resources(&fields)?;
        let reason = match fields.optional_text("reason")? {
            None => None,
            Some(text) => Some(Reason::new(&text).ok_or_else(|| not_a_sentence(&fields, "reason"))?),
        };
        let (id, is_id_written) = match fields.optional_text("ruleId")? {
            Some(text) => {
                let id = RuleId::written(&text).map_err(|error| not_an_id(&fields, "ruleId", &text, error))?;
                (id, true)
            }
            None => (derived_id(effect, &resources), false),
        };
        Ok(RuleDocument { id, is_id_written, place: place.to_owned(), effect, resources, reason })
    }
}

/// A rule without `ruleId` is called after what it says, wherever in the list it stands.
fn derived_id(effect: Effect, resources: &[ToolPattern]) -> RuleId {
    let first = resources.iter().min().map(ToolPattern::to_string).unwrap_or_default();
    RuleId::derived(format!("{effect} agent:tool:{first}"))
}

fn check_rule_ids(rules: &[RuleDocument]) -> Result<(), PolicyError> {
    let mut seen = HashSet::new();
    match rules.iter().filter(|rule| rule.is_id_written).find(|rule| !seen.insert(&rule.id)) {
        None => Ok(()),
        Some(rule) => Err(PolicyError::new(
            &format!("{}.ruleId", rule.place),
            Problem::DuplicateRuleId(rule.id.as_str().to_owned()),
        )),
    }
}

fn parse_redactions(fields: &Fields<'_>) -> Result<(Vec<Redaction>, ToolIndex), PolicyError> {
    let mut index = ToolIndex::default();
    let mut redactions = Vec::new();
    let list = fields.optional_list("redactions")?.unwrap_or_default();
    for (number, (place, value)) in (0..).zip(limited(list, "redactions", RULES_MAX, &fields.place("redactions"))?) {
        let fields = Fields::read(value, &place, REDACTION_FIELDS)?;
        check_sentence(&fields, "description")?;
        let action = match fields.text("action")?.as_ref() {
            "MASK" => Action::Mask,
            "REMOVE" => Action::Remove,
            other => return Err(unknown_word(&fields, "action", other, &["MASK", "REMOVE"])),
        };
        let text = fields.text("path")?;
        let path = Selector::parse(&text)
            .map_err(|error| PolicyError::new(&fields.place("path"), Problem::NotAPath(text.into_owned(), error)))?;
        parse_resources(&fields)?.iter().for_each(|pattern| index.add(pattern, Reach::Everywhere, number));
        redactions.push(Redaction { path, action });
    }
    Ok((redactions, bounded(index, "redactions")?))
}

fn parse_resources(fields: &Fields<'_>) -> Result<Vec<ToolPattern>, PolicyError> {
    let place = fields.place("resources");
    let resources = limited(fields.list("resources")?, "resources in a rule", RESOURCES_MAX, &place)?;
    if resources.is_empty() {
        return Err(PolicyError::new(&place, Problem::EmptyList("all tools are [\"agent:tool:*\"]")));
    }
    let parse = |(place, value): (String, Value<'_>)| {
        let text = value.as_str().ok_or_else(|| PolicyError::new(&place, Problem::WrongType("a string")))?;
        ToolPattern::parse(&text)
            .map_err(|error| PolicyError::new(&place, Problem::NotAResource(text.into_owned(), error)))
    };
    resources.into_iter().map(parse).collect()
}

fn parse_default_target<'d>(fields: &Fields<'d>) -> Result<Option<Cow<'d, str>>, PolicyError> {
    match fields.optional_text("defaultTarget")? {
        Some(target) if !is_target(&target) => {
            Err(PolicyError::new(&fields.place("defaultTarget"), Problem::NotATarget(target.into_owned())))
        }
        target => Ok(target),
    }
}

fn parse_id<T>(
    fields: &Fields<'_>,
    name: &'static str,
    parse: fn(&str) -> Result<T, InvalidId>,
) -> Result<T, PolicyError> {
    let text = fields.text(name)?;
    parse(&text).map_err(|error| not_an_id(fields, name, &text, error))
}

fn check_sentence(fields: &Fields<'_>, name: &str) -> Result<(), PolicyError> {
    match fields.optional_text(name)? {
        Some(text) if Reason::new(&text).is_none() => Err(not_a_sentence(fields, name)),
        Some(_) | None => Ok(()),
    }
}

fn limited<T>(list: Vec<T>, what: &'static str, limit: usize, place: &str) -> Result<Vec<T>, PolicyError> {
    if list.len() > limit { Err(PolicyError::new(place, Problem::TooMany(what, limit))) } else { Ok(list) }
}

fn bounded(index: ToolIndex, place: &str) -> Result<ToolIndex, PolicyError> {
    if index.is_too_wild() {
        return Err(PolicyError::new(place, Problem::TooManyInnerWildcards(INNER_WILDCARDS_MAX)));
    }
    Ok(index)
}

fn unknown_word(fields: &Fields<'_>, name: &str, word: &str, known: &'static [&'static str]) -> PolicyError {
    PolicyError::new(&fields.place(name), Problem::UnknownWord(word.to_owned(), known))
}

fn not_an_id(fields: &Fields<'_>, name: &str, text: &str, error: InvalidId) -> PolicyError {
    PolicyError::new(&fields.place(name), Problem::NotAnId(text.to_owned(), error))
}

fn not_a_sentence(fields: &Fields<'_>, name: &str) -> PolicyError {
    PolicyError::new(&fields.place(name), Problem::NotASentence(SENTENCE_CHARACTERS_MAX))
}

/// The `tenantId` of the baseline.
const BASELINE: &str = "*";

const POLICY_FIELDS: &[&str] = &["policyId", "tenantId", "description", "defaultTarget", "rules", "redactions"];
const RULE_FIELDS: &[&str] = &["ruleId", "effect", "resourceType", "resources", "reason", "description"];
const REDACTION_FIELDS: &[&str] = &["resources", "path", "action", "description"];
