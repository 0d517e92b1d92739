//! The policy document: JSON text to [`Written`].

use std::borrow::Cow;
use std::collections::HashSet;

use super::argument_document::{self, ArgumentDocument};
use super::error::{PolicyError, Problem};
use super::fields::{Fields, Place};
use super::header_document;
use super::limit_document::{self, LimitDocument};
use super::pin_document::{self, PinDocument};
use super::push_url_document::{self, PushUrlDocument};
use super::redaction_document::{self, Around, RedactionDocument};
use super::rule_document::{Mode, Reader, RuleDocument};
use super::shape::{FREE_TEXTS, MODES, OPAQUES, POLICY};
use super::{Reason, SENTENCE_CHARACTERS_MAX};
use crate::decision::Layer;
use crate::header::Addition;
use crate::id::{InvalidId, PolicyId, TenantId};
use crate::json::Document;
use crate::recorded::NameHash;
use crate::redaction::rules::{FreeText, Opaque, RedactionSettings};
use crate::tool_name::{TARGET_BYTES_MAX, is_target};

/// What a policy document says, in its order.
pub(crate) struct Written {
    pub(crate) id: PolicyId,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) default_target: Option<String>,
    pub(crate) mode: Mode,
    pub(crate) requires_actor: bool,
    pub(crate) requires_decision_context: bool,
    pub(crate) rules: Vec<RuleDocument>,
    pub(crate) redactions: Vec<RedactionDocument>,
    pub(crate) redaction_settings: RedactionSettings,
    pub(crate) hash_key: Option<Box<str>>,
    /// What `arguments` and `limits` say, hashed; none if there are none.
    pub(crate) rewriting: Option<NameHash>,
    pub(crate) arguments: Vec<ArgumentDocument>,
    pub(crate) limits: Vec<LimitDocument>,
    pub(crate) headers: Vec<Addition>,
    pub(crate) pins: Vec<PinDocument>,
    pub(crate) push_urls: Vec<PushUrlDocument>,
}

/// What is written, if what is wrong with rules and other entries of lists is left aside: that goes to `errors`.
pub(crate) fn read(document: &Document<'_>, errors: &mut Vec<PolicyError>) -> Result<Written, PolicyError> {
    let fields = Fields::read(document.root(), Place::Document, POLICY)?;
    let id = read_id(&fields, "policyId", PolicyId::parse)?;
    let tenant = match fields.text("tenantId")?.as_ref() {
        "*" => None,
        _ => Some(read_id(&fields, "tenantId", TenantId::parse)?),
    };
    fields.optional_text("$schema")?;
    check_sentence(&fields, "description")?;
    let default_target = read_default_target(&fields, tenant.is_none())?;
    let mode = fields.word("mode", MODES, Mode::of)?.unwrap_or(Mode::Enforce);
    let requires_actor = fields.bool("requireActor")?.unwrap_or(false);
    let requires_decision_context = fields.bool("requireDecisionContext")?.unwrap_or(false);

    let reader = Reader::new(tenant.is_none(), mode);
    let mut rules: Vec<RuleDocument> = Vec::new();
    let place = fields.place("rules");
    for (number, value) in fields.list("rules")?.into_iter().flatten() {
        match reader.read(value, number, Place::Element(&place, number)) {
            Ok(rule) => rules.push(rule),
            Err(error) => errors.push(error),
        }
    }
    check_rule_ids(&rules, place, errors);
    let redaction_settings = RedactionSettings {
        free_text: fields.word("freeText", FREE_TEXTS, FreeText::of)?.unwrap_or_default(),
        opaque: fields.word("opaqueContent", OPAQUES, Opaque::of)?.unwrap_or_default(),
    };
    let hash_key = read_hash_key(&fields)?;
    let layer = if tenant.is_none() { Layer::Baseline } else { Layer::Tenant };
    let around = Around { layer, has_hash_key: hash_key.is_some() };
    let mut redactions = Vec::new();
    let place = fields.place("redactions");
    for (number, value) in fields.list("redactions")?.into_iter().flatten() {
        match redaction_document::read(value, number, around, Place::Element(&place, number)) {
            Ok(redaction) => redactions.push(redaction),
            Err(error) => errors.push(error),
        }
    }
    let rewriting = read_rewriting(&fields);
    let arguments = argument_document::read_all(&fields, errors)?;
    let limits = limit_document::read_all(&fields, errors)?;
    let headers = header_document::read_all(&fields, errors)?;
    let pins = pin_document::read_all(&fields, errors)?;
    let push_urls = push_url_document::read_all(&fields, tenant.is_none(), errors)?;
    Ok(Written {
        id,
        tenant,
        default_target,
        mode,
        requires_actor,
        requires_decision_context,
        rules,
        redactions,
        redaction_settings,
        hash_key,
        rewriting,
        arguments,
        limits,
        headers,
        pins,
        push_urls,
    })
}

