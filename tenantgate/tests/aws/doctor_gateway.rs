//! The mistakes of gateways, targets and settings, each made alone.

use serde_json::{Value, json};

use crate::clinic::{Clinic, gateway, not_checked, settings, targets};

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_as_it_should_be_has_no_finding() {
    let clinic = Clinic::new();
    assert_eq!(clinic.findings().await, (vec![], 0));
    let text = clinic.offline(&[]).await;
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    assert!(text.out.ends_with("0 errors, 0 warnings, 0 notes, 5 not checked\n"), "{}", text.out);
    // What nobody looked at is told with the way to have it looked at.
    let report = clinic.offline(&["--format", "json"]).await.json();
    let left = not_checked(&report);
    for words in ["may invoke the functions | \"IAM is not asked\"", "issuer", "the table"] {
        assert!(left.iter().any(|one| one.replace('"', "").contains(&words.replace('"', ""))), "{words}: {left:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_of_a_gateway_is_found_alone() {
    type Change = fn(&mut Value);
    let cases: &[(Change, &[(&str, &str)])] = &[
        (|g| g["status"] = json!("UPDATING"), &[("GATEWAY_NOT_READY", "warning")]),
        (|g| g["authorizerType"] = json!("NONE"), &[("AUTHORIZER_NONE", "warning")]),
        (|g| g["authorizerType"] = json!("AWS_IAM"), &[("AUTHORIZER_IAM_UNKNOWN", "error")]),
        (
            |g| g["authorizerConfiguration"]["customJWTAuthorizer"]["allowedAudience"] = json!([]),
            &[("AUTHORIZER_AUDIENCE_OPEN", "warning")],
        ),
        (
            |g| g["authorizerConfiguration"]["customJWTAuthorizer"]["allowedAudience"] = json!(["other"]),
            &[("AUTHORIZER_AUDIENCE_DIFFERS", "warning")],
        ),
        (
            |g| {
                g["authorizerConfiguration"]["customJWTAuthorizer"]["discoveryUrl"] =
                    json!("https://i.example/.well-known/openid-configuration")
            },
            &[("AUTHORIZER_ISSUER_DIFFERS", "warning")],
        ),
        (
            |g| {
                g["interceptorConfigurations"].as_array_mut().unwrap().remove(0);
            },
            &[("REQUEST_NOT_ATTACHED", "error"), ("FUNCTION_NOT_CALLED", "warning")],
        ),
        (
            |g| {
                g["interceptorConfigurations"].as_array_mut().unwrap().remove(1);
            },
            &[("RESPONSE_NOT_ATTACHED", "error"), ("FUNCTION_NOT_CALLED", "warning")],
        ),
        (
            |g| g["interceptorConfigurations"][0]["inputConfiguration"]["passRequestHeaders"] = json!(false),
            &[("HEADERS_NOT_PASSED", "error")],
        ),
        (|g| g["interceptorConfigurations"][1]["inputConfiguration"] = json!(null), &[("HEADERS_NOT_PASSED", "error")]),
        (
            |g| {
                g["interceptorConfigurations"][1]["inputConfiguration"]["payloadFilter"] =
                    json!({"exclude": [{"field": "RESPONSE_BODY"}]})
            },
            &[("BODY_FILTERED", "error")],
        ),
        (
            |g| {
                g["interceptorConfigurations"][1]["interceptor"] =
                    g["interceptorConfigurations"][0]["interceptor"].clone()
            },
            &[("FUNCTION_TWICE", "error"), ("FUNCTION_NOT_CALLED", "warning")],
        ),
        (|g| unqualified(g), &[("FUNCTION_UNQUALIFIED", "warning")]),
        (
            |g| g["gatewayArn"] = json!("arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/main-1a2b3c4d5e"),
            &[("FUNCTION_ELSEWHERE", "warning"), ("FUNCTION_ELSEWHERE", "warning")],
        ),
        (|g| g["exceptionLevel"] = json!("DEBUG"), &[("EXCEPTION_LEVEL_DEBUG", "error")]),
        (
            |g| g["protocolConfiguration"]["mcp"]["streamingConfiguration"] = json!({"enableResponseStreaming": true}),
            &[("RESPONSE_STREAMING", "warning")],
        ),
        (
            |g| g["protocolConfiguration"]["mcp"]["supportedVersions"] = json!(["2025-03-26", "2025-11-25"]),
            &[("PROTOCOL_WITH_BATCHES", "warning")],
        ),
    ];
    for (change, expected) in cases {
        let clinic = Clinic::new();
        let mut gateway = gateway();
        change(&mut gateway);
        clinic.put("gateway.json", &gateway);
        let (found, code) = clinic.findings().await;
        let found: Vec<(&str, &str)> =
            found.iter().map(|(code, severity)| (code.as_str(), severity.as_str())).collect();
        assert_eq!(found, *expected, "{gateway:#}");
        assert_eq!(code, i32::from(found.iter().any(|(_, severity)| *severity == "error")), "{found:?}");
        let strict = clinic.offline(&["--warnings-as-errors"]).await;
        assert_eq!(strict.code, 1, "{found:?}");
    }
}

fn unqualified(gateway: &mut Value) {
    let arn = &mut gateway["interceptorConfigurations"][0]["interceptor"]["lambda"]["arn"];
    *arn = json!(arn.as_str().unwrap().strip_suffix(":live").unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_a_check_of_tokens_is_an_error_where_nobody_else_checks() {
    let clinic = Clinic::new();
    let mut gateway = gateway();
    gateway["authorizerType"] = json!("NONE");
    clinic.put("gateway.json", &gateway);
    let ended = clinic.desk.run_bare(&["doctor", "--offline", "--gateway-json", "gateway.json"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("error [AUTHORIZER_NONE]"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_of_mcp_that_nobody_names_are_not_passed_over() {
    let clinic = Clinic::new();
    let mut gateway = gateway();
    gateway["protocolConfiguration"] = json!(null);
    clinic.put("gateway.json", &gateway);
    let left = not_checked(&clinic.offline(&["--format", "json"]).await.json());
    assert!(left.iter().any(|one| one.contains("which versions of MCP")), "{left:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_of_a_gateway_is_not_known_is_not_passed_over() {
    type Change = fn(&mut Value, Value);
    let authorizer: Change = |g, value| g["authorizerType"] = value;
    let versions: Change = |g, value| g["protocolConfiguration"]["mcp"]["supportedVersions"] = value;
    let streaming: Change = |g, value| {
        g["protocolConfiguration"]["mcp"]["streamingConfiguration"] = json!({"enableResponseStreaming": value})
    };
    let level: Change = |g, value| g["exceptionLevel"] = value;
    let cases: &[(Change, &str, Value)] = &[
        (authorizer, "who may call the gateway", json!([null, "", "none", "FOO", 5, ["CUSTOM_JWT"]])),
        (
            versions,
            "which versions of MCP",
            json!([null, [], "2025-03-26", {"0": "2025-03-26"}, [5], ["2025-11-25", null], 20250326]),
        ),
        (streaming, "whether answers are streamed", json!(["true", 1, {}, []])),
        (level, "whether callers are shown internal errors", json!(["debug", "TRACE", "", 5, ["DEBUG"], true])),
    ];
    for (change, words, values) in cases {
        for value in values.as_array().unwrap() {
            let clinic = Clinic::new();
            let mut gateway = gateway();
            change(&mut gateway, value.clone());
            clinic.put("gateway.json", &gateway);
            let left = not_checked(&clinic.offline(&["--format", "json"]).await.json());
            assert_eq!(left.iter().filter(|one| one.contains(words)).count(), 1, "{words} {value}: {left:#?}");
        }
    }
    let clinic = Clinic::new();
    let mut gateway = gateway();
    for kind in ["AWS_IAM", "AUTHENTICATE_ONLY"] {
        gateway["authorizerType"] = json!(kind);
        clinic.put("gateway.json", &gateway);
        let arguments = ["doctor", "--offline", "--gateway-json", "gateway.json", "--format", "json"];
        let left = not_checked(&clinic.desk.run_bare(&arguments).await.json());
        assert!(left.iter().any(|one| one.contains("who may call the gateway") && one.contains(kind)), "{left:#?}");
    }
    gateway.as_object_mut().unwrap().remove("authorizerType");
    gateway["protocolConfiguration"]["mcp"]["streamingConfiguration"] = json!([true]);
    clinic.put("gateway.json", &gateway);
    let left = not_checked(&clinic.offline(&["--format", "json"]).await.json());
    for words in ["authorizerType is missing", "whether answers are streamed"] {
        assert!(left.iter().any(|one| one.contains(words)), "{words}: {left:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_gateway_is_refused() {
    let clinic = Clinic::new();
    for other in [
        json!(null),
        json!([]),
        json!("x"),
        json!(5),
        json!({}),
        json!({"items": [gateway()]}),
        json!({"gatewayId": 5, "name": "main"}),
        json!({"gatewayArn": gateway()["gatewayArn"], "targetId": "T1", "targetConfiguration": {}}),
    ] {
        clinic.put("gateway.json", &other);
        let ended = clinic.offline(&[]).await;
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{other}: {ended:?}");
        assert!(ended.err.contains("gateway.json is no gateway") && ended.err.contains("get-gateway"), "{}", ended.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_that_are_not_told_whose_call_it_is_are_found() {
    let clinic = Clinic::new();
    for (headers, expected) in [
        (json!(["x-tenant-id"]), vec![("HEADERS_NOT_ALLOWED".to_owned(), "warning".to_owned())]),
        (json!(null), vec![("HEADERS_NOT_ALLOWED".to_owned(), "warning".to_owned())]),
        (json!(["other", "X-USER-ID", "x-tenant-id"]), vec![]),
    ] {
        let mut targets = targets();
        targets["items"][0]["metadataConfiguration"]["allowedRequestHeaders"] = headers;
        clinic.put("targets.json", &targets);
        assert_eq!(clinic.findings().await, (expected, 0), "{targets}");
    }
    let mut targets = targets();
    targets["items"][1]["status"] = json!("FAILED");
    clinic.put("targets.json", &targets);
    assert_eq!(clinic.findings().await.0, [("TARGET_NOT_READY".to_owned(), "warning".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_no_interceptor_would_take_or_that_are_unwise_are_found() {
    type Change = fn(&mut Value);
    let cases: &[(Change, &str, &str)] = &[
        (|s| s["regsitry"] = json!({}), "SETTINGS_UNUSABLE", "error"),
        (|s| s["issuers"][0]["audiences"] = json!([]), "SETTINGS_UNUSABLE", "error"),
        (|s| s["registry"]["cacheTtlMs"] = json!(120_000), "REVOCATION_SLOW", "warning"),
    ];
    for (change, code, severity) in cases {
        let clinic = Clinic::new();
        let mut settings = settings();
        change(&mut settings);
        clinic.put("settings.json", &settings);
        assert_eq!(clinic.findings().await.0, [((*code).to_owned(), (*severity).to_owned())], "{settings}");
    }
    let clinic = Clinic::new();
    clinic.desk.put("settings.json", "{");
    assert_eq!(clinic.findings().await.0, [("SETTINGS_UNUSABLE".to_owned(), "error".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_files_that_cannot_be_read_end_with_2() {
    let clinic = Clinic::new();
    clinic.desk.put("no.json", "[1,");
    clinic.put("other.json", &json!({"a": 1}));
    for arguments in [
        &["--gateway-json", "missing.json"][..],
        &["--gateway-json", "no.json"],
        &["--gateway-json", "gateway.json", "--gateway", "main-1a2b3c4d5e"],
        &["--gateway", "main/1"],
        &["--gateway", "main-1a2b3c4d5e", "--offline"],
        &["--targets-json", "targets.json"],
        &["--gateway-json", "gateway.json", "--targets-json", "other.json"],
        &["--functions", "other.json"],
        &["--settings", "missing.json"],
        &["--gateway-json", "-", "--settings", "-"],
        &["--format", "xml"],
    ] {
        let ended = clinic.desk.run_bare(&[&["doctor"], arguments].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {ended:?}");
    }
}
