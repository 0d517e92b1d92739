//! One conditional write: what stands under a key stays what it was first said to be.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;

use crate::key::{PK, SK};
use crate::read::cause;
use crate::record::{EXPIRES_AT, Item};

/// Why an item was not put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PutFault {
    /// Something else stands there.
    Taken,
    /// The table did not answer: the cause.
    Unavailable(&'static str),
}

/// Puts an item, on condition that there is none under its key or one that differs in nothing but when it expires. `optional` are
/// the attributes that such an item may have or lack: what this one lacks the other must lack as well.
pub(crate) async fn put_once(
    client: &Client,
    table: &str,
    item: Item,
    optional: &[&'static str],
) -> Result<(), PutFault> {
    let mut put = client.put_item().table_name(table).expression_attribute_names("#key", PK);
    let mut same: Vec<String> = Vec::new();
    for (name, value) in &item {
        if ![PK, SK, EXPIRES_AT].contains(&name.as_str()) {
            same.push(format!("#{name} = :{name}"));
            put = put.expression_attribute_names(format!("#{name}"), name);
            put = put.expression_attribute_values(format!(":{name}"), value.clone());
        }
    }
    for name in optional.iter().filter(|name| !item.contains_key(**name)) {
        same.push(format!("attribute_not_exists(#{name})"));
        put = put.expression_attribute_names(format!("#{name}"), *name);
    }
    same.sort();
    let condition = format!("attribute_not_exists(#key) OR ({})", same.join(" AND "));
    match put.condition_expression(condition).set_item(Some(item)).send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Err(PutFault::Taken),
        Err(error) => Err(PutFault::Unavailable(cause(&error))),
    }
}