fn check_rule_ids(documents: &[RuleDocument], place: Place<'_>, errors: &mut Vec<PolicyError>) {
    let mut seen = HashSet::new();
    for document in documents.iter().filter(|document| document.is_id_written) {
        if !seen.insert(&document.rule.id) {
            let place = Place::Element(&place, document.number);
            let problem = Problem::DuplicateRuleId(document.rule.id.as_str().to_owned());
            errors.push(PolicyError::new(Place::Member(&place, "ruleId"), problem));
        }
    }
}

fn read_default_target(fields: &Fields<'_, '_>, is_baseline: bool) -> Result<Option<String>, PolicyError> {
    match fields.optional_text("defaultTarget")? {
        Some(_) if is_baseline => {
            let why = "bare names of DENY rules mean every target";
            Err(fields.error_at("defaultTarget", Problem::NotInBaseline(why)))
        }
        Some(target) if !is_target(&target) || target.len() > TARGET_BYTES_MAX => {
            Err(fields.error_at("defaultTarget", Problem::NotATarget(target.into_owned())))
        }
        target => Ok(target.map(Cow::into_owned)),
    }
}

fn read_rewriting(fields: &Fields<'_, '_>) -> Option<NameHash> {
    let said = ["arguments", "limits"].map(|name| fields.optional(name).filter(|list| !list.is_empty()));
    let said = said.map(|list| list.map(|list| list.canonical().unwrap_or_else(|_| list.text().to_owned())));
    match &said {
        [None, None] => None,
        [arguments, limits] => {
            let [arguments, limits] = [arguments, limits].map(|list| list.as_deref().unwrap_or("[]"));
            Some(NameHash::over(&["arguments:", arguments, "limits:", limits]))
        }
    }
}

fn read_hash_key(fields: &Fields<'_, '_>) -> Result<Option<Box<str>>, PolicyError> {
    let Some(text) = fields.optional_text("hashKey")? else { return Ok(None) };
    match PolicyId::parse(&text) {
        Ok(_) => Ok(Some((*text).into())),
        Err(error) => Err(fields.error_at("hashKey", Problem::NotAnId(text.into_owned(), error))),
    }
}

impl FreeText {
    fn of(word: &str) -> Option<FreeText> {
        match word {
            "GUARD" => Some(FreeText::Guard),
            "MASK" => Some(FreeText::Mask),
            "PASS" => Some(FreeText::Pass),
            _ => None,
        }
    }
}

impl Opaque {
    fn of(word: &str) -> Option<Opaque> {
        match word {
            "MASK" => Some(Opaque::Mask),
            "BLOCK" => Some(Opaque::Block),
            _ => None,
        }
    }
}

fn read_id<T>(
    fields: &Fields<'_, '_>,
    name: &'static str,
    parse: fn(&str) -> Result<T, InvalidId>,
) -> Result<T, PolicyError> {
    let text = fields.text(name)?;
    parse(&text).map_err(|error| fields.error_at(name, Problem::NotAnId(text.into_owned(), error)))
}

pub(super) fn check_sentence(fields: &Fields<'_, '_>, name: &str) -> Result<(), PolicyError> {
    match fields.optional_text(name)? {
        Some(text) if Reason::new(&text).is_none() => {
            Err(fields.error_at(name, Problem::NotASentence(SENTENCE_CHARACTERS_MAX)))
        }
        Some(_) | None => Ok(()),
    }
}
