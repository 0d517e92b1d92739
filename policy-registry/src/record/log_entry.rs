//! What operators did: one item for each change.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::TenantId;

use super::attributes::{check_header, header, take, take_seconds, take_tenant, text};
use super::{ChangeSet, Item, MalformedItem};
use crate::key::{Key, LISTED_IN, SK};

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Whose log it is in; `None` for the baseline and all that is no tenant's.
    pub tenant: Option<TenantId>,
    /// The sort key: what is counted by revisions, or by time.
    pub place: String,
    /// What was done.
    pub action: Action,
    /// Who says that it was they.
    pub author: String,
    /// When, in seconds since 1970.
    pub at: u64,
    /// So many milliseconds later, below 1000; 0 where nobody wrote it down.
    pub millis: u64,
    /// Why.
    pub comment: Option<String>,
    /// The version that was in force before, or that was the shadow.
    pub from_version: Option<u64>,
    /// The version that is since.
    pub to_version: Option<u64>,
    /// The change set that it was a part of.
    pub change_set: Option<String>,
    /// What else there is to say, as `subject` or `path`.
    pub details: BTreeMap<String, String>,
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// A policy version came into force.
    PolicyPublished,
    /// An older one came into force again.
    PolicyRolledBack,
    /// A version can come into force no more.
    PolicyRetired,
    /// A version is decided beside the one in force.
    ShadowSet,
    /// None is any more.
    ShadowCleared,
    /// A tenant was added.
    TenantAdded,
    /// Its users may call nothing.
    TenantSuspended,
    /// They may again.
    TenantResumed,
    /// It was removed.
    TenantRemoved,
    /// A user became a member, or one with other roles.
    MemberAdded,
    /// A user is a member no more.
    MemberRemoved,
    /// Many became members.
    MembersImported,
    /// A client became a member, or one with other roles or scopes.
    ClientAdded,
    /// A client is a member no more.
    ClientRemoved,
    /// A path was bound.
    RouteAdded,
    /// It is bound no more.
    RouteRemoved,
    /// A kill is in force.
    Killed,
    /// It is in force no more.
    KillLifted,
    /// A change set that was cut off is not to be completed.
    ChangeSetAbandoned,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 19] = [
        Action::PolicyPublished,
        Action::PolicyRolledBack,
        Action::PolicyRetired,
        Action::ShadowSet,
        Action::ShadowCleared,
        Action::TenantAdded,
        Action::TenantSuspended,
        Action::TenantResumed,
        Action::TenantRemoved,
        Action::MemberAdded,
        Action::MemberRemoved,
        Action::MembersImported,
        Action::ClientAdded,
        Action::ClientRemoved,
        Action::RouteAdded,
        Action::RouteRemoved,
        Action::Killed,
        Action::KillLifted,
        Action::ChangeSetAbandoned,
    ];

    /// The action as written in an item.
    pub fn word(self) -> &'static str {
        match self {
            Action::PolicyPublished => "POLICY_PUBLISHED",
            Action::PolicyRolledBack => "POLICY_ROLLED_BACK",
            Action::PolicyRetired => "POLICY_RETIRED",
            Action::ShadowSet => "SHADOW_SET",
            Action::ShadowCleared => "SHADOW_CLEARED",
            Action::TenantAdded => "TENANT_ADDED",
            Action::TenantSuspended => "TENANT_SUSPENDED",
            Action::TenantResumed => "TENANT_RESUMED",
            Action::TenantRemoved => "TENANT_REMOVED",
            Action::MemberAdded => "MEMBER_ADDED",
            Action::MemberRemoved => "MEMBER_REMOVED",
            Action::MembersImported => "MEMBERS_IMPORTED",
            Action::ClientAdded => "CLIENT_ADDED",
            Action::ClientRemoved => "CLIENT_REMOVED",
            Action::RouteAdded => "ROUTE_ADDED",
            Action::RouteRemoved => "ROUTE_REMOVED",
            Action::Killed => "KILLED",
            Action::KillLifted => "KILL_LIFTED",
            Action::ChangeSetAbandoned => "CHANGE_SET_ABANDONED",
        }
    }

    /// Takes the word; `None` for any other.
    pub fn from_word(word: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.word() == word)
    }
}

