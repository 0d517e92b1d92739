//! An AWS STS that is slow, refuses, or answers something else than it was asked.

use std::time::Duration;

use crate::stage::Stage;
use crate::sts::{Answers, expiration};

/// Nothing is given for such an answer, and the next good one is used.
async fn check(answers: Answers) {
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let what = format!("{answers:?}");
    stage.sts.answers(answers);
    assert_eq!(stage.open(&token).await.status, 503, "{what}");
    stage.sts.answers(Answers::Good);
    // Another holder is not touched by the failure.
    assert_eq!(stage.open(&stage.signer.token("bob", "globex")).await.status, 201, "{what}");
    let mut opened = stage.open(&token).await;
    for _ in 0..400 {
        if opened.status == 201 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        opened = stage.open(&token).await;
    }
    assert_eq!(opened.status, 201, "{what}");
}

#[tokio::test]
async fn an_answer_for_another_role_or_session_is_not_used() {
    check(Answers::Changed("assumed-role/tenant-data/", "assumed-role/admin/")).await;
    check(Answers::Changed("tenant-data/tenantgate-", "tenant-data/tenantgate-0")).await;
    check(Answers::Changed(":123456789012:", ":210987654321:")).await;
    check(Answers::Changed("<SourceIdentity>", "<SourceIdentity>x")).await;
}

#[tokio::test]
async fn an_answer_that_is_none_is_not_used() {
    check(Answers::Text("<html>not STS</html>")).await;
    check(Answers::Text("<AssumeRoleResponse><AssumeRoleResult>")).await;
    check(Answers::Text("")).await;
    check(Answers::Changed("<SessionToken>CANARY-session-1</SessionToken>", "<SessionToken></SessionToken>")).await;
}

#[tokio::test]
async fn credentials_that_have_expired_or_outlive_what_was_asked_are_not_used() {
    check(Answers::Expiring("2020-01-01T00:00:00Z".to_owned())).await;
    check(Answers::Expiring(expiration(900 + 301 + 10))).await;
    check(Answers::Expiring("soon".to_owned())).await;
}

#[tokio::test]
async fn a_refusal_of_sts_is_one_of_ours() {
    for (status, code) in
        [(403, "AccessDenied"), (400, "PackedPolicyTooLarge"), (400, "Throttling"), (500, "InternalFailure")]
    {
        check(Answers::Error(status, code)).await;
    }
}

#[tokio::test]
async fn an_sts_that_hangs_is_not_waited_for() {
    let began = std::time::Instant::now();
    check(Answers::Late(Duration::from_secs(60))).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[tokio::test]
async fn short_credentials_are_renewed_and_long_ones_are_kept() {
    let stage = Stage::start().await;
    stage.sts.answers(Answers::Expiring(expiration(4)));
    let session = stage.session("alice", "acme").await;
    let first = stage.fetch(&session).await.body["AccessKeyId"].clone();
    stage.sts.answers(Answers::Good);
    let mut fetched = first.clone();
    for _ in 0..400 {
        fetched = stage.fetch(&session).await.body["AccessKeyId"].clone();
        if fetched != first {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_ne!(fetched, first, "renewed");
    assert_eq!(stage.fetch(&session).await.body["AccessKeyId"], fetched, "kept");
}
