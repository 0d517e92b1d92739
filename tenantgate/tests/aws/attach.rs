//! Attaching to a gateway that others made: what is put, and what is told.

use serde_json::{Value, json};

use crate::command::Ended;
use crate::stand_in::{ID, REQUEST, RESPONSE, StandIn, with};

/// As AWS could write it, with spaces, escapes and numbers that a program might write otherwise.
pub(crate) const GATEWAY: &str = r#"{"gatewayArn":"arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/main-1a2b3c4d5e",
 "gatewayId": "main-1a2b3c4d5e", "createdAt":1.762e9,"updatedAt":"2026-10-01T00:00:00Z","status":"READY","name":"main",
 "description" : "l\u00e4ngs \/ quer", "roleArn":"arn:aws:iam::123456789012:role/gateway","protocolType":"MCP",
 "protocolConfiguration":{"mcp":{"supportedVersions":["2025-11-25"],"searchType":"SEMANTIC","sessionConfiguration":{"sessionTimeoutInSeconds":9.0e2},"later":[ 1 , {} ]}},
 "authorizerType":"CUSTOM_JWT","authorizerConfiguration":{"customJWTAuthorizer":{"discoveryUrl":"https://i.example/x","allowedAudience":["a"]}},
 "kmsKeyArn":"arn:aws:kms:eu-west-1:123456789012:key/1","policyEngineConfiguration":{"arn":"arn:p","mode":"ENFORCE"},"wafConfiguration":{"failureMode":"FAIL_CLOSE"},
 "customTransformConfiguration":{"x":null},"domainOverride":{"a":"b"},"workloadIdentityDetails":{"workloadIdentityArn":"arn:w"},"webAclArn":"arn:acl"}"#;

/// What of it an update can set.
const WRITABLE: &str = r#"{"name":"main",
 "description" : "l\u00e4ngs \/ quer", "roleArn":"arn:aws:iam::123456789012:role/gateway","protocolType":"MCP",
 "protocolConfiguration":{"mcp":{"supportedVersions":["2025-11-25"],"searchType":"SEMANTIC","sessionConfiguration":{"sessionTimeoutInSeconds":9.0e2},"later":[ 1 , {} ]}},
 "authorizerType":"CUSTOM_JWT","authorizerConfiguration":{"customJWTAuthorizer":{"discoveryUrl":"https://i.example/x","allowedAudience":["a"]}},
 "kmsKeyArn":"arn:aws:kms:eu-west-1:123456789012:key/1","policyEngineConfiguration":{"arn":"arn:p","mode":"ENFORCE"},"wafConfiguration":{"failureMode":"FAIL_CLOSE"},
 "customTransformConfiguration":{"x":null},"domainOverride":{"a":"b"}}"#;

const INTERCEPTORS: &str = r#"[{"interceptor":{"lambda":{"arn":"arn:aws:lambda:eu-west-1:123456789012:function:tenantgate-request:live"}},"interceptionPoints":["REQUEST"],"inputConfiguration":{"passRequestHeaders":true}},{"interceptor":{"lambda":{"arn":"arn:aws:lambda:eu-west-1:123456789012:function:tenantgate-response:live"}},"interceptionPoints":["RESPONSE"],"inputConfiguration":{"passRequestHeaders":true}}]"#;

/// The gateway with ours attached.
pub(crate) fn attached() -> String {
    with(GATEWAY, &[("interceptorConfigurations", INTERCEPTORS.to_owned())])
}

/// The gateway with this interceptor.
pub(crate) fn with_interceptor(arn: &str, point: &str) -> String {
    let list = json!([{"interceptor": {"lambda": {"arn": arn}}, "interceptionPoints": [point]}]);
    with(GATEWAY, &[("interceptorConfigurations", list.to_string())])
}