impl LogEntry {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key { pk: Key::log(self.tenant.as_ref()), sk: self.place.clone() }
    }

    /// The revision that it made of a tenant or of the baseline, where it did.
    pub fn revision(&self) -> Option<u64> {
        self.place.strip_prefix(REVISION_PREFIX)?.parse().ok()
    }

    /// What there is to say of all publications of a change set.
    pub(crate) fn of_set(set: &ChangeSet) -> LogEntry {
        let details = [("policies", set.policies.to_string()), ("state", set.state.word().to_owned())];
        LogEntry {
            tenant: None,
            place: String::new(),
            action: Action::PolicyPublished,
            author: set.author.clone(),
            at: set.at,
            millis: 0,
            comment: set.comment.clone(),
            from_version: None,
            to_version: None,
            change_set: Some(set.id.clone()),
            details: details.map(|(name, value)| (name.to_owned(), value)).into(),
        }
    }

    /// The item. `day` is that of `at`, as in `2026-11-22`: entries that are part of no change set are listed by it.
    pub(crate) fn to_item(&self, day: &str) -> Item {
        let mut item = header(self.key(), "log");
        let listed_in = match &self.change_set {
            Some(change_set) => Key::entries_of(change_set),
            None => Key::log_of_day(day),
        };
        item.insert(LISTED_IN.into(), text(&listed_in));
        item.insert("action".into(), text(self.action.word()));
        item.insert("author".into(), text(&self.author));
        item.insert("at".into(), AttributeValue::N(self.at.to_string()));
        item.insert("millis".into(), AttributeValue::N(self.millis.to_string()));
        for (name, value) in [("comment", &self.comment), ("changeSet", &self.change_set)] {
            item.extend(value.as_ref().map(|value| (name.to_owned(), text(value))));
        }
        item.extend(self.tenant.as_ref().map(|tenant| ("tenantId".to_owned(), text(tenant.as_str()))));
        for (name, value) in [("fromVersion", self.from_version), ("toVersion", self.to_version)] {
            item.extend(value.map(|value| (name.to_owned(), AttributeValue::N(value.to_string()))));
        }
        if !self.details.is_empty() {
            let details = self.details.iter().map(|(name, value)| (name.clone(), text(value)));
            item.insert("details".into(), AttributeValue::M(details.collect::<HashMap<_, _>>()));
        }
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<LogEntry, MalformedItem> {
        check_header(item, "log")?;
        let optional = |name: &'static str| item.get(name).map(|_| take(item, name).map(str::to_owned)).transpose();
        let number = |name: &'static str| item.get(name).map(|_| take_seconds(item, name)).transpose();
        let details = match item.get("details") {
            None => BTreeMap::new(),
            Some(AttributeValue::M(details)) => details
                .iter()
                .map(|(name, value)| Some((name.clone(), value.as_s().ok()?.clone())))
                .collect::<Option<_>>()
                .ok_or(MalformedItem("details"))?,
            Some(_) => return Err(MalformedItem("details")),
        };
        Ok(LogEntry {
            tenant: item.get("tenantId").map(|_| take_tenant(item)).transpose()?,
            place: take(item, SK)?.to_owned(),
            action: Action::from_word(take(item, "action")?).ok_or(MalformedItem("action"))?,
            author: take(item, "author")?.to_owned(),
            at: take_seconds(item, "at")?,
            millis: number("millis")?.unwrap_or(0),
            comment: optional("comment")?,
            from_version: number("fromVersion")?,
            to_version: number("toVersion")?,
            change_set: optional("changeSet")?,
            details,
        })
    }
}

/// Begins the places of entries that are counted.
pub(crate) const REVISION_PREFIX: &str = "REVISION#";

/// Begins those of members and clients.
pub(crate) const MEMBER_PREFIX: &str = "MEMBER#";

/// Begins those of routes.
pub(crate) const ROUTE_LOG_PREFIX: &str = "ROUTE#";

/// Begins those of kills.
pub(crate) const KILL_LOG_PREFIX: &str = "KILL#";

/// Begins those of change sets.
pub(crate) const CHANGE_SET_LOG_PREFIX: &str = "CHANGESET#";
