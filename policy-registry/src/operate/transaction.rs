//! One transaction: all of it or nothing.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem};

use super::backoff::{Backoff, is_passing};
use super::clock::random_hex;
use super::condition::Condition;
use super::error::error_line;
use super::{OperateError, Operator};
use crate::key::{Key, PK, SK};
use crate::record::{Item, item_bytes};

/// What is written to one item.
#[derive(Debug, Clone)]
pub(super) struct Write {
    what: What,
    condition: Option<Condition>,
}

#[derive(Debug, Clone)]
enum What {
    Put(Item),
    Delete(Key),
    Check(Key),
}

/// Why nothing was written.
#[derive(Debug)]
pub(super) enum TransactFault {
    /// A condition does not hold.
    Condition,
    /// DynamoDB refused or did not answer.
    Other(OperateError),
}

impl Write {
    pub(super) fn put(item: Item, condition: Option<Condition>) -> Write {
        Write { what: What::Put(item), condition }
    }

    pub(super) fn delete(key: Key, condition: Option<Condition>) -> Write {
        Write { what: What::Delete(key), condition }
    }

    /// Writes nothing.
    pub(super) fn check(key: Key, condition: Condition) -> Write {
        Write { what: What::Check(key), condition: Some(condition) }
    }

    /// What DynamoDB counts of it, at least.
    pub(super) fn bytes(&self) -> usize {
        match &self.what {
            What::Put(item) => item_bytes(item),
            What::Delete(key) | What::Check(key) => key.pk.len() + key.sk.len(),
        }
    }

    fn request(&self, table: &str) -> Result<TransactWriteItem, OperateError> {
        let built = |error: aws_sdk_dynamodb::error::BuildError| OperateError::Table(error.to_string());
        let (mut text, mut names, mut values) = (None, None, None);
        if let Some(condition) = self.condition.clone() {
            let expression = condition.expression();
            (text, names, values) = (Some(expression.text), Some(expression.names), expression.values);
        }
        let item = TransactWriteItem::builder();
        Ok(match &self.what {
            What::Put(put) => {
                let put = Put::builder().table_name(table).set_item(Some(put.clone())).set_condition_expression(text);
                let put = put.set_expression_attribute_names(names).set_expression_attribute_values(values);
                item.put(put.build().map_err(built)?).build()
            }
            What::Delete(key) => {
                let delete = Delete::builder().table_name(table).set_key(Some(attributes(key)));
                let delete = delete.set_condition_expression(text).set_expression_attribute_names(names);
                item.delete(delete.set_expression_attribute_values(values).build().map_err(built)?).build()
            }
            What::Check(key) => {
                let check = ConditionCheck::builder().table_name(table).set_key(Some(attributes(key)));
                let check = check.set_condition_expression(text).set_expression_attribute_names(names);
                item.condition_check(check.set_expression_attribute_values(values).build().map_err(built)?).build()
            }
        })
    }
}

impl Operator {
    /// Writes all or nothing. A request whose answer was lost is sent again under the same token, so that it counts once.
    pub(super) async fn transact(&self, writes: &[Write]) -> Result<(), TransactFault> {
        let items: Result<Vec<TransactWriteItem>, OperateError> =
            writes.iter().map(|write| write.request(&self.table)).collect();
        let items = items.map_err(TransactFault::Other)?;
        let token = random_hex::<16>().map_err(TransactFault::Other)?;
        let mut backoff = Backoff::new();
        loop {
            let request = self.client.transact_write_items().client_request_token(&token);
            let error = match request.set_transact_items(Some(items.clone())).send().await {
                Ok(_) => return Ok(()),
                Err(error) => error,
            };
            if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
                let codes = || cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None"));
                if codes().any(|code| code == "ConditionalCheckFailed") {
                    return Err(TransactFault::Condition);
                }
                if codes().all(|code| PASSING_REASONS.contains(&code)) && backoff.wait().await {
                    continue;
                }
                return Err(TransactFault::Other(OperateError::Table(error_line(&error))));
            }
            if !(is_passing(&error) && backoff.wait_after(&error).await) {
                return Err(TransactFault::Other(OperateError::table(&error)));
            }
        }
    }
}

/// A key as an item's attributes.
pub(super) fn attributes(key: &Key) -> HashMap<String, AttributeValue> {
    HashMap::from([
        (PK.to_owned(), AttributeValue::S(key.pk.clone())),
        (SK.to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

/// Most writes of one transaction.
pub(super) const ACTIONS_MAX: usize = 100;

/// Most bytes of its items that one transaction is given; DynamoDB takes 4 MB, and counts a little more.
pub(super) const TRANSACTION_BYTES_MAX: usize = 3_500_000;

/// What ends by itself.
const PASSING_REASONS: [&str; 5] =
    ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];
