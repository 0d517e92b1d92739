//! What is deployed and what was built, compared.

use serde_json::{Value, json};

use crate::attach::{GATEWAY, attached};
use crate::command::Ended;
use crate::functions::{ARM64, X86_64, configuration, package, packed};
use crate::stand_in::{ID, StandIn, with};

const REQUEST: &str = "tenantgate-request:live=request.zip";

const RESPONSE: &str = "tenantgate-response:live=response.zip";

/// Two functions and a gateway that are all right.
async fn all_right() -> StandIn {
    let aws = StandIn::start(&attached()).await;
    for point in ["request", "response"] {
        let name = format!("tenantgate-{point}");
        let package = package(ARM64, point);
        aws.desk.put(&format!("{point}.zip"), &package);
        aws.describe(&name, &configuration(&name, &package));
        let alias = json!({"Name": "live", "FunctionVersion": "3", "RoutingConfig": null});
        aws.world(|world| world.others.insert(format!("/2015-03-31/functions/{name}/aliases/live"), alias.to_string()));
    }
    aws
}

impl StandIn {
    fn describe(&self, name: &str, configuration: &Value) {
        let path = format!("/2015-03-31/functions/{name}/configuration?Qualifier=live");
        self.world(|world| world.others.insert(path, configuration.to_string()));
    }

    async fn check(&self, more: &[&str]) -> Ended {
        let arguments = ["deploy", "check", "--function", REQUEST, "--function", RESPONSE];
        let ended = self.desk.run(&[&arguments, more].concat()).await;
        assert!(!ended.out.contains("canary-of-a-setting"));
        ended
    }

