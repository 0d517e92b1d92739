//! Detaching: exactly ours go.

use crate::attach::{GATEWAY, attached, with_interceptor};
use crate::command::Ended;
use crate::stand_in::{ID, REQUEST, RESPONSE, StandIn, with};

async fn detach(aws: &StandIn, more: &[&str]) -> Ended {
    let arguments = ["gateway", "detach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE];
    aws.desk.run(&[&arguments, more].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_ours_gone_the_field_is_gone_and_all_else_is_there() {
    let aws = StandIn::start(&attached()).await;
    let ended = detach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!aws.one_put().contains("interceptorConfigurations") && aws.one_put().contains("l\\u00e4ngs \\/ quer"));
    assert!(ended.out.contains("open to whoever passes the authorizer"), "{}", ended.out);
    assert!(aws.desk.read(&format!("gateway-{ID}.before.json")).unwrap().contains(REQUEST));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_stays_byte_for_byte() {
    let other = r#"{ "interceptor":{"lambda":{"arn":"arn:aws:lambda:eu-west-1:123456789012:function:audit"}}, "interceptionPoints":["REQUEST"],"new":1.0 }"#;
    let ours = format!(r#"{{"interceptor":{{"lambda":{{"arn":"{RESPONSE}"}}}},"interceptionPoints":["RESPONSE"]}}"#);
    let list = ("interceptorConfigurations", format!("[{other}, {ours}]"));
    let aws = StandIn::start(&with(GATEWAY, &[list])).await;
    let ended = detach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(aws.one_put().contains(&format!("[{other}]")), "{}", aws.one_put());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_ours_are_not_nothing_is_done() {
    let other = with_interceptor(&REQUEST.replace("live", "7"), "REQUEST");
    let empty = with(GATEWAY, &[("interceptorConfigurations", "[]".to_owned())]);
    for (gateway, note) in [(GATEWAY, ""), (&empty, ""), (&other, "tenantgate-request:7 stays")] {
        let aws = StandIn::start(gateway).await;
        let ended = detach(&aws, &["--yes"]).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        assert!(ended.out.contains("nothing to change") && ended.out.contains(note), "{}", ended.out);
        assert!(!ended.out.contains("open to whoever"), "{}", ended.out);
        assert!(aws.world(|world| world.put.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_and_a_missing_answer_change_nothing() {
    let aws = StandIn::start(&attached()).await;
    assert_eq!(detach(&aws, &["--dry-run"]).await.code, 0);
    let ended = detach(&aws, &[]).await;
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no terminal to ask at"), "{}", ended.err);
    assert!(aws.world(|world| world.put.is_empty()));
}
