//! What the registry says now counts, whatever is remembered of a holder.

use serde_json::json;

use crate::signer::ISSUER;
use crate::stage::{Stage, change_members};

#[tokio::test]
async fn a_member_who_is_suspended_is_given_nothing_more() {
    let stage = Stage::start().await;
    let (alice, bob) = (stage.session("alice", "acme").await, stage.session("bob", "globex").await);
    assert_eq!(stage.fetch(&alice).await.status, 200);
    change_members(&stage.registry, &json!([member("SUSPENDED")])).await;
    let refused = stage.fetch(&alice).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("FORBIDDEN")));
    assert_eq!(stage.open(&stage.signer.token("alice", "acme")).await.status, 403);
    assert_eq!(stage.fetch(&bob).await.status, 200, "and nobody else");
    change_members(&stage.registry, &json!([member("ACTIVE")])).await;
    assert_eq!(stage.fetch(&alice).await.status, 200);
    assert_eq!(stage.sts.asked().len(), 2, "from what was remembered");
}

fn member(status: &str) -> serde_json::Value {
    json!({"issuer": ISSUER, "subject": "alice", "tenantId": "acme", "roles": ["clerk"], "status": status})
}