    /// What differs, as "what: check".
    async fn differing(&self) -> Vec<String> {
        let ended = self.check(&["--gateway", ID, "--format", "json"]).await;
        let json = ended.json();
        let mut differing = Vec::new();
        for compared in json["compared"].as_array().unwrap() {
            let what = compared["what"].as_str().unwrap();
            let checks = compared["checks"].as_array().unwrap().iter().filter(|check| check["same"] == false);
            differing.extend(checks.map(|check| format!("{what}: {}", check["check"].as_str().unwrap())));
            differing.extend(compared["error"].as_str().map(|error| format!("{what}: {error}")));
        }
        assert_eq!((ended.code, &json["same"]), (i32::from(!differing.is_empty()), &json!(differing.is_empty())));
        differing
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_the_same_ends_with_0() {
    let aws = all_right().await;
    let ended = aws.check(&["--gateway", ID]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    assert!(ended.out.contains("  architecture      same       arm64\n"), "{}", ended.out);
    assert!(ended.out.ends_with("what is deployed is what was built\n"), "{}", ended.out);
    assert_eq!(aws.differing().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_difference_of_a_function_is_found_alone() {
    let right = configuration("tenantgate-request", &package(ARM64, "request"));
    for (member, value, check) in [
        ("CodeSha256", json!("AAAA"), "code"),
        ("CodeSha256", json!(null), "code"),
        ("Architectures", json!(["x86_64"]), "architecture"),
        ("Architectures", json!(["arm64", "x86_64"]), "architecture"),
        ("Runtime", json!("provided.al2"), "runtime"),
        ("PackageType", json!("Image"), "package"),
        ("State", json!("Inactive"), "state"),
        ("LastUpdateStatus", json!("InProgress"), "update"),
    ] {
        let aws = all_right().await;
        let mut wrong = right.clone();
        wrong[member] = value;
        aws.describe("tenantgate-request", &wrong);
        assert_eq!(aws.differing().await, [format!("tenantgate-request:live: {check}")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_for_another_processor_differs_in_code_too() {
    let aws = all_right().await;
    aws.desk.put("request.zip", package(X86_64, "request"));
    assert_eq!(aws.differing().await, ["tenantgate-request:live: code", "tenantgate-request:live: architecture"]);
    let text = aws.check(&[]).await;
    assert!(text.out.contains("architecture      DIFFERENT  arm64\n"), "{}", text.out);
    assert!(text.out.contains("expected   x86_64\n") && text.out.contains("1 of 2 not as built\n"), "{}", text.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_that_leads_to_two_versions_differs() {
    let aws = all_right().await;
    let routing = json!({"FunctionVersion": "3", "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}}});
    let path = "/2015-03-31/functions/tenantgate-response/aliases/live".to_owned();
    aws.world(|world| world.others.insert(path, routing.to_string()));
    assert_eq!(aws.differing().await, ["tenantgate-response:live: alias"]);
    let text = aws.check(&[]).await;
    assert!(text.out.contains("version 3 and 4 (weight 0.1)"), "{}", text.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_has_no_alias_and_an_arn_is_a_name() {
    let aws = all_right().await;
    let package = package(ARM64, "request");
    let function = "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Atenantgate-request";
    let path = format!("/2015-03-31/functions/{function}/configuration?Qualifier=3");
    let described = configuration("tenantgate-request", &package).to_string();
    aws.world(|world| world.others.insert(path, described));
    let expected = "arn:aws:lambda:eu-west-1:123456789012:function:tenantgate-request:3=request.zip";
    let ended = aws.desk.run(&["deploy", "check", "--function", expected]).await;
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_or_gateway_that_cannot_be_reached_is_told_and_the_rest_compared() {
    let aws = all_right().await;
    aws.world(|world| world.others.retain(|path, _| !path.contains("tenantgate-request/configuration")));
    let missing = "tenantgate-request:live: it does not exist in this account and region: no such thing";
    assert_eq!(aws.differing().await, [missing]);
    let ended = aws.check(&["--gateway", "other-1a2b3c4d5e"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("gateway other-1a2b3c4d5e\n  UNREACHABLE  it does not exist"), "{}", ended.out);
    assert!(ended.out.contains("tenantgate-response:live\n  code              same"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_calls_something_else_differs() {
    let gateway = format!("gateway {ID}");
    for (described, differing) in [
        (GATEWAY.to_owned(), &["interceptors", "request", "request headers", "response", "response headers"][..]),
        (attached().replacen(":live", ":2", 1), &["interceptors", "request"]),
        (attached().replacen("true", "false", 1), &["interceptors", "request headers"]),
        // A filter takes bodies away, and nothing can be decided without them.
        (
            attached().replacen("true", r#"true,"payloadFilter":{"exclude":[{"field":"RESPONSE_BODY"}]}"#, 1),
            &["interceptors"],
        ),
        (attached().replace("response:live", "audit:live"), &["interceptors", "response"]),
        (
            attached().replace("REQUEST", "X").replace("RESPONSE", "REQUEST").replace("\"X", "\"RESPONSE"),
            &["interceptors", "request", "response"],
        ),
        (with(&attached(), &[("status", "\"UPDATING\"".to_owned())]), &["status"]),
    ] {
        let aws = all_right().await;
        aws.world(|world| world.gateway = described);
        let expected: Vec<String> = differing.iter().map(|check| format!("{gateway}: {check}")).collect();
        assert_eq!(aws.differing().await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_packages_that_lambda_cannot_run_end_with_2() {
    let aws = all_right().await;
    aws.desk.put("text.zip", "no zip");
    aws.desk.put("script.zip", packed("bootstrap", b"#!/bin/sh\nexec something else\n", 0o755));
    aws.desk.put("plain.zip", packed("bootstrap", &[0; 64], 0o644));
    aws.desk.put("deep.zip", packed("bin/bootstrap", &[0; 64], 0o755));
    for (arguments, words) in [
        (&[][..], "--function"),
        (&["--function", "f"], "NAME[:ALIAS]=ZIP"),
        (&["--function", "f/../g=request.zip"], "NAME[:ALIAS]=ZIP"),
        (&["--function", "f=missing.zip"], "cannot read missing.zip"),
        (&["--function", "f=."], "cannot read ."),
        (&["--function", "f=text.zip"], "text.zip is no zip"),
        (&["--function", "f=script.zip"], "no program for Linux"),
        (&["--function", "f=plain.zip"], "execute"),
        (&["--function", "f=deep.zip"], "no readable bootstrap"),
        (&["--function", REQUEST, "--gateway", ID], "there are two functions"),
        (&["--function", REQUEST, "--function", RESPONSE, "--gateway", "a/b"], "gateway's id"),
        (&["--function", REQUEST, "--format", "xml"], "xml"),
    ] {
        let ended = aws.desk.run(&[&["deploy", "check"], arguments].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
    }
    assert!(aws.world(|world| world.asked.is_empty()));
}
