//! `tenantgate route` from outside: what it finds, and how it ends.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use folder::{Ended, Folder};
use serde_json::{Value, json};
use tenantgate::embedded::EmbeddedDynamoDb;

const HEADERS: [&str; 5] = ["X-Tenant-Id", "x-user-id", "x-agent-name", "x-app-id", "x-route-binding-id"];

#[test]
fn what_agrees_ends_with_0() {
    let case = Case::new();
    let ended = case.run(&[]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert_eq!(ended.out, "5 bindings, 5 targets: 0 findings\n");
    let json: Value = serde_json::from_str(&case.run(&["--format", "json"]).out).unwrap();
    assert_eq!(json, json!({"bindings": 5, "targets": 5, "findings": [], "notes": []}));
}

#[test]
fn each_disagreement_is_found_alone_with_its_place_and_remedy() {
    let case = Case::new();
    for (change, code, place, words) in [
        (Change::Target("extra", passthrough("A2A")), "TARGET_UNBOUND", "target \"extra\"", "no binding for /extra"),
        (Change::Target("claude", provider()), "TARGET_UNBOUND", "target \"claude\"", "no binding for /inference"),
        (
            Change::Target("desk", passthrough("MCP")),
            "PROTOCOL_DIFFERS",
            "\"desk\" (/desk)",
            "A2A, but target \"desk\" is a",
        ),
        (Change::Target("desk", passthrough("CUSTOM")), "PROTOCOL_DIFFERS", "\"desk\" (/desk)", "protocolType CUSTOM"),
        (Change::Target("models", passthrough("A2A")), "PROTOCOL_DIFFERS", "\"models\"", "protocol is INFERENCE"),
        (Change::Target("support", runtime(&arn("other-Xyz"))), "RUNTIME_DIFFERS", "\"support\"", "runtime/other-Xyz"),
        (
            Change::Binding("support", "protocol", json!("INFERENCE")),
            "PROTOCOL_DIFFERS",
            "\"support\"",
            "an agent's runtime",
        ),
        (
            Change::Binding("desk", "path", json!("/Desk")),
            "BINDING_DEAD",
            "\"desk\" (/Desk)",
            "no target that this path leads to",
        ),
        (
            Change::Binding("desk", "path", json!("/tools")),
            "BINDING_DEAD",
            "\"desk\" (/tools)",
            "no target that this path leads to",
        ),
        (Change::Output("agents", json!([])), "RUNTIME_NOT_IN_OUTPUTS", "\"support\"", "no output of Terraform"),
        (
            Change::Output("agent_runtime_arns", json!({"support": arn("else-Xyz"), "x": arn("support-AbC123")})),
            "AGENT_RUNTIME_DIFFERS",
            "\"support\"",
            "output \"agent_runtime_arns\" of Terraform maps agent \"support\" to arn:",
        ),
        (
            Change::Binding("desk", "runtimeArn", json!(arn("desk-Gone"))),
            "RUNTIME_NOT_IN_OUTPUTS",
            "\"desk\"",
            "desk-Gone",
        ),
    ] {
        let findings = case.with(&change);
        let is_there = |finding: &&Value| finding["code"] == code && finding["where"].as_str().unwrap().contains(place);
        let found = findings.iter().find(is_there);
        let found = found.unwrap_or_else(|| panic!("{code} is not among {findings:?}"));
        assert!(found["what"].as_str().unwrap().contains(words), "{found}");
        assert!(!found["remedy"].as_str().unwrap().is_empty());
        assert!(findings.iter().all(|finding| finding["code"] == code), "{findings:?}");
    }
}

#[test]
fn an_endpoint_that_is_named_must_be_the_one_that_is_called() {
    let case = Case::new();
    let named = |name: &str| {
        Change::Binding("support", "runtimeArn", json!(format!("{}/runtime-endpoint/{name}", arn("support-AbC123"))))
    };
    assert_eq!(case.with(&named("DEFAULT")), Vec::<Value>::new());
    let findings = case.with(&named("v2"));
    assert_eq!(findings.len(), 1);
    assert!(findings[0]["what"].as_str().unwrap().contains("\"v2\", but target \"support\" calls \"DEFAULT\""));
    let mut qualified = runtime(&arn("support-AbC123"));
    qualified["http"]["agentcoreRuntime"]["qualifier"] = json!("v2");
    case.put_target("support", &qualified);
    assert_eq!(codes(&case.findings(&[])), Vec::<String>::new());
    assert_eq!(case.with(&named("v2")), Vec::<Value>::new());
    assert_eq!(codes(&case.with(&named("DEFAULT"))), ["RUNTIME_DIFFERS"]);
}

#[test]
fn one_agent_with_two_runtimes_is_found_once() {
    let case = Case::new();
    let mut routes = routes();
    routes.push(
        json!({"bindingId": "more", "path": "/support/more", "protocol": "A2A", "agentName": "support", "appId": "x",
                       "runtimeArn": arn("second-Xyz")}),
    );
    case.put_routes(&routes);
    let findings = case.findings(&[]);
    assert_eq!(
        codes(&findings),
        ["RUNTIME_DIFFERS", "AGENT_RUNTIME_DIFFERS", "RUNTIME_NOT_IN_OUTPUTS", "AGENT_SEVERAL_RUNTIMES"]
    );
}

#[test]
fn headers_that_are_not_sent_on_are_named() {
    let case = Case::new();
    let target = |headers: Value| json!({"name": "desk", "targetConfiguration": passthrough("A2A"), "metadataConfiguration": headers});
    for (metadata, missing) in [
        (json!({"allowedRequestHeaders": ["x-user-id", "x-agent-name"]}), "x-tenant-id, x-app-id, x-route-binding-id"),
        (json!(null), "x-tenant-id, x-user-id, x-agent-name, x-app-id, x-route-binding-id"),
    ] {
        case.put_described("desk", &target(metadata));
        let findings = case.findings(&[]);
        assert_eq!(codes(&findings), ["HEADERS_NOT_ALLOWED"]);
        assert_eq!(
            (&findings[0]["where"], &findings[0]["what"]),
            (&json!("target \"desk\""), &json!(format!("it is not sent {missing}")))
        );
    }
    case.put_described("desk", &target(json!({"allowedRequestHeaders": ["X-Org"]})));
    let findings = case.findings(&["--header", "x-org"]);
    assert_eq!(codes(&findings), ["HEADERS_NOT_ALLOWED"]);
    assert_eq!(findings[0]["where"], "target \"support\"");
    // A model provider is told nothing of users.
    case.put_target("desk", &passthrough("A2A"));
    case.put_described("models", &json!({"name": "models", "targetConfiguration": passthrough("INFERENCE")}));
    assert_eq!(case.findings(&[]), Vec::<Value>::new());
    // Neither is what nothing goes to.
    case.put_described("desk", &target(json!(null)));
    let mut routes = routes();
    for binding in routes.iter_mut().filter(|binding| binding["path"].as_str().unwrap().starts_with("/desk")) {
        binding["status"] = json!("SUSPENDED");
    }
    case.put_routes(&routes);
    assert_eq!(case.findings(&[]), Vec::<Value>::new());
}

#[test]
fn a_suspended_binding_needs_no_target() {
    let case = Case::new();
    let mut routes = routes();
    routes.push(json!({"bindingId": "gone", "path": "/gone", "protocol": "A2A", "agentName": "old", "appId": "x", "status": "SUSPENDED"}));
    case.put_routes(&routes);
    assert_eq!(case.findings(&[]), Vec::<Value>::new());
}

#[test]
fn targets_that_are_only_listed_are_compared_by_name_with_a_note() {
    let case = Case::new();
    let item =
        |name: &str, kind: Option<&str>| json!({"targetId": "0", "name": name, "status": "READY", "targetType": kind});
    let items = [
        item("support", Some("AGENTCORE_RUNTIME")),
        item("desk", Some("PASSTHROUGH")),
        item("models", None),
        item("tools", Some("LAMBDA")),
        item("unlisted", None),
        item("lost", Some("PASSTHROUGH")),
    ];
    case.folder.put("targets.json", json!({"items": items, "nextToken": "more"}).to_string());
    let ended = case.run(&[]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("note: ") && ended.err.contains("5 of the targets are only listed"), "{}", ended.err);
    assert!(ended.err.contains("targets.json has a nextToken"), "{}", ended.err);
    assert_eq!(codes(&case.findings(&[])), ["TARGET_UNBOUND"]);
    // A list, and one of its targets described beside it.
    let one = case.folder.put("one.json", json!({"name": "lost", "targetConfiguration": {"mcp": {}}}).to_string());
    assert_eq!(case.findings(&["--targets", &one]), Vec::<Value>::new());
}

#[test]
fn targets_may_be_one_after_another_in_a_list_or_in_the_gateways_file() {
    let case = Case::new();
    let all = described();
    let lines: Vec<String> = all.iter().map(Value::to_string).collect();
    case.folder.put("targets.json", lines.join("\n"));
    assert_eq!(case.run(&[]).code, 0);
    case.folder.put("targets.json", json!({"targets": all}).to_string());
    assert_eq!(case.run(&[]).code, 0);
    let gateway = case.folder.put("whole.json", json!({"name": "g", "targets": all, "unknown": [1]}).to_string());
    let registry = case.folder.path("").display().to_string();
    let ended = case.folder.run(&["check", "--registry", &registry, "--gateway", &gateway]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert_eq!(ended.out, "5 bindings, 5 targets: 0 findings\n");
}

#[test]
fn what_cannot_be_read_ends_with_2_and_says_why() {
    let name = |name: &str| json!([{ "name": name, "targetConfiguration": {"mcp": {}} }]).to_string();
    let deep = "[".repeat(100_000);
    for (file, text, words) in [
        ("gateway.json", "", "is empty; expected JSON"),
        ("gateway.json", "{", "is not JSON: EOF"),
        ("gateway.json", "[]", "is no gateway; expected the output of `aws"),
        ("gateway.json", "null", "is no gateway"),
        ("gateway.json", "{\"name\":1}", "is no gateway"),
        ("gateway.json", "{\"name\":\"a\"}{}", "has 2 JSON values; expected one"),
        ("gateway.json", "{\"name\":\"a\",\"targetConfiguration\":{}}", "is no gateway"),
        ("targets.json", " \n", "is empty"),
        ("targets.json", "7", "has no name"),
        ("targets.json", "[{}]", "has no name"),
        ("targets.json", "{\"items\":{}}", "a list of targets is no array"),
        ("targets.json", "{\"items\":[null]}", "has no name"),
        ("targets.json", "[{\"name\":\"\"}]", "has no name"),
        ("targets.json", &(name("a") + &name("a")), "target \"a\" is described twice; keep one"),
        (
            "targets.json",
            "{\"name\":\"a\",\"gatewayArn\":\"arn:other\"}",
            "is one of \"arn:other\", and not of \"arn:g\"",
        ),
        ("targets.json", &deep, "recursion limit"),
        ("targets.json", &" ".repeat((16 << 20) + 1), "longer than 16777216 bytes"),
        ("outputs.json", "[]", "no object of outputs; expected `terraform output -json`"),
        ("outputs.json", "{\"a\":1}", "output \"a\" has no value"),
        ("outputs.json", "", "is empty"),
        ("routes.json", "[{}]", "routes.json: missing field `bindingId`"),
        ("routes.json", "{}", "expected a sequence"),
    ] {
        let case = Case::new();
        case.folder.put(file, text);
        let ended = case.run(&[]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{file}: {text:.100}");
        assert!(
            ended.err.starts_with("tenantgate: error: ") && ended.err.contains(words),
            "{text:.100}: {}",
            ended.err
        );
    }
}

#[test]
fn wrong_arguments_end_with_2() {
    let case = Case::new();
    let path = |name: &str| case.folder.path(name).display().to_string();
    let (registry, gateway, missing, empty) =
        (path(""), path("gateway.json"), path("missing.json"), path("no-registry"));
    std::fs::create_dir(&empty).unwrap();
    for (arguments, words) in [
        (&["check"][..], "--gateway"),
        (&["check", "--gateway", &gateway], "--registry"),
        (&["check", "--registry", &registry], "--gateway"),
        (&["check", "--registry", &registry, "--table", "t", "--gateway", &gateway], "cannot be used with"),
        (
            &["check", "--registry", &registry, "--endpoint-url", "http://127.0.0.1:1", "--gateway", &gateway],
            "cannot be used with",
        ),
        (
            &["check", "--registry", &registry, "--gateway", &gateway],
            "has no targets; name files with them by --targets",
        ),
        (&["check", "--registry", &registry, "--gateway", &missing], "cannot read"),
        (&["check", "--registry", &registry, "--gateway", &registry], "is a folder"),
        (&["check", "--registry", &registry, "--gateway", "-", "--targets", "-"], "- stands twice"),
        (
            &["check", "--registry", &empty, "--gateway", &gateway, "--targets", &path("targets.json")],
            "there is no routes.json in",
        ),
        (&["check", "--format", "xml", "--registry", &registry, "--gateway", &gateway], "xml"),
        (&["chek"], "chek"),
    ] {
        let ended = case.folder.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn nothing_that_is_read_moves_the_cursor_or_is_shown_without_need() {
    let case = Case::new();
    let hostile = json!({"name": "a\u{1b}[31m\u{202e}\nb", "targetConfiguration": {"http": {"new": {}}}});
    case.put_described("extra", &hostile);
    let outputs = json!({"secret": {"sensitive": true, "value": {"password": "canary-value"}}, "agents": {"value": [arn("support-AbC123")]}});
    case.folder.put("outputs.json", outputs.to_string());
    for format in ["text", "json"] {
        let ended = case.run(&["--format", format]);
        assert_eq!(ended.code, 1, "{}", ended.err);
        assert!(!ended.out.contains(['\u{1b}', '\u{202e}']) && ended.out.contains("TARGET_UNBOUND"), "{}", ended.out);
        assert!(!(ended.out + &ended.err).contains("canary-value"));
    }
}

/// The bindings of the repository's own registry, in a table; one of its items is none.
#[tokio::test(flavor = "multi_thread")]
async fn the_bindings_of_a_table_are_checked_like_those_of_a_folder() {
    let database = EmbeddedDynamoDb::start().await.unwrap();
    let endpoint = ["--table", "registry", "--endpoint-url", database.endpoint_url()];
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/registry");
    let registry = Folder::new("registry");
    assert_eq!(registry.run(&[&["create"][..], &endpoint].concat()).code, 0);
    let loaded = registry.run(&[&["load", fixtures][..], &endpoint].concat());
    assert_eq!(loaded.code, 0, "{}", loaded.err);
    let routes = std::fs::read(format!("{fixtures}/routes.json")).unwrap();
    let count = serde_json::from_slice::<Vec<Value>>(&routes).unwrap().len();
    assert!(loaded.out.contains(&format!(" clients, {count} routes, ")), "{}", loaded.out);
    let case = Case::new();
    let names = ["orders-mcp", "ledger-mcp", "openai", "billing", "reports", "support", "orders-agent"];
    let listed: Vec<Value> = names.iter().map(|name| json!({"name": name, "targetType": "PASSTHROUGH"})).collect();
    let targets = case.folder.put("listed.json", json!({"items": listed}).to_string());
    let gateway = case.folder.path("gateway.json").display().to_string();
    let files = ["check", "--gateway", &gateway, "--targets", &targets, "--format", "json"];
    let of_table: Value = serde_json::from_str(&case.folder.run(&[&files[..], &endpoint].concat()).out).unwrap();
    let of_folder: Value =
        serde_json::from_str(&case.folder.run(&[&files[..], &["--registry", fixtures]].concat()).out).unwrap();
    assert_eq!((&of_table["bindings"], &of_folder["bindings"]), (&json!(count), &json!(count)));
    assert_eq!(codes(of_folder["findings"].as_array().unwrap()), ["BINDING_DEAD"], "{of_folder}");
    assert_eq!(codes(of_table["findings"].as_array().unwrap()), ["BINDING_MALFORMED", "BINDING_DEAD"]);
    assert_eq!(of_table["findings"][0]["where"], "item \"ROUTE#malformed-route ROUTE#/malformed-route\"");
    assert_eq!(of_table["findings"][1]["where"], "binding \"inference\" (/inference)");
}

#[test]
fn a_table_that_cannot_be_read_ends_with_1() {
    let case = Case::new();
    let file = |name: &str| case.folder.path(name).display().to_string();
    let (gateway, targets) = (file("gateway.json"), file("targets.json"));
    let endpoint = ["--table", "t", "--endpoint-url", "http://127.0.0.1:1"];
    let ended = case.folder.run(&[&["check", "--gateway", &gateway, "--targets", &targets][..], &endpoint].concat());
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.err.contains("cannot read the table t"), "{}", ended.err);
}

#[test]
fn the_help_says_what_is_found_and_how_it_ends() {
    let folder = Folder::new("route");
    let help = folder.run(&["check", "--help"]);
    assert_eq!(help.code, 0);
    for words in ["BINDING_DEAD", "AGENT_SEVERAL_RUNTIMES", "get-gateway-target", "Exit codes", "x-route-binding-id"] {
        assert!(help.out.contains(words), "{words}");
    }
    assert!(folder.run(&["--help"]).out.contains("check"));
}

/// One thing that is otherwise.
enum Change {
    Target(&'static str, Value),
    Binding(&'static str, &'static str, Value),
    Output(&'static str, Value),
}

/// Five bindings, five targets and the outputs, all of which agree.
struct Case {
    folder: Folder,
}

impl Case {
    fn new() -> Case {
        let case = Case { folder: Folder::new("route") };
        case.put_routes(&routes());
        case.folder.put("gateway.json", json!({"gatewayArn": "arn:g", "gatewayId": "g", "name": "main"}).to_string());
        case.put_targets(&described());
        case.folder.put("outputs.json", outputs("agents", json!([arn("support-AbC123")])).to_string());
        case
    }

    fn put_routes(&self, routes: &[Value]) {
        self.folder.put("routes.json", json!(routes).to_string());
    }

    fn put_targets(&self, targets: &[Value]) {
        self.folder.put("targets.json", json!(targets).to_string());
    }

    /// The same targets with this one, which has all headers.
    fn put_target(&self, name: &str, configuration: &Value) {
        self.put_described(name, &target(name, configuration));
    }

    fn put_described(&self, name: &str, target: &Value) {
        let mut targets: Vec<Value> = described().into_iter().filter(|target| target["name"] != name).collect();
        targets.push(target.clone());
        self.put_targets(&targets);
    }

    fn run(&self, more: &[&str]) -> Ended {
        let path = |name: &str| self.folder.path(name).display().to_string();
        let (registry, gateway, targets, outputs) =
            (path(""), path("gateway.json"), path("targets.json"), path("outputs.json"));
        let arguments =
            ["check", "--registry", &registry, "--gateway", &gateway, "--targets", &targets, "--outputs", &outputs];
        self.folder.run(&[&arguments, more].concat())
    }

    fn findings(&self, more: &[&str]) -> Vec<Value> {
        let ended = self.run(&[more, &["--format", "json"]].concat());
        let document: Value = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{}", ended.err));
        let findings = document["findings"].as_array().unwrap().clone();
        assert_eq!(ended.code, i32::from(!findings.is_empty()));
        findings
    }

    /// What is found with this change, which is undone; targets stay as they were put if it is none of them.
    fn with(&self, change: &Change) -> Vec<Value> {
        match change {
            Change::Target(name, configuration) => self.put_target(name, configuration),
            Change::Output(name, value) => {
                self.folder.put("outputs.json", outputs(name, value.clone()).to_string());
            }
            Change::Binding(id, member, value) => {
                let mut routes = routes();
                let binding = routes.iter_mut().find(|binding| binding["bindingId"] == *id).unwrap();
                binding[*member] = value.clone();
                self.put_routes(&routes);
            }
        }
        let findings = self.findings(&[]);
        match change {
            Change::Target(..) => self.put_targets(&described()),
            Change::Output(..) | Change::Binding(..) => {
                self.put_routes(&routes());
                self.folder.put("outputs.json", outputs("agents", json!([arn("support-AbC123")])).to_string());
            }
        }
        findings
    }
}

fn routes() -> Vec<Value> {
    let binding = |id: &str, path: &str, protocol: &str| json!({"bindingId": id, "path": path, "protocol": protocol, "agentName": id, "appId": "app"});
    let mut support = binding("support", "/support", "A2A");
    support["runtimeArn"] = json!(arn("support-AbC123"));
    vec![
        support,
        binding("desk", "/desk", "A2A"),
        binding("desk-inner", "/desk/inner", "A2A"),
        binding("models", "/models", "INFERENCE"),
        binding("old", "/desk/old", "A2A"),
    ]
}

fn described() -> Vec<Value> {
    vec![
        target("support", &runtime(&arn("support-AbC123"))),
        target("desk", &passthrough("A2A")),
        target("models", &passthrough("INFERENCE")),
        target("tools", &json!({"mcp": {"lambda": {"lambdaArn": "arn:x"}}})),
        target("more-tools", &json!({"mcp": {"mcpServer": {"endpoint": "https://m.example"}}})),
    ]
}

fn target(name: &str, configuration: &Value) -> Value {
    json!({"targetId": "T", "name": name, "gatewayArn": "arn:g", "targetConfiguration": configuration,
           "metadataConfiguration": {"allowedRequestHeaders": HEADERS}, "someday": {"new": true}})
}

fn runtime(arn: &str) -> Value {
    json!({"http": {"agentcoreRuntime": {"arn": arn}}})
}

fn passthrough(protocol: &str) -> Value {
    json!({"http": {"passthrough": {"endpoint": "https://a.example", "protocolType": protocol}}})
}

fn provider() -> Value {
    json!({"inference": {"provider": {"endpoint": "https://m.example"}}})
}

/// What every state has, and this output.
fn outputs(name: &str, value: Value) -> Value {
    let mut outputs = json!({"region": {"value": "eu-west-1", "type": "string", "sensitive": false}});
    outputs[name] = json!({"value": value, "type": ["dynamic"], "sensitive": false});
    if name == "agents" {
        outputs["the_runtime_arns"] = match value.as_array().is_some_and(Vec::is_empty) {
            true => json!({"value": {}}),
            false => json!({"value": {"support": arn("support-AbC123")}}),
        };
    }
    outputs
}

fn arn(id: &str) -> String {
    format!("arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/{id}")
}

fn codes(findings: &[Value]) -> Vec<String> {
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}
