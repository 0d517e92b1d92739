//! Routes: what a path is bound to. The tenant has no part in it.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use crate::answers::{Answer, Answers};
use crate::key::{Key, PK};
use crate::moment::Moment;
use crate::read::{ReadFault, cause};
use crate::record::{Item, MalformedItem, RouteBinding, Status};
use crate::registry::{Registry, TROUBLE_TTL};
use crate::route_path::RoutePath;

/// Why a path leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteRefusal {
    /// Neither it nor anything above it is bound.
    Unbound,
    /// Its binding is suspended.
    Suspended,
    /// A binding with its first segment is not what it should be: the attribute. `bindings`, where there are too many to be read at
    /// once.
    Malformed(&'static str),
    /// The table did not answer in time, or at all: the cause.
    Unavailable(&'static str),
}

/// All bindings with one first segment, by their paths. On AgentCore that segment is the name of the target.
pub(crate) struct Target(HashMap<String, Arc<RouteBinding>>);

/// Answers of a short while ago, by first segment.
pub(crate) type Routes = Answers<String, Result<Arc<Target>, RouteRefusal>>;

impl Registry {
    /// The binding of a path: of those that are there for it and for what stands above it, the longest, and no other whatever is
    /// wrong with that one. A first question about a first segment is one strongly consistent read, which answers for all paths
    /// with it; simultaneous ones are one.
    ///
    /// # Errors
    /// [`RouteRefusal`], within the timeout of the settings and before `deadline`.
    pub async fn find_route(&self, path: &RoutePath<'_>, deadline: Instant) -> Result<Arc<RouteBinding>, RouteRefusal> {
        let segment = path.first_segment();
        let target = match self.routes.get(segment) {
            Some(known) => known,
            None => {
                let limit = self.limit();
                let deadline = deadline.min(limit);
                let question = self.routes.ask_once(segment, self.ask_for_target(segment, deadline, limit));
                // The bound is also for those who wait for another's question.
                self.in_time(deadline, question).await
            }
        };
        target?.longest(path)
    }

    async fn ask_for_target(
        &self,
        segment: &str,
        deadline: Instant,
        limit: Instant,
    ) -> Answer<Result<Arc<Target>, RouteRefusal>> {
        let asked = Moment::now();
        let question = async { query(self.client().await?, self.table(), segment).await.map(Arc::new) };
        // The bound on waiting is inside too, so that a hanging table leaves an answer behind.
        let answer = self.in_time(deadline, question).await;
        let expires = match &answer {
            // The caller had no time left, which says nothing of the table.
            Err(RouteRefusal::Unavailable("timeout")) if deadline < limit => asked,
            // Counted from after it: a timeout is longer than this.
            Err(RouteRefusal::Unavailable(_)) => Moment::now().after(self.cache_ttl().min(TROUBLE_TTL)),
            // Counted from before the question: what the table said is at most this old.
            Ok(_) | Err(RouteRefusal::Unbound | RouteRefusal::Suspended | RouteRefusal::Malformed(_)) => {
                asked.after(self.cache_ttl())
            }
        };
        Answer { answer, expires }
    }
}

impl Target {
    /// What the items of a partition say. One that is no binding spoils them all: nobody knows what it was to refuse.
    fn from_items(items: &[Item], partition: &str) -> Result<Target, RouteRefusal> {
        if items.len() > TARGET_BINDINGS_MAX {
            return Err(RouteRefusal::Malformed("bindings"));
        }
        let mut bindings = HashMap::with_capacity(items.len());
        for item in items {
            if item.get(PK).and_then(|pk| pk.as_s().ok()).is_none_or(|pk| pk != partition) {
                return Err(RouteRefusal::Malformed("key"));
            }
            let binding = RouteBinding::from_item(item)?;
            if bindings.insert(binding.path.clone(), Arc::new(binding)).is_some() {
                return Err(RouteRefusal::Malformed("key"));
            }
        }
        Ok(Target(bindings))
    }

    fn longest(&self, path: &RoutePath<'_>) -> Result<Arc<RouteBinding>, RouteRefusal> {
        let binding = path.prefixes().find_map(|prefix| self.0.get(prefix)).ok_or(RouteRefusal::Unbound)?;
        // A target that reads paths in any case would serve what a longer binding is about.
        let is_longer = |other: &&Arc<RouteBinding>| other.path.len() > binding.path.len();
        let is_alike =
            |other: &Arc<RouteBinding>| path.prefixes().any(|prefix| other.path.eq_ignore_ascii_case(prefix));
        if self.0.values().filter(is_longer).any(is_alike) {
            return Err(RouteRefusal::Unbound);
        }
        match binding.status {
            Status::Active => Ok(Arc::clone(binding)),
            Status::Suspended => Err(RouteRefusal::Suspended),
        }
    }
}

/// The whole partition in one page, or nothing: what is on a second one could be longer than all that is on the first.
async fn query(client: &Client, table: &str, segment: &str) -> Result<Target, RouteRefusal> {
    let partition = Key::routes(segment);
    let answer = client
        .query()
        .table_name(table)
        .consistent_read(true)
        .key_condition_expression("#pk = :pk")
        .expression_attribute_names("#pk", PK)
        .expression_attribute_values(":pk", AttributeValue::S(partition.clone()))
        .send()
        .await
        .map_err(|error| ReadFault::Unavailable(cause(&error)))?;
    if answer.last_evaluated_key().is_some() {
        return Err(RouteRefusal::Malformed("bindings"));
    }
    // DynamoDB gives a list also where it found nothing: an answer without one says nothing about this partition.
    let items = answer.items.ok_or(RouteRefusal::Malformed("items"))?;
    Target::from_items(&items, &partition)
}

impl From<ReadFault> for RouteRefusal {
    fn from(fault: ReadFault) -> RouteRefusal {
        match fault {
            ReadFault::Malformed(part) => RouteRefusal::Malformed(part),
            ReadFault::Unavailable(cause) => RouteRefusal::Unavailable(cause),
        }
    }
}

impl From<MalformedItem> for RouteRefusal {
    fn from(item: MalformedItem) -> RouteRefusal {
        RouteRefusal::Malformed(item.0)
    }
}

/// Most bindings with one first segment.
pub const TARGET_BINDINGS_MAX: usize = 1_000;

/// Most bytes of their items that are loaded: a page of DynamoDB's has 1 MB.
pub(crate) const TARGET_BYTES_MAX: usize = 1_000_000;
