//! A folder with a mistake: the file and the place are named, and nothing is written.

use std::path::Path;

use policy_registry::admin::{self, AdminError, ISSUER_BYTES_MAX, ITEM_DOCUMENT_BYTES_MAX};

use crate::folder::{add, right};
use crate::table::{TABLE, Table, document};

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_with_a_mistake_is_refused() {
    let tenant = r#"{"tenantId":"acme","status":"ACTIVE","policyId":"p1"}"#;
    for (wrong, words) in [
        (tenant.replace("acme", "ac me"), "[1]: tenantId is "),
        (tenant.replace("acme", ""), "1 to 63 of A-Z a-z 0-9 . _ -"),
        (tenant.replace("ACTIVE", "active"), "[1]: status is neither ACTIVE nor SUSPENDED"),
        (tenant.replace("p1", "p9"), "[1]: no file in policies/ has the policyId \"p9\""),
        (tenant.replace("p1", "g1"), "[1]: policy \"g1\" is for tenant \"globex\""),
        (tenant.replace("\"status\":\"ACTIVE\",", ""), "missing field `status`"),
        (tenant.replace("status", "state"), "unknown field `state`, expected one of"),
        (tenant.replace("\"p1\"", "\"p1\",\"status\":\"SUSPENDED\""), "duplicate field `status`"),
        (tenant.replace("\"p1\"", "[\"p1\"]"), "expected a string at line 1 column"),
    ] {
        check("tenants.json", &format!("[{tenant},{wrong}]"), words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_with_a_mistake_is_refused() {
    let member = r#"{"issuer":"https://i.example","subject":"dan","tenantId":"acme","roles":["r"],"status":"ACTIVE"}"#;
    for (wrong, words) in [
        (member.replace("https://i.example", ""), "[1]: issuer is not 1 to 400 bytes long"),
        (member.replace("https://i.example", &"i".repeat(ISSUER_BYTES_MAX + 1)), "[1]: issuer is not 1 to 400 bytes"),
        (member.replace("dan", "d an"), "[1]: subject is "),
        (member.replace("dan", "*"), "and not \"*\""),
        (member.replace("acme", "-acme"), "[1]: tenantId is "),
        (member.replace("ACTIVE", "DELETED"), "[1]: status is neither ACTIVE nor SUSPENDED"),
        (member.replace("[\"r\"]", "[\"r\",\"\"]"), "[1]: a role is not 1 to 256 bytes long"),
        (member.replace("[\"r\"]", "\"r\""), "expected a sequence at line 1 column"),
        (member.replace("roles", "role"), "unknown field `role`, expected one of"),
        (member.replace("\"subject\":\"dan\",", ""), "missing field `subject`"),
    ] {
        check("members.json", &format!("[{member},{wrong}]"), words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_a_mistake_is_refused() {
    let client = r#"{"issuer":"https://i.example","clientId":"desk","tenantId":"acme","roles":["r"],"workspaces":["w"],"scopes":["s"],"status":"ACTIVE"}"#;
    for (wrong, words) in [
        (client.replace("https://i.example", ""), "[1]: issuer is not 1 to 400 bytes long"),
        (client.replace("https://i.example", &"i".repeat(ISSUER_BYTES_MAX + 1)), "[1]: issuer is not 1 to 400 bytes"),
        (client.replace("desk", ""), "[1]: clientId is not 1 to 249 printable ASCII characters"),
        (client.replace("desk", "d esk"), "[1]: clientId is not 1 to 249 printable ASCII characters"),
        (client.replace("desk", &"d".repeat(250)), "[1]: clientId is not 1 to 249 printable ASCII characters"),
        (client.replace("acme", "*"), "[1]: tenantId is "),
        (client.replace("ACTIVE", "active"), "[1]: status is neither ACTIVE nor SUSPENDED"),
        (client.replace("[\"r\"]", "[\"\"]"), "[1]: a role is not 1 to 256 bytes long"),
        (client.replace("[\"w\"]", "[\"\"]"), "[1]: a workspace is not 1 to 256 bytes long"),
        (client.replace("[\"s\"]", "[\"\"]"), "[1]: a scope is not 1 to 256 bytes long"),
        (client.replace("[\"s\"]", "[\"s\",\"*\"]"), "[1]: scopes has \"*\" among others; write [\"*\"] alone for all"),
        (client.replace("[\"s\"]", "\"*\""), "expected a sequence at line 1 column"),
        (client.replace("\"scopes\":[\"s\"],", ""), "missing field `scopes`"),
        (client.replace("clientId", "subject"), "unknown field `subject`, expected one of"),
    ] {
        check("clients.json", &format!("[{},{wrong}]", client.replace("desk", "other")), words).await;
    }
    let reserved = r#"[{"issuer":"https://i.example","subject":"client:desk","tenantId":"acme","status":"ACTIVE"}]"#;
    check("members.json", reserved, "[0]: subject begins like a client's name; list clients in clients.json").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_with_a_mistake_is_refused() {
    let policy = document("acme", "p1");
    let long = policy.replace("\"rules\"", &format!("{}\"rules\"", " ".repeat(ITEM_DOCUMENT_BYTES_MAX)));
    for (wrong, words) in [
        (policy.replace("ALLOW", "PERMIT"), "rules[0].effect"),
        (policy.replace("agent:tool:", "tool:"), "rules[0].resources[0]"),
        (policy.replace("rules", "rule"), "rule"),
        (String::new(), ""),
        (long, "longer than 380000 bytes, which one item can hold"),
        (document("globex", "g1"), "policies/acme.json; give each policy its own"),
    ] {
        let file = if words.contains("give each") { "policies/globex.json" } else { "policies/acme.json" };
        let files = [("policies/acme.json", wrong.as_str())];
        check_folder(&files, file, words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_no_list_is_refused() {
    for file in ["tenants.json", "members.json", "clients.json"] {
        for (wrong, words) in [
            ("", "EOF while parsing"),
            ("{}", "expected a sequence at line 1 column"),
            ("[", "EOF while parsing a list at line 1 column"),
            ("null", "expected a sequence at line 1 column"),
            ("[]\n[]", "trailing characters at line 2 column 1"),
        ] {
            check(file, wrong, words).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_utf_8_is_refused() {
    let (table, folder) = (Table::new().await, right());
    std::fs::write(folder.path().join("members.json"), b"[\xff]").unwrap();
    fails(&table, folder.path(), "members.json", "UTF-8").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_none_is_refused() {
    let (table, folder) = (Table::new().await, right());
    fails(&table, &folder.path().join("absent"), "absent", "not a folder; expected one with tenants.json").await;
    fails(&table, &folder.path().join("tenants.json"), "tenants.json", "not a folder").await;
}

/// Two statements about one member, client or tenant: which of them would hold is chance, and the wrong one lets somebody in.
#[tokio::test(flavor = "multi_thread")]
async fn two_entries_about_one_member_client_or_tenant_are_refused() {
    let client =
        r#"{"issuer":"https://i.example","clientId":"desk","tenantId":"acme","scopes":[],"status":"SUSPENDED"}"#;
    check("clients.json", &format!("[{client},{}]", client.replace("SUSPENDED", "ACTIVE")), "[1]").await;
    let member = r#"{"issuer":"https://i.example","subject":"dan","tenantId":"acme","status":"SUSPENDED"}"#;
    check("members.json", &format!("[{member},{}]", member.replace("SUSPENDED", "ACTIVE")), "[1]").await;
    let tenant = r#"{"tenantId":"acme","status":"SUSPENDED","policyId":"p1"}"#;
    check("tenants.json", &format!("[{tenant},{}]", tenant.replace("SUSPENDED", "ACTIVE")), "[1]").await;
}

/// A right folder with this file instead is refused with the file's name and these words.
async fn check(file: &str, content: &str, words: &str) {
    check_folder(&[(file, content)], file, words).await;
}

async fn check_folder(files: &[(&str, &str)], blamed: &str, words: &str) {
    let (table, folder) = (Table::new().await, right());
    add(folder.path(), files);
    fails(&table, folder.path(), blamed, words).await;
}

async fn fails(table: &Table, folder: &Path, blamed: &str, words: &str) {
    let error = match admin::load(&table.client, TABLE, folder).await {
        Ok(report) => panic!("{blamed} is taken: {report:?}; expected {words:?}"),
        Err(error) => error,
    };
    let text = error.to_string();
    let AdminError::File { path, problem } = error else { panic!("{text}") };
    assert!(path.ends_with(blamed), "{text}: expected {blamed}");
    assert!(problem.contains(words) && !problem.is_empty(), "{problem}: expected {words}");
    assert_eq!(text, format!("{}: {problem}", path.display()));
    assert!(table.dump().await.is_empty(), "{text}: something was written");
}
