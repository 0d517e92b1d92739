//! The table and its items, in an embedded DynamoDB.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use policy_registry::admin;
use serde_json::{Value, json};
use tenantgate::client;
use tenantgate::embedded::EmbeddedDynamoDb;

use crate::clinic::{Clinic, Found, found, gateway, not_checked, settings, targets};

const TABLE: &str = "tenantgate-registry";

#[tokio::test(flavor = "multi_thread")]
async fn a_table_as_it_should_be_has_no_finding() {
    let case = Case::new().await;
    for more in [&[][..], &["--deep"]] {
        let report = case.report(more).await;
        assert_eq!(found(&report), [], "{report:#}");
        let is_left = not_checked(&report).iter().any(|one| one.contains("--deep"));
        assert_eq!(is_left, more.is_empty(), "{report:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_missing_or_made_otherwise_is_found() {
    let case = Case::new().await;
    case.client.delete_table().table_name(TABLE).send().await.unwrap();
    assert_eq!(case.findings(&[]).await, [error("TABLE_MISSING")]);
    case.make("id").await;
    assert_eq!(case.findings(&[]).await, [error("TABLE_KEYS")]);
    case.client.delete_table().table_name(TABLE).send().await.unwrap();
    case.make("pk").await;
    assert_eq!(case.findings(&[]).await, [warning("TABLE_INDEX"), warning("TABLE_EXPIRY")]);
    // Without the index nobody knows of tenants, unless all is read.
    assert_eq!(
        case.findings(&["--deep"]).await,
        [warning("TABLE_INDEX"), warning("TABLE_EXPIRY"), warning("TENANTS_NONE")]
    );
    let offline = case.clinic.desk.run_bare(&["doctor", "--offline", "--settings", "settings.json"]).await;
    assert!(offline.out.contains("not checked: the table and its items: --offline asks nobody"), "{}", offline.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn pointers_and_documents_that_disagree_are_found() {
    let active = [("pk", "TENANT#acme"), ("sk", "POLICY#ACTIVE")];
    for (key, attribute, value, expected) in [
        (active, "sha256", "00", error("TENANT_UNREADABLE")),
        (active, "document", "{}", error("TENANT_UNREADABLE")),
        (active, "policyId", "POL-OTHER", error("TENANT_UNREADABLE")),
        ([("pk", "TENANT#acme"), ("sk", "TENANT")], "policyId", "POL-OTHER", error("TENANT_UNREADABLE")),
        ([("pk", "BASELINE"), ("sk", "BASELINE")], "policySha256", "00", error("BASELINE_UNREADABLE")),
        ([("pk", "BASELINE"), ("sk", "POLICY#ACTIVE")], "document", "[]", error("BASELINE_UNREADABLE")),
    ] {
        let case = Case::new().await;
        case.change(key, attribute, value).await;
        for more in [&[][..], &["--deep"]] {
            assert_eq!(case.findings(more).await, std::slice::from_ref(&expected), "{key:?} {attribute} {more:?}");
        }
    }
    let case = Case::new().await;
    case.delete("TENANT#acme", "POLICY#ACTIVE").await;
    assert_eq!(case.findings(&[]).await, [error("TENANT_UNREADABLE")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_that_cannot_be_read_are_found_without_a_whole_reading() {
    let case = Case::new().await;
    case.put("KILL", "KILL").await;
    for more in [&[][..], &["--deep"]] {
        assert_eq!(case.findings(more).await, [error("ITEM_MALFORMED")], "{more:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_are_none_and_members_of_nobody_are_found_by_a_whole_reading() {
    let case = Case::new().await;
    case.change([("pk", "USER#https%3A%2F%2Fissuer.example%2Fmain#alice"), ("sk", "TENANT#acme")], "status", "ON")
        .await;
    case.put("EVIL#\u{202e}x", "Y").await;
    case.delete("TENANT#globex", "TENANT").await;
    let report = case.report(&["--deep"]).await;
    assert_eq!(
        found(&report),
        [error("ITEM_MALFORMED"), warning("ITEM_UNKNOWN"), warning("TENANT_UNKNOWN")],
        "{report:#}"
    );
    let text = report.to_string();
    assert!(text.contains("globex") && text.contains("1 member") && !text.contains('\u{202e}'), "{text}");
    // Of many with one fault the first are shown.
    for index in 0..30 {
        case.put(&format!("EVIL#{index}"), "Y").await;
    }
    let report = case.report(&["--deep"]).await;
    let unknown: Vec<Found> = found(&report).into_iter().filter(|(code, _)| code == "ITEM_UNKNOWN").collect();
    assert_eq!(unknown.len(), 20);
    assert!(report.to_string().contains("and 11 more items"), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policies_want_of_settings_and_gateway_is_found() {
    let case = Case::new().await;
    let mut settings = settings();
    settings["registry"]["baseline"] = json!("OPTIONAL");
    case.clinic.put("settings.json", &settings);
    assert_eq!(case.findings(&[]).await, [warning("BASELINE_OPTIONAL")]);
    settings["registry"]["baseline"] = json!("REQUIRED");
    settings["registry"]["table"] = json!("another");
    case.clinic.put("settings.json", &settings);
    assert_eq!(
        case.findings(&["--table", "tenantgate-registry-2"]).await,
        [warning("SETTINGS_OTHER_TABLE"), error("TABLE_MISSING")].into_iter().rev().collect::<Vec<_>>()
    );
    // Streaming and redactions exclude each other; without any it is a matter of taste.
    case.clinic.put("settings.json", &crate::clinic::settings());
    let mut gateway = gateway();
    gateway["protocolConfiguration"]["mcp"]["streamingConfiguration"] = json!({"enableResponseStreaming": true});
    case.clinic.put("gateway.json", &gateway);
    let more = ["--gateway-json", "gateway.json", "--deep"];
    assert_eq!(case.findings(&more).await, [("RESPONSE_STREAMING".to_owned(), "note".to_owned())]);
    case.load(Some("MASK")).await;
    assert_eq!(case.findings(&more).await, [error("RESPONSE_STREAMING")]);
    case.load(Some("HASH")).await;
    assert_eq!(case.findings(&["--deep"]).await, [error("HASH_KEY_MISSING")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_and_targets_that_disagree_are_found() {
    let case = Case::new().await;
    let mut targets = targets();
    let runtime = json!({"name": "support", "targetId": "T3", "targetConfiguration": {"http": {"passthrough": {"endpoint": "https://s.example", "protocolType": "A2A"}}},
        "metadataConfiguration": {"allowedRequestHeaders": ["x-tenant-id"]}});
    targets["items"].as_array_mut().unwrap().push(runtime);
    case.clinic.put("targets.json", &targets);
    case.clinic.put("gateway.json", &gateway());
    let more = ["--gateway-json", "gateway.json", "--targets-json", "targets.json", "--deep"];
    assert_eq!(case.findings(&more).await, [error("HEADERS_NOT_ALLOWED")]);
    case.delete("ROUTE#support", "ROUTE#/support").await;
    assert_eq!(case.findings(&more).await, [warning("TARGET_UNBOUND")]);
}

/// A table with two tenants, a baseline and a route.
struct Case {
    clinic: Clinic,
    client: Client,
    database: EmbeddedDynamoDb,
}

impl Case {
    async fn new() -> Case {
        let (clinic, database) = (Clinic::new(), EmbeddedDynamoDb::start().await.unwrap());
        let client = client::client(&client::configuration(Some(database.endpoint_url())).await);
        let case = Case { clinic, client, database };
        admin::create_table(&case.client, TABLE).await.unwrap();
        case.load(None).await;
        case
    }

    /// Loads a folder, whose policies redact in this way.
    async fn load(&self, action: Option<&str>) {
        let folder = self.clinic.desk.path("registry");
        std::fs::create_dir_all(folder.join("policies")).unwrap();
        let put = |name: &str, value: Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
        let rules = json!([{"effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:orders___*"]}]);
        for tenant in ["acme", "globex"] {
            let mut policy = json!({"policyId": format!("POL-{tenant}"), "tenantId": tenant, "rules": rules});
            if let Some(action) = action {
                policy["redactions"] = json!([{"resources": ["agent:tool:*"], "path": "$.ssn", "action": action}]);
            }
            if action == Some("HASH") {
                policy["hashKey"] = json!("crm-2026");
            }
            put(&format!("policies/{tenant}.json"), policy);
        }
        let denied = json!([{"effect": "DENY", "resourceType": "TOOL", "resources": ["agent:tool:orders___drop"]}]);
        put("policies/all.json", json!({"policyId": "POL-ALL", "tenantId": "*", "rules": denied}));
        let tenant = |id: &str| json!({"tenantId": id, "status": "ACTIVE", "policyId": format!("POL-{id}")});
        put("tenants.json", json!([tenant("acme"), tenant("globex")]));
        let member = |subject: &str, tenant: &str| json!({"issuer": "https://issuer.example/main", "subject": subject, "tenantId": tenant, "roles": [], "status": "ACTIVE"});
        put("members.json", json!([member("alice", "acme"), member("bob", "globex")]));
        put(
            "routes.json",
            json!([{"bindingId": "support", "path": "/support", "protocol": "A2A", "agentName": "support", "appId": "desk"}]),
        );
        admin::load(&self.client, TABLE, &folder).await.unwrap();
    }

    async fn report(&self, more: &[&str]) -> Value {
        let url = self.database.endpoint_url();
        let arguments = ["doctor", "--settings", "settings.json", "--endpoint-url", url, "--format", "json"];
        let mut report = self.clinic.desk.run_bare(&[&arguments, more].concat()).await.json();
        // What the gateway alone is responsible for has tests of its own.
        report["findings"].as_array_mut().unwrap().retain(|finding| finding["code"] != "FUNCTION_NOT_CALLED");
        report
    }

    async fn findings(&self, more: &[&str]) -> Vec<Found> {
        found(&self.report(more).await)
    }

    async fn make(&self, partition: &str) {
        let attribute = |name: &str| {
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
        };
        let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
        let table = self.client.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
        let table = table.attribute_definitions(attribute(partition)).attribute_definitions(attribute("sk"));
        table.key_schema(key(partition, KeyType::Hash)).key_schema(key("sk", KeyType::Range)).send().await.unwrap();
    }

    async fn change(&self, key: [(&str, &str); 2], attribute: &str, value: &str) {
        let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let found = self.client.get_item().table_name(TABLE).set_key(Some(HashMap::from(key))).send().await.unwrap();
        let mut item = found.item.unwrap();
        item.insert(attribute.to_owned(), AttributeValue::S(value.to_owned()));
        self.client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
    }

    async fn put(&self, pk: &str, sk: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        self.client.put_item().table_name(TABLE).item("pk", text(pk)).item("sk", text(sk)).send().await.unwrap();
    }

    async fn delete(&self, pk: &str, sk: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        self.client.delete_item().table_name(TABLE).key("pk", text(pk)).key("sk", text(sk)).send().await.unwrap();
    }
}

fn error(code: &str) -> Found {
    (code.to_owned(), "error".to_owned())
}

fn warning(code: &str) -> Found {
    (code.to_owned(), "warning".to_owned())
}
