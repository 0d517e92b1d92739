//! The verified tenant context in the metadata of a message, where an agent finds it that sees no headers.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::headers::values;
use crate::stage::{FORMS, Form, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_finds_a_context_that_verifies_whatever_the_caller_wrote_there() {
    let signer = Signer::new();
    let Some(mut stage) = Stage::with(signer.settings()).await else { return };
    let mut others = String::from("forged");
    for (caller, tenant) in [("alice", "acme"), ("bob", "globex")] {
        for form in FORMS {
            for metadata in [
                json!({}),
                json!({"metadata": {"note": "kept"}}),
                json!({"metadata": {"note": "kept", NAME: others}}),
                json!({"metadata": {"note": "kept", NAME: {"tenant": "globex"}}}),
                json!({"requestMetadata": {"note": "kept", NAME: others}}),
                json!({"metadata": {NAME: others}, "requestMetadata": {NAME: others}}),
            ] {
                let mut step = metadata.clone();
                step["do"] = "send".into();
                step["text"] = "hello".into();
                let said = stage.step(caller, form, step).await;
                let seen = seen(said.ok());
                let token = seen["messageMetadata"][NAME].as_str().unwrap();
                signer.check(token, caller, tenant);
                for place in ["metadata", "requestMetadata"] {
                    let echoed = &seen[if place == "metadata" { "messageMetadata" } else { place }];
                    assert_eq!(echoed.get("note"), metadata[place].get("note"), "{form:?}: {seen}");
                }
                assert!(seen["requestMetadata"].get(NAME).is_none(), "{form:?}: {seen}");
                let arrived = stage.agent.requests().await.pop().unwrap();
                assert_eq!(arrived["body"].as_str().unwrap().matches(NAME).count(), 1, "{form:?}: {arrived}");
                assert_eq!(values(&arrived, HEADER), [token], "{form:?}");
            }
        }
        let said = stage.step(caller, FORMS[0], json!({"do": "send", "text": "hello"})).await;
        seen(said.ok())["messageMetadata"][NAME].as_str().unwrap().clone_into(&mut others);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_could_be_taken_for_it_is_refused() {
    let signer = Signer::new();
    let Some(mut stage) = Stage::with(signer.settings()).await else { return };
    for form in FORMS {
        for place in ["metadata", "requestMetadata"] {
            for name in
                ["Tenant_Context", "tenant-context", "tenant_context ", "TENANTCONTEXT", "tenant\u{200b}_context"]
            {
                stage.step("bob", form, json!({"do": "send", "text": "hello", place: {name: "forged"}})).await.error();
            }
        }
    }
    assert_eq!(stage.arrived().await, 0);
    stage.still_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_message_carries_it_in_the_header_alone() {
    let signer = Signer::new();
    let Some(mut stage) = Stage::with(signer.settings()).await else { return };
    for form in FORMS {
        let Form { version, .. } = form;
        let task = stage.lasting_task("bob", form).await;
        for step in [json!({"do": "card"}), json!({"do": "get", "task": task}), json!({"do": "cancel", "task": task})] {
            stage.step("bob", form, step.clone()).await.ok();
            let arrived = stage.agent.requests().await.pop().unwrap();
            signer.check(values(&arrived, HEADER)[0], "bob", "globex");
            assert!(!arrived["body"].as_str().unwrap().contains(NAME), "{version}, {step}: {arrived}");
        }
    }
}

/// What the agent says that it saw.
fn seen(answer: &Value) -> &Value {
    let parts = answer["message"]["parts"].as_array().unwrap();
    parts.iter().find_map(|part| part["data"].get("seen")).unwrap()
}

/// The key that signs, and what receivers know of it.
struct Signer {
    keys: Folder,
    context: Folder,
    jwks: String,
}

impl Signer {
    fn new() -> Signer {
        let (keys, context) = (Folder::new("keys"), Folder::new("context"));
        let path = keys.path("key.pem").display().to_string();
        assert_eq!(keys.run(&["generate", "--out", &path]).code, 0);
        let mut signer = Signer { keys, context, jwks: String::new() };
        let settings = signer.keys.put("settings.json", signer.settings().to_string());
        let published = signer.keys.run(&["jwks", "--settings", &settings]);
        assert_eq!((published.code, published.err.as_str()), (0, ""));
        signer.jwks = signer.context.put("jwks.json", published.out);
        signer
    }

    fn settings(&self) -> Value {
        let key = self.keys.path("key.pem");
        json!({"tenantContext": {"issuer": ISSUER, "keys": [{"kid": "one", "file": key}],
                                 "targets": {"support": {"audience": AUDIENCE, "metadata": NAME}}}})
    }

    /// That a receiver believes a token to be about this caller.
    fn check(&self, token: &str, user: &str, tenant: &str) {
        let arguments = ["verify", "--jwks", &self.jwks, "--issuer", ISSUER, "--audience", AUDIENCE, "--json"];
        let ended = self.context.run_with(&arguments, token.as_bytes());
        let said: Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!((ended.code, &said["verified"]), (0, &json!(true)), "{said}");
        assert_eq!((&said["claims"]["sub"], &said["claims"]["tenant"]), (&json!(user), &json!(tenant)));
    }
}

const ISSUER: &str = "https://tenantgate.example/test";

const AUDIENCE: &str = "https://support.example";

const NAME: &str = "tenant_context";

const HEADER: &str = "x-amzn-bedrock-agentcore-runtime-custom-tenant-context";
