//! Nothing that a caller, a token or a target says reaches the log, at any level, or a refusal.

use std::io;
use std::sync::{Arc, Mutex};

use interceptors::event::Point;
use interceptors::interceptor::Interceptor;
use interceptors::settings::Settings;
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;

use crate::events;
use crate::issuer::{Answer, IssuerSite};
use crate::received::Received;
use crate::signer::{Signer, claims};
use crate::stage::{Stage, aws, reply};
use crate::tasks::{Tasks, list, task};

const IN_CLAIM: &str = "CANARY-claim-5d20f6e913aa";
const IN_KEY_ID: &str = "CANARY-kid-77aa01c9e2d4";
const IN_ARGUMENT: &str = "CANARY-arg-7f3a91c2d4e8";
const IN_RESULT: &str = "CANARY-result-b81e04a77c35";
const IN_HEADER: &str = "CANARY-header-c94b7710ae6d";
const IN_ERROR: &str = "CANARY-error-e3f5a0982b17";
const IN_META: &str = "CANARY-meta-18ad6c43f0b2";
const IN_METHOD: &str = "CANARY-method-0c5e2290fb6a";
const IN_NAME: &str = "CANARY-name-6be4d95f0137 ";
const CANARIES: [&str; 9] =
    [IN_CLAIM, IN_KEY_ID, IN_ARGUMENT, IN_RESULT, IN_HEADER, IN_ERROR, IN_META, IN_METHOD, IN_NAME];

#[tokio::test]
async fn no_pass_and_no_refusal_writes_a_canary_or_a_token_into_the_log_or_the_refusal() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    let tokens = tokens(&stage.signer);
    let (mut passed, mut refused) = (0, 0);
    for point in [Point::Request, Point::Response] {
        for (name, interceptor) in interceptors(&stage, point).await {
            for token in &tokens {
                for event in events_of(token) {
                    let reply = reply(&interceptor, event.as_bytes()).await;
                    match Received::read(&reply) {
                        Received::Refused { .. } => {
                            refused += 1;
                            assert_clean(&format!("refusal, {name}"), &reply, &tokens);
                        }
                        Received::Forwarded { headers, .. } => {
                            passed += 1;
                            assert_clean("headers", &format!("{headers:?}"), &tokens);
                        }
                        Received::Answered { .. } | Received::Nothing => passed += 1,
                    }
                }
            }
        }
    }
    assert!(passed > 20 && refused > 200, "{passed} passed, {refused} refused");
    let log = log.text();
    assert!(log.matches("tenantgate::audit").count() > 200, "the log was not captured");
    assert!(log.contains("TRACE"), "the libraries' lines were not captured");
    assert_clean("log", &log, &tokens);
}

#[tokio::test]
async fn the_log_of_this_program_names_no_user() {
    let (log, _guard) = Log::capture();
    let stage = Stage::start().await;
    for subject in ["alice", "carol", "auth0|5f7c81a2", "nobody-2931"] {
        for event in events_of(&stage.signer.token(subject, "acme")) {
            stage.reply(Point::Request, event.as_bytes()).await;
        }
    }
    let log = log.text();
    let own: Vec<&str> = log.lines().filter(|line| line.contains("\"target\":\"tenantgate")).collect();
    assert!(own.len() > 20);
    for line in own {
        for subject in ["alice", "carol", "5f7c81a2", "nobody-2931"] {
            assert!(!line.contains(subject), "{line}");
        }
    }
}

