//! Against moto: others' idea of the two APIs, and botocore's check of what we write.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use crate::attach::{GATEWAY, attach};
use crate::command::{SECRET, TOKEN};
use crate::functions::{ARM64, package};
use crate::moto::Moto;
use crate::stand_in::StandIn;

const CONTROL: &str = "bedrock-agentcore-control";

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function";

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_is_attached_restored_and_detached() {
    let Some(mut moto) = Moto::start().await else { return };
    let made = json!({
        "name": "main", "description": "ours and theirs", "roleArn": "arn:aws:iam::123456789012:role/gateway",
        "protocolType": "MCP", "protocolConfiguration": {"mcp": {"supportedVersions": ["2025-11-25"], "searchType": "SEMANTIC"}},
        "authorizerType": "CUSTOM_JWT", "kmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1",
        "authorizerConfiguration": {"customJWTAuthorizer": {
            "discoveryUrl": "https://i.example/.well-known/openid-configuration", "allowedAudience": ["a"]}},
        "policyEngineConfiguration": {"arn": "arn:aws:bedrock-agentcore:eu-central-1:123456789012:policy-engine/p-1234567890", "mode": "ENFORCE"},
        "exceptionLevel": "DEBUG",
    });
    let id = moto.call(CONTROL, "create_gateway", made.clone()).await["gatewayId"].as_str().unwrap().to_owned();
    let [request, response] = ["request", "response"].map(|point| format!("{FUNCTION}:tenantgate-{point}:live"));
    let ours = ["--gateway", &id, "--request", &request, "--response", &response, "--yes"];
    let attached = moto.desk.run(&[&["gateway", "attach"], &ours[..]].concat()).await;
    assert_eq!(attached.code, 0, "{attached:?}");
    assert!(attached.out.contains("WARNING EXCEPTION_LEVEL_DEBUG"), "{}", attached.out);
    let gateway = moto.call(CONTROL, "get_gateway", json!({"gatewayIdentifier": id})).await;
    for (name, value) in made.as_object().unwrap() {
        assert_eq!(&gateway[name], value, "{name}");
    }
    let at = |arn: &str, point: &str| json!({"interceptor": {"lambda": {"arn": arn}}, "interceptionPoints": [point], "inputConfiguration": {"passRequestHeaders": true}});
    assert_eq!(gateway["interceptorConfigurations"], json!([at(&request, "REQUEST"), at(&response, "RESPONSE")]));

    // botocore takes the backup for an update: it is what the command that is shown sends.
    let backup = moto.desk.read(&format!("gateway-{id}.before.json")).unwrap();
    let mut restore: Value = serde_json::from_str(&backup).unwrap();
    restore["gatewayIdentifier"] = json!(id);
    moto.call(CONTROL, "update_gateway", restore).await;

    // moto merges where AWS replaces: a list that is left out stays, which must be told.
    let arguments = [&["gateway", "detach"], &ours[..], &["--backup", "second.json"]].concat();
    let detached = moto.desk.run(&arguments).await;
    assert_eq!(detached.code, 1, "{detached:?}");
    assert!(
        detached.out.contains("DIFFERENT") && detached.out.contains("$.interceptorConfigurations"),
        "{}",
        detached.out
    );

    // With somebody else's beside them the list is sent, and only theirs is left.
    let other = at(&format!("{FUNCTION}:audit:1"), "REQUEST");
    let mut mixed = made.clone();
    mixed["gatewayIdentifier"] = json!(id);
    mixed["interceptorConfigurations"] = json!([other, at(&response, "RESPONSE")]);
    moto.call(CONTROL, "update_gateway", mixed).await;
    let arguments = [&["gateway", "detach"], &ours[..], &["--backup", "third.json"]].concat();
    let detached = moto.desk.run(&arguments).await;
    assert_eq!(detached.code, 0, "{detached:?}");
    let gateway = moto.call(CONTROL, "get_gateway", json!({"gatewayIdentifier": id})).await;
    assert_eq!(gateway["interceptorConfigurations"], json!([other]));

    let missing = moto
        .desk
        .run(&["gateway", "attach", "--gateway", "none-1a2b3c4d5e", "--request", &request, "--response", &response])
        .await;
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("does not exist in this account and region"), "{}", missing.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn deployed_functions_are_compared_through_their_alias() {
    let Some(mut moto) = Moto::start().await else { return };
    let trust = json!({"Version": "2012-10-17", "Statement": []}).to_string();
    moto.call("iam", "create_role", json!({"RoleName": "lambda", "AssumeRolePolicyDocument": trust})).await;
    for point in ["request", "response"] {
        let (name, package) = (format!("tenantgate-{point}"), package(ARM64, point));
        moto.desk.put(&format!("{point}.zip"), &package);
        let function = json!({
            "FunctionName": name, "Runtime": "provided.al2023", "Role": "arn:aws:iam::123456789012:role/lambda", "Handler": "bootstrap",
            "Architectures": ["arm64"], "Code": {"ZipFile": BASE64_STANDARD.encode(&package)}, "Publish": true,
        });
        moto.call("lambda", "create_function", function).await;
        let alias = json!({"FunctionName": name, "Name": "live", "FunctionVersion": "1"});
        moto.call("lambda", "create_alias", alias).await;
    }
    let made = json!({
        "name": "main", "roleArn": "arn:aws:iam::123456789012:role/gateway", "protocolType": "MCP", "authorizerType": "AWS_IAM",
    });
    let id = moto.call(CONTROL, "create_gateway", made).await["gatewayId"].as_str().unwrap().to_owned();
    let [request, response] = ["request", "response"].map(|point| format!("{FUNCTION}:tenantgate-{point}:live"));
    let attach = ["gateway", "attach", "--gateway", &id, "--request", &request, "--response", &response, "--yes"];
    assert_eq!(moto.desk.run(&attach).await.code, 0);

    let functions =
        ["--function", "tenantgate-request:live=request.zip", "--function", "tenantgate-response:live=response.zip"];
    let check = [&["deploy", "check"], &functions[..], &["--gateway", &id]].concat();
    let same = moto.desk.run(&check).await;
    assert_eq!(same.code, 0, "{same:?}");

    // A release goes to the alias: half of the calls, then all of them.
    let code = BASE64_STANDARD.encode(package(ARM64, "new"));
    let function = json!({"FunctionName": "tenantgate-request", "ZipFile": code, "Publish": true});
    moto.call("lambda", "update_function_code", function).await;
    assert_eq!(moto.desk.run(&check).await.code, 0);
    let routing = json!({"FunctionName": "tenantgate-request", "Name": "live", "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5}}});
    moto.call("lambda", "update_alias", routing).await;
    let half = moto.desk.run(&check).await;
    assert_eq!(half.code, 1);
    assert!(half.out.contains("alias             DIFFERENT  version 1 and 2 (weight 0.5)"), "{}", half.out);
    let alias =
        json!({"FunctionName": "tenantgate-request", "Name": "live", "FunctionVersion": "2", "RoutingConfig": {}});
    moto.call("lambda", "update_alias", alias).await;
    let new = moto.desk.run(&check).await;
    assert_eq!(new.code, 1);
    assert!(new.out.contains("code              DIFFERENT"), "{}", new.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_signed_as_botocore_signs_them() {
    let Some(mut moto) = Moto::start().await else { return };
    let aws = StandIn::start(GATEWAY).await;
    assert_eq!(attach(&aws, &["--yes"]).await.code, 0);
    aws.desk.put("request.zip", package(ARM64, "request"));
    let function = "arn:aws:lambda:eu-west-1:123456789012:function:tenantgate-request:$LATEST=request.zip";
    assert_eq!(aws.desk.run(&["deploy", "check", "--function", function]).await.code, 1);
    let signed = aws.world(|world| std::mem::take(&mut world.signed));
    assert!(signed.iter().any(|(method, ..)| method == "PUT"));
    assert!(signed.iter().any(|(_, uri, ..)| uri.query() == Some("Qualifier=%24LATEST")));
    for (method, uri, headers, body) in signed {
        let header = |name: &str| headers[name].to_str().unwrap();
        let (head, signature) = header("authorization").split_once(", Signature=").unwrap();
        let names = head.split_once("SignedHeaders=").unwrap().1.split(';').filter(|name| *name != "host");
        let request = json!({
            "method": method.as_str(), "url": format!("http://{}{uri}", header("host")), "body": body,
            "headers": names.map(|name| (name.to_owned(), json!(header(name)))).collect::<serde_json::Map<_, _>>(),
            "credentials": ["test-id", SECRET, TOKEN], "region": "eu-west-1",
            "service": if uri.path().starts_with("/gateways/") { "bedrock-agentcore" } else { "lambda" },
        });
        assert_eq!(moto.call("botocore", "sign", request).await, signature, "{method} {uri}");
    }
}
