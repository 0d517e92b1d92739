//! What an operator wants to see first.

use super::condition::Condition;
use super::held::Deed;
use super::pages::{Pages, Question};
use super::transaction::{TransactFault, Write};
use super::{OperateError, Operator, checked_comment};
use crate::key::{CHANGE_SETS, Key};
use crate::record::{Action, CHANGE_SET_LOG_PREFIX, ChangeSet, ChangeSetState, LogEntry};

impl Operator {
    /// All change sets, open and done, in no particular order. What was written less than a second ago may be missing.
    pub fn change_sets(&self) -> Pages<ChangeSet> {
        Pages::new(self, Question::listed_in(CHANGE_SETS.to_owned()), ChangeSet::from_item)
    }

    /// Closes a change set that is not to be completed. What it published stays.
    ///
    /// # Errors
    /// [`OperateError::NotFound`]; [`OperateError::Refused`] if it is not open; [`OperateError::Conflict`] if somebody goes on with it.
    pub async fn abandon_change_set(&self, id: &str, comment: Option<&str>) -> Result<ChangeSet, OperateError> {
        let comment = checked_comment(comment)?;
        let what = || format!("change set {id}");
        let item = self.read_one(&Key::change_set(id)).await?.ok_or_else(|| OperateError::NotFound(what()))?;
        let set = ChangeSet::from_item(&item).map_err(|malformed| OperateError::malformed(&what(), malformed))?;
        if set.state != ChangeSetState::Open {
            return Err(OperateError::Refused(format!("{} is {}, not open", what(), set.state.word())));
        }
        let mut entry = self.entry(Deed::new(Action::ChangeSetAbandoned, comment));
        entry.deed.details.push(("changeSet", id.to_owned()));
        let log = self.timed(&entry, None, CHANGE_SET_LOG_PREFIX)?;
        let abandoned = ChangeSet { state: ChangeSetState::Abandoned, ..set };
        let read = Condition::present().same("state", item.get("state")).same("at", item.get("at"));
        let writes = [Write::put(abandoned.to_item(), Some(read)), Write::put(log, Some(Condition::absent()))];
        match self.transact(&writes).await {
            Ok(()) => Ok(abandoned),
            Err(TransactFault::Other(error)) => Err(error),
            Err(TransactFault::Condition) => Err(OperateError::Conflict {
                what: what(),
                expected: "nobody to be publishing it".to_owned(),
                found: "that somebody is".to_owned(),
            }),
        }
    }

    /// What a change set has published so far, in the order of its tenants, as above.
    pub fn entries_of_change_set(&self, id: &str) -> Pages<LogEntry> {
        Pages::new(self, Question::listed_in(Key::entries_of(id)), LogEntry::from_item)
    }
}
