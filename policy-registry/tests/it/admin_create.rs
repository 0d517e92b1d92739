//! The operator creates a table.

use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeyType, TableStatus, TimeToLiveStatus};
use policy_registry::admin::{self, AdminError};
use policy_registry::client;
use policy_registry::record::EXPIRES_AT;

use crate::endpoint::nobody;
use crate::table::{TABLE, Table, client_settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_created_table_is_active_and_on_demand_with_both_keys() {
    let table = Table::new().await;
    let described = table.client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
    assert_eq!(described.table_status, Some(TableStatus::Active));
    assert_eq!(described.billing_mode_summary.unwrap().billing_mode, Some(BillingMode::PayPerRequest));
    let keys: Vec<(&str, &KeyType)> =
        described.key_schema.iter().flatten().map(|key| (key.attribute_name.as_str(), &key.key_type)).collect();
    assert_eq!(keys, [("pk", &KeyType::Hash), ("sk", &KeyType::Range)]);
    let indexes = described.global_secondary_indexes.unwrap();
    let index = &indexes[0];
    let keys: Vec<&str> = index.key_schema.iter().flatten().map(|key| key.attribute_name.as_str()).collect();
    assert_eq!((indexes.len(), index.index_name.as_deref(), keys), (1, Some("directory"), vec!["listedIn", "pk"]));
    let kinds = described.attribute_definitions.unwrap();
    assert!(kinds.iter().map(AttributeDefinition::attribute_type).all(|kind| kind.as_str() == "S"), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_created_table_loses_what_has_expired() {
    let table = Table::new().await;
    let described = table.client.describe_time_to_live().table_name(TABLE).send().await.unwrap();
    let described = described.time_to_live_description.unwrap();
    assert_eq!(described.time_to_live_status, Some(TimeToLiveStatus::Enabled));
    assert_eq!(described.attribute_name.as_deref(), Some(EXPIRES_AT));
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_a_table_that_is_there_says_so_and_keeps_its_items() {
    let table = Table::with_acme().await;
    let before = table.dump().await;
    let error = admin::create_table(&table.client, TABLE).await.unwrap_err();
    assert!(matches!(error, AdminError::Table(_)), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("ResourceInUseException") && text.contains("exists"), "{text}");
    assert_eq!(table.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_a_table_where_nothing_listens_is_an_error() {
    let client = client::build(&client_settings(&nobody().await)).unwrap();
    let error = admin::create_table(&client, TABLE).await.unwrap_err().to_string();
    assert!(error.starts_with("DynamoDB: "), "{error}");
}
