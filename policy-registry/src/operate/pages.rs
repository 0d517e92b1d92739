//! What is listed, page by page.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::backoff::{Backoff, is_passing};
use super::batch::key_of;
use super::{OperateError, Operator};
use crate::key::{DIRECTORY, Key, LISTED_IN, PK, SK};
use crate::record::{Item, MalformedItem};

/// An item that is not what it should be: its two keys with a space between them, and the attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Both keys.
    pub key: String,
    /// What is wrong.
    pub attribute: &'static str,
}

/// What an item of a list says.
pub type Listed<T> = Result<T, Unreadable>;

/// A list that is read page by page: never more than 1 MB of it is held.
pub struct Pages<T> {
    operator: Operator,
    question: Question,
    read: fn(&Item) -> Result<T, MalformedItem>,
    next: Next,
}

/// Which items.
#[derive(Debug, Clone)]
pub(super) struct Question {
    index: Option<&'static str>,
    partition: String,
    prefix: Option<&'static str>,
    is_descending: bool,
    limit: Option<i32>,
}

enum Next {
    First,
    After(HashMap<String, AttributeValue>),
    Nothing,
}

impl Question {
    /// What the index lists at a place.
    pub(super) fn listed_in(place: String) -> Question {
        Question { index: Some(DIRECTORY), partition: place, prefix: None, is_descending: false, limit: None }
    }

    /// The items under a partition key.
    pub(super) fn partition(pk: String) -> Question {
        Question { index: None, partition: pk, prefix: None, is_descending: false, limit: None }
    }

    /// Those whose sort key (in the index: whose partition key) begins so.
    pub(super) fn beginning(self, prefix: &'static str) -> Question {
        Question { prefix: Some(prefix), ..self }
    }

    /// The last ones first.
    pub(super) fn descending(self) -> Question {
        Question { is_descending: true, ..self }
    }

    /// At most so many in a page.
    pub(super) fn limit(self, limit: usize) -> Question {
        Question { limit: Some(i32::try_from(limit).unwrap_or(i32::MAX).max(1)), ..self }
    }
}

impl<T> Pages<T> {
    pub(super) fn new(
        operator: &Operator,
        question: Question,
        read: fn(&Item) -> Result<T, MalformedItem>,
    ) -> Pages<T> {
        Pages { operator: operator.clone(), question, read, next: Next::First }
    }

    /// The next page; `None` after the last one. A page may be empty.
    ///
    /// # Errors
    /// [`OperateError::Table`]. The same page can then be asked for again.
    pub async fn next(&mut self) -> Result<Option<Vec<Listed<T>>>, OperateError> {
        let after = match &self.next {
            Next::Nothing => return Ok(None),
            Next::First => None,
            Next::After(key) => Some(key.clone()),
        };
        let (items, last) = self.operator.query(&self.question, after).await?;
        self.next = last.map_or(Next::Nothing, Next::After);
        let listed = |item: &Item| {
            (self.read)(item).map_err(|malformed| {
                let key = key_of(item).unwrap_or(Key { pk: String::new(), sk: String::new() });
                Unreadable { key: format!("{} {}", key.pk, key.sk), attribute: malformed.0 }
            })
        };
        Ok(Some(items.iter().map(listed).collect()))
    }

    /// All that is left, but at most `limit`.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn take(mut self, limit: usize) -> Result<Vec<Listed<T>>, OperateError> {
        let mut all = Vec::new();
        while all.len() < limit
            && let Some(page) = self.next().await?
        {
            all.extend(page);
        }
        all.truncate(limit);
        Ok(all)
    }
}

impl Operator {
    /// One page, and after what the next one begins.
    pub(super) async fn query(
        &self,
        question: &Question,
        after: Option<HashMap<String, AttributeValue>>,
    ) -> Result<(Vec<Item>, Option<HashMap<String, AttributeValue>>), OperateError> {
        let (partition, sort) = if question.index.is_some() { (LISTED_IN, PK) } else { (PK, SK) };
        let mut backoff = Backoff::new();
        loop {
            let mut request = self
                .client
                .query()
                .table_name(&self.table)
                .set_index_name(question.index.map(str::to_owned))
                // An index has no consistent reads.
                .consistent_read(question.index.is_none())
                .scan_index_forward(!question.is_descending)
                .set_limit(question.limit)
                .set_exclusive_start_key(after.clone())
                .expression_attribute_names("#partition", partition)
                .expression_attribute_values(":partition", AttributeValue::S(question.partition.clone()));
            let mut condition = "#partition = :partition".to_owned();
            if let Some(prefix) = question.prefix {
                condition += " AND begins_with(#sort, :prefix)";
                request = request.expression_attribute_names("#sort", sort);
                request = request.expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()));
            }
            match request.key_condition_expression(condition).send().await {
                Ok(answer) => return Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key)),
                Err(error) if is_passing(&error) && backoff.wait_after(&error).await => {}
                Err(error) => return Err(OperateError::table(&error)),
            }
        }
    }

    /// The first item, if there is one.
    pub(super) async fn query_first(&self, question: Question) -> Result<Option<Item>, OperateError> {
        let (items, _) = self.query(&question.limit(1), None).await?;
        Ok(items.into_iter().next())
    }
}
