//! What many items say together: pointers and documents, members and tenants.

use std::collections::{BTreeMap, BTreeSet};

use policy_model::{Policy, PolicyId, TenantId};
use policy_registry::RouteBinding;
use policy_registry::examine::{Examined, ItemFault, examine, key_of, policy_at};
use policy_registry::key::{Key, LISTED_IN, Place};
use policy_registry::record::{Item, PolicyPointer, PolicyRecord};

use super::code::{self, Code};
use super::examination::Examination;
use crate::excerpt::visible;
use crate::finding::plural;

/// What was seen of the items so far. Of a million members only their tenants are kept.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Whether these are all items.
    pub(super) is_whole: bool,
    /// Whether all routes are among them.
    pub(super) has_routes: bool,
    pub(super) routes: Vec<RouteBinding>,
    /// Whether some policy takes something out of results.
    pub(super) redacts: bool,
    /// The keys that policies name for hashes, each with one of its policies.
    pub(super) hash_keys: BTreeMap<String, String>,
    pub(super) has_baseline: bool,
    is_listing: bool,
    items: u64,
    pointers: BTreeMap<Option<TenantId>, Pointers>,
    documents: BTreeMap<(Option<TenantId>, bool), Document>,
    members: BTreeMap<TenantId, u64>,
    faults: BTreeMap<&'static str, Faults>,
}

#[derive(Debug)]
struct Pointers {
    policy: PolicyPointer,
    shadow: Option<PolicyPointer>,
}

/// A document, as its item says, and why it cannot be used.
#[derive(Debug)]
struct Document {
    policy: PolicyId,
    sha256: String,
    fault: Option<String>,
}

/// Items with one fault: how many, and the first of them.
#[derive(Debug)]
struct Faults {
    code: &'static Code,
    count: u64,
    shown: Vec<(String, String)>,
}

impl Survey {
    /// Nothing seen yet. `is_listing` is whether the table has the index that lists are asked of.
    pub(super) fn new(is_listing: bool) -> Survey {
        Survey { is_listing, ..Survey::default() }
    }

    /// Takes one item.
    pub(super) fn take(&mut self, item: &Item) {
        self.items += 1;
        let examined = match examine(item) {
            Ok(examined) => examined,
            Err(ItemFault::Unknown) => return self.fault(&code::ITEM_UNKNOWN, item, "the registry has no such key"),
            Err(ItemFault::Malformed(attribute)) => {
                return self.fault(&code::ITEM_MALFORMED, item, &format!("{attribute} is not what it should be"));
            }
            Err(ItemFault::Misplaced) => {
                return self.fault(&code::ITEM_MALFORMED, item, "it is about something else than its key says");
            }
        };
        let is_listed = match &examined {
            Examined::Tenant(_) | Examined::Membership(_) | Examined::Client(_) | Examined::Route(_) => {
                item.contains_key(LISTED_IN)
            }
            Examined::Baseline(_) | Examined::Policy(..) | Examined::Other => true,
        };
        if self.is_listing && !is_listed {
            self.fault(&code::ITEM_UNLISTED, item, "it has no listedIn");
        }
        match examined {
            Examined::Tenant(tenant) => {
                self.pointers.insert(Some(tenant.tenant), Pointers { policy: tenant.policy, shadow: tenant.shadow });
            }
            Examined::Baseline(baseline) => {
                self.has_baseline = true;
                self.pointers.insert(None, Pointers { policy: baseline.policy, shadow: None });
            }
            Examined::Membership(membership) => *self.members.entry(membership.tenant).or_default() += 1,
            Examined::Client(client) => *self.members.entry(client.tenant).or_default() += 1,
            Examined::Policy(place, record) => self.take_policy(&place, record),
            Examined::Route(route) => self.routes.push(route),
            Examined::Other => {}
        }
    }

    fn take_policy(&mut self, place: &Place, record: PolicyRecord) {
        let policy = policy_at(place, &record);
        if let Ok(policy) = &policy {
            self.note(policy);
        }
        let is_shadow = match place {
            Place::Shadow(_) => true,
            Place::Active(_) | Place::Baseline => false,
        };
        let document = Document { policy: record.policy, sha256: record.sha256, fault: policy.err() };
        self.documents.insert((place.tenant().cloned(), is_shadow), document);
    }

    fn note(&mut self, policy: &Policy) {
        self.redacts |= policy.redacts();
        if let Some(key) = policy.hash_key() {
            self.hash_keys.entry(key.to_owned()).or_insert_with(|| policy.id().to_string());
        }
    }

