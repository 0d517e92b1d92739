//! The operator loads a baseline and shadow policies.

use std::path::Path;

use policy_registry::Shadow;
use policy_registry::admin::{self, AdminError, LoadReport};
use serde_json::{Value, json};

use crate::folder::{add, right};
use crate::table::{TABLE, Table, ask, baseline, baseline_records, document, principal};

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_for_all_tenants_is_loaded_as_the_baseline() {
    let (table, folder) = (Table::new().await, right());
    add(folder.path(), &[("policies/a-base.json", &baseline("base"))]);
    let report = load(&table, folder.path()).await;
    assert_eq!(report, LoadReport { tenants: 2, members: 2, policies: 2, baselines: 1, ..LoadReport::default() });
    let grant = ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap();
    assert_eq!(grant.baseline.as_ref().unwrap().id().as_str(), "base");
    let hash = baseline_records(&baseline("base")).1.sha256;
    let expected = [
        json!({"document": {"S": baseline("base")}, "kind": {"S": "baseline-policy"}, "pk": {"S": "BASELINE"}, "policyId": {"S": "base"},
               "schema": {"N": "1"}, "sha256": {"S": hash}, "sk": {"S": "POLICY#ACTIVE"}}),
        json!({"kind": {"S": "baseline"}, "pk": {"S": "BASELINE"}, "policyId": {"S": "base"}, "policySha256": {"S": hash},
               "schema": {"N": "1"}, "sk": {"S": "BASELINE"}}),
    ];
    let own: Vec<Value> = table.dump().await.into_iter().filter(|item| item["pk"]["S"] == "BASELINE").collect();
    // Sorted by their keys: BASELINE comes before POLICY#ACTIVE.
    assert_eq!(own, [expected[1].clone(), expected[0].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_alone_can_be_loaded_and_is_left_by_a_folder_without_one() {
    let (table, all) = (Table::new().await, right());
    let alone = crate::folder::folder(&[("policies/base.json", &baseline("base"))]);
    assert_eq!(load(&table, alone.path()).await, LoadReport { baselines: 1, ..LoadReport::default() });
    assert_eq!(load(&table, all.path()).await.baselines, 0);
    let grant = ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap();
    assert_eq!(grant.baseline.as_ref().unwrap().id().as_str(), "base");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_is_loaded_and_gone_with_the_tenants_word() {
    let (table, folder) = (Table::new().await, right());
    add(
        folder.path(),
        &[("policies/next.json", &document("acme", "p2")), ("tenants.json", &tenant(r#","shadowPolicyId":"p2""#))],
    );
    assert_eq!(load(&table, folder.path()).await.shadows, 1);
    let grant = ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap();
    let Some(Shadow::Policy(shadow)) = &grant.shadow else { panic!("{:?}", grant.shadow) };
    assert_eq!((grant.policy.id().as_str(), shadow.id().as_str()), ("p1", "p2"));
    add(folder.path(), &[("tenants.json", &tenant(""))]);
    assert_eq!(load(&table, folder.path()).await.shadows, 0);
    assert!(ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap().shadow.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn workspaces_are_loaded() {
    let (table, folder) = (Table::new().await, right());
    let member = |workspaces: &str| {
        format!(
            r#"[{{"issuer":"https://issuer.example/main","subject":"alice","tenantId":"acme","status":"ACTIVE"{workspaces}}}]"#
        )
    };
    for (written, expected) in
        [(r#","workspaces":["eu","us"]"#, ["eu", "us"].as_slice()), (r#","workspaces":[]"#, &[]), ("", &[])]
    {
        add(folder.path(), &[("members.json", &member(written))]);
        load(&table, folder.path()).await;
        let grant = ask(&table.registry(), &principal("acme", "alice")).await.grant.unwrap();
        assert_eq!(grant.workspaces, expected, "{written}");
    }
    let long = "w".repeat(257);
    for wrong in [r#","workspaces":[""]"#.to_owned(), format!(r#","workspaces":["a","{long}"]"#)] {
        refused(&[("members.json", &member(&wrong))], "members.json", "[0]: a workspace is not 1 to 256 bytes long")
            .await;
    }
    let wrong = member(&format!(r#","roles":["{long}"]"#));
    refused(&[("members.json", &wrong)], "members.json", "[0]: a role is not 1 to 256 bytes long").await;
    refused(&[("members.json", &member(r#","workspaces":"eu""#))], "members.json", "expected a sequence").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_baselines_are_refused() {
    let files = [("policies/a.json", &*baseline("a")), ("policies/b.json", &baseline("b"))];
    refused(&files, "policies/b.json", "policies/a.json is; keep one").await;
    let files = [("policies/a.json", &*baseline("p1"))];
    refused(&files, "policies/acme.json", "policies/a.json; give each policy its own").await;
    let files = [("policies/z.json", &*baseline("p1"))];
    refused(&files, "policies/z.json", "policies/acme.json; give each policy its own").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_does_not_take_the_baseline_for_its_own() {
    let base = ("policies/base.json", &*baseline("base"));
    let tenants = tenant("").replace("p1", "base");
    refused(&[base, ("tenants.json", &tenants)], "tenants.json", "[0]: policy \"base\" is for tenant \"*\"").await;
    let tenants = tenant(r#","shadowPolicyId":"base""#);
    refused(&[base, ("tenants.json", &tenants)], "tenants.json", "[0]: policy \"base\" is for tenant \"*\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_is_another_policy_of_the_same_tenant() {
    for (shadow, words) in [
        ("p1", "[0]: shadowPolicyId is the policyId; name another policy"),
        ("p9", "[0]: no file in policies/ has the policyId \"p9\""),
        ("g1", "[0]: policy \"g1\" is for tenant \"globex\""),
    ] {
        let tenants = tenant(&format!(r#","shadowPolicyId":"{shadow}""#));
        refused(&[("tenants.json", &tenants)], "tenants.json", words).await;
    }
}

/// A list with acme only.
fn tenant(more: &str) -> String {
    format!(r#"[{{"tenantId":"acme","status":"ACTIVE","policyId":"p1"{more}}}]"#)
}

async fn load(table: &Table, folder: &Path) -> LoadReport {
    admin::load(&table.client, TABLE, folder).await.unwrap()
}

/// A right folder with these files as well is refused for this one, with these words, and nothing is written.
async fn refused(files: &[(&str, &str)], blamed: &str, words: &str) {
    let (table, folder) = (Table::new().await, right());
    add(folder.path(), files);
    let error = admin::load(&table.client, TABLE, folder.path()).await.unwrap_err();
    let AdminError::File { path, problem } = error else { panic!("{error}") };
    assert!(path.ends_with(blamed) && problem.contains(words), "{}: {problem}: expected {words}", path.display());
    assert!(table.dump().await.is_empty(), "something was written");
}
