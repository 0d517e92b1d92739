//! The registry's table: whether it is made as it should be.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    BillingMode, IndexStatus, KeySchemaElement, KeyType, PointInTimeRecoveryStatus, ProjectionType, TableDescription,
    TableStatus, TimeToLiveStatus,
};
use policy_registry::key::{DIRECTORY, LISTED_IN, PK, SK};
use policy_registry::record::EXPIRES_AT;
use tokio::time::timeout;

use super::code;
use super::examination::Examination;
use crate::client::with_sources;
use crate::excerpt::visible;

/// A table that is there.
pub(super) struct Table {
    pub(super) place: String,
    /// Whether operators' lists can be asked for.
    pub(super) has_index: bool,
}

/// Looks at the table; none if it cannot be read. One of an own DynamoDB has no backups and no protection to look at.
pub(super) async fn examine(
    client: &Client,
    name: &str,
    place: &str,
    is_own: bool,
    out: &mut Examination,
) -> Option<Table> {
    let described = timeout(PATIENCE, client.describe_table().table_name(name).send()).await;
    let table = match described {
        Err(_) => return unreadable(place, "DynamoDB did not answer in time", out),
        Ok(Err(error)) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => {
            out.find(&code::TABLE_MISSING, place, "it does not exist: everybody is refused");
            return None;
        }
        Ok(Err(error)) => return unreadable(place, &visible(&with_sources(&error)), out),
        Ok(Ok(answer)) => answer.table?,
    };
    out.look_at(place);
    if let Some(status) = table.table_status().filter(|status| **status != TableStatus::Active) {
        out.find(&code::TABLE_NOT_ACTIVE, place, format!("it is {status}"));
    }
    if !has_keys(table.key_schema(), PK, SK) {
        out.find(&code::TABLE_KEYS, place, format!("its keys are not {PK} (partition) and {SK} (sort)"));
        return None;
    }
    let has_index = index(&table, place, out);
    expiry(client, name, place, out).await;
    if is_own {
        out.leave(
            "backups, protection and encryption of the table",
            "it is a DynamoDB of your own",
            "look after its files",
        );
    } else {
        kept(client, name, &table, place, out).await;
    }
    Some(Table { place: place.to_owned(), has_index })
}

fn unreadable(place: &str, why: &str, out: &mut Examination) -> Option<Table> {
    out.leave(place, why, "give credentials with dynamodb:DescribeTable, DescribeTimeToLive and DescribeContinuousBackups, or correct --table, --endpoint-url or --file");
    None
}

fn has_keys(schema: &[KeySchemaElement], partition: &str, sort: &str) -> bool {
    let is = |kind: KeyType, name: &str| {
        schema.iter().any(|element| *element.key_type() == kind && element.attribute_name() == name)
    };
    schema.len() == 2 && is(KeyType::Hash, partition) && is(KeyType::Range, sort)
}

/// Operators' lists are asked of it; no caller is.
fn index(table: &TableDescription, place: &str, out: &mut Examination) -> bool {
    let index = table.global_secondary_indexes().iter().find(|index| index.index_name() == Some(DIRECTORY));
    let Some(index) = index else {
        out.find(&code::TABLE_INDEX, place, format!("it has no index {DIRECTORY:?}"));
        return false;
    };
    let projection = index.projection().and_then(|projection| projection.projection_type());
    if !has_keys(index.key_schema(), LISTED_IN, PK) || projection != Some(&ProjectionType::All) {
        out.find(&code::TABLE_INDEX, place, format!("its index {DIRECTORY:?} has other keys, or not all attributes"));
        return false;
    }
    match index.index_status() {
        Some(status) if *status != IndexStatus::Active => {
            out.find(&code::TABLE_INDEX, place, format!("its index {DIRECTORY:?} is {status}"));
            false
        }
        Some(_) | None => true,
    }
}

async fn expiry(client: &Client, name: &str, place: &str, out: &mut Examination) {
    let told = timeout(PATIENCE, client.describe_time_to_live().table_name(name).send()).await;
    let Ok(Ok(answer)) = told else {
        return out.leave(
            "the table's time-to-live attribute",
            "DynamoDB does not tell",
            "give credentials with dynamodb:DescribeTimeToLive",
        );
    };
    let told = answer.time_to_live_description();
    let is_on = told
        .and_then(|told| told.time_to_live_status())
        .is_some_and(|status| matches!(status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling));
    if !is_on || told.and_then(|told| told.attribute_name()) != Some(EXPIRES_AT) {
        out.find(&code::TABLE_EXPIRY, place, format!("its time-to-live attribute is not {EXPIRES_AT}"));
    }
}

/// What keeps a table on AWS available and whole.
async fn kept(client: &Client, name: &str, table: &TableDescription, place: &str, out: &mut Examination) {
    let mode = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    if mode != Some(&BillingMode::PayPerRequest) {
        let throughput = table.provisioned_throughput();
        let read = throughput.and_then(|throughput| throughput.read_capacity_units()).unwrap_or_default();
        out.find(&code::TABLE_PROVISIONED, place, format!("it has {read} read units a second, and no more"));
    }
    if table.deletion_protection_enabled() != Some(true) {
        out.find(&code::TABLE_DELETABLE, place, "whoever may delete it does so at once");
    }
    if table.sse_description().is_none() {
        out.find(&code::TABLE_KEY_OF_AWS, place, "it is encrypted with a key that AWS owns");
    }
    let told = timeout(PATIENCE, client.describe_continuous_backups().table_name(name).send()).await;
    let Ok(Ok(answer)) = told else {
        return out.leave(
            "the table's point-in-time recovery",
            "DynamoDB does not tell",
            "give credentials with dynamodb:DescribeContinuousBackups",
        );
    };
    let recovery = answer.continuous_backups_description().and_then(|told| told.point_in_time_recovery_description());
    let status = recovery.and_then(|recovery| recovery.point_in_time_recovery_status());
    if status != Some(&PointInTimeRecoveryStatus::Enabled) {
        out.find(&code::TABLE_RECOVERY, place, "what is deleted or overwritten by mistake is lost");
    }
}

/// For one question about the table.
const PATIENCE: Duration = Duration::from_secs(10);
