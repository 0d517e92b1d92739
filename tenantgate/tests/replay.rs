//! `tenantgate replay` and `tenantgate invoke` from outside, with functions of a few lines that say what they were sent.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use folder::{Ended, Folder};
use serde_json::{Value, json};

/// A function that takes one invocation after the other, writes its client context to a file, and answers with the `reply` of
/// the event, in which `CONTEXT` stands for the client context in Base64.
const FUNCTION: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin:/usr/local/bin
here=$(dirname "$0"); name=$(basename "$0"); api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
cd "$(mktemp -d "$here/XXXXXX")"
while curl --silent --fail --dump-header head --output event "$api/next" > /dev/null 2>&1; do
    id=$(sed -n 's/^lambda-runtime-aws-request-id: \([^\r]*\).*/\1/p' head)
    context=$(sed -n 's/^lambda-runtime-client-context: \([^\r]*\).*/\1/p' head)
    echo "$context" >> "$here/$name.contexts"
    encoded=$(printf '{"context":"%s"}' "$(printf %s "$context" | base64 | tr -d '\n')" | base64 | tr -d '\n')
    sed -n 's/.*"reply":"\([^"]*\)".*/\1/p' event | base64 -d | sed "s|CONTEXT|$encoded|" > reply
    echo "{\"target\":\"tenantgate::audit\",\"decisionId\":\"$id\"}"
    curl --silent --data-binary @reply "$api/$id/response" > /dev/null 2>&1
done
"#;

const PASSED: &str = r#"{"interceptorOutputVersion":"1.0","http":{"transformedGatewayRequest":{"headers":{"x-tenant-id":"a","x-user-id":"b"}}}}"#;
const REFUSED: &str = r#"{"interceptorOutputVersion":"1.0","http":{"transformedGatewayResponse":{"statusCode":403,"contentType":"application/json","headers":{},"body":"eyJtZXNzYWdlIjoibm8ifQ=="}}}"#;
const ANSWERED: &str = r#"{"interceptorOutputVersion":"1.0","http":{"transformedGatewayResponse":{"body":"CONTEXT"}}}"#;

#[test]
fn the_request_goes_before_its_answer_with_the_same_client_context() {
    let bench = Bench::new();
    bench.case(&json!({"after": {"repeat": 2}, "repeat": 3, "clientContext": {"custom": {"REQUEST_ID": "${unique}"}}}));
    bench.put("request.json", &request_event(PASSED));
    let ended = bench.bless();
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    let before = bench.contexts("request-interceptor");
    let after = bench.contexts("response-interceptor");
    assert_eq!((before.len(), after.len()), (2, 3));
    let first = before[0].clone();
    assert!(before.iter().chain(&after).all(|context| *context == first), "{before:?} {after:?}");
    let context: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(context["custom"]["REQUEST_ID"].as_str().unwrap().len(), 32);
    assert_eq!(bench.bless().code, 0);
    assert!(!bench.contexts("request-interceptor").contains(&first));
}

#[test]
fn a_case_fails_with_the_request_that_goes_before_it() {
    let bench = Bench::new();
    for (after, reply, problem) in [
        (json!({}), REFUSED, Some("request.json: expected class pass, got a reply with transformedGatewayResponse")),
        (json!({"expect": "refuse"}), PASSED, Some("request.json: expected class refuse")),
        (json!({"expect": "rewrite"}), PASSED, Some("request.json: expected class rewrite")),
        (json!({"expect": "refuse"}), REFUSED, None),
        (json!({"settings": "other"}), PASSED, None),
    ] {
        bench.case(&json!({"after": after}));
        bench.put("request.json", &request_event(reply));
        let ended = bench.bless();
        match problem {
            Some(problem) => {
                assert_eq!(ended.code, 1, "{}", ended.out);
                assert!(ended.out.contains(problem), "{}", ended.out);
                assert_eq!(bench.contexts("response-interceptor").len(), 0, "the answer is not sent");
            }
            None => assert_eq!(ended.code, 0, "{}", ended.out),
        }
    }
    bench.case(&json!({"after": {}}));
    let ended = bench.bless();
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("request.json"), "{}", ended.err);
}