pub(crate) async fn attach(aws: &StandIn, more: &[&str]) -> Ended {
    let arguments = ["gateway", "attach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE];
    aws.desk.run(&[&arguments, more].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_else_is_put_as_it_was_read_byte_for_byte() {
    let aws = StandIn::start(GATEWAY).await;
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected =
        WRITABLE.strip_suffix('}').unwrap().to_owned() + ",\"interceptorConfigurations\":" + INTERCEPTORS + "}";
    assert_eq!(aws.one_put(), expected);
    let backup = format!("gateway-{ID}.before.json");
    assert_eq!(aws.desk.read(&backup).unwrap(), format!("{WRITABLE}\n"));
    assert!(ended.out.contains("$.interceptorConfigurations") && ended.out.contains(&backup), "{}", ended.out);
    assert!(ended.out.contains(&format!(
        r#"{{"Action":"lambda:InvokeFunction","Effect":"Allow","Resource":["{REQUEST}","{RESPONSE}"]}}"#
    )));
    assert!(!ended.out.contains("WARNING"), "{}", ended.out);
    assert!(ended.err.contains("waiting for the gateway: it is still UPDATING"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_time_there_is_nothing_to_do() {
    let aws = StandIn::start(GATEWAY).await;
    assert_eq!(attach(&aws, &["--yes"]).await.code, 0);
    for more in [&["--yes"][..], &[]] {
        let again = attach(&aws, more).await;
        assert_eq!((again.code, again.err.as_str()), (0, ""));
        assert!(again.out.contains("nothing to change"), "{}", again.out);
    }
    let json = attach(&aws, &["--format", "json"]).await.json();
    assert_eq!((&json["state"], &json["changes"]), (&json!("unchanged"), &json!([])));
    aws.one_put();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_change_and_changes_nothing() {
    let aws = StandIn::start(GATEWAY).await;
    let text = attach(&aws, &["--dry-run"]).await;
    assert_eq!(text.code, 0, "{text:?}");
    assert!(text.out.contains("  $.interceptorConfigurations\n    + [{"), "{}", text.out);
    let json = attach(&aws, &["--dry-run", "--format", "json"]).await.json();
    assert_eq!((&json["state"], &json["backup"], &json["gateway"]), (&json!("planned"), &Value::Null, &json!(ID)));
    assert_eq!(json["changes"][0]["path"], "$.interceptorConfigurations");
    assert_eq!(json["statement"]["Resource"], json!([REQUEST, RESPONSE]));
    assert_eq!(json["role"], "arn:aws:iam::123456789012:role/gateway");
    assert!(aws.world(|world| world.put.is_empty()));
    assert!(!aws.desk.path(&format!("gateway-{ID}.before.json")).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_json_of_an_update_is_one_document() {
    let aws = StandIn::start(&with(GATEWAY, &[("exceptionLevel", "\"DEBUG\"".to_owned())])).await;
    let ended = attach(&aws, &["--yes", "--format", "json", "--backup", "kept.json"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    let json = ended.json();
    assert_eq!(
        (&json["state"], &json["backup"], &json["differences"]),
        (&json!("updated"), &json!("kept.json"), &json!([]))
    );
    assert_eq!(json["warnings"][0]["code"], "EXCEPTION_LEVEL_DEBUG");
    assert!(json["restore"].as_str().unwrap().contains("--cli-input-json file://kept.json"));
    assert!(aws.desk.path("kept.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_of_ours_is_replaced_without_more_ado() {
    let aws = StandIn::start(&attached().replace(":live", ":7").replace("\"REQUEST\"", "\"RESPONSE\"")).await;
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(aws.one_put().contains(INTERCEPTORS));
    assert!(ended.out.contains("tenantgate-request:7"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_are_not_passed_and_a_payload_filter_are_corrected() {
    for wrong in ["false", "true,\"payloadFilter\":{\"exclude\":[{\"field\":\"RESPONSE_BODY\"}]}"] {
        let aws = StandIn::start(&attached().replace("true", wrong)).await;
        assert_eq!(attach(&aws, &["--yes"]).await.code, 0);
        assert!(aws.one_put().ends_with(&format!("{INTERCEPTORS}}}")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_interceptor_is_displaced_only_by_name() {
    let audit = "arn:aws:lambda:eu-west-1:123456789012:function:audit:1";
    let aws = StandIn::start(&with_interceptor(audit, "RESPONSE")).await;
    for more in [&["--yes"][..], &["--yes", "--replace", REQUEST]] {
        let refused = attach(&aws, more).await;
        assert_eq!((refused.code, refused.out.as_str()), (1, ""));
        assert!(
            refused.err.contains(&format!("at RESPONSE there is an interceptor that is not ours: {audit}")),
            "{}",
            refused.err
        );
    }
    assert!(aws.world(|world| world.put.is_empty()));
    let ended = attach(&aws, &["--yes", "--replace", audit]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(aws.one_put().contains(INTERCEPTORS) && !aws.one_put().contains("audit"));
    assert!(aws.desk.read(&format!("gateway-{ID}.before.json")).unwrap().contains(audit));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_not_known_is_kept_or_dropped_as_the_operator_says() {
    let gateway = with(GATEWAY, &[("brandNew", "{ \"x\" : 1.0 }".to_owned())]);
    let aws = StandIn::start(&gateway).await;
    let refused = attach(&aws, &["--yes"]).await;
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("brandNew") && refused.err.contains("--keep-field"), "{}", refused.err);
    assert!(aws.world(|world| world.put.is_empty()));
    let kept = attach(&aws, &["--yes", "--keep-field", "brandNew"]).await;
    assert_eq!(kept.code, 0, "{kept:?}");
    assert!(aws.one_put().contains("\"brandNew\": { \"x\" : 1.0 }"));
    let aws = StandIn::start(&gateway).await;
    let dropped = attach(&aws, &["--yes", "--drop-field", "brandNew"]).await;
    assert_eq!(dropped.code, 0, "{dropped:?}");
    assert!(!aws.one_put().contains("brandNew"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_that_the_gateway_shows_is_a_warning() {
    let mcp =
        r#"{"mcp":{"supportedVersions":["2025-03-26"],"streamingConfiguration":{"enableResponseStreaming":true}}}"#;
    let gateway = with(
        GATEWAY,
        &[
            ("exceptionLevel", "\"DEBUG\"".to_owned()),
            ("authorizerType", "\"NONE\"".to_owned()),
            ("protocolConfiguration", mcp.to_owned()),
        ],
    );
    let aws = StandIn::start(&gateway).await;
    let ended = attach(&aws, &["--dry-run"]).await;
    for code in ["EXCEPTION_LEVEL_DEBUG", "AUTHORIZER_NONE", "RESPONSE_STREAMING", "PROTOCOL_WITH_BATCHES"] {
        assert!(ended.out.contains(&format!("WARNING {code}: ")), "{code}: {}", ended.out);
    }
    let latest = REQUEST.replace("live", "$LATEST");
    let arguments = ["gateway", "attach", "--gateway", ID, "--request", &latest, "--response", RESPONSE, "--dry-run"];
    let refused = aws.desk.run(&arguments).await;
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--allow-unqualified"), "{}", refused.err);
    let allowed = aws.desk.run(&[&arguments[..], &["--allow-unqualified"]].concat()).await;
    assert_eq!(allowed.code, 0, "{allowed:?}");
    assert!(allowed.out.contains("WARNING FUNCTION_UNQUALIFIED"), "{}", allowed.out);
}
