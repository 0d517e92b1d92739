//! Items by their keys, in one round trip.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::key::{Key, PK, SK};
use crate::record::Item;
use crate::registry::Refusal;

/// Why there is no answer to a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadFault {
    /// It is not about what was asked for: the part.
    Malformed(&'static str),
    /// The table did not answer: the cause.
    Unavailable(&'static str),
}

/// Items by their keys, read consistently.
#[derive(Default)]
pub(crate) struct Items(HashMap<Key, Item>);

impl Items {
    /// Takes the item of that key, if the table has it.
    pub(crate) fn get(&self, key: &Key) -> Option<&Item> {
        self.0.get(key)
    }

    /// Adds what a later read found.
    pub(crate) fn extend(&mut self, later: Items) {
        self.0.extend(later.0);
    }
}

/// Reads all of `keys` in one round trip, or fails: half an answer is none.
pub(crate) async fn read(client: &Client, table: &str, keys: &[Key]) -> Result<Items, ReadFault> {
    let mut wanted = KeysAndAttributes::builder().consistent_read(true);
    for key in keys {
        wanted = wanted.keys(HashMap::from([
            (PK.to_owned(), AttributeValue::S(key.pk.clone())),
            (SK.to_owned(), AttributeValue::S(key.sk.clone())),
        ]));
    }
    let wanted = wanted.build().map_err(|_| ReadFault::Unavailable("request"))?;
    let answer = client
        .batch_get_item()
        .request_items(table, wanted)
        .send()
        .await
        .map_err(|error| ReadFault::Unavailable(cause(&error)))?;
    if answer.unprocessed_keys().is_some_and(|left| !left.is_empty()) {
        return Err(ReadFault::Unavailable("unprocessed keys"));
    }
    let mut items = HashMap::new();
    // DynamoDB names the table even where it found nothing: an answer without it says nothing about these keys.
    let is_own = |name: &str| name == table || table.rsplit_once(":table/").is_some_and(|(_, own)| own == name);
    let tables = answer.responses.unwrap_or_default();
    let found = tables.into_iter().find(|(name, _)| is_own(name)).ok_or(ReadFault::Malformed("responses"))?.1;
    for item in found {
        let part = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let key = part(PK).zip(part(SK)).map(|(pk, sk)| Key { pk, sk });
        let key = key.filter(|key| keys.contains(key)).ok_or(ReadFault::Malformed("key"))?;
        if items.insert(key, item).is_some() {
            return Err(ReadFault::Malformed("key"));
        }
    }
    Ok(Items(items))
}

impl From<ReadFault> for Refusal {
    fn from(fault: ReadFault) -> Refusal {
        match fault {
            ReadFault::Malformed(part) => Refusal::Malformed(part),
            ReadFault::Unavailable(cause) => Refusal::Unavailable(cause),
        }
    }
}

/// Most keys of one `BatchGetItem`.
pub(crate) const KEYS_MAX: usize = 100;

/// A word for the log that holds nothing of request or answer.
pub(crate) fn cause<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &'static str {
    match error {
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "connection",
        SdkError::ResponseError(_) => "answer",
        SdkError::ServiceError(_) => match error.code() {
            Some("AccessDeniedException" | "UnrecognizedClientException" | "ExpiredTokenException") => "access denied",
            Some("ResourceNotFoundException") => "no such table",
            Some(
                "ProvisionedThroughputExceededException"
                | "ThrottlingException"
                | "RequestLimitExceeded"
                | "ThrottlingError",
            ) => "throttled",
            Some(_) | None => "service",
        },
        SdkError::ConstructionFailure(_) | _ => "request",
    }
}
