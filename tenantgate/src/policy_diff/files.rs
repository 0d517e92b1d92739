//! The policies of both sides, and which belongs to which.

use std::collections::BTreeMap;
use std::path::Path;

use policy_model::Policy;
use policy_model::comparison::{Comparison, Side, Version, compare, compare_entries};
use policy_model::policy::DOCUMENT_BYTES_MAX;

use super::active::{self, TENANTS_FILE};
use super::operand::{Operand, Operands};
use super::section::Section;
use crate::failure::Failure;
use crate::{input, policy_folder};

/// A policy file, read.
pub(super) struct File {
    pub(super) name: String,
    text: Vec<u8>,
    pub(super) tenant: String,
    pub(super) policy: String,
}

/// What is compared.
pub(super) struct Pairs {
    pairs: Vec<[Option<File>; 2]>,
    /// The baseline that `--baseline` names.
    baseline: Option<File>,
}

/// Reads both versions.
pub(super) fn read(operands: &Operands) -> Result<Pairs, Failure> {
    let Operands { old, new, baseline } = operands;
    input::check_once([old, new].into_iter().chain(baseline).filter_map(Operand::path))?;
    let baseline = baseline.as_ref().map(read_baseline).transpose()?;
    let folder = |operand: &Operand| operand.path().is_some_and(|path| Path::new(path).is_dir());
    let pairs = match [old, new].map(folder) {
        [false, false] => {
            let (old, new) = (read_operand(old)?, read_operand(new)?);
            if old.tenant != new.tenant {
                return Err(Failure::input(format!(
                    "{} is for tenant {}, {} for tenant {}; compare two versions of one tenant's policy",
                    old.name, old.tenant, new.name, new.tenant
                )));
            }
            if let Some(baseline) = baseline.as_ref().filter(|_| old.tenant == EVERY_TENANT) {
                return Err(Failure::input(format!(
                    "{} and {} are baselines themselves; leave --baseline {} out",
                    old.name, new.name, baseline.name
                )));
            }
            vec![[Some(old), Some(new)]]
        }
        [true, true] => {
            let (old, new) = (old.name(), new.name());
            match (active::read(old)?, active::read(new)?) {
                (None, None) => pair(read_folder(old)?, read_folder(new)?),
                (Some(before), Some(now)) => {
                    pair_active(active::only(read_folder(old)?, &before)?, active::only(read_folder(new)?, &now)?)
                }
                (Some(_), None) | (None, Some(_)) => {
                    return Err(Failure::input(format!(
                        "only one of {old} and {new} has {TENANTS_FILE}, which says what is in force; compare two registry folders, or two folders of policies"
                    )));
                }
            }
        }
        [true, false] | [false, true] => {
            return Err(Failure::input(format!("{} and {} must be two files or two folders", old.name(), new.name())));
        }
    };
    Ok(Pairs { pairs, baseline })
}

fn read_baseline(operand: &Operand) -> Result<File, Failure> {
    let file = read_operand(operand)?;
    if file.tenant != EVERY_TENANT {
        return Err(Failure::input(format!("{} is no baseline: its tenantId is not \"*\"", file.name)));
    }
    Ok(file)
}

fn read_operand(operand: &Operand) -> Result<File, Failure> {
    match operand {
        Operand::Path(path) => read_file(path),
        Operand::Version { name, text } => file(name.clone(), text.clone()),
    }
}

fn read_file(path: &str) -> Result<File, Failure> {
    let text = input::read(path, DOCUMENT_BYTES_MAX, "policy files")?;
    file(input::name(path).to_owned(), text)
}

fn file(name: String, text: Vec<u8>) -> Result<File, Failure> {
    let policy = Policy::parse(&text).map_err(|error| {
        let place = if error.place().is_empty() { String::new() } else { format!("{}: ", error.place()) };
        Failure::input(format!("{name} is no policy: {place}{}; see tenantgate policy lint {name}", error.problem()))
    })?;
    let tenant = policy.tenant().map_or(EVERY_TENANT.to_owned(), ToString::to_string);
    let policy = policy.id().to_string();
    Ok(File { name, text, tenant, policy })
}

/// The policies of a folder, by tenant and id; those of a registry's folder are in `policies`.
fn read_folder(path: &str) -> Result<BTreeMap<(String, String), File>, Failure> {
    let mut files: BTreeMap<(String, String), File> = BTreeMap::new();
    for path in policy_folder::files(path)? {
        let file = read_file(&path.display().to_string())?;
        let key = (file.tenant.clone(), file.policy.clone());
        if let Some(other) = files.get(&key) {
            return Err(Failure::input(format!(
                "{} and {} both are policy {} of tenant {}; one of them must go",
                other.name, file.name, file.policy, file.tenant
            )));
        }
        files.insert(key, file);
    }
    Ok(files)
}

/// Those of one tenant and id belong together; so do the only ones that are left of a tenant on each side.
fn pair(mut old: BTreeMap<(String, String), File>, new: BTreeMap<(String, String), File>) -> Vec<[Option<File>; 2]> {
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for (key, file) in new {
        match old.remove(&key) {
            Some(before) => pairs.push([Some(before), Some(file)]),
            None => left.push(file),
        }
    }
    let mut gone: Vec<File> = old.into_values().collect();
    while let Some(file) = left.pop() {
        let is_only = left.iter().all(|other| other.tenant != file.tenant);
        let mut before = gone.iter().enumerate().filter(|(_, other)| other.tenant == file.tenant);
        match (before.next().map(|(at, _)| at), before.next(), is_only) {
            (Some(at), None, true) if !pairs.iter().any(|pair| is_added(pair, &file.tenant)) => {
                pairs.push([Some(gone.remove(at)), Some(file)]);
            }
            (_, _, _) => pairs.push([None, Some(file)]),
        }
    }
    pairs.extend(gone.into_iter().map(|file| [Some(file), None]));
    pairs.sort_by_cached_key(|pair| {
        let file = pair.iter().flatten().next_back();
        file.map(|file| (file.tenant.clone(), file.policy.clone()))
    });
    pairs
}

