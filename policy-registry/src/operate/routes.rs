//! Routes: what paths are bound to. A counter that each change moves keeps two operators from going beyond the bounds together.

use aws_sdk_dynamodb::types::AttributeValue;

use super::condition::Condition;
use super::held::Deed;
use super::members::Enrollment;
use super::pages::{Pages, Question};
use super::transaction::{TransactFault, Write};
use super::{OperateError, Operator, checked_comment};
use crate::admin::check_route;
use crate::key::{Key, ROUTES};
use crate::record::{Action, Item, ROUTE_LOG_PREFIX, RouteBinding, item_bytes, route_revision, route_revision_number};
use crate::routes::{TARGET_BINDINGS_MAX, TARGET_BYTES_MAX};

impl Operator {
    /// Binds a path, or changes what it is bound to.
    ///
    /// # Errors
    /// [`OperateError::Refused`] if another path has its `bindingId`, if there are more bindings with its first segment than are read
    /// at once, or if it is no binding.
    pub async fn add_route(&self, route: &RouteBinding, comment: Option<&str>) -> Result<Enrollment, OperateError> {
        let comment = checked_comment(comment)?;
        check_route(route).map_err(OperateError::Refused)?;
        let (key, item) = (route.key(), route.to_item());
        for _ in 0..ATTEMPTS_MAX {
            let revision = self.read_one(&Key::route_revision()).await?;
            let before = self.read_one(&key).await?;
            self.check_suspension(before.as_ref(), &item)?;
            let outcome = match &before {
                None => Enrollment::Added,
                Some(before) if *before == item => return Ok(Enrollment::Unchanged),
                Some(_) => Enrollment::Replaced,
            };
            self.check_bounds(route, &item).await?;
            let put = Write::put(item.clone(), None);
            let deed = Deed::new(Action::RouteAdded, comment.clone());
            if self.commit_route(route, put, deed, revision.as_ref()).await? {
                return Ok(outcome);
            }
        }
        Err(contended())
    }

    /// Ends the binding of a path. What it was.
    ///
    /// # Errors
    /// [`OperateError::NotFound`].
    pub async fn remove_route(&self, path: &str, comment: Option<&str>) -> Result<RouteBinding, OperateError> {
        let comment = checked_comment(comment)?;
        let what = || format!("a route {path:?}");
        for _ in 0..ATTEMPTS_MAX {
            let revision = self.read_one(&Key::route_revision()).await?;
            let before = self.read_one(&Key::route(path)).await?.ok_or_else(|| OperateError::NotFound(what()))?;
            let route = RouteBinding::from_item(&before);
            let route = route.map_err(|malformed| OperateError::malformed(&what(), malformed))?;
            let delete = Write::delete(route.key(), None);
            let deed = Deed::new(Action::RouteRemoved, comment.clone());
            if self.commit_route(&route, delete, deed, revision.as_ref()).await? {
                return Ok(route);
            }
        }
        Err(contended())
    }

    /// All routes in the order of their first segments. What was written less than a second ago may be missing.
    pub fn routes(&self) -> Pages<RouteBinding> {
        Pages::new(self, Question::listed_in(ROUTES.to_owned()), RouteBinding::from_item)
    }

    async fn check_bounds(&self, route: &RouteBinding, item: &Item) -> Result<(), OperateError> {
        let mut pages = self.routes();
        while let Some(page) = pages.next().await? {
            let other = page.into_iter().flatten().find(|other| other.binding_id == route.binding_id);
            if let Some(other) = other.filter(|other| other.path != route.path) {
                let reason =
                    format!("bindingId {:?} is that of {:?}; give each binding its own", route.binding_id, other.path);
                return Err(OperateError::Refused(reason));
            }
        }
        let question = Question::partition(route.key().pk);
        let (mut after, mut bindings, mut bytes) = (None, 1, item_bytes(item));
        loop {
            let (items, last) = self.query(&question, after).await?;
            let others = items.iter().filter(|other| other.get("path") != item.get("path"));
            others.for_each(|other| {
                bindings += 1;
                bytes += item_bytes(other);
            });
            if bindings > TARGET_BINDINGS_MAX || bytes > TARGET_BYTES_MAX {
                return Err(OperateError::Refused(format!(
                    "the bindings with the first segment of {:?} are more than one read holds; keep at most {TARGET_BINDINGS_MAX}, \
                     whose items have at most {TARGET_BYTES_MAX} bytes",
                    route.path
                )));
            }
            if last.is_none() {
                return Ok(());
            }
            after = last;
        }
    }

    /// Whether it was written; it is not if a route was changed since the counter was read.
    async fn commit_route(
        &self,
        route: &RouteBinding,
        write: Write,
        mut deed: Deed,
        revision: Option<&Item>,
    ) -> Result<bool, OperateError> {
        let malformed = |malformed| OperateError::malformed("the counter of routes", malformed);
        let number = revision.map(route_revision_number).transpose().map_err(malformed)?.unwrap_or(0);
        let condition = match revision {
            None => Condition::absent(),
            Some(_) => Condition::present().same("revision", Some(&AttributeValue::N(number.to_string()))),
        };
        deed.details.push(("path", route.path.clone()));
        deed.details.push(("bindingId", route.binding_id.clone()));
        let log = self.timed(&self.entry(deed), None, ROUTE_LOG_PREFIX)?;
        let counted = Write::put(route_revision(number + 1), Some(condition));
        match self.transact(&[counted, write, Write::put(log, Some(Condition::absent()))]).await {
            Ok(()) => Ok(true),
            Err(TransactFault::Condition) => Ok(false),
            Err(TransactFault::Other(error)) => Err(error),
        }
    }
}

fn contended() -> OperateError {
    OperateError::Conflict {
        what: "the routes".to_owned(),
        expected: "nobody else to be changing them".to_owned(),
        found: "a change each time".to_owned(),
    }
}

const ATTEMPTS_MAX: usize = 20;
