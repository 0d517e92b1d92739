//! An agent's own errors reach its client as they would without interceptors, but for what is said in them where that is redacted.

use serde_json::{Value, json};

use crate::interceptors::Interceptors;
use crate::stage::{FORMS, Form, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_agent_is_the_one_that_the_client_raises() {
    let Some(mut stage) = Stage::real().await else { return };
    let Some(mut bare) = Stage::scripted(Interceptors::PASSING).await else { return };
    for form in FORMS {
        let expected = refused_by_the_agent(&mut bare, "alice", form).await;
        let before = stage.arrived().await;
        assert_eq!(refused_by_the_agent(&mut stage, "bob", form).await, expected, "{form:?}");
        let redacted = refused_by_the_agent(&mut stage, "alice", form).await;
        let kinds = |errors: &[Value]| errors.iter().map(|error| error["kinds"].clone()).collect::<Vec<_>>();
        assert_eq!(kinds(&redacted), kinds(&expected), "{form:?}");
        // What programs say of what they do is masked under a path; in this form the client shows nothing of it.
        let is_shown = form != (Form { binding: "HTTP+JSON", version: "0.3" });
        let is_masked = |error: &Value| error["message"] == "****";
        assert_eq!(redacted.iter().all(is_masked), is_shown, "{form:?}: {redacted:?}");
        assert!(is_shown || redacted == expected, "{form:?}: {redacted:?}");
        assert_eq!(stage.arrived().await, before + 2 * (1 + expected.len()), "{form:?}");
    }
}

/// The errors that it makes of what it cannot do with a task that is done, without the task's id and the addresses.
async fn refused_by_the_agent(stage: &mut Stage, caller: &str, form: Form) -> Vec<Value> {
    let done = stage.step(caller, form, json!({"do": "send", "text": "task"})).await;
    let task = done.task().to_owned();
    let mut errors = Vec::new();
    for step in [
        json!({"do": "cancel", "task": task}),
        json!({"do": "send", "text": "hello", "task": task}),
        json!({"do": "push-get", "task": task}),
    ] {
        let mut error = stage.step(caller, form, step).await.error().clone();
        let message = error["message"].as_str().unwrap().replace(&task, "the task").replace(&stage.gateway.url, "");
        error["message"] = message.into();
        errors.push(error);
    }
    errors
}
