//! `tenantgate report` in Markdown and in numbers: what is told, and how it ends.

use policy_model::TenantId;
use policy_registry::operate::KillTarget;
use serde_json::json;

use crate::command::Desk;
use crate::ledger::{HOSTILE, Ledger};

#[tokio::test(flavor = "multi_thread")]
async fn markdown_tells_the_same_and_no_text_leaves_its_place() {
    let ledger = Ledger::new().await;
    let ended = ledger.report(&["--format", "markdown", "--audit", "audit.jsonl", "--tools", "tools.json"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    let out = &ended.out;
    for line in [
        "**5 tenants, 1 suspended, 0 stops in force, 2 different policies, 2 wide grants, ",
        "**Suspended**: `initech`",
        "| tool | `acme` and 2 more | `globex` | `initech` (stopped) |",
        "| `orders___get` | **yes** | if | no |",
        "| `orders___drop` | no | no | no |",
        "| `crm___(any other)` | **yes** | if | no |",
        "| `all of target crm` | **everybody** | `acme, twin-1, twin-2` | `CRM` |",
        "settled nothing in 4 audit lines, `2026-11-20T08:00:00Z` to `2026-11-22T09:00:00Z`",
        "| `OLD` | ALLOW | `agent:tool:legacy___export` | `acme, twin-1, twin-2` |",
        "| `NO-DROP` | DENY | `agent:tool:orders___drop` | `the baseline` |",
        "TENANT_SUSPENDED",
        "`POL-ALL`, never published, 1 rules",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    assert!(!out.contains("| `READ` |") && !out.contains("| `REFUND` |"), "{out}");
    let told: Vec<&str> = out.lines().filter(|line| line.contains("alert(1)")).collect();
    assert!(!told.is_empty());
    for line in told {
        // Fences are longer than what is between them, and cells end where they should.
        let outside = line.split("``").step_by(2).collect::<String>();
        assert!(!outside.contains("alert"), "{line}");
        assert!(line.replace("\\|", "").split('|').count() <= 7, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_operators_stopped_is_told_and_decided() {
    let ledger = Ledger::new().await;
    let operator = ledger.operator().await;
    operator.kill(&KillTarget::Tool { tool: "crm___*".to_owned(), tenant: None }, HOSTILE).await.unwrap();
    let twin = TenantId::parse("twin-1").unwrap();
    operator.kill(&KillTarget::Tenant(twin), "leaked key").await.unwrap();
    let ended = ledger.report(&["--format", "markdown", "--tools", "tools.json"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    for line in [
        "2 stops in force",
        "**Stopped**: `agent:tool:crm___*`",
        "**Stopped**: `tenant twin-1` (`leaked key`)",
        "| tool | `acme` and 1 more | `globex` | `initech` (stopped) | `twin-1` (stopped) |",
        "| `crm___delete` | no | no | no | no |",
        "| `orders___get` | **yes** | if | no | no |",
    ] {
        assert!(ended.out.contains(line), "{line}\n{}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_told_like_the_registry_it_would_become() {
    let ledger = Ledger::new().await;
    let ended = ledger.desk.run_bare(&["report", "--registry", "registry", "--format", "markdown"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("| tool | `acme` and 2 more | `globex` and 1 more |"), "{}", ended.out);
    assert!(ended.out.contains("not looked at: no audit lines were given"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_registry_is_told_in_groups_and_what_is_left_out_is_said() {
    let desk = Desk::new("http://127.0.0.1:1", "eu-west-1");
    let folder = desk.path("registry");
    std::fs::create_dir_all(folder.join("policies")).unwrap();
    let put = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    let tenants: Vec<String> = (0..700).map(|number| format!("t{number:03}")).collect();
    let shared: Vec<String> = (0..160).map(|number| format!("agent:tool:shared___tool{number}")).collect();
    for (number, tenant) in tenants.iter().enumerate() {
        // Half of them have one policy, each other one of its own.
        let role = if number % 2 == 0 { "clerk".to_owned() } else { format!("clerk-{number}") };
        let rules = json!([{"ruleId": "R", "effect": "ALLOW", "resourceType": "TOOL", "resources": shared, "principals": {"roles": [role]}}]);
        put(
            &format!("policies/{tenant}.json"),
            json!({"policyId": format!("POL-{tenant}"), "tenantId": tenant, "rules": rules}).to_string(),
        );
    }
    let listed: Vec<_> =
        tenants.iter().map(|id| json!({"tenantId": id, "status": "ACTIVE", "policyId": format!("POL-{id}")})).collect();
    put("tenants.json", json!(listed).to_string());
    put("members.json", "[]".to_owned());
    let ended = desk.run_bare(&["report", "--registry", "registry", "--out", "report.html"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    let page = desk.read("report.html").unwrap();
    assert!(page.contains("t000 and 349 more"), "tenants of one policy share a row");
    assert!(page.contains("10 tools left out of the matrix") && page.contains("51 groups of tenants left out"));
    assert!(page.len() < 4_000_000, "{}", page.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_files_that_cannot_be_read_end_with_2() {
    let ledger = Ledger::new().await;
    ledger.desk.put("none.jsonl", "{}\n");
    ledger.desk.put("no-tools.json", "{}");
    for arguments in [
        &[][..],
        &["--format", "markdown", "--audit", "missing.jsonl"],
        &["--format", "markdown", "--audit", "none.jsonl"],
        &["--format", "markdown", "--tools", "no-tools.json"],
        &["--format", "markdown", "--registry", "missing"],
        &["--format", "markdown", "--registry", "registry", "--file", "x.db"],
        &["--format", "pdf"],
        &["--format", "markdown", "--days", "0"],
    ] {
        let ended = ledger.desk.run_bare(&[&["report"], arguments].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {ended:?}");
    }
    let unreachable =
        ledger.desk.run_bare(&["report", "--format", "markdown", "--endpoint-url", "http://127.0.0.1:1"]).await;
    assert_eq!((unreachable.code, unreachable.out.as_str()), (1, ""), "{unreachable:?}");
}
