//! Compiled policies, held for as long as the table points to them.
//!
//! What is held never answers by itself: every lookup reads the pointers afresh, and a held policy counts only if it is the one
//! pointed to, by id and hash. Losing or never having held one costs a read.

use std::fmt;
use std::sync::Arc;

use policy_model::Policy;
use quick_cache::sync::Cache;

use crate::key::{Key, Place};
use crate::operate::PolicyScope;
use crate::read::Items;
use crate::record::{Item, MalformedItem, PolicyPointer, PolicyRecord, PolicyVersion, sha256_hex};

/// Why a document at a place is not the policy that is pointed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyFault {
    /// It is not there.
    NoDocument,
    /// Pointer, item and document do not agree, as in the middle of a publication.
    Mismatch,
    /// It is not a policy: its place and problem.
    Invalid(Arc<str>),
    /// The item is not what it should be: the attribute.
    Malformed(&'static str),
}

/// What earlier lookups found at each place.
pub(crate) struct Policies(Cache<Place, Known>);

/// What the last lookup found at a place.
#[derive(Clone)]
enum Known {
    /// Nothing pointed there.
    Nothing,
    /// This policy.
    Policy { sha256: Arc<str>, policy: Arc<Policy> },
}

/// One place in one lookup.
pub(crate) struct Search<'p> {
    policies: &'p Policies,
    place: Place,
    known: Option<Known>,
}

impl Policies {
    /// Holds what is at the places of so many tenants, and the baseline.
    pub(crate) fn new(tenants_max: usize) -> Policies {
        Policies(Cache::new(tenants_max.saturating_mul(2).saturating_add(1)))
    }

    pub(crate) fn search(&self, place: Place) -> Search<'_> {
        Search { policies: self, known: self.0.get(&place), place }
    }
}

impl Search<'_> {
    /// The key of the document, if it is worth asking for before the pointer is known.
    pub(crate) fn key_at_once(&self) -> Option<Key> {
        match self.known {
            None => Some(Key::policy(&self.place)),
            Some(Known::Nothing | Known::Policy { .. }) => None,
        }
    }

    /// The key of the document, if it was left out and the pointer is to another one than is held.
    pub(crate) fn key_after_all(&self, pointer: Option<&PolicyPointer>) -> Option<Key> {
        match (&self.known, pointer) {
            (Some(known), Some(pointer)) if known.policy(pointer).is_none() => Some(Key::policy(&self.place)),
            (Some(_), Some(_)) | (None, _) | (_, None) => None,
        }
    }

    /// The key of the version that is pointed to, where its copy at the place is not it: a lookup that runs while a policy is
    /// published may see the one from before and the other from after.
    pub(crate) fn key_of_version(
        &self,
        pointer: Option<&PolicyPointer>,
        version: Option<u64>,
        items: &Items,
    ) -> Option<Key> {
        let (pointer, version) = (pointer?, version?);
        if self.known.as_ref().is_some_and(|known| known.policy(pointer).is_some()) {
            return None;
        }
        let found = items.get(&Key::policy(&self.place)).map(|item| PolicyRecord::from_item(item, &self.place));
        let is_it = found.is_some_and(|found| found.is_ok_and(|record| record.pointer() == *pointer));
        (!is_it).then(|| self.version_key(version))
    }

    fn version_key(&self, version: u64) -> Key {
        Key::version(&PolicyScope::from(self.place.tenant().cloned()), version)
    }

    /// The policy that is pointed to, held or among the items that were read. Where there is a fault nothing is held any more.
    pub(crate) fn finish(
        self,
        pointer: Option<&PolicyPointer>,
        version: Option<u64>,
        items: &Items,
    ) -> Result<Option<Arc<Policy>>, PolicyFault> {
        let Some(pointer) = pointer else {
            self.policies.0.insert(self.place, Known::Nothing);
            return Ok(None);
        };
        if let Some(held) = self.known.as_ref().and_then(|known| known.policy(pointer)) {
            return Ok(Some(held));
        }
        let version = version.and_then(|version| items.get(&self.version_key(version)));
        match find(items.get(&Key::policy(&self.place)), version, &self.place)
            .and_then(|record| compile(&record, pointer, &self.place))
        {
            Ok(policy) => {
                let policy = Arc::new(policy);
                let known = Known::Policy { sha256: pointer.sha256.as_str().into(), policy: Arc::clone(&policy) };
                self.policies.0.insert(self.place, known);
                Ok(Some(policy))
            }
            Err(fault) => {
                self.policies.0.remove(&self.place);
                Err(fault)
            }
        }
    }
}

impl Known {
    fn policy(&self, pointer: &PolicyPointer) -> Option<Arc<Policy>> {
        match self {
            Known::Policy { sha256, policy } if **sha256 == *pointer.sha256 && *policy.id() == pointer.policy => {
                Some(Arc::clone(policy))
            }
            Known::Policy { .. } | Known::Nothing => None,
        }
    }
}

/// The version, if it was read, or what stands at the place.
fn find(item: Option<&Item>, version: Option<&Item>, place: &Place) -> Result<PolicyRecord, PolicyFault> {
    let Some(version) = version else {
        return Ok(PolicyRecord::from_item(item.ok_or(PolicyFault::NoDocument)?, place)?);
    };
    let version = PolicyVersion::from_item(version)?;
    if version.scope.tenant() != place.tenant() {
        return Err(PolicyFault::Mismatch);
    }
    Ok(version.at(place.clone()))
}

/// Pointer, item and document must say the same, and the document must be for the place at which it stands.
fn compile(record: &PolicyRecord, pointer: &PolicyPointer, place: &Place) -> Result<Policy, PolicyFault> {
    let is_whole = record.place == *place
        && record.policy == pointer.policy
        && record.sha256 == pointer.sha256
        && sha256_hex(record.document.as_bytes()) == record.sha256;
    if !is_whole {
        return Err(PolicyFault::Mismatch);
    }
    let policy =
        Policy::parse(record.document.as_bytes()).map_err(|error| PolicyFault::Invalid(error.to_string().into()))?;
    if policy.tenant() != place.tenant() || *policy.id() != pointer.policy {
        return Err(PolicyFault::Mismatch);
    }
    Ok(policy)
}

impl From<MalformedItem> for PolicyFault {
    fn from(item: MalformedItem) -> PolicyFault {
        PolicyFault::Malformed(item.0)
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Policies").field("held", &self.0.len()).finish_non_exhaustive()
    }
}
