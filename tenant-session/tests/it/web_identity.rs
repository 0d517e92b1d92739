//! The user's own token goes to AWS, and says there what the registry says here, or nothing goes.

use serde_json::{Value, json};
use tenant_session::exchange::ExchangeMode;

use crate::signer::claims;
use crate::stage::Stage;
use crate::sts::Answers;

const TAGS: &str = "https://aws.amazon.com/tags";

fn tagged(subject: &str, tenant: &str, tag: &str) -> Value {
    let mut claims = claims(subject, tenant);
    claims[TAGS] = json!({"principal_tags": {"TenantID": [tag]}, "transitive_tag_keys": ["TenantID"]});
    claims
}

#[tokio::test]
async fn the_users_token_is_exchanged_without_credentials_of_ours() {
    let stage = Stage::with(ExchangeMode::WebIdentity, |_| ()).await;
    let token = stage.signer.sign(&tagged("alice", "acme", "acme"));
    let opened = stage.open(&token).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let asked = stage.sts.asked();
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(asked.form["Action"], "AssumeRoleWithWebIdentity");
    assert_eq!(asked.form["WebIdentityToken"], token);
    assert!(!asked.is_signed && !asked.form.keys().any(|name| name.starts_with("Tags")), "{asked:?}");
    let session = opened.body["authorizationToken"].as_str().unwrap();
    assert_eq!(stage.fetch(session).await.body["AccessKeyId"], "ASIA1");
}

#[tokio::test]
async fn a_token_that_asks_aws_for_something_else_never_gets_there() {
    let stage = Stage::with(ExchangeMode::WebIdentity, |_| ()).await;
    let mut more = tagged("alice", "acme", "acme");
    more[TAGS]["principal_tags"]["Admin"] = json!(["yes"]);
    let mut lost = tagged("alice", "acme", "acme");
    lost[TAGS]["transitive_tag_keys"] = json!([]);
    for (what, claims) in [
        ("no tags", claims("alice", "acme")),
        ("another tenant", tagged("alice", "acme", "globex")),
        ("another tag", more),
        ("not transitive", lost),
    ] {
        let answer = stage.open(&stage.signer.sign(&claims)).await;
        assert_eq!(answer.status, 403, "{what}");
    }
    // Also where good credentials of the same user are remembered.
    assert_eq!(stage.open(&stage.signer.sign(&tagged("alice", "acme", "acme"))).await.status, 201);
    assert_eq!(stage.open(&stage.signer.sign(&tagged("alice", "acme", "globex"))).await.status, 403);
    assert_eq!(stage.sts.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_for_another_user_is_not_used() {
    let stage = Stage::with(ExchangeMode::WebIdentity, |_| ()).await;
    stage.sts.answers(Answers::Changed(">alice<", ">bob<"));
    assert_eq!(stage.open(&stage.signer.sign(&tagged("alice", "acme", "acme"))).await.status, 503);
}