#[test]
fn a_client_context_is_sent_as_written() {
    let bench = Bench::new();
    for (written, sent) in [
        (Value::Null, ""),
        (json!({"custom": null, "client": {}}), r#"{"client":{},"custom":null}"#),
        (json!("no JSON, but ${repeat:3:x}"), "no JSON, but xxx"),
        (json!("{é}"), "{é}"),
    ] {
        bench.case(&json!({"clientContext": written}));
        let ended = bench.bless();
        assert_eq!(ended.code, 0, "{}", ended.out);
        assert_eq!(bench.contexts("response-interceptor"), [sent]);
    }
}

#[test]
fn a_secret_inside_the_body_of_a_refusal_is_found() {
    let bench = Bench::new();
    let leak = REFUSED.replace("eyJtZXNzYWdlIjoibm8ifQ==", "eyJtZXNzYWdlIjoibm8gQ0FOQVJZLTEyMzQ1In0=");
    bench.case(&json!({"expect": "refuse"}));
    bench.put("event.json", &response_event(&leak));
    let ended = bench.bless();
    assert_eq!(ended.code, 1, "{}", ended.out);
    assert!(ended.out.contains("the refusal contains the canary"), "{}", ended.out);
}

#[test]
fn invoke_sends_a_client_context_from_text_or_file() {
    let bench = Bench::new();
    let file = bench.folder.put("context.json", "{\n  \"custom\": {\"REQUEST_ID\": \"${unique}\"}\n}\n");
    let line = response_event(ANSWERED).to_string();
    for (argument, start) in
        [(r#"{"custom":null}"#, r#"{"custom":null}"#), (&file, "{   \"custom\": {\"REQUEST_ID\": \"")]
    {
        let ended = bench.invoke(argument, &format!("{line}\n{line}\n"));
        assert_eq!(ended.code, 0, "{}", ended.err);
        let contexts = bench.contexts("response-interceptor");
        assert_eq!(contexts.len(), 2);
        assert!(contexts[0].starts_with(start) && contexts[0] == contexts[1], "{contexts:?}");
    }
    let broken = bench.folder.put("broken.txt", "a\nb");
    for argument in [broken.as_str(), "/nowhere/at/all"] {
        let ended = bench.invoke(argument, "");
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains("--client-context"), "{}", ended.err);
    }
}

fn encoded(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn request_event(reply: &str) -> Value {
    json!({"reply": encoded(reply), "http": {"gatewayRequest": {"path": "/a/invocations", "body": null}}})
}

fn response_event(reply: &str) -> Value {
    json!({"reply": encoded(reply), "http": {"gatewayResponse": {"body": "e30="}}})
}

/// Fixtures with one case, and the two functions.
struct Bench {
    folder: Folder,
    invoke: Folder,
}

impl Bench {
    fn new() -> Bench {
        let bench = Bench { folder: Folder::new("replay"), invoke: Folder::new("invoke") };
        for folder in ["fixtures/exchanges/case", "fixtures/settings", "fixtures/registry", "functions"] {
            fs::create_dir_all(bench.folder.path(folder)).unwrap();
        }
        bench.folder.put("fixtures/callers.json", "{}");
        bench.folder.put("fixtures/canaries.json", r#"["CANARY-12345"]"#);
        for name in ["default", "other"] {
            bench.folder.put(&format!("fixtures/settings/{name}.json"), "{}");
        }
        for name in ["request-interceptor", "response-interceptor"] {
            let path = bench.folder.put(&format!("functions/{name}"), FUNCTION);
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        }
        bench
    }

    fn exchange(&self) -> PathBuf {
        self.folder.path("fixtures/exchanges/case")
    }

    fn put(&self, name: &str, content: &Value) {
        fs::write(self.exchange().join(name), content.to_string()).unwrap();
    }

    /// A new case at the RESPONSE point with an answer that is redacted, but for what is given.
    fn case(&self, changes: &Value) {
        fs::remove_dir_all(self.exchange()).unwrap();
        fs::create_dir(self.exchange()).unwrap();
        let mut case = json!({"shows": "it", "point": "response", "expect": "redact"});
        case.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        self.put("case.json", &case);
        self.put("event.json", &response_event(ANSWERED));
    }

    fn bless(&self) -> Ended {
        let functions = self.functions();
        let fixtures = self.folder.path("fixtures").display().to_string();
        self.folder.run(&[&fixtures, "--bless", "--binaries", &functions])
    }

    fn invoke(&self, client_context: &str, lines: &str) -> Ended {
        let (functions, keys) = (self.functions(), self.invoke.path("keys").display().to_string());
        let arguments = ["response", "--client-context", client_context, "--binaries", &functions, "--key-dir", &keys];
        self.invoke.run_with(&arguments, lines.as_bytes())
    }

    /// Where the functions are, of which none has been sent anything.
    fn functions(&self) -> String {
        for name in ["request-interceptor", "response-interceptor"] {
            drop(fs::remove_file(self.contexts_file(name)));
        }
        self.folder.path("functions").display().to_string()
    }

    fn contexts_file(&self, function: &str) -> PathBuf {
        self.folder.path(&format!("functions/{function}.contexts"))
    }

    fn contexts(&self, function: &str) -> Vec<String> {
        read(&self.contexts_file(function)).lines().map(str::to_owned).collect()
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
