//! One exchange of each kind that goes through for a tenant without redactions.

use serde_json::{Value, json};

use super::events::Asked;

/// A request, and an answer that it may get.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) protocol: &'static str,
    pub(super) asked: Asked,
    pub(super) content_type: &'static str,
    pub(super) answer: Vec<u8>,
}

/// Samples of every protocol.
pub(super) fn all() -> Vec<Sample> {
    let samples: Vec<Sample> = [http(), a2a(), mcp(), inference()].into_iter().flatten().collect();
    for protocol in ["HTTP", "A2A", "MCP", "INFERENCE"] {
        assert!(samples.iter().filter(|sample| sample.protocol == protocol).count() >= 3, "{protocol}");
    }
    samples
}

fn http() -> Vec<Sample> {
    let sample = |verb, path: &str, content_type: &'static str, body: Option<&[u8]>, answer: &[u8]| Sample {
        protocol: "HTTP",
        asked: Asked {
            verb,
            path: path.to_owned(),
            headers: json!({"Content-Type": content_type}),
            body: body.map(<[u8]>::to_vec),
        },
        content_type,
        answer: answer.to_vec(),
    };
    let prompt = br#"{ "prompt": "Where is my order?", "n": 1.50 }"#;
    vec![
        sample("POST", "/shop/invocations", "application/json", Some(prompt), br#"{"reply":"On its way"}"#),
        sample("POST", "/shop/desk/invocations", "text/plain", Some(b"Where is it?"), b"On its way"),
        sample("POST", "/shop", "application/octet-stream", Some(&[0, 159, 146, 150, 255]), &[255, 0, 128]),
        sample("GET", "/shop/ping", "application/json", None, br#"{"status":"Healthy"}"#),
    ]
}

fn a2a() -> Vec<Sample> {
    let samples: Vec<Value> = serde_json::from_str(include_str!("../a2a/samples.json")).unwrap();
    let goes_through = |sample: &&Value| {
        let method = sample["method"].as_str().unwrap();
        let is_message = method == "message/send" && !sample["body"].as_str().unwrap().contains("t-1");
        is_message || method.starts_with("agent/")
    };
    let sample = |sample: &Value| {
        let text = |name: &str| sample[name].as_str().unwrap();
        let body = text("body");
        Sample {
            protocol: "A2A",
            asked: Asked {
                verb: if text("verb") == "GET" { "GET" } else { "POST" },
                path: format!("/support{}", text("path")),
                headers: sample["headers"].clone(),
                body: (!body.is_empty()).then(|| body.as_bytes().to_vec()),
            },
            content_type: "application/json",
            answer: sample["answers"][0].as_str().unwrap().as_bytes().to_vec(),
        }
    };
    samples.iter().filter(goes_through).map(sample).collect()
}

fn mcp() -> Vec<Sample> {
    let tool = json!({"name": "find", "inputSchema": {"type": "object"}});
    let exchanges = [
        ("tools/call", json!({"name": "find", "arguments": {"q": "a"}}), json!({"content": [], "isError": false})),
        ("tools/list", json!({}), json!({"tools": [tool]})),
        ("ping", json!({}), json!({})),
    ];
    let sample = |(method, params, result): (&str, Value, Value)| Sample {
        protocol: "MCP",
        asked: Asked {
            verb: "POST",
            path: "/files/mcp".to_owned(),
            headers: json!({"content-type": "application/json"}),
            body: Some(json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string().into_bytes()),
        },
        content_type: "application/json",
        answer: json!({"jsonrpc": "2.0", "id": 7, "result": result}).to_string().into_bytes(),
    };
    exchanges.map(sample).into()
}

fn inference() -> Vec<Sample> {
    let samples: Value = serde_json::from_str(include_str!("../../inference/samples.json")).unwrap();
    let answers = samples["answers"].as_array().unwrap();
    let answer_to = |path: &str| {
        let fits = |answer: &&Value| path.ends_with(answer["asked"].as_str().unwrap());
        answers.iter().find(fits).unwrap()["body"].to_string().into_bytes()
    };
    let sample = |request: &Value| {
        let path = request["path"].as_str().unwrap();
        Sample {
            protocol: "INFERENCE",
            asked: Asked {
                verb: "POST",
                path: format!("/llm{path}"),
                headers: json!({"Content-Type": "application/json"}),
                body: Some(request["body"].to_string().into_bytes()),
            },
            content_type: "application/json",
            answer: answer_to(path),
        }
    };
    let requests = samples["requests"].as_array().unwrap();
    requests.iter().filter(|request| request["streams"] == json!(false)).map(sample).collect()
}
