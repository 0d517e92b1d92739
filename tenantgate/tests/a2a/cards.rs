//! An agent's card shows the skills that its reader may use.

use serde_json::{Value, json};

use crate::stage::{FORMS, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn both_cards_show_the_allowed_skills_alone() {
    let Some(mut stage) = Stage::real().await else { return };
    for (caller, skills) in [("alice", &["lookup", "audit"][..]), ("bob", &["lookup", "refund", "audit"])] {
        for form in FORMS {
            for (step, name) in [("card", "support"), ("extended", "support, extended")] {
                let card = stage.step(caller, form, json!({"do": step})).await;
                assert_eq!(card.ok()["name"], name, "{caller}, {form:?}");
                assert_eq!(ids(card.ok()), skills, "{caller}, {form:?}, {step}");
                let said = card.ok().to_string().contains("refund");
                assert_eq!(said, skills.contains(&"refund"), "{caller}, {form:?}: {card:?}");
            }
        }
        let raw = json!({"do": "raw", "method": "GET", "path": "/support/.well-known/agent-card.json"});
        let raw = stage.step(caller, FORMS[0], raw).await;
        let card: Value = serde_json::from_str(raw.ok()["body"].as_str().unwrap()).unwrap();
        assert_eq!(ids(&card), skills, "{caller}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_finds_the_agent_by_its_filtered_card_can_talk_to_it() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        let said = stage.step("alice", form, json!({"do": "send", "text": "hello", "discover": true})).await;
        assert_eq!(said.ok()["message"]["role"], "ROLE_AGENT", "{form:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_may_not_use_the_agent_sees_no_card() {
    let Some(mut stage) = Stage::real().await else { return };
    for form in FORMS {
        for step in ["card", "extended"] {
            let refused = stage.step("carol", form, json!({"do": step})).await;
            assert!(!refused.error().to_string().contains("lookup"), "{form:?}: {refused:?}");
        }
    }
    assert_eq!(stage.arrived().await, 0);
    stage.still_works().await;
}

fn ids(card: &Value) -> Vec<&str> {
    card["skills"].as_array().unwrap().iter().map(|skill| skill["id"].as_str().unwrap()).collect()
}
