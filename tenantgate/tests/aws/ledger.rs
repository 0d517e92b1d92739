//! A registry with something of everything that a report tells, hostile texts included.

use std::path::PathBuf;

use policy_model::TenantId;
use policy_registry::admin;
use policy_registry::operate::Operator;
use serde_json::{Value, json};
use tenantgate::client;
use tenantgate::embedded::EmbeddedDynamoDb;

use crate::command::{Desk, Ended};

/// What somebody might write in the place of a reason, a role or a comment.
pub(crate) const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=harmed=1>|`&lt;";

/// The registry, and a folder for reports.
pub(crate) struct Ledger {
    pub(crate) desk: Desk,
    database: EmbeddedDynamoDb,
}

impl Ledger {
    pub(crate) async fn new() -> Ledger {
        let database = EmbeddedDynamoDb::start().await.unwrap();
        let ledger = Ledger { desk: Desk::new("http://127.0.0.1:1", "eu-west-1"), database };
        let client = client::client(&client::configuration(Some(ledger.database.endpoint_url())).await);
        admin::create_table(&client, "tenantgate-registry").await.unwrap();
        ledger.write_folder();
        admin::load(&client, "tenantgate-registry", &ledger.desk.path("registry")).await.unwrap();
        let operator = ledger.operator().await;
        operator.suspend_tenant(&TenantId::parse("initech").unwrap(), Some(HOSTILE)).await.unwrap();
        ledger
    }

    /// Somebody who changes it.
    pub(crate) async fn operator(&self) -> Operator {
        let client = client::client(&client::configuration(Some(self.database.endpoint_url())).await);
        Operator::new(client, "tenantgate-registry", HOSTILE).unwrap()
    }

    fn write_folder(&self) {
        let folder = self.desk.path("registry");
        std::fs::create_dir_all(folder.join("policies")).unwrap();
        let put = |name: &str, value: Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
        let rule = |id: &str, effect: &str, resources: &[&str], more: Value| {
            let mut rule = json!({"ruleId": id, "effect": effect, "resourceType": "TOOL", "resources": resources});
            rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            rule
        };
        let clerk = json!({"principals": {"roles": ["clerk", HOSTILE]}});
        let acme = json!([
            rule("READ", "ALLOW", &["agent:tool:orders___get", "agent:tool:orders___list"], json!({})),
            rule(
                "REFUND",
                "ALLOW",
                &["agent:tool:orders___refund"],
                json!({"principals": {"roles": ["clerk", HOSTILE]},
                "conditions": [{"path": "$.arguments.amount", "operator": "LESS_THAN", "value": 100}]})
            ),
            rule("CRM", "ALLOW", &["agent:tool:crm___*"], json!({})),
            rule("OLD", "ALLOW", &["agent:tool:legacy___export"], json!({"scopes": ["legacy"]})),
        ]);
        let globex = json!([
            rule("ALL", "ALLOW", &["agent:tool:*"], clerk),
            rule("NO-CRM", "DENY", &["agent:tool:crm___delete"], json!({"reason": HOSTILE}))
        ]);
        for (tenant, rules) in
            [("acme", &acme), ("twin-1", &acme), ("twin-2", &acme), ("globex", &globex), ("initech", &globex)]
        {
            put(
                &format!("policies/{tenant}.json"),
                json!({"policyId": format!("POL-{tenant}"), "tenantId": tenant, "rules": rules}),
            );
        }
        let denied = json!([rule("NO-DROP", "DENY", &["agent:tool:orders___drop"], json!({"reason": HOSTILE}))]);
        put("policies/all.json", json!({"policyId": "POL-ALL", "tenantId": "*", "rules": denied}));
        let tenant = |id: &str| json!({"tenantId": id, "status": "ACTIVE", "policyId": format!("POL-{id}")});
        put("tenants.json", json!(["acme", "twin-1", "twin-2", "globex", "initech"].map(tenant)));
        put("members.json", json!([]));
    }

    /// Makes the page, with audit lines and tools.
    pub(crate) async fn page(&self, more: &[&str]) -> PathBuf {
        let ended = self
            .report(&[&["--out", "report.html", "--audit", "audit.jsonl", "--tools", "tools.json"], more].concat())
            .await;
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{ended:?}");
        self.desk.path("report.html")
    }

    pub(crate) async fn report(&self, more: &[&str]) -> Ended {
        let line = |time: &str, tool: &str, rule: &str, policy: &str| json!({"timestamp": time, "level": "INFO", "target": "tenantgate::audit", "tenant": "acme", "tool": tool, "effect": "ALLOW", "ruleId": rule, "policyId": policy});
        let lines = [
            line("2026-11-20T08:00:00Z", "orders___get", "READ", "POL-twin-1"),
            line("2026-11-21T08:00:00Z", "orders___refund", "REFUND", "POL-acme"),
            line("2026-11-22T08:00:00Z", "search___find", "ALL", "POL-globex"),
            line("2026-11-22T09:00:00Z", HOSTILE, "ALL", "POL-globex"),
        ];
        self.desk.put("audit.jsonl", lines.map(|line| line.to_string()).join("\n"));
        self.desk.put(
            "tools.json",
            json!({"result": {"tools": [{"name": "orders___drop"}, {"name": "crm___delete"}, {"name": HOSTILE}]}})
                .to_string(),
        );
        let url = self.database.endpoint_url();
        self.desk.run_bare(&[&["report", "--endpoint-url", url], more].concat()).await
    }
}
