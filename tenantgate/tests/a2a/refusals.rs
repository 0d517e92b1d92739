//! Who is refused learns so as an error of the protocol, and the agent learns nothing.

use serde_json::{Value, json};

use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_agent_is_an_error_that_the_client_raises() {
    let Some(mut stage) = Stage::real().await else { return };
    for (caller, path) in [("carol", "/support"), ("alice", "/billing"), ("bob", "/billing")] {
        for form in FORMS {
            for step in [
                json!({"do": "send", "text": "hello", "path": path}),
                json!({"do": "get", "task": "4c1f7f6e-3f1e-4b9e-8d57-0c7f3f0d7a11", "path": path}),
                json!({"do": "stream", "text": "hello", "path": path}),
            ] {
                let refused = stage.step(caller, form, step).await;
                let message = refused.error()["message"].as_str().unwrap();
                // The client says so of a status, and then has not read the error that came with it.
                assert!(form.binding != "JSONRPC" || !message.starts_with("HTTP Error"), "{form:?}: {refused:?}");
            }
        }
        let call = json!({"jsonrpc": "2.0", "id": "seven", "method": "SendMessage", "params": {
            "message": {"messageId": "m", "role": "ROLE_USER", "parts": [{"text": "hello"}]}}});
        let headers = json!({"content-type": "application/json", "a2a-version": "1.0"});
        let raw = json!({"do": "raw", "method": "POST", "path": path, "body": call.to_string(), "headers": headers});
        let refused = stage.step(caller, FORMS[0], raw).await;
        let error: Value = serde_json::from_str(refused.ok()["body"].as_str().unwrap()).unwrap();
        assert_eq!((&error["jsonrpc"], &error["id"]), (&json!("2.0"), &json!("seven")), "{error}");
        assert!(error["error"]["code"].is_i64() && error["error"]["message"].is_string(), "{error}");
        assert!(error.get("result").is_none(), "{error}");
    }
    assert_eq!(stage.arrived().await, 0);
    stage.still_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_without_a_binding_leads_nowhere() {
    let Some(mut stage) = Stage::real().await else { return };
    for path in [
        "/",
        "/nowhere",
        "/nowhere/support",
        "/supporter",
        "/Support",
        "//support",
        "/support%2f",
        "/support//tasks",
        "/support;v=1/tasks",
        "/support/%2e%2e/billing",
        "/%73upport",
    ] {
        for method in ["GET", "POST"] {
            let raw = json!({"do": "raw", "method": method, "path": path, "body": "{}"});
            let refused = stage.step("bob", FORMS[0], raw).await;
            let status = refused.ok()["status"].as_u64().unwrap();
            assert!((400..500).contains(&status), "{method} {path}: {refused:?}");
        }
    }
    assert_eq!(stage.arrived().await, 0);
    stage.still_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_without_a_good_token_gets_nowhere() {
    let Some(mut stage) = Stage::real().await else { return };
    let forged = format!("{}x", stage.token("bob"));
    for token in [String::new(), "Bearer".to_owned(), format!("Bearer {forged}"), "Basic Ym9iOmJvYg==".to_owned()] {
        for form in FORMS {
            for step in ["card", "extended", "send", "list"] {
                let step = json!({"do": step, "text": "hello", "headers": {"authorization": token}});
                if !(step["do"] == "list" && form.version == "0.3") {
                    stage.step("bob", form, step).await.error();
                }
            }
        }
    }
    assert_eq!(stage.arrived().await, 0);
    stage.still_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_of_the_protocol_does_not_arrive() {
    let Some(mut stage) = Stage::real().await else { return };
    for (method, path, body) in [
        ("POST", "/support", "{"),
        ("POST", "/support", "[]"),
        ("POST", "/support", r#"{"jsonrpc":"2.0","id":1,"method":"agent/reboot"}"#),
        ("POST", "/support", r#"{"jsonrpc":"2.0","id":1,"method":"SendMessage","method":"GetTask","params":{}}"#),
        ("POST", "/support/message:send", "not JSON"),
        ("PUT", "/support/message:send", "{}"),
        ("PATCH", "/support", "{}"),
        ("GET", "/support/.requests", ""),
    ] {
        let raw = json!({"do": "raw", "method": method, "path": path, "body": body,
                         "headers": {"content-type": "application/json", "a2a-version": "1.0"}});
        let refused = stage.step("bob", FORMS[0], raw).await;
        let (status, body) = (&refused.ok()["status"], refused.ok()["body"].as_str().unwrap());
        assert!(status.as_u64().unwrap() >= 400 || body.contains("\"error\""), "{method} {path}: {refused:?}");
    }
    assert_eq!(stage.arrived().await, 0);
    stage.still_works().await;
}
