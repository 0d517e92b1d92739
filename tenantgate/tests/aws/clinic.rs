//! A deployment in files that is as it should be, with one thing changed, and what the doctor says of it.

use serde_json::{Value, json};
use tenantgate::keys::{KeyRing, KeySet};

use crate::attach::attached;
use crate::command::{Desk, Ended};
use crate::stand_in::{REQUEST, RESPONSE};

/// A folder with a gateway, its targets, its functions and the settings.
pub(crate) struct Clinic {
    pub(crate) desk: Desk,
}

/// Code and severity of a finding.
pub(crate) type Found = (String, String);

impl Clinic {
    pub(crate) fn new() -> Clinic {
        let clinic = Clinic { desk: Desk::new("http://127.0.0.1:1", "eu-west-1") };
        clinic.put("gateway.json", &gateway());
        clinic.put("targets.json", &targets());
        clinic.put("settings.json", &settings());
        for (name, arn) in [("request.json", REQUEST), ("response.json", RESPONSE)] {
            clinic.put(name, &function(arn));
            clinic.put(&format!("policy-{name}"), &policy(arn, &[from_gateway(arn)]));
        }
        clinic
    }

    pub(crate) fn put(&self, name: &str, value: &Value) {
        self.desk.put(name, value.to_string());
    }

    /// Looks at all of it, and asks nobody.
    pub(crate) async fn offline(&self, more: &[&str]) -> Ended {
        let files = ["--gateway-json", "gateway.json", "--targets-json", "targets.json", "--settings", "settings.json"];
        let functions = ["request.json", "response.json", "policy-request.json", "policy-response.json"];
        let functions: Vec<&str> = functions.iter().flat_map(|file| ["--functions", file]).collect();
        self.desk.run_bare(&[&["doctor", "--offline"], &files[..], &functions, more].concat()).await
    }

    /// The findings of [`Clinic::offline`], and how it ended.
    pub(crate) async fn findings(&self) -> (Vec<Found>, i32) {
        let ended = self.offline(&["--format", "json"]).await;
        (found(&ended.json()), ended.code)
    }
}

/// Code and severity of each finding of a report.
pub(crate) fn found(report: &Value) -> Vec<Found> {
    let findings = report["findings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for finding in findings {
        assert!(!text(&finding["remedy"]).is_empty() && !text(&finding["where"]).is_empty(), "{finding}");
    }
    findings.iter().map(|finding| (text(&finding["code"]), text(&finding["severity"]))).collect()
}

/// What the doctor says of something that it did not look at.
pub(crate) fn not_checked(report: &Value) -> Vec<String> {
    let left = report["notChecked"].as_array().unwrap();
    left.iter().map(|one| format!("{} | {} | {}", one["what"], one["why"], one["how"])).collect()
}

pub(crate) fn gateway() -> Value {
    let mut gateway: Value = serde_json::from_str(&attached()).unwrap();
    gateway["authorizerConfiguration"]["customJWTAuthorizer"] = json!({
        "discoveryUrl": "https://issuer.example/main/.well-known/openid-configuration", "allowedAudience": ["https://gateway.example"],
    });
    gateway
}

pub(crate) fn targets() -> Value {
    json!({"items": [
        {"name": "orders", "targetId": "T1", "status": "READY", "targetConfiguration": {"mcp": {"mcpServer": {"endpoint": "https://orders.example"}}},
         "metadataConfiguration": {"allowedRequestHeaders": ["X-Tenant-Id", "x-user-id"]}},
        {"name": "refunds", "targetId": "T2", "status": "READY", "targetConfiguration": {"mcp": {"lambda": {"lambdaArn": "arn:l", "toolSchema": {}}}}},
    ]})
}

pub(crate) fn settings() -> Value {
    let keys = KeyRing::generate().unwrap().key_set(KeySet::Main).to_string();
    json!({
        "registry": {"table": "tenantgate-registry", "timeoutMs": 1500, "cacheTtlMs": 5000, "baseline": "REQUIRED"},
        "issuers": [{
            "issuer": "https://issuer.example/main", "audiences": ["https://gateway.example"], "algorithms": ["ES256"],
            "keys": {"jwks": serde_json::from_str::<Value>(&keys).unwrap()},
        }],
    })
}

pub(crate) fn function(arn: &str) -> Value {
    json!({
        "FunctionName": "f", "FunctionArn": arn, "Runtime": "provided.al2023", "Timeout": 5, "MemorySize": 512, "State": "Active",
        "LastUpdateStatus": "Successful", "PackageType": "Zip", "Architectures": ["arm64"],
        "Environment": {"Variables": {"TENANTGATE_SETTINGS_FILE": "settings.json"}},
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN", "LogGroup": "/aws/lambda/f"},
    })
}

/// As `get-policy` gives it.
pub(crate) fn policy(arn: &str, statements: &[Value]) -> Value {
    let statements: Vec<Value> = statements
        .iter()
        .map(|statement| {
            let mut statement = statement.clone();
            statement["Resource"] = json!(arn);
            statement
        })
        .collect();
    json!({"Policy": json!({"Version": "2012-10-17", "Statement": statements}).to_string(), "RevisionId": "r"})
}

pub(crate) fn from_gateway(_: &str) -> Value {
    json!({
        "Sid": "gateway", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Principal": {"Service": "bedrock-agentcore.amazonaws.com"},
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/main-1a2b3c4d5e"}},
    })
}
