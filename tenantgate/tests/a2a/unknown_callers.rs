//! An answer of which nobody knows whose it is.

use serde_json::json;

use crate::parts::CANARIES;
use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_its_decision_context_is_withheld() {
    let Some(mut stage) = Stage::real().await else { return };
    for (caller, form) in ["alice", "bob"].into_iter().flat_map(|caller| FORMS.map(|form| (caller, form))) {
        for step in [json!({"do": "send", "text": "hello"}), json!({"do": "card"}), json!({"do": "extended"})] {
            stage.step(caller, form, step.clone()).await.ok();
            let (before, table) = (stage.arrived().await, stage.table());
            stage.gateway.between(async move { assert_ne!(table.forget().await, 0) });
            let withheld = stage.step(caller, form, step).await.error().to_string();
            assert_eq!(stage.arrived().await, before + 1, "{caller}, {form:?}");
            let exchange = stage.gateway.exchanges().pop().unwrap();
            assert_eq!((exchange.response_event.is_some(), exchange.status), (true, 403), "{caller}, {form:?}");
            assert!(["A-7", "lookup"].iter().all(|said| !withheld.contains(said)), "{caller}, {form:?}: {withheld}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_the_strictest_rules_it_shows_nothing_that_a_detector_finds_no_list_and_no_file() {
    let settings = json!({"http": {"unknownCaller": "STRICTEST"}});
    let Some(mut stage) = Stage::with(settings).await else { return };
    for (caller, form) in ["alice", "bob"].into_iter().flat_map(|caller| FORMS.map(|form| (caller, form))) {
        let table = stage.table();
        stage.gateway.between(async move { assert_ne!(table.forget().await, 0) });
        let said = stage.step(caller, form, json!({"do": "send", "text": "plain"})).await;
        let text = said.ok().to_string();
        assert!(text.contains("A-7"), "{caller}, {form:?}: {text}");
        assert!(!CANARIES.iter().any(|canary| text.contains(canary)), "{caller}, {form:?}: {text}");
        for step in [json!({"do": "card"}), json!({"do": "extended"}), json!({"do": "send", "text": "hello"})] {
            let (before, table) = (stage.arrived().await, stage.table());
            stage.gateway.between(async move { assert_ne!(table.forget().await, 0) });
            let withheld = stage.step(caller, form, step).await.error().to_string();
            assert_eq!(stage.arrived().await, before + 1, "{caller}, {form:?}");
            assert!(["A-7", "lookup"].iter().all(|said| !withheld.contains(said)), "{caller}, {form:?}: {withheld}");
        }
    }
}
