//! Whose call it is stands on every request that arrives, and no caller can say it.

use serde_json::{Value, json};

use crate::stage::{FORMS, Stage};

/// The values of a header that arrived, in whichever spelling of its name.
pub(crate) fn values<'a>(request: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = request["headers"].as_array().unwrap().iter().map(|pair| (pair[0].as_str().unwrap(), &pair[1]));
    let same = headers.filter(|(spelling, _)| spelling.to_lowercase().replace('_', "-") == name);
    same.map(|(_, value)| value.as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_that_arrives_carries_its_caller_and_none_can_be_forged() {
    let Some(mut stage) = Stage::real().await else { return };
    let forged = [
        json!({}),
        json!({"x-tenant-id": "globex"}),
        json!({"X_Tenant_Id": "globex"}),
        json!({"x-tenant-id": "initech", "X_TENANT_ID": "initech", "x-user-id": "root"}),
        json!({"x-agent-name": "billing", "x-app-id": "other", "x-route-binding-id": "billing-a2a"}),
    ];
    for (caller, tenant) in [("alice", "acme"), ("bob", "globex")] {
        for form in FORMS {
            let before = stage.arrived().await;
            for headers in &forged {
                for step in [json!({"do": "card"}), json!({"do": "send", "text": "hello"}), json!({"do": "extended"})] {
                    let mut step = step;
                    step["headers"] = headers.clone();
                    stage.step(caller, form, step).await;
                }
            }
            let arrived = stage.agent.requests().await;
            let arrived = &arrived[before..];
            assert!(arrived.len() >= 3, "{caller}, {form:?}: {arrived:?}");
            for request in arrived {
                for (name, expected) in [
                    ("x-tenant-id", tenant),
                    ("x-user-id", caller),
                    ("x-agent-name", "support"),
                    ("x-app-id", "helpdesk"),
                    ("x-route-binding-id", "support-a2a"),
                ] {
                    assert_eq!(values(request, name), [expected], "{form:?}: {name} of {request}");
                }
                assert!(!request.to_string().contains(stage.token(caller)), "the token stays here: {request}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_needs_otherwise_still_arrives() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        let step = json!({"do": "send", "text": "hello", "metadata": {"note": "kept"}});
        let said = stage.step("bob", form, step).await;
        let parts = said.ok()["message"]["parts"].as_array().unwrap();
        let seen = parts.iter().find_map(|part| part["data"].get("seen")).unwrap();
        assert_eq!(seen["messageMetadata"]["note"], "kept", "{form:?}");
        assert_eq!(seen["headers"]["x-tenant-id"], "globex", "{form:?}");
        let version = seen["headers"].get("a2a-version").and_then(Value::as_str);
        assert_eq!(version, Some(form.version), "{form:?}");
    }
}
