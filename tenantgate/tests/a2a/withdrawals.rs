//! What was withdrawn while the agent worked on its answer counts for that answer.

use serde_json::{Value, json};

use crate::parts::CANARIES;
use crate::registry::{globex, member};
use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_between_request_and_response_gets_no_answer() {
    let Some(mut stage) = Stage::with(json!({"registry": {"cacheTtlMs": 0}})).await else { return };
    let member = |status| ("members.json", json!([member("bob", "globex", status)]));
    let tenant = |status| ("tenants.json", json!([{"tenantId": "globex", "status": status, "policyId": "POL-GLOBEX"}]));
    for form in FORMS {
        for change in [member as fn(&'static str) -> (&'static str, Value), tenant] {
            for wish in ["hello", "task"] {
                let step = json!({"do": "send", "text": wish});
                stage.step("bob", form, step.clone()).await.ok();
                let (before, table) = (stage.arrived().await, stage.table());
                let (name, document) = change("SUSPENDED");
                stage.gateway.between(async move { table.load(name, document).await });
                let withheld = stage.step("bob", form, step.clone()).await.error().to_string();
                assert_eq!(stage.arrived().await, before + 1, "{form:?}");
                let expected =
                    if form.binding == "JSONRPC" { "the caller is not authorized" } else { "HTTP Error 403" };
                assert!(withheld.contains(expected) && !withheld.contains("A-7"), "{form:?}: {withheld}");
                assert!(stage.gateway.exchanges().pop().unwrap().response_event.is_some(), "{form:?}");
                let (name, document) = change("ACTIVE");
                stage.table().load(name, document).await;
                stage.step("bob", form, step).await.ok();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redaction_that_is_published_between_request_and_response_is_made() {
    let Some(mut stage) = Stage::with(json!({"registry": {"cacheTtlMs": 0}})).await else { return };
    let redactions = json!([{"resources": ["agent:agent:*"], "path": "$..ssn", "action": "MASK"}]);
    for form in FORMS {
        let (table, policy) = (stage.table(), globex(redactions.clone()));
        stage.gateway.between(async move { table.load("policies/globex.json", policy).await });
        let said = stage.step("bob", form, json!({"do": "send", "text": "hello"})).await;
        let text = said.ok().to_string();
        assert!(text.contains("A-7") && text.contains(CANARIES[0]) && !text.contains(CANARIES[1]), "{form:?}: {text}");
        stage.table().load("policies/globex.json", globex(json!([]))).await;
    }
}
