//! What is said when AWS does not answer as it should.

use axum::http::Method;

use crate::attach::{GATEWAY, attach};
use crate::command::{Desk, SECRET, TOKEN};
use crate::stand_in::{ID, REQUEST, RESPONSE, StandIn};

const ATTACH: [&str; 8] = ["gateway", "attach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE];

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_says_what_to_do_and_is_asked_once() {
    for (status, kind, body, words) in [
        (
            403,
            "AccessDeniedException",
            r#"{"message":"User: arn:aws:iam::1:user/x"}"#,
            "no right to bedrock-agentcore:GetGateway: User: arn",
        ),
        (403, "", "<html>proxy</html>", "no right to bedrock-agentcore:GetGateway"),
        (
            404,
            "ResourceNotFoundException",
            r#"{"message":"no gateway"}"#,
            "does not exist in this account and region: no gateway",
        ),
        (400, "ValidationException", r#"{"message":"bad\u001b[31m"}"#, "refuses: ValidationException: bad\u{241b}[31m"),
        (400, "", r#"{"__type":"com.amazon#ConflictException","Message":"busy"}"#, "refuses: ConflictException: busy"),
        (403, "ExpiredTokenException", "{}", "does not accept the credentials (ExpiredTokenException)"),
        (
            403,
            "UnrecognizedClientException:http://internal",
            "{}",
            "does not accept the credentials (UnrecognizedClient",
        ),
        (302, "", "", "status 302 is none of this API"),
        (400, "", "garbage", "status 400 is none of this API"),
    ] {
        let aws = StandIn::start(GATEWAY).await;
        aws.world(|world| world.faults = [(Method::GET, status, kind, body.to_owned())].into());
        let ended = attach(&aws, &["--yes"]).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{ended:?}");
        assert!(ended.err.contains(words) && !ended.err.contains('\u{1b}'), "{words}: {}", ended.err);
        assert_eq!(aws.world(|world| world.asked.len()), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_an_answer_is_not_shown() {
    let echoed =
        format!(r#"{{"message":"The Canonical String should have been x-amz-security-token:{TOKEN} {SECRET}"}}"#);
    for kind in ["SignatureDoesNotMatch", "AccessDeniedException", "ValidationException"] {
        let aws = StandIn::start(GATEWAY).await;
        aws.world(|world| world.faults = [(Method::GET, 403, kind, echoed.clone())].into());
        // Each run looks for both.
        let ended = attach(&aws, &["--yes"]).await;
        assert_eq!(ended.code, 1);
        assert!(!ended.err.contains("Canonical"), "{}", ended.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_tried_again_a_few_times() {
    let throttled = (Method::GET, 429, "ThrottlingException", "{}".to_owned());
    let in_trouble = (Method::GET, 503, "", "<html>".to_owned());
    let garbled = (Method::GET, 200, "", "{".to_owned());
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| world.faults = [throttled.clone(), in_trouble.clone(), garbled.clone()].into());
    assert_eq!(attach(&aws, &["--dry-run"]).await.code, 0);
    for (fault, words) in [(throttled, "asked too often"), (in_trouble, "status 503"), (garbled, "is not JSON")] {
        let aws = StandIn::start(GATEWAY).await;
        aws.world(|world| world.faults = vec![fault; 9].into());
        let ended = attach(&aws, &["--dry-run"]).await;
        assert_eq!((ended.code, aws.world(|world| world.asked.len())), (1, 4), "{ended:?}");
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_ends() {
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| world.silent = Some(Method::PUT));
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 1);
    let words = "did not answer in time; it may be updated all the same";
    assert!(ended.err.contains(words), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_told_with_the_address() {
    let desk = Desk::new("http://127.0.0.1:1", "eu-west-1");
    let ended = desk.run(&ATTACH).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("no answer from http://127.0.0.1:1: "), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credentials_or_a_region_nothing_is_asked() {
    let desk = Desk::new("https://127.0.0.1:1", "eu-west-1");
    let ended = desk.run_with(&ATTACH, &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.err.contains("AWS credentials") && ended.err.contains("aws sso login"), "{}", ended.err);
    let ended = desk.run_with(&ATTACH, &[("AWS_REGION", "")]).await;
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("--region"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_go_in_the_clear_to_this_machine_only() {
    for url in ["http://aws.example", "http://127.0.0.1@aws.example", "https://x:y@aws.example", "ftp://127.0.0.1"] {
        let ended = Desk::new(url, "eu-west-1").run(&ATTACH).await;
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains("--endpoint-url"), "{}", ended.err);
    }
}