    fn fault(&mut self, code: &'static Code, item: &Item, what: &str) {
        let faults = self.faults.entry(code.word).or_insert_with(|| Faults { code, count: 0, shown: Vec::new() });
        faults.count += 1;
        if faults.shown.len() < SHOWN_MAX {
            let key = key_of(item);
            faults.shown.push((format!("item {:?} {:?}", visible(&key.pk), visible(&key.sk)), what.to_owned()));
        }
    }

    /// Where the documents are that tenants point to.
    pub(super) fn documents(&self) -> Vec<Key> {
        let tenants = self.pointers.iter().filter_map(|(tenant, pointers)| Some((tenant.as_ref()?, pointers)));
        let keys = tenants.flat_map(|(tenant, pointers)| {
            let shadow = pointers.shadow.as_ref().map(|_| Key::policy(&Place::Shadow(tenant.clone())));
            [Key::policy(&Place::Active(tenant.clone()))].into_iter().chain(shadow)
        });
        keys.collect()
    }

    /// What is wrong.
    pub(super) fn tell(&self, place: &str, out: &mut Examination) {
        let whole = if self.is_whole { "all of it" } else { "the kills, the baseline, the first tenants, and routes" };
        out.look_at(format!("items of {place}: {} ({whole})", self.items));
        for faults in self.faults.values() {
            let more = faults.count - faults.shown.len() as u64;
            for (index, (item, what)) in faults.shown.iter().enumerate() {
                let is_last = index + 1 == faults.shown.len();
                let more = if is_last && more > 0 { format!("; and {more} more items") } else { String::new() };
                out.find(faults.code, item.as_str(), format!("{what}{more}"));
            }
        }
        self.tell_pointers(out);
        self.tell_strangers(place, out);
    }

    fn tell_pointers(&self, out: &mut Examination) {
        let mut broken = Vec::new();
        for (tenant, pointers) in &self.pointers {
            let active = [(false, Some(&pointers.policy)), (true, pointers.shadow.as_ref())];
            for (is_shadow, pointer) in active {
                let fault = pointer.and_then(|pointer| self.disagreement(tenant, is_shadow, pointer));
                broken.extend(fault.map(|fault| (tenant.as_ref(), is_shadow, fault)));
            }
        }
        let more = broken.len().saturating_sub(SHOWN_MAX);
        for (index, (tenant, is_shadow, fault)) in broken.iter().take(SHOWN_MAX).enumerate() {
            let code = if tenant.is_some() { &code::TENANT_UNREADABLE } else { &code::BASELINE_UNREADABLE };
            let place = tenant.map_or_else(|| "baseline".to_owned(), |tenant| format!("tenant {tenant}"));
            let which = if *is_shadow { "its shadow policy" } else { "its policy" };
            let more = if index + 1 == SHOWN_MAX && more > 0 { format!("; and {more} more") } else { String::new() };
            // A shadow refuses nobody.
            let severity = if *is_shadow { code::Severity::Warning } else { code.severity };
            out.find_as(severity, code, place, format!("{which}: {fault}{more}"));
        }
    }

    fn disagreement(&self, tenant: &Option<TenantId>, is_shadow: bool, pointer: &PolicyPointer) -> Option<String> {
        let Some(document) = self.documents.get(&(tenant.clone(), is_shadow)) else {
            return Some(format!("the document of {} is not there", pointer.policy));
        };
        if document.policy != pointer.policy || document.sha256 != pointer.sha256 {
            return Some(format!("the pointer is to {}, and the document is another", pointer.policy));
        }
        document.fault.as_deref().map(visible)
    }

    /// Members of tenants that nobody knows are refused, and count again once somebody adds a tenant of that name.
    fn tell_strangers(&self, place: &str, out: &mut Examination) {
        if self.is_listing || self.is_whole {
            let has_tenants = self.pointers.keys().any(Option::is_some);
            if !has_tenants {
                out.find(&code::TENANTS_NONE, place, "it has no tenant");
            }
        }
        let known: BTreeSet<&TenantId> = self.pointers.keys().flatten().collect();
        let strangers = self.members.iter().filter(|(tenant, _)| !known.contains(tenant));
        let strangers: Vec<(&TenantId, &u64)> = strangers.collect();
        for (index, (tenant, count)) in strangers.iter().take(SHOWN_MAX).enumerate() {
            let more = strangers.len().saturating_sub(SHOWN_MAX);
            let more =
                if index + 1 == SHOWN_MAX && more > 0 { format!("; and {more} more tenants") } else { String::new() };
            let members = plural(usize::try_from(**count).unwrap_or(usize::MAX), "member");
            out.find(&code::TENANT_UNKNOWN, format!("tenant {tenant}"), format!("{members}, and no such tenant{more}"));
        }
    }
}

/// Most items that are shown of one fault.
const SHOWN_MAX: usize = 20;
