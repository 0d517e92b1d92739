//! A task is its tenant's.

use serde_json::json;

use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn no_other_tenant_can_reach_a_task_by_its_id() {
    let Some(mut stage) = Stage::real().await else { return };
    for (owner, other, push) in [
        ("alice", "bob", "https://hooks.globex.example/a"),
        ("bob", "alice", "https://hooks.acme.example/a"),
        ("bob", "carol", "https://hooks.acme.example/a"),
    ] {
        for form in FORMS {
            let task = stage.lasting_task(owner, form).await;
            let before = stage.arrived().await;
            for step in [
                json!({"do": "get", "task": task}),
                json!({"do": "cancel", "task": task}),
                json!({"do": "subscribe", "task": task}),
                json!({"do": "send", "text": "hello", "task": task}),
                json!({"do": "push-set", "task": task, "push": push}),
                json!({"do": "push-get", "task": task}),
            ] {
                stage.step(other, form, step).await.error();
            }
            // It looks like a task that nobody has.
            let nobodys = "4c1f7f6e-3f1e-4b9e-8d57-0c7f3f0d7a11";
            let [refused, unknown] = [task.as_str(), nobodys].map(|task| json!({"do": "get", "task": task}));
            let refused = stage.step(other, form, refused).await.error().to_string();
            let unknown = stage.step(other, form, unknown).await.error().to_string();
            assert_eq!(refused.replace(&task, nobodys), unknown, "{owner}, {other}, {form:?}");
            assert_eq!(stage.arrived().await, before, "{owner}, {other}, {form:?}");
            if form.version == "1.0" && other != "carol" {
                let list = stage.step(other, form, json!({"do": "list"})).await;
                assert!(!list.ok().to_string().contains(&task), "{other}, {form:?}: {list:?}");
                let list = stage.step(owner, form, json!({"do": "list"})).await;
                assert!(list.ok().to_string().contains(&task), "{owner}, {form:?}: {list:?}");
            }
            let own = stage.step(owner, form, json!({"do": "get", "task": task})).await;
            assert_eq!(own.ok()["id"], task.as_str(), "{owner}, {form:?}");
            let cancelled = stage.step(owner, form, json!({"do": "cancel", "task": task})).await;
            assert_eq!(cancelled.ok()["status"]["state"], "TASK_STATE_CANCELED", "{owner}, {form:?}");
        }
    }
}
