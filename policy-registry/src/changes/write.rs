//! What a list changes in the table.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use policy_model::{TenantId, ToolName};

use super::held::Changes;
use super::{CHANGES_WRITTEN_MAX, ChangeRefusal, Sighting};
use crate::key::{Key, PK, SK};
use crate::moment::Moment;
use crate::read::cause;
use crate::record::{ChangeRecord, SEEN_AT, SHA256, definition_word};

/// The records that are made, that are removed, and that are as they should be.
#[derive(Default)]
pub(super) struct Plan {
    made: Vec<(Key, ChangeRecord)>,
    removed: Vec<(Key, ChangeRecord)>,
    kept: Vec<(Key, Option<ChangeRecord>)>,
    is_cut: bool,
}

impl Plan {
    pub(super) fn of(
        tenant: &TenantId,
        sightings: &[(ToolName<'_>, Sighting)],
        keys: Vec<(ToolName<'_>, Key)>,
        records: &HashMap<String, ChangeRecord>,
        now: u64,
    ) -> Plan {
        let mut plan = Plan::default();
        for ((tool, sighting), (_, key)) in sightings.iter().zip(keys) {
            match (sighting, records.get(tool.as_str())) {
                (Sighting::Changed(definition), Some(record)) if record.definition == *definition => {
                    plan.kept.push((key, Some(record.clone())));
                }
                (Sighting::Changed(definition), _) => {
                    let tool = tool.as_str().to_owned();
                    let record = ChangeRecord { tenant: tenant.clone(), tool, definition: *definition, seen_at: now };
                    plan.made.push((key, record));
                }
                (Sighting::Pinned, Some(record)) => plan.removed.push((key, record.clone())),
                (Sighting::Pinned, None) => plan.kept.push((key, None)),
            }
        }
        plan.is_cut = plan.made.len() + plan.removed.len() > CHANGES_WRITTEN_MAX;
        plan.made.truncate(CHANGES_WRITTEN_MAX);
        plan.removed.truncate(CHANGES_WRITTEN_MAX - plan.made.len());
        plan
    }

    /// Whether there is more to write than one list may.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) async fn write(&self, client: &Client, table: &str) -> Result<(), ChangeRefusal> {
        for records in self.made.chunks(WRITES_MAX) {
            make(client, table, records).await?;
        }
        for (key, record) in &self.removed {
            remove(client, table, key, record).await?;
        }
        Ok(())
    }

    /// What is known now, for as long as it counts.
    pub(super) fn remember(self, held: &Changes, expires: Moment) {
        self.kept.into_iter().for_each(|(key, record)| held.hold(key, record, expires));
        self.made.into_iter().for_each(|(key, record)| held.hold(key, Some(record), expires));
        // Somebody may have written another one meanwhile.
        self.removed.iter().for_each(|(key, _)| held.forget(key));
    }
}

/// All of them in one round trip; half of it is a failure, and is done again with the next list.
async fn make(client: &Client, table: &str, records: &[(Key, ChangeRecord)]) -> Result<(), ChangeRefusal> {
    let mut requests = Vec::new();
    for (key, record) in records {
        let put = PutRequest::builder().set_item(Some(record.to_item(key.clone()))).build();
        let put = put.map_err(|_| ChangeRefusal::Unavailable("request"))?;
        requests.push(WriteRequest::builder().put_request(put).build());
    }
    let answer = client.batch_write_item().request_items(table, requests).send().await;
    match answer {
        Ok(answer) if answer.unprocessed_items().is_none_or(HashMap::is_empty) => Ok(()),
        Ok(_) => Err(ChangeRefusal::Unavailable("unprocessed items")),
        Err(error) => Err(ChangeRefusal::Unavailable(cause(&error))),
    }
}

/// Removes the very record that was read: one that somebody made meanwhile stays.
async fn remove(client: &Client, table: &str, key: &Key, record: &ChangeRecord) -> Result<(), ChangeRefusal> {
    let delete = client
        .delete_item()
        .table_name(table)
        .key(PK, AttributeValue::S(key.pk.clone()))
        .key(SK, AttributeValue::S(key.sk.clone()))
        .condition_expression("#sha256 = :sha256 AND #seenAt = :seenAt")
        .expression_attribute_names("#sha256", SHA256)
        .expression_attribute_names("#seenAt", SEEN_AT)
        .expression_attribute_values(":sha256", AttributeValue::S(definition_word(record.definition)))
        .expression_attribute_values(":seenAt", AttributeValue::N(record.seen_at.to_string()));
    match delete.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(()),
        Err(error) => Err(ChangeRefusal::Unavailable(cause(&error))),
    }
}

/// Most items of one `BatchWriteItem`.
const WRITES_MAX: usize = 25;