/// What is in force for a tenant on either side, whatever it is called, and the baselines.
fn pair_active(
    mut old: BTreeMap<(String, String), File>,
    new: BTreeMap<(String, String), File>,
) -> Vec<[Option<File>; 2]> {
    let mut pairs = Vec::new();
    for (_, file) in new {
        let former = old.keys().find(|(tenant, _)| *tenant == file.tenant).cloned();
        let former = former.and_then(|key| old.remove(&key));
        pairs.push([former, Some(file)]);
    }
    pairs.extend(old.into_values().map(|file| [Some(file), None]));
    pairs
}

fn is_added(pair: &[Option<File>; 2], tenant: &str) -> bool {
    matches!(pair, [None, Some(file)] if file.tenant == tenant)
}

impl Pairs {
    /// How each pair differs.
    pub(super) fn compare(&self) -> Result<Vec<Section>, Failure> {
        let layer = |side: usize| -> Result<Option<Version<'_>>, Failure> {
            if let Some(baseline) = &self.baseline {
                return version(baseline).map(Some);
            }
            let mut files = self.pairs.iter().filter_map(|pair| pair.get(side)?.as_ref());
            let mut baselines = files.by_ref().filter(|file| file.tenant == EVERY_TENANT);
            match (baselines.next(), baselines.next()) {
                (Some(first), Some(second)) => Err(Failure::input(format!(
                    "{} and {} both are for all tenants; name the one in force with --baseline",
                    first.name, second.name
                ))),
                (first, _) => first.map(version).transpose(),
            }
        };
        let baselines = [layer(0)?, layer(1)?];
        self.pairs.iter().map(|[old, new]| section(old.as_ref(), new.as_ref(), &baselines)).collect()
    }
}

fn section(old: Option<&File>, new: Option<&File>, baselines: &[Option<Version<'_>>; 2]) -> Result<Section, Failure> {
    let Some(newest) = new.or(old) else { return Err(Failure::run("there is nothing to compare")) };
    let versions = [old.map(version).transpose()?, new.map(version).transpose()?];
    let [before, now] = &versions;
    let is_baseline = newest.tenant == EVERY_TENANT;
    let (comparison, entries) = if is_baseline {
        let tenants = version_of(EVERYTHING.as_bytes(), "what tenants allow")?;
        let side = |baseline| Side { baseline, policy: &tenants };
        (compare(side(before.as_ref()), side(now.as_ref())), compare_entries(before.as_ref(), now.as_ref()))
    } else {
        let nothing = format!("{{\"policyId\":\"nothing\",\"tenantId\":\"{}\",\"rules\":[]}}", newest.tenant);
        let nothing = version_of(nothing.as_bytes(), "no policy")?;
        let [old_baseline, new_baseline] = baselines.each_ref().map(Option::as_ref);
        let comparison: Comparison = compare(
            Side { baseline: old_baseline, policy: before.as_ref().unwrap_or(&nothing) },
            Side { baseline: new_baseline, policy: now.as_ref().unwrap_or(&nothing) },
        );
        // Of a policy that is new or gone the rules say all: without them there is nothing to see.
        let entries = match (before, now) {
            (Some(before), Some(now)) => compare_entries(Some(before), Some(now)),
            (_, _) => compare_entries(None, None),
        };
        (comparison, entries)
    };
    Ok(Section {
        tenant: newest.tenant.clone(),
        policy: newest.policy.clone(),
        old: old.map(|file| file.name.clone()),
        new: new.map(|file| file.name.clone()),
        comparison,
        entries,
    })
}

fn version(file: &File) -> Result<Version<'_>, Failure> {
    version_of(&file.text, &file.name)
}

fn version_of<'t>(text: &'t [u8], name: &str) -> Result<Version<'t>, Failure> {
    Version::parse(text).map_err(|errors| Failure::input(format!("{name} is no policy: {}", errors.first)))
}

/// What a baseline's `tenantId` is.
pub(super) const EVERY_TENANT: &str = "*";

/// A tenant's policy under which a baseline is compared: what it denies is all that is denied.
const EVERYTHING: &str = r#"{ "policyId": "what-tenants-allow", "tenantId": "any-tenant", "rules": [
  { "ruleId": "what-tenants-allow", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"] },
  { "ruleId": "what-tenants-allow.prompts", "effect": "ALLOW", "resourceType": "PROMPT", "resources": ["agent:prompt:*"] },
  { "ruleId": "what-tenants-allow.resources", "effect": "ALLOW", "resourceType": "RESOURCE", "resources": ["agent:resource:*"] },
  { "ruleId": "what-tenants-allow.agents", "effect": "ALLOW", "resourceType": "AGENT", "resources": ["agent:agent:*"] },
  { "ruleId": "what-tenants-allow.models", "effect": "ALLOW", "resourceType": "MODEL", "resources": ["agent:model:*"] } ] }"#;
