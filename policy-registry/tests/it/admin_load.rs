//! The operator loads a folder.

use policy_registry::admin::{self, LoadReport};
use policy_registry::{CacheState, Refusal};

use crate::folder::{add, folder, right};
use crate::table::{TABLE, Table, ask, document, principal, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_member_is_granted_what_the_folder_says() {
    let (table, folder) = (Table::new().await, right());
    let report = admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(report, LoadReport { tenants: 2, members: 2, policies: 2, items: 0, ..LoadReport::default() });
    let resolution = ask(&table.registry(), &principal("acme", "alice")).await;
    assert_eq!(resolution.cache, CacheState::Miss);
    let grant = resolution.grant.unwrap();
    assert_eq!(grant.roles, ["admin", "support"]);
    assert_eq!(grant.policy.id().as_str(), "p1");
}

#[tokio::test(flavor = "multi_thread")]
async fn loading_twice_is_the_same_as_loading_once() {
    let (table, folder) = (Table::new().await, right());
    let first = admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    let once = table.dump().await;
    let second = admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(table.dump().await, once);
    assert_eq!(once.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_folder_replaces_what_it_names_and_leaves_the_rest() {
    let (table, first) = (Table::new().await, right());
    admin::load(&table.client, TABLE, first.path()).await.unwrap();
    let second = folder(&[
        ("tenants.json", r#"[{"tenantId":"globex","status":"ACTIVE","policyId":"g2"}]"#),
        ("policies/g2.json", &document("globex", "g2")),
        ("members.json", &member("bob", "globex")),
    ]);
    let report = admin::load(&table.client, TABLE, second.path()).await.unwrap();
    assert_eq!(report, LoadReport { tenants: 1, members: 1, policies: 1, items: 0, ..LoadReport::default() });
    let registry = table.registry();
    assert_eq!(ask(&registry, &principal("globex", "bob")).await.grant.unwrap().policy.id().as_str(), "g2");
    assert!(ask(&registry, &principal("acme", "alice")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn members_alone_can_be_loaded() {
    let (table, all) = (Table::new().await, right());
    admin::load(&table.client, TABLE, all.path()).await.unwrap();
    let folder = folder(&[("members.json", &member("carol", "acme"))]);
    let report = admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(report, LoadReport { tenants: 0, members: 1, policies: 0, items: 0, ..LoadReport::default() });
    assert!(ask(&table.registry(), &principal("acme", "carol")).await.grant.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_is_loaded_like_anything_else() {
    let (table, folder) = (Table::new().await, right());
    admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    add(folder.path(), &[("members.json", &member("alice", "acme").replace("ACTIVE", "SUSPENDED"))]);
    admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(refusal(&table.registry(), &principal("acme", "alice")).await, Refusal::MemberSuspended);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_files_in_the_folder_are_left_alone() {
    let (table, folder) = (Table::new().await, right());
    add(folder.path(), &[("README.md", "about"), ("policies/notes.txt", "not a policy")]);
    admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(table.dump().await.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn loading_into_a_table_that_is_not_there_says_so() {
    let (table, folder) = (Table::without_table().await, right());
    let error = admin::load(&table.client, TABLE, folder.path()).await.unwrap_err().to_string();
    assert!(error.contains("ResourceNotFoundException"), "{error}");
}

fn member(subject: &str, tenant: &str) -> String {
    format!(
        r#"[{{"issuer":"https://issuer.example/main","subject":"{subject}","tenantId":"{tenant}","status":"ACTIVE"}}]"#
    )
}