#[tokio::test]
async fn the_log_of_this_program_names_no_task() {
    let (log, _guard) = Log::capture();
    let tasks = Tasks::start().await;
    let id = "CANARY-task-51c0d7be90aa";
    let ivan = tasks.stage.signer.token("ivan", "acme");
    for token in [&tasks.alice, &ivan] {
        tasks.create(token, "orders___getOrder", id).await;
        tasks.is_for(token, id).await;
        tasks.answer(token, &list(), &json!({"tasks": [task(id)]})).await;
    }
    let log = log.text();
    let own: Vec<&str> = log.lines().filter(|line| line.contains("\"target\":\"tenantgate")).collect();
    assert!(own.len() > 20);
    assert!(own.iter().any(|line| line.contains("TASK_FOREIGN") && line.contains("\"task\":\"")));
    assert!(own.iter().any(|line| line.contains("TASK_CONFLICT")));
    assert!(own.iter().all(|line| !line.contains(id)), "{own:?}");
}

fn assert_clean(place: &str, text: &str, tokens: &[String]) {
    for canary in CANARIES {
        let canary = canary.trim();
        assert!(!text.contains(canary), "{canary} in {place}: {}", around(text, canary));
    }
    for token in tokens {
        // The claims and the signature: the header is the same for all.
        for part in token.split('.').skip(1).filter(|part| part.len() > 20) {
            assert!(!text.contains(part), "a token's part in {place}: {}", around(text, part));
        }
    }
}

fn around<'t>(text: &'t str, found: &str) -> &'t str {
    text.lines().find(|line| line.contains(found)).unwrap_or(text)
}

/// Interceptors that pass, and those that refuse for a reason of their own.
async fn interceptors(stage: &Stage, point: Point) -> Vec<(&'static str, Interceptor)> {
    let site = IssuerSite::start(Answer::Status(500, IN_ERROR.to_owned())).await;
    vec![
        ("default", stage.interceptor(point, |_| {})),
        ("tool result", stage.interceptor(point, |settings| settings["refusal"] = json!("TOOL_RESULT"))),
        ("403", stage.interceptor(point, |settings| settings["refusal"] = json!("HTTP_403"))),
        ("no settings", Interceptor::new(point, Settings::parse("{", aws()))),
        (
            "no keys",
            stage.interceptor(point, |settings| settings["issuers"][0]["keys"] = json!({"url": site.address()})),
        ),
        ("no table", stage.interceptor(point, |settings| settings["registry"]["table"] = json!("elsewhere"))),
        (
            "no registry",
            stage.interceptor(point, |settings| settings["registry"]["endpointUrl"] = json!("http://127.0.0.1:1")),
        ),
    ]
}

/// Good tokens and bad ones, each with a canary among its claims.
fn tokens(signer: &Signer) -> Vec<String> {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut claims = claims("alice", "acme");
        claims["email"] = json!(IN_CLAIM);
        claims["roles"] = json!([IN_CLAIM]);
        claims["scope"] = json!(IN_CLAIM);
        change(&mut claims);
        claims
    };
    let good = with(&|_| {});
    let mut tokens: Vec<String> = [
        good.clone(),
        with(&|claims| claims["exp"] = json!(1)),
        with(&|claims| claims["aud"] = json!(IN_CLAIM)),
        with(&|claims| claims["iss"] = json!(IN_CLAIM)),
        with(&|claims| claims["custom:tenant_id"] = json!(format!("{IN_CLAIM}!"))),
        with(&|claims| claims["custom:tenant_id"] = json!("no-such-corp")),
        with(&|claims| claims["custom:tenant_id"] = json!([IN_CLAIM])),
        with(&|claims| claims["sub"] = json!(format!("{IN_CLAIM} with spaces"))),
        with(&|claims| claims["exp"] = json!(IN_CLAIM)),
        with(&|claims| claims["nonce"] = json!(IN_CLAIM)),
        with(&|claims| claims["custom:tenant_id"] = json!("suspended-corp")),
        with(&|claims| claims["custom:tenant_id"] = json!("broken-document")),
    ]
    .iter()
    .map(|claims| signer.sign(claims))
    .collect();
    tokens.push(signer.sign_as(IN_KEY_ID, &good));
    tokens.push(Signer::new("es256").sign(&good));
    tokens.push(IN_CLAIM.to_owned());
    tokens.push(format!("{}.{IN_CLAIM}", tokens[0]));
    tokens
}

