//! What a folder says, read and checked whole.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use policy_model::{Policy, TenantId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::member::{ClientDocument, MemberDocument};
use super::route::read_routes;
use super::{AdminError, ITEM_DOCUMENT_BYTES_MAX, LoadReport, ROUTES_FILE};
use crate::dynamodb_json::read_item;
use crate::key::{PK, Place, SK};
use crate::record::{Baseline, Item, PolicyRecord, Status, Tenant, sha256_hex};

/// The items in the order in which they are to be written: what restricts comes before what it restricts, and a document
/// before what points to it.
pub(super) fn read(folder: &Path) -> Result<(Vec<Item>, LoadReport), AdminError> {
    if !folder.is_dir() {
        return Err(AdminError::file(
            folder,
            "not a folder; expected one with tenants.json, members.json, clients.json, routes.json and policies/",
        ));
    }
    let mut report = LoadReport::default();
    let mut items = Vec::new();
    let policies = Policies::read(&folder.join("policies"))?;
    if let Some((_, baseline)) = &policies.baseline {
        items.push(baseline.to_item());
        items.push(Baseline { policy: baseline.pointer() }.to_item());
        report.baselines += 1;
    }
    read_tenants(&folder.join("tenants.json"), &policies, &mut items, &mut report)?;
    read_members(&folder.join("members.json"), &mut items, &mut report)?;
    read_clients(&folder.join("clients.json"), &mut items, &mut report)?;
    for route in read_routes(&folder.join(ROUTES_FILE))? {
        items.push(route.to_item());
        report.routes += 1;
    }
    read_items(&folder.join("items"), &mut items, &mut report)?;
    Ok((items, report))
}

/// The policy documents of a folder.
struct Policies {
    /// By their ids.
    of_tenants: HashMap<String, (PathBuf, PolicyRecord)>,
    baseline: Option<(PathBuf, PolicyRecord)>,
}

impl Policies {
    fn read(folder: &Path) -> Result<Policies, AdminError> {
        let mut policies = Policies { of_tenants: HashMap::new(), baseline: None };
        for path in json_files(folder)? {
            let record = read_policy(&path)?;
            let id = record.policy.as_str();
            if let Some((other, _)) = policies.by_id(id) {
                return Err(AdminError::file(
                    &path,
                    &format!("has the policyId of {}; give each policy its own", other.display()),
                ));
            }
            match (record.place.tenant(), &policies.baseline) {
                (None, Some((other, _))) => {
                    return Err(AdminError::file(
                        &path,
                        &format!("is a baseline, as {} is; keep one", other.display()),
                    ));
                }
                (None, None) => policies.baseline = Some((path, record)),
                (Some(_), _) => drop(policies.of_tenants.insert(id.to_owned(), (path, record))),
            }
        }
        Ok(policies)
    }

    fn by_id(&self, id: &str) -> Option<&(PathBuf, PolicyRecord)> {
        let baseline = self.baseline.as_ref().filter(|(_, baseline)| baseline.policy.as_str() == id);
        self.of_tenants.get(id).or(baseline)
    }

    /// The policy of that id, which must be for that tenant.
    fn find(&self, id: &str, tenant: &TenantId) -> Result<&PolicyRecord, String> {
        let (_, record) = self.by_id(id).ok_or_else(|| format!("no file in policies/ has the policyId {id:?}"))?;
        match record.place.tenant() {
            Some(own) if own == tenant => Ok(record),
            other => Err(format!("policy {id:?} is for tenant {:?}", other.map_or("*", TenantId::as_str))),
        }
    }
}

