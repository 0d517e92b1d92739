//! The same asked of AWS: gateway, targets, functions and their policies.

use serde_json::{Value, json};

use crate::clinic::{found, from_gateway, function, gateway, not_checked, policy, settings, targets};
use crate::command::Ended;
use crate::stand_in::{ID, REQUEST, RESPONSE, StandIn};

#[tokio::test(flavor = "multi_thread")]
async fn gateway_targets_functions_and_policies_are_asked_for() {
    let aws = healthy().await;
    let ended = diagnose(&aws).await;
    assert_eq!(found(&ended.json()), [], "{ended:?}");
    assert_eq!(ended.code, 0);
    let checked = ended.json()["checked"].to_string();
    for words in ["gateway main-1a2b3c4d5e", "2 targets", REQUEST, RESPONSE, "the policy of"] {
        assert!(checked.contains(words), "{words}: {checked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_on_aws_is_found() {
    let aws = healthy().await;
    let mut gateway = gateway();
    gateway["exceptionLevel"] = json!("DEBUG");
    let mut short = function(REQUEST);
    short["Timeout"] = json!(1);
    aws.world(|world| {
        world.gateway = gateway.to_string();
        world.others.insert(path(REQUEST, "configuration"), short.to_string());
        let open = json!({"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction"});
        world.others.insert(path(RESPONSE, "policy"), policy(RESPONSE, &[open]).to_string());
    });
    let ended = diagnose(&aws).await;
    let codes: Vec<String> = found(&ended.json()).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["FUNCTION_TIMEOUT_SHORT", "INVOKE_BY_ANYBODY", "EXCEPTION_LEVEL_DEBUG"]);
    assert_eq!(ended.code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_without_a_policy_may_be_called_by_nobody_else() {
    let aws = healthy().await;
    aws.world(|world| world.others.remove(&path(REQUEST, "policy")));
    let ended = diagnose(&aws).await;
    assert_eq!(found(&ended.json()), [], "{ended:?}");
    assert!(not_checked(&ended.json()).iter().all(|one| !one.contains("may invoke function")), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_is_told_with_the_right_that_is_missing() {
    let aws = healthy().await;
    aws.world(|world| {
        world.others.remove(&path(REQUEST, "configuration"));
        world.others.remove(&format!("/gateways/{ID}/targets/T2/"));
    });
    let left = not_checked(&diagnose(&aws).await.json());
    assert!(left.iter().any(|one| one.contains("target T2") && one.contains("--targets-json")), "{left:#?}");
    assert!(left.iter().any(|one| one.contains(REQUEST) && one.contains("does not exist")), "{left:#?}");
    let missing = aws
        .desk
        .run_bare(&["doctor", "--gateway", "other-1a2b3c4d5e", "--aws-endpoint-url", aws.desk.endpoint()])
        .await;
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    assert!(missing.err.contains("cannot read the gateway other-1a2b3c4d5e"), "{}", missing.err);
}

async fn healthy() -> StandIn {
    let aws = StandIn::start(&gateway().to_string()).await;
    aws.desk.put("settings.json", settings().to_string());
    let all = targets();
    let listed: Vec<Value> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| json!({"name": target["name"], "targetId": target["targetId"]}))
        .collect();
    aws.world(|world| {
        world
            .others
            .insert(format!("/gateways/{ID}/targets/"), json!({"items": [listed[0]], "nextToken": "a/b"}).to_string());
        world
            .others
            .insert(format!("/gateways/{ID}/targets/?nextToken=a%2Fb"), json!({"items": [listed[1]]}).to_string());
        for target in all["items"].as_array().unwrap() {
            let id = target["targetId"].as_str().unwrap();
            world.others.insert(format!("/gateways/{ID}/targets/{id}/"), target.to_string());
        }
        for arn in [REQUEST, RESPONSE] {
            world.others.insert(path(arn, "configuration"), function(arn).to_string());
            world.others.insert(path(arn, "policy"), policy(arn, &[from_gateway(arn)]).to_string());
        }
    });
    aws
}

fn path(arn: &str, what: &str) -> String {
    let (plain, alias) = arn.rsplit_once(':').unwrap();
    format!("/2015-03-31/functions/{}/{what}?Qualifier={alias}", plain.replace(':', "%3A"))
}

async fn diagnose(aws: &StandIn) -> Ended {
    let url = aws.desk.endpoint().to_owned();
    let arguments = [
        "doctor",
        "--gateway",
        ID,
        "--aws-endpoint-url",
        &url,
        "--settings",
        "settings.json",
        "--endpoint-url",
        "http://127.0.0.1:1",
        "--format",
        "json",
    ];
    aws.desk.run_bare(&arguments).await
}
