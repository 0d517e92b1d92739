//! Push notifications go to addresses that the tenant's policy names, and to no private ones.

use serde_json::json;

use crate::stage::{FORMS, Form, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_push_address_that_is_not_allowed_never_arrives() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        let task = stage.lasting_task("alice", form).await;
        let before = stage.arrived().await;
        for address in REFUSED {
            let set = stage.step("alice", form, json!({"do": "push-set", "task": task, "push": address})).await;
            set.error();
            let sent = json!({"do": "send", "text": "task", "push": address});
            stage.step("alice", form, sent).await.error();
        }
        assert_eq!(stage.arrived().await, before, "{form:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allowed_push_address_can_be_set_read_and_deleted() {
    let Some(mut stage) = Stage::real().await else { return };
    for (caller, address) in [("alice", "https://hooks.acme.example/a"), ("bob", "https://hooks.globex.example/b")] {
        for form in FORMS {
            let task = stage.lasting_task(caller, form).await;
            let set = stage.step(caller, form, json!({"do": "push-set", "task": task, "push": address})).await;
            assert_eq!(set.ok()["url"], address, "{caller}, {form:?}");
            let got = stage.step(caller, form, json!({"do": "push-get", "task": task})).await;
            assert_eq!(got.ok()["url"], address, "{caller}, {form:?}");
            if form != (Form { binding: "HTTP+JSON", version: "0.3" }) {
                let list = stage.step(caller, form, json!({"do": "push-list", "task": task})).await;
                assert_eq!(list.ok()["configs"][0]["url"], address, "{caller}, {form:?}");
                stage.step(caller, form, json!({"do": "push-delete", "task": task})).await.ok();
            }
            let sent = json!({"do": "send", "text": "task", "push": address});
            stage.step(caller, form, sent).await.task();
        }
    }
}

/// Not on acme's list, or made to look as if they were; private ones among them.
const REFUSED: [&str; 10] = [
    "https://elsewhere.example/a",
    "https://hooks.globex.example/a",
    "http://hooks.acme.example/a",
    "https://hooks.acme.example.evil.example/a",
    "https://hooks.acme.example@evil.example/a",
    "https://hooks.acme.example:secret@169.254.169.254/a",
    "https://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1/hooks.acme.example/a",
    "https://[::ffff:10.0.0.1]/a",
    "file:///etc/passwd",
];