fn read_policy(path: &Path) -> Result<PolicyRecord, AdminError> {
    let document = read_text(path)?;
    let policy = Policy::parse(document.as_bytes()).map_err(|error| AdminError::file(path, &error.to_string()))?;
    if document.len() > ITEM_DOCUMENT_BYTES_MAX {
        return Err(AdminError::file(
            path,
            &format!("longer than {ITEM_DOCUMENT_BYTES_MAX} bytes, which one item can hold"),
        ));
    }
    let place = policy.tenant().cloned().map_or(Place::Baseline, Place::Active);
    let sha256 = sha256_hex(document.as_bytes());
    Ok(PolicyRecord { place, policy: policy.id().clone(), sha256, document })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TenantDocument {
    tenant_id: String,
    status: String,
    policy_id: String,
    #[serde(default)]
    shadow_policy_id: Option<String>,
}

fn read_tenants(
    path: &Path,
    policies: &Policies,
    items: &mut Vec<Item>,
    report: &mut LoadReport,
) -> Result<(), AdminError> {
    let mut tenants = HashSet::new();
    for (index, document) in read_list::<TenantDocument>(path)?.into_iter().enumerate() {
        let wrong = |what: &str| AdminError::file(path, &format!("[{index}]: {what}"));
        let tenant = TenantId::parse(&document.tenant_id).map_err(|error| wrong(&format!("tenantId is {error}")))?;
        let status =
            Status::from_word(&document.status).ok_or_else(|| wrong("status is neither ACTIVE nor SUSPENDED"))?;
        let find = |id: &str| policies.find(id, &tenant).map_err(|what| wrong(&what));
        let active = find(&document.policy_id)?;
        let shadow = document.shadow_policy_id.as_deref().map(find).transpose()?;
        if shadow.is_some_and(|shadow| shadow.policy == active.policy) {
            return Err(wrong("shadowPolicyId is the policyId; name another policy"));
        }
        if !tenants.insert(tenant.clone()) {
            return Err(wrong(&format!("tenant {:?} is listed before; keep one", tenant.as_str())));
        }
        if let Some(shadow) = shadow {
            items.push(PolicyRecord { place: Place::Shadow(tenant.clone()), ..shadow.clone() }.to_item());
            report.shadows += 1;
        }
        let shadow = shadow.map(PolicyRecord::pointer);
        items.push(active.to_item());
        items.push(Tenant { tenant, status, policy: active.pointer(), shadow }.to_item());
        report.tenants += 1;
        report.policies += 1;
    }
    Ok(())
}

fn read_members(path: &Path, items: &mut Vec<Item>, report: &mut LoadReport) -> Result<(), AdminError> {
    let mut members = HashSet::new();
    for (index, document) in read_list::<MemberDocument>(path)?.into_iter().enumerate() {
        let wrong = |what: &str| AdminError::file(path, &format!("[{index}]: {what}"));
        let membership = document.membership().map_err(|what| wrong(&what))?;
        if !members.insert(membership.key()) {
            return Err(wrong(&format!(
                "{:?} is listed before as a member of that tenant; keep one",
                membership.subject
            )));
        }
        items.push(membership.to_item());
        report.members += 1;
    }
    Ok(())
}

fn read_clients(path: &Path, items: &mut Vec<Item>, report: &mut LoadReport) -> Result<(), AdminError> {
    let mut clients = HashSet::new();
    for (index, document) in read_list::<ClientDocument>(path)?.into_iter().enumerate() {
        let wrong = |what: &str| AdminError::file(path, &format!("[{index}]: {what}"));
        let client = document.client().map_err(|what| wrong(&what))?;
        if !clients.insert(client.key()) {
            return Err(wrong(&format!("{:?} is listed before as a client of that tenant; keep one", client.client)));
        }
        items.push(client.to_item());
        report.clients += 1;
    }
    Ok(())
}

fn read_items(folder: &Path, items: &mut Vec<Item>, report: &mut LoadReport) -> Result<(), AdminError> {
    for path in json_files(folder)? {
        let value: Value =
            serde_json::from_str(&read_text(&path)?).map_err(|error| AdminError::file(&path, &error.to_string()))?;
        let item = read_item(&value).map_err(|error| AdminError::file(&path, &error))?;
        for name in [PK, SK] {
            let is_key = item.get(name).and_then(|value| value.as_s().ok()).is_some_and(|text| !text.is_empty());
            if !is_key {
                return Err(AdminError::file(&path, &format!("{name}: expected a key, {{\"S\": text}}, not empty")));
            }
        }
        items.push(item);
        report.items += 1;
    }
    Ok(())
}

/// The elements of a list in a file; none if there is no such file.
pub(super) fn read_list<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, AdminError> {
    // A link to nowhere is there.
    if path.symlink_metadata().is_err() {
        return Ok(Vec::new());
    }
    serde_json::from_str(&read_text(path)?).map_err(|error| AdminError::file(path, &error.to_string()))
}

fn read_text(path: &Path) -> Result<String, AdminError> {
    std::fs::read_to_string(path).map_err(|error| AdminError::file(path, &error.to_string()))
}

/// The `*.json` files of a folder in the order of their names; none if there is no such folder.
fn json_files(folder: &Path) -> Result<Vec<PathBuf>, AdminError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| AdminError::file(folder, &error.to_string()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| AdminError::file(folder, &error.to_string()))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