/// Events with canaries, at both points alike, that pass or are refused for each kind of reason.
fn events_of(token: &str) -> Vec<String> {
    let headers = json!({"Cookie": IN_HEADER, "X-Custom": IN_HEADER, "User-Agent": IN_HEADER});
    let params = json!({"note": IN_ARGUMENT, "list": [IN_ARGUMENT]});
    let call = |tool: &str| {
        let mut call: Value = serde_json::from_str(&events::call_with(tool, &params)).unwrap();
        call["params"]["_meta"] = json!({"progressToken": IN_META, "baggage": IN_META});
        call
    };
    let changed = |place: &str, name: &str, value: Value| {
        let mut call = call("orders___getOrder");
        call.pointer_mut(place).unwrap()[name] = value;
        call.to_string()
    };
    let messages = [
        call("orders___getOrder").to_string(),
        call("crm___getContact").to_string(),
        call("orders___purgeAll").to_string(),
        call(IN_NAME).to_string(),
        changed("", "method", json!(IN_METHOD)),
        changed("", "method", json!("tools/list")),
        changed("", "method", json!("prompts/get")),
        changed("", IN_ARGUMENT, json!(1)),
        changed("", "params", json!(IN_ARGUMENT)),
        changed("", "jsonrpc", json!(IN_ARGUMENT)),
        changed("", "id", json!([IN_ARGUMENT])),
        changed("/params", "arguments", json!(IN_ARGUMENT)),
        format!("[{}]", call("orders___getOrder")),
        format!("\"{IN_ARGUMENT}\""),
    ];
    let result = json!({
        "content": [{"type": "text", "text": json!({"ssn": IN_RESULT, "note": "n"}).to_string()}, {"type": "image", "data": IN_RESULT}],
        "structuredContent": {"ssn": IN_RESULT, "email": IN_RESULT}, "_meta": {"ssn": IN_RESULT},
    });
    let error =
        json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": IN_ERROR, "data": {"ssn": IN_ERROR}}});
    let answers = [
        events::result(&result),
        error.to_string(),
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"{IN_RESULT}\":1}}"),
        format!("\"{IN_RESULT}\""),
        json!({"jsonrpc": "2.0", "id": 1, "method": IN_RESULT}).to_string(),
    ];
    let whole = events::request_with(token, &headers, &messages[0]);
    let mut events: Vec<String> =
        messages.iter().map(|message| events::request_with(token, &headers, message)).collect();
    for answer in &answers {
        for message in &messages[..3] {
            events.push(events::response_with(token, &headers, message, answer));
        }
    }
    events.push(events::request_with(token, &json!({"authorization": IN_HEADER}), &messages[0]));
    events.push(events::request_with(token, &json!({"Mcp-Name": IN_HEADER}), &messages[0]));
    events.push(events::request_with(token, &json!({"MCP-Protocol-Version": IN_HEADER}), &messages[0]));
    events.push(whole.chars().take(whole.len() / 2).collect());
    events.push(whole.replace("\"mcp\"", "\"http\""));
    events.push(whole.replace("\"1.0\"", &format!("\"{IN_META}\"")));
    events
}

/// All that anybody logs, libraries included, as JSON lines.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn capture() -> (Log, DefaultGuard) {
        // Without one for all threads, a line that another test writes first may count as one that nobody wants.
        let everywhere = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(io::sink).finish();
        drop(tracing::subscriber::set_global_default(everywhere));
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt().json().with_max_level(LevelFilter::TRACE).flatten_event(true);
        let subscriber = lines.with_writer(move || writer.clone()).finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// The lines, without those of the DynamoDB that stands in for AWS's.
    pub(crate) fn text(&self) -> String {
        let all = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<&str> = all.lines().filter(|line| !line.contains("\"target\":\"dynoxide")).collect();
        lines.join("\n")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
