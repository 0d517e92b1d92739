//! What an exchange costs at the table, once route and caller are known: docs/agents.md has the numbers.

use serde_json::{Value, json};

use crate::stage::{FORMS, Form, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_writes_one_item_where_its_answer_needs_that_and_reads_one() {
    for (unknown, tasks) in [("BLOCK", "OFF"), ("STRICTEST", "OFF"), ("BLOCK", "RECORD"), ("STRICTEST", "RECORD")] {
        let settings = json!({"registry": {"cacheTtlMs": 300_000, "tasks": tasks}, "http": {"unknownCaller": unknown}});
        let Some(mut stage) = Stage::with(settings).await else { return };
        // acme has redactions, globex none.
        for caller in ["alice", "bob"] {
            let are_kept = unknown == "BLOCK" || tasks == "RECORD" || caller == "alice";
            let kept: &[&str] = if are_kept { &["PutItem"] } else { &[] };
            // A conversation, and a task.
            let (claimed, recorded): (&[&str], &[&str]) = match tasks {
                "RECORD" => (&[CONTEXT, "PutItem"], &[CONTEXT, "PutItem", "PutItem"]),
                _ => (&[CONTEXT], &[CONTEXT]),
            };
            for form in FORMS {
                for wish in ["card", "hello"] {
                    // The second one knows route, caller and baseline.
                    stage.operations_of(caller, form, &step(wish)).await;
                }
                let mut steps = vec![
                    (step("card"), &["PutItem"][..], &[CONTEXT][..]),
                    (step("extended"), &["PutItem"], &[CONTEXT]),
                    (step("hello"), kept, claimed),
                    (step("task"), kept, recorded),
                ];
                // A stream goes past RESPONSE, if it may be; an error in its place does not.
                let (streamed, sent) =
                    (json!({"do": "stream", "text": "hello"}), if caller == "bob" { kept } else { &[] });
                steps.push((streamed, sent, &[]));
                if tasks == "RECORD" {
                    let task = stage.lasting_task(caller, form).await;
                    steps.push((json!({"do": "get", "task": task}), &["BatchGetItem 1", "PutItem"], &[CONTEXT]));
                }
                for (step, request, response) in steps {
                    let [asked, answered] = stage.operations_of(caller, form, &step).await;
                    let place = format!("{unknown}, {tasks}, {caller}, {form:?}: {step}");
                    assert_eq!(asked, request, "{place}");
                    assert_eq!(answered, response, "{place}");
                }
            }
        }
        let lengths = stage.table().context_lengths().await;
        assert!(!lengths.is_empty() && lengths.iter().all(|length| *length <= WRITE_UNIT_BYTES), "{lengths:?}");
    }
}

impl Stage {
    async fn operations_of(&mut self, caller: &str, form: Form, step: &Value) -> [Vec<String>; 2] {
        self.take_operations();
        self.step(caller, form, step.clone()).await;
        self.take_operations()
    }
}

fn step(wish: &str) -> Value {
    match wish {
        "card" | "extended" => json!({"do": wish}),
        text => json!({"do": "send", "text": text}),
    }
}

/// The strongly consistent read of the decision context.
const CONTEXT: &str = "BatchGetItem 1";

const WRITE_UNIT_BYTES: usize = 1024;
