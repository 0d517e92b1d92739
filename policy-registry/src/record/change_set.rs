//! Several publications that belong together.

use aws_sdk_dynamodb::types::AttributeValue;

use super::attributes::{check_header, header, take, take_seconds, text};
use super::{Item, MalformedItem};
use crate::key::{CHANGE_SETS, Key, LISTED_IN};

/// Several publications that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// What it is called: a digest of what it publishes.
    pub id: String,
    /// Whether all of it is in force.
    pub state: ChangeSetState,
    /// How many policies it has.
    pub policies: u64,
    /// Who published it, as they say.
    pub author: String,
    /// When that began, in seconds since 1970.
    pub at: u64,
    /// Why.
    pub comment: Option<String>,
}

/// How far a change set is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeSetState {
    /// It was begun; publishing the same again completes it.
    Open,
    /// All of it was published.
    Done,
    /// It was cut off, and nobody wants the rest.
    Abandoned,
}

impl ChangeSetState {
    /// The state as written in an item.
    pub fn word(self) -> &'static str {
        match self {
            ChangeSetState::Open => "OPEN",
            ChangeSetState::Done => "DONE",
            ChangeSetState::Abandoned => "ABANDONED",
        }
    }

    fn from_word(word: &str) -> Option<ChangeSetState> {
        let all = [ChangeSetState::Open, ChangeSetState::Done, ChangeSetState::Abandoned];
        all.into_iter().find(|state| state.word() == word)
    }
}

impl ChangeSet {
    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(Key::change_set(&self.id), "change-set");
        item.insert(LISTED_IN.into(), text(CHANGE_SETS));
        item.insert("changeSet".into(), text(&self.id));
        item.insert("state".into(), text(self.state.word()));
        item.insert("policies".into(), AttributeValue::N(self.policies.to_string()));
        item.insert("author".into(), text(&self.author));
        item.insert("at".into(), AttributeValue::N(self.at.to_string()));
        item.extend(self.comment.as_ref().map(|comment| ("comment".to_owned(), text(comment))));
        item
    }

    pub(crate) fn from_item(item: &Item) -> Result<ChangeSet, MalformedItem> {
        check_header(item, "change-set")?;
        Ok(ChangeSet {
            id: take(item, "changeSet")?.to_owned(),
            state: ChangeSetState::from_word(take(item, "state")?).ok_or(MalformedItem("state"))?,
            policies: take_seconds(item, "policies")?,
            author: take(item, "author")?.to_owned(),
            at: take_seconds(item, "at")?,
            comment: item.get("comment").map(|_| take(item, "comment").map(str::to_owned)).transpose()?,
        })
    }
}
