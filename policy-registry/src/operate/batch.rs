//! Many items at a time, in the sizes that DynamoDB takes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};

use super::backoff::{Backoff, is_passing};
use super::transaction::attributes;
use super::{OperateError, Operator};
use crate::key::{Key, PK, SK};
use crate::read::KEYS_MAX;
use crate::record::Item;

impl Operator {
    /// The items of these keys that are there, read consistently.
    pub(super) async fn read_all(&self, keys: &[Key]) -> Result<HashMap<Key, Item>, OperateError> {
        let mut found = HashMap::with_capacity(keys.len());
        for part in keys.chunks(KEYS_MAX) {
            let mut left: Vec<_> = part.iter().map(attributes).collect();
            let mut backoff = Backoff::new();
            while !left.is_empty() {
                let wanted = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(left.clone())).build();
                let wanted = wanted.map_err(|error| OperateError::Table(error.to_string()))?;
                let answer = match self.client.batch_get_item().request_items(&self.table, wanted).send().await {
                    Ok(answer) => answer,
                    Err(error) if is_passing(&error) && backoff.wait_after(&error).await => continue,
                    Err(error) => return Err(OperateError::table(&error)),
                };
                for item in answer.responses.into_iter().flatten().flat_map(|(_, items)| items) {
                    let key = key_of(&item).ok_or_else(|| OperateError::Table("an item has no key".to_owned()))?;
                    found.insert(key, item);
                }
                left = answer.unprocessed_keys.into_iter().flatten().flat_map(|(_, left)| left.keys).collect();
                if !left.is_empty() && !backoff.wait().await {
                    return Err(OperateError::Table("throttled".to_owned()));
                }
            }
        }
        Ok(found)
    }

    /// One item, read consistently.
    pub(super) async fn read_one(&self, key: &Key) -> Result<Option<Item>, OperateError> {
        let mut backoff = Backoff::new();
        loop {
            let request = self.client.get_item().table_name(&self.table).consistent_read(true);
            match request.set_key(Some(attributes(key))).send().await {
                Ok(answer) => return Ok(answer.item),
                Err(error) if is_passing(&error) && backoff.wait_after(&error).await => {}
                Err(error) => return Err(OperateError::table(&error)),
            }
        }
    }

    /// Writes at most [`BATCH_ITEMS_MAX`] items, each of them once, and comes back when all are written.
    pub(super) async fn write_batch(&self, requests: Vec<WriteRequest>) -> Result<(), OperateError> {
        let mut left = requests;
        let mut backoff = Backoff::new();
        while !left.is_empty() {
            let request = self.client.batch_write_item().request_items(&self.table, left.clone());
            match request.send().await {
                Ok(answer) => {
                    let before = left.len();
                    left = answer.unprocessed_items.into_iter().flatten().flat_map(|(_, left)| left).collect();
                    if left.len() < before {
                        backoff = Backoff::new();
                    }
                    if !left.is_empty() && !backoff.wait().await {
                        return Err(OperateError::Table("throttled".to_owned()));
                    }
                }
                Err(error) if is_passing(&error) && backoff.wait_after(&error).await => {}
                Err(error) => return Err(OperateError::table(&error)),
            }
        }
        Ok(())
    }
}

/// Puts an item.
pub(super) fn put(item: Item) -> Result<WriteRequest, OperateError> {
    let put = PutRequest::builder().set_item(Some(item)).build();
    let put = put.map_err(|error| OperateError::Table(error.to_string()))?;
    Ok(WriteRequest::builder().put_request(put).build())
}

/// The key of an item.
pub(super) fn key_of(item: &Item) -> Option<Key> {
    let part = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    Some(Key { pk: part(PK)?, sk: part(SK)? })
}

/// Most items of one `BatchWriteItem`.
pub(super) const BATCH_ITEMS_MAX: usize = 25;
