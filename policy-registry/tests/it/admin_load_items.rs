//! Raw items in a folder, one a file, for tables that no operator should have.

use policy_registry::Refusal;
use policy_registry::admin::{self, AdminError, LoadReport};
use serde_json::json;

use crate::folder::{add, of_items, right};
use crate::table::{TABLE, Table};

#[tokio::test(flavor = "multi_thread")]
async fn raw_items_are_put_as_they_are_written_and_last() {
    let (table, folder) = (Table::new().await, right());
    let item = r#"{"pk":{"S":"TENANT#acme"},"sk":{"S":"TENANT"},"status":{"NULL":true}}"#;
    add(folder.path(), &[("items/a.json", item)]);
    let report = admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(report, LoadReport { tenants: 2, members: 2, policies: 2, items: 1, ..LoadReport::default() });
    assert_eq!(table.refusal_of_alice().await, Refusal::Malformed("schema"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_attribute_comes_back_from_a_dump() {
    let item = json!({
        "b": {"BOOL": false}, "l": {"L": [{"N": "1"}, {"M": {"x": {"S": ""}}}]}, "m": {"M": {}}, "n": {"N": "-12.5"},
        "null": {"NULL": true}, "pk": {"S": "a"}, "s": {"S": "tab\tand \u{1F600}"}, "sk": {"S": "b"},
    });
    let (table, folder) = (Table::new().await, of_items(std::slice::from_ref(&item)));
    admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(table.dump().await, [item]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_not_dynamodb_json_is_refused_with_its_place() {
    for (wrong, words) in [
        (json!({"pk": "plain"}), "pk: expected one of {\"S\": text}"),
        (json!({"pk": {"S": 1}}), "pk: expected one of"),
        (json!({"pk": {"s": "a"}}), "pk: expected one of"),
        (json!({"pk": {"S": "a", "N": "1"}}), "pk: expected one of"),
        (json!({"pk": {}}), "pk: expected one of"),
        (json!({"pk": {"NULL": false}}), "pk: expected one of"),
        (json!({"roles": {"L": ["a"]}}), "roles: expected one of"),
        (json!({"roles": {"M": {"deep": 1}}}), "roles: deep: expected one of"),
        (json!(7), "expected an object of attributes"),
        (json!([]), "expected an object of attributes"),
    ] {
        refused(&wrong.to_string(), words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_not_json_is_refused_with_its_place() {
    refused("", "EOF while parsing").await;
    refused("{\n\"pk\": }", "line 2 column").await;
    refused("{} {}", "trailing characters at line 1 column 4").await;
}

/// DynamoDB would refuse these only once all before them have been written.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_a_usable_key_is_refused_before_anything_is_written() {
    for (wrong, place) in [
        (json!({"sk": {"S": "b"}}), "pk"),
        (json!({"pk": {"S": "a"}}), "sk"),
        (json!({"pk": {"N": "1"}, "sk": {"S": "b"}}), "pk"),
        (json!({"pk": {"S": ""}, "sk": {"S": "b"}}), "pk"),
    ] {
        refused(&wrong.to_string(), place).await;
    }
}

/// As above.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_with_a_number_that_is_none_is_refused_before_anything_is_written() {
    refused(r#"{"pk":{"S":"a"},"sk":{"S":"b"},"schema":{"N":"one"}}"#, "schema").await;
}

/// A right folder with this item is refused with these words and leaves the table empty.
async fn refused(item: &str, words: &str) {
    let (table, folder) = (Table::new().await, right());
    add(folder.path(), &[("items/a.json", item)]);
    let error = admin::load(&table.client, TABLE, folder.path()).await.unwrap_err();
    let written = table.dump().await.len();
    assert_eq!(written, 0, "{item}: {written} items were written before: {error}");
    let AdminError::File { path, problem } = error else { panic!("{error}") };
    assert!(path.ends_with("items/a.json") && problem.contains(words), "{problem}: expected {words}");
}
