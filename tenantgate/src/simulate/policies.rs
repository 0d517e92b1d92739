//! The policies under which recorded calls are decided again.

use std::collections::{BTreeMap, HashMap};

use policy_model::json;
use policy_model::policy::DOCUMENT_BYTES_MAX;
use policy_model::recorded::{ConditionDigest, Gap, HashedPolicy, Side, Sides};
use policy_model::{Layers, Policy, RuleId, TenantId};

use crate::failure::Failure;
use crate::input;

/// A policy, and the words of its conditions.
pub(super) struct Document {
    file: String,
    pub(super) policy: Policy,
    conditions: HashMap<ConditionDigest, String>,
}

/// By the tenants that they are for.
pub(super) struct Policies<'d> {
    tenants: BTreeMap<&'d str, (HashedPolicy<'d>, &'d Document)>,
    baseline: Option<(HashedPolicy<'d>, &'d Document)>,
}

/// Reads the files.
pub(super) fn read(policies: &[String], baseline: Option<&str>) -> Result<Vec<Document>, Failure> {
    let documents = policies.iter().map(|file| {
        let document = document(file)?;
        match document.policy.tenant() {
            Some(_) => Ok(document),
            None => Err(Failure::input(format!("{file} is a policy for all tenants; name it with --baseline"))),
        }
    });
    let baseline = baseline.map(|file| {
        let document = document(file)?;
        match document.policy.tenant() {
            None => Ok(document),
            Some(tenant) => Err(Failure::input(format!(
                "{file} is a policy of the tenant {tenant} and no baseline, whose tenantId is \"*\"; name it with --policy"
            ))),
        }
    });
    documents.chain(baseline).collect()
}

/// Reads one file.
pub(super) fn document(file: &str) -> Result<Document, Failure> {
    let text = input::read(file, DOCUMENT_BYTES_MAX, "policy files")?;
    let wrong = |why: String| Failure::input(format!("{} is no policy: {why}", input::name(file)));
    let policy = Policy::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let document = json::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let rules = document.root().get("rules").into_iter().flat_map(json::Value::elements);
    let conditions = rules.filter_map(|rule| rule.get("conditions")).flat_map(json::Value::elements);
    let conditions =
        conditions.filter_map(|condition| Some((ConditionDigest::of_written(condition)?, words(condition))));
    Ok(Document { file: input::name(file).to_owned(), policy, conditions: conditions.collect() })
}

/// As in `$.arguments.amount LESS_THAN 500`.
fn words(condition: json::Value<'_>) -> String {
    let text = |name| condition.get(name).and_then(json::Value::as_str).unwrap_or_default();
    let value = condition.get("value").or(condition.get("valuePath")).map_or("", |value| value.text());
    let words = format!("{} {} {value}", text("path"), text("operator"));
    let short: String = words.trim_end().chars().take(WORDS_MAX).collect();
    if short.len() < words.trim_end().len() { format!("{short}..") } else { short }
}

impl<'d> Policies<'d> {
    pub(super) fn new(documents: &'d [Document]) -> Result<Policies<'d>, Failure> {
        let mut policies = Policies { tenants: BTreeMap::new(), baseline: None };
        for document in documents {
            let hashed = HashedPolicy::new(&document.policy);
            match document.policy.tenant() {
                None => {
                    if let Some((_, other)) = policies.baseline.replace((hashed, document)) {
                        let (file, other) = (&document.file, &other.file);
                        return Err(Failure::input(format!("{other} and {file} are both for all tenants")));
                    }
                }
                Some(tenant) => {
                    if let Some((_, other)) = policies.tenants.insert(tenant.as_str(), (hashed, document)) {
                        let (file, other) = (&document.file, &other.file);
                        return Err(Failure::input(format!("{other} and {file} are both of the tenant {tenant}")));
                    }
                }
            }
        }
        Ok(policies)
    }

    /// What is new for a tenant; none if nothing is.
    pub(super) fn sides(&self, tenant: &TenantId) -> Option<Sides<'_>> {
        let own = self.tenants.get(tenant.as_str()).map(|(policy, _)| policy);
        let baseline = self.baseline.as_ref().map(|(policy, _)| policy);
        let sides = Sides {
            baseline: baseline.map_or(Side::AsRecorded, Side::Policy),
            tenant: own.map_or(Side::AsRecorded, Side::Policy),
        };
        (own.is_some() || baseline.is_some()).then_some(sides)
    }

    /// The policies of a tenant, with these in the place of what was in force.
    pub(super) fn over<'p>(&'p self, tenant: &TenantId, in_force: Layers<'p>) -> Layers<'p> {
        let own = self.tenants.get(tenant.as_str()).map(|(_, document)| &document.policy);
        let baseline = self.baseline.as_ref().map(|(_, document)| &document.policy);
        Layers { baseline: baseline.or(in_force.baseline), policy: own.unwrap_or(in_force.policy), ..in_force }
    }

    /// What stands in the way of an answer, in words.
    pub(super) fn words(&self, tenant: &TenantId, gap: &Gap) -> String {
        let documents = self.tenants.get(tenant.as_str()).into_iter().chain(&self.baseline);
        match gap {
            Gap::Condition(rule, digest) => {
                let words = documents.filter_map(|(_, document)| document.conditions.get(digest)).next();
                let words = words.map_or_else(|| digest.to_string(), Clone::clone);
                format!("whether {words} held is not recorded ({})", of(rule))
            }
            Gap::Names(rule, kind) => format!("the caller has more {kind}s than are recorded ({})", of(rule)),
            Gap::Resource(rule) => format!("whether the resource is named is not known from its hash ({})", of(rule)),
            Gap::Arguments => "what the policies make of the arguments is not known".to_owned(),
            Gap::Work => "looking at all conditions may take more than a decision's work".to_owned(),
        }
    }

    /// The files, for the head of a report.
    pub(super) fn files(&self) -> Vec<(&str, &str)> {
        let tenants = self.tenants.values().chain(&self.baseline);
        tenants.map(|(_, document)| (document.policy.id().as_str(), document.file.as_str())).collect()
    }
}

fn of(rule: &RuleId) -> String {
    format!("rule {rule}")
}

/// Most characters of a condition that are shown.
const WORDS_MAX: usize = 120;
