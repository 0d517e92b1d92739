//! The operator looks at a table.

use policy_registry::admin;
use serde_json::{Value, json};

use crate::folder::{of_items, right};
use crate::table::{TABLE, Table, document};

/// The layout as `docs/registry.md` says it, written out.
#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_table_has_the_documented_items_in_the_order_of_their_keys() {
    let (table, folder) = (Table::new().await, right());
    admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    let acme = "1316eaa9b0ffce26200a4de218bacc3a4a3ca4102e8954fd4ac0791414facf18";
    let globex = "8bb0b8e9ad84524c1af42c83c3c0816f5d5359369600c63628493878e1486a0e";
    let expected = json!([
        {"kind": {"S": "policy"}, "pk": {"S": "TENANT#acme"}, "policyId": {"S": "p1"}, "schema": {"N": "1"},
         "document": {"S": document("acme", "p1")}, "sha256": {"S": acme}, "sk": {"S": "POLICY#ACTIVE"}, "tenantId": {"S": "acme"}},
        {"kind": {"S": "tenant"}, "listedIn": {"S": "TENANTS"}, "pk": {"S": "TENANT#acme"}, "policyId": {"S": "p1"}, "policySha256": {"S": acme},
         "schema": {"N": "1"}, "sk": {"S": "TENANT"}, "status": {"S": "ACTIVE"}, "tenantId": {"S": "acme"}},
        {"kind": {"S": "policy"}, "pk": {"S": "TENANT#globex"}, "policyId": {"S": "g1"}, "schema": {"N": "1"},
         "document": {"S": document("globex", "g1")}, "sha256": {"S": globex}, "sk": {"S": "POLICY#ACTIVE"}, "tenantId": {"S": "globex"}},
        {"kind": {"S": "tenant"}, "listedIn": {"S": "TENANTS"}, "pk": {"S": "TENANT#globex"}, "policyId": {"S": "g1"}, "policySha256": {"S": globex},
         "schema": {"N": "1"}, "sk": {"S": "TENANT"}, "status": {"S": "SUSPENDED"}, "tenantId": {"S": "globex"}},
        {"issuer": {"S": "https://issuer.example/main"}, "kind": {"S": "membership"}, "listedIn": {"S": "MEMBERS#acme"},
         "pk": {"S": "USER#https%3A%2F%2Fissuer.example%2Fmain#alice"}, "roles": {"L": [{"S": "admin"}, {"S": "support"}]},
         "schema": {"N": "1"}, "sk": {"S": "TENANT#acme"}, "status": {"S": "ACTIVE"}, "subject": {"S": "alice"}, "tenantId": {"S": "acme"}},
        {"issuer": {"S": "https://issuer.example/main"}, "kind": {"S": "membership"}, "listedIn": {"S": "MEMBERS#globex"},
         "pk": {"S": "USER#https%3A%2F%2Fissuer.example%2Fmain#bob"}, "roles": {"L": []},
         "schema": {"N": "1"}, "sk": {"S": "TENANT#globex"}, "status": {"S": "SUSPENDED"}, "subject": {"S": "bob"}, "tenantId": {"S": "globex"}},
    ]);
    assert_eq!(Value::from(table.dump().await), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_loaded_as_raw_items_makes_the_same_table() {
    let (table, all) = (Table::new().await, right());
    admin::load(&table.client, TABLE, all.path()).await.unwrap();
    let dump = table.dump().await;
    let copy = Table::new().await;
    let folder = of_items(&dump);
    assert_eq!(admin::load(&copy.client, TABLE, folder.path()).await.unwrap().items, 6);
    assert_eq!(copy.dump().await, dump);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_several_pages_is_dumped_whole() {
    let table = Table::new().await;
    let note = "x".repeat(300_000);
    let items: Vec<Value> = (0..8)
        .map(|index| json!({"note": {"S": note}, "pk": {"S": format!("PAGE#{index}")}, "sk": {"S": "A"}}))
        .collect();
    let folder = of_items(&items);
    admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    let first = table.client.scan().table_name(TABLE).send().await.unwrap();
    assert!(first.last_evaluated_key.is_some(), "the table fits one page, which shows nothing");
    assert_eq!(table.dump().await, items);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_table_is_an_empty_dump() {
    assert!(Table::new().await.dump().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_not_there_cannot_be_dumped() {
    let table = Table::without_table().await;
    let error = admin::dump(&table.client, TABLE).await.unwrap_err().to_string();
    assert!(error.contains("ResourceNotFoundException"), "{error}");
}
