//! After an update: waiting, and telling what is not as it was asked for.

use axum::http::Method;
use serde_json::json;

use crate::attach::{GATEWAY, attach};
use crate::stand_in::{ID, StandIn};

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_takes_its_time_is_waited_for() {
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| {
        world.statuses = ["UPDATING", "UPDATING", "UPDATING", "READY"].into();
        world.stale_reads = 2;
    });
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    // Each step is told once.
    let steps: Vec<&str> = ended.err.lines().collect();
    let step = |what| format!("tenantgate: waiting for the gateway: it is {what}");
    assert_eq!(steps, [step("ready, but shows no update"), step("still UPDATING")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_fails_is_told_with_its_reasons_and_the_way_back() {
    for status in ["FAILED", "UPDATE_UNSUCCESSFUL"] {
        let aws = StandIn::start(GATEWAY).await;
        aws.world(|world| world.statuses = ["UPDATING", status].into());
        let ended = attach(&aws, &["--yes"]).await;
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.out.contains(&format!("NOT READY: it is {status}")), "{}", ended.out);
        let restore = format!(
            "aws bedrock-agentcore-control update-gateway --region eu-west-1 --gateway-identifier {ID} --cli-input-json file://gateway-{ID}.before.json"
        );
        assert!(ended.out.contains(&restore), "{}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_never_ready_is_given_up() {
    for (statuses, stale, words) in [
        (["UPDATING"], 0, "it is still UPDATING after 1 seconds"),
        (["READY"], 1000, "it is ready, but shows no update after 1 seconds"),
    ] {
        let aws = StandIn::start(GATEWAY).await;
        aws.world(|world| {
            world.statuses = statuses.into();
            world.stale_reads = stale;
        });
        let ended = attach(&aws, &["--yes", "--timeout", "1", "--format", "json"]).await;
        assert_eq!(ended.code, 1, "{ended:?}");
        let json = ended.json();
        assert_eq!((&json["state"], &json["trouble"]), (&json!("differs"), &json!(words)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_update_loses_is_told_exactly() {
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| world.loses = vec!["wafConfiguration", "interceptorConfigurations"]);
    let ended = attach(&aws, &["--yes", "--format", "json"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    let json = ended.json();
    let paths: Vec<&str> =
        json["differences"].as_array().unwrap().iter().map(|change| change["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.wafConfiguration", "$.interceptorConfigurations"]);
    assert_eq!(json["differences"][0]["old"], r#"{"failureMode":"FAIL_CLOSE"}"#);
    assert_eq!((&json["state"], &json["trouble"]), (&json!("differs"), &json!(null)));
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| world.loses = vec!["description"]);
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("DIFFERENT") && ended.out.contains("  $.description\n    - "), "{}", ended.out);
    assert!(ended.out.contains("to restore what was there before:\n  aws "), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_may_have_been_made_is_not_sent_twice() {
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| world.faults = [(Method::PUT, 500, "InternalServerException", "{}".to_owned())].into());
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.contains("may be updated all the same") && ended.err.contains("To restore it: aws "),
        "{}",
        ended.err
    );
    let puts = aws.world(|world| world.asked.iter().filter(|asked| asked.starts_with("PUT")).count());
    assert_eq!(puts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_refused_has_changed_nothing() {
    let aws = StandIn::start(GATEWAY).await;
    let said = r#"{"message":"interceptor function is not in this account"}"#;
    aws.world(|world| world.faults = [(Method::PUT, 400, "ValidationException:http://x", said.to_owned())].into());
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 1);
    let words = "the service refuses: ValidationException: interceptor function is not in this account, and nothing was changed";
    assert!(ended.err.contains(words), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_throttled_is_sent_again() {
    let aws = StandIn::start(GATEWAY).await;
    let throttled = || (Method::PUT, 429, "ThrottlingException", "{\"message\":\"slow down\"}".to_owned());
    aws.world(|world| world.faults = [throttled(), throttled()].into());
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    aws.one_put();
}
