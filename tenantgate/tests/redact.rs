//! `tenantgate redact` from outside: what it prints, and how it ends.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use std::fs;
use std::path::{Path, PathBuf};

use folder::{Ended, Folder};
use policy_model::json;
use serde_json::{Value, json};

const SSN: &str = r#"{"resources":["agent:tool:crm___*"],"path":"$..ssn","action":"MASK","keepLast":4}"#;

const MISTYPED: &str = r#"{"resources":["agent:tool:crm___*"],"path":"$..emial","action":"REMOVE"}"#;

const FOUND: &str =
    r#"{"resources":["agent:tool:crm___*"],"detect":["EMAIL","PHONE"],"action":"REPLACE","with":"[contact]"}"#;

const NOTES: &str = r#"{"resources":["agent:tool:crm___*"],"path":"$..notes","action":"REMOVE","unless":{"roles":["support"],"scopes":["notes"]}}"#;

#[test]
fn every_change_is_shown_with_both_sides_and_its_redaction() {
    let text = "Order 17 is on its way.\nWrite to ann@example.com or call +1 212 555 0123.";
    let copy = json!({"customer": {"ssn": "123-45-6789", "notes": ["x"]}});
    let result = json!({"content": [{"type": "text", "text": copy.to_string()}, {"type": "text", "text": text}], "structuredContent": copy});
    let ended = run(&[SSN, MISTYPED, FOUND, NOTES], &[], message(&result));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(
        ended.out,
        r#"<stdin> is read as a JSON-RPC message

$.result.content[0].text > JSON > $.customer.notes
  - ["x"]
  + (gone)
  by POL redactions[3] (REMOVE $..notes)

$.result.content[0].text > JSON > $.customer.ssn
  - "123-45-6789"
  + "****6789"
  by POL redactions[0] (MASK keepLast 4 $..ssn)

$.result.content[1].text > line 2
  - Write to ann@example.com or call +1 212 555 0123.
  + Write to [contact] or call +1 212 555 0123.
  by POL redactions[2] (REPLACE with "[contact]" EMAIL, PHONE)

$.result.content[1].text > line 2
  - te to ann@example.com or call +1 212 555 0123.
  + te to ann@example.com or call [contact].
  by POL redactions[2] (REPLACE with "[contact]" EMAIL, PHONE)

$.result.structuredContent.customer.notes
  - ["x"]
  + (gone)
  by POL redactions[3] (REMOVE $..notes)

$.result.structuredContent.customer.ssn
  - "123-45-6789"
  + "****6789"
  by POL redactions[0] (MASK keepLast 4 $..ssn)

What each redaction of such results changes by itself:
  POL redactions[0]  MASK keepLast 4 $..ssn                 2 values
  POL redactions[1]  REMOVE $..emial                        nothing: is its path mistyped?
  POL redactions[2]  REPLACE with "[contact]" EMAIL, PHONE  2 values
  POL redactions[3]  REMOVE $..notes                        2 values

goes on, with 6 changes
"#
    );
}

#[test]
fn what_is_masked_under_every_redaction_is_told_from_what_a_path_selects() {
    let image = json!({"type": "image", "data": "aGk=", "mimeType": "image/png"});
    let result = json!({"content": [image, {"type": "text", "text": "The emial of Ann"}], "structuredContent": {"ssn": "123-45-6789"}});
    let out = report(&[SSN, MISTYPED], &[], &message(&result));
    let causes: Vec<(&str, &str)> = list(&out["changes"])
        .iter()
        .map(|change| (change["place"].as_str().unwrap(), change["cause"].as_str().unwrap()))
        .collect();
    assert_eq!(
        causes,
        [
            ("$.result.content[0]", "UNSEEN"),
            ("$.result.content[1].text", "FREE_TEXT"),
            ("$.result.structuredContent.ssn", "VALUE")
        ]
    );
    let states: Vec<&Value> = list(&out["redactions"]).iter().map(|own| &own["state"]).collect();
    assert_eq!(states, ["CHANGED", "ONLY_TEXTS"]);
}

#[test]
fn a_container_that_goes_takes_what_is_in_it_along() {
    let whole = r#"{"resources":["agent:tool:*"],"path":"$.customer","action":"MASK"}"#;
    let out = report(&[SSN, whole], &[], r#"{"customer":{"ssn":"12345"},"other":[{"ssn":"5"}]}"#);
    assert_eq!(
        out["changes"],
        json!([
            {"place": "$.customer", "before": {"ssn": "12345"}, "after": "****", "redactions": ["POL redactions[1]"], "cause": "VALUE"},
            {"place": "$.other[0].ssn", "before": "5", "after": "****", "redactions": ["POL redactions[0]"], "cause": "VALUE"},
        ])
    );
    assert_eq!((&out["redactions"][0]["changes"], &out["redactions"][1]["changes"]), (&json!(2), &json!(1)));
}

#[test]
fn the_baseline_and_exemptions_count() {
    let folder = Folder::new("redact");
    let baseline =
        folder.put("b.json", policy("*", &[r#"{"resources":["agent:tool:*"],"path":"$..iban","action":"MASK"}"#]));
    let file = folder.put("p.json", policy("acme", &[NOTES]));
    let base = ["--policy", &file, "--baseline", &baseline, "--tool", "crm___get", "--json"];
    let text = br#"{"notes":"x","iban":"y"}"#;
    let states = |arguments: &[&str]| {
        let ended = folder.run_with(&[&base[..], arguments].concat(), text);
        let out: Value = serde_json::from_str(&ended.out).unwrap();
        list(&out["redactions"]).iter().map(|own| own["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states(&[]), ["CHANGED", "CHANGED"]);
    assert_eq!(states(&["--role", "support"]), ["CHANGED", "EXEMPT"]);
    assert_eq!(states(&["--role", "clerk", "--scope", "notes"]), ["CHANGED", "EXEMPT"]);
    assert_eq!(states(&["--scope", "support"]), ["CHANGED", "CHANGED"]);
}

#[test]
fn a_value_that_is_still_there_is_named_with_its_places() {
    let text = r#"{"ssn":"123-45-6789","memo":"as 123-45-6789","list":["MTIzLTQ1LTY3ODk=",{"123-45-6789":1}],"j":"{\"x\":\"123-45-6789\"}"}"#;
    let out = report(&[SSN], &[], text);
    assert_eq!((&out["verdict"], &out["reason"]), (&json!("WITHHELD"), &json!("REDACTION_RESIDUE")));
    assert_eq!(
        out["foundAgain"],
        json!([{"value": "123-45-6789", "redactions": ["POL redactions[0]"], "places": [
            {"place": "$.memo", "form": "as it is"},
            {"place": "$.list[0]", "form": "in base64"},
            {"place": "the name of $.list[1][\"123-45-6789\"]", "form": "as it is"},
            {"place": "$.j > JSON > $.x", "form": "as it is"},
        ]}])
    );
    let ended = run(&[SSN], &[], text);
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains("withheld: REDACTION_RESIDUE, something that was taken out is still there"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("    in $.memo, as it is\n"), "{}", ended.out);
}

#[test]
fn other_reasons_to_withhold_are_told() {
    let folder = Folder::new("redact");
    let blocking = policy("acme", &[SSN]).replace("\"rules\"", "\"opaqueContent\":\"BLOCK\",\"rules\"");
    let file = folder.put("p.json", blocking);
    let base = ["--policy", &file, "--tool", "crm___get"];
    let image = br#"{"content":[{"type":"image","data":"aGk="}]}"#;
    let ended = folder.run_with(&base, image);
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains("withheld: REDACTION_OPAQUE") && ended.out.ends_with("  $.content[0]\n"),
        "{}",
        ended.out
    );
    for (text, words) in [
        (r#"{"jsonrpc":"2.0","id":1,"result":{"a":{"b c":1,"b c":2}}}"#, "$.result.a[\"b c\"] stands twice"),
        (
            r#"{"jsonrpc":"2.0","id":1,"result":{"Content":[]}}"#,
            "a member is called \"Content\", which some readers take",
        ),
        (r#"{"jsonrpc":"1.0","id":1,"result":{}}"#, "$.jsonrpc is not \"2.0\""),
        (r#"{"jsonrpc":"2.0","id":1,"result":{},"x\u001b":1}"#, "$[\"x\\u001b\"] is no member of a JSON-RPC message"),
        (r#"{"jsonrpc":"2.0","id":1}"#, "it has neither result, error nor method"),
        (r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#, "it has result and error at once"),
    ] {
        let ended = folder.run_with(&base, text.as_bytes());
        assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{text}");
        assert!(ended.out.contains("ANSWER_UNREADABLE") && ended.out.contains(words), "{text}: {}", ended.out);
    }
    let slow = r#"{"resources":["agent:tool:*"],"path":"$[?$==$]","action":"MASK"}"#;
    let slow = folder.put("slow.json", policy("acme", &[slow]));
    let list = format!("[{}]", vec!["1"; 6_000].join(","));
    let ended = folder.run_with(&["--policy", &slow, "--tool", "crm___get"], list.as_bytes());
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("REDACTION_WORK") && ended.out.contains("  takes too long\n"), "{}", ended.out);
}

#[test]
fn a_program_gets_what_is_left_and_nothing_else() {
    let print = ["--print", "message"];
    for (text, expected) in [
        ("{ \"ssn\": \"123-45-6789\" }\n", "{ \"ssn\": \"****6789\" }\n"),
        ("{\"content\":[], \"ssn\":5}", "{\"content\":[], \"ssn\":\"****\"}\n"),
        ("mail ann@example.com", "mail [contact]\n"),
        ("[1e400]", "[1e400]\n"),
    ] {
        let ended = run(&[SSN, FOUND], &print, text);
        assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, expected, ""), "{text}");
    }
    let ended = run(&[SSN], &print, r#"{"ssn":"123-45-6789","memo":"123-45-6789"}"#);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(
        ended.err.starts_with("tenantgate: withheld: REDACTION_RESIDUE") && !ended.err.contains("6789"),
        "{}",
        ended.err
    );
}

#[test]
fn hashes_need_a_secret() {
    let folder = Folder::new("redact");
    let hash = r#"{"resources":["agent:tool:*"],"path":"$.id","action":"HASH"}"#;
    let file = folder.put("p.json", policy("acme", &[hash]).replace("\"rules\"", "\"hashKey\":\"k\",\"rules\""));
    let base = ["--policy", &file, "--tool", "crm___get", "--print", "message"];
    let ended = folder.run_with(&base, b"{\"id\":\"a\"}");
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("POL redactions[0] hashes; give a secret"), "{}", ended.err);
    let short = folder.put("short", "too short and secret");
    let ended = folder.run_with(&[&base[..], &["--hash-secret-file", &short]].concat(), b"{\"id\":\"a\"}");
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("20 bytes; a secret has 32 or more") && !ended.err.contains("too short"),
        "{}",
        ended.err
    );
    let secret = folder.put("secret", "0123456789abcdef0123456789abcdef\n");
    let ended = folder.run_with(&[&base[..], &["--hash-secret-file", &secret]].concat(), b"{\"id\":\"a\"}");
    assert_eq!(ended.code, 0);
    assert!(ended.out.starts_with("{\"id\":\"hmac-sha256:"), "{}", ended.out);
}

#[test]
fn wrong_input_ends_with_2_and_says_what_would_be_right() {
    let folder = Folder::new("redact");
    let file = folder.put("p.json", policy("acme", &[SSN]));
    let logs = folder.put("logs.json", policy("acme", &[SSN]).replace("\"rules\"", "\"mode\":\"LOG_ONLY\",\"rules\""));
    let baseline = folder.put("b.json", policy("*", &[SSN]));
    let missing = folder.path("missing.json").display().to_string();
    let directory = folder.path("").display().to_string();
    let tool = ["--tool", "crm___get"];
    let deep = "[".repeat(200);
    let long = format!("\"{}\"", "a".repeat(7 << 20));
    for (arguments, input, words) in [
        (&["--policy", &file][..], "{}", "--tool <NAME>"),
        (&["--policy", &file, "--tool", "a", "--prompt", "b"], "{}", "cannot be used with"),
        (&["--policy", &file, "--json", "--print", "message", "--tool", "a"], "{}", "cannot be used with"),
        (&["--policy", &file, "--tool", "crm___*"], "{}", "\"crm___*\" is not a tool name"),
        (&["--policy", &file, "--tool", "a\u{1b}[0m"], "{}", "is not a tool name"),
        (&["--policy", &file, "--resource", "notes"], "{}", "\"notes\" is not a URI"),
        (&[&["--policy", &missing], &tool[..]].concat(), "{}", "cannot read"),
        (&[&["--policy", &directory], &tool[..]].concat(), "{}", "is a folder"),
        (&[&["--policy", &file], &tool[..], &[&missing]].concat(), "", "cannot read"),
        (&[&["--policy", "-"], &tool[..]].concat(), "{}", "- stands twice"),
        (&[&["--policy", &baseline], &tool[..]].concat(), "{}", "give it with --baseline"),
        (&[&["--policy", &file, "--baseline", &file], &tool[..]].concat(), "{}", "is no baseline"),
        (&[&["--policy", &logs], &tool[..]].concat(), "{}", "POL is in LOG_ONLY, in which nothing is redacted"),
        (&[&["--policy", &file], &tool[..]].concat(), " \n", "empty; expected a captured message"),
        (&[&["--policy", &file], &tool[..]].concat(), "{\"a\":", "not JSON: the text ends"),
        (&[&["--policy", &file], &tool[..]].concat(), &deep, "nested deeper than 127 levels"),
        (&[&["--policy", &file], &tool[..]].concat(), &long, "longer than 6291456 bytes"),
        (&[&["--policy", &file], &tool[..]].concat(), "event: message\ndata: {}\n", "a stream of events"),
        (
            &[&["--policy", &file], &tool[..]].concat(),
            r#"{"interceptorInputVersion":"1.0","mcp":{}}"#,
            "an event of the gateway",
        ),
    ] {
        let ended = folder.run_with(arguments, input.as_bytes());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?} {input:.50}");
        assert!(
            ended.err.starts_with("tenantgate: error: ") && ended.err.contains(words),
            "{arguments:?}: {}",
            ended.err
        );
        assert!(!ended.err.contains('\u{1b}'), "{}", ended.err);
    }
    let ended = folder.run_with(&[&["--policy", &file], &tool[..]].concat(), b"{\"a\":\"\xff\"}");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("invalid UTF-8 at byte 6"), "{}", ended.err);
}

#[test]
fn what_nobody_redacts_goes_on_with_a_warning() {
    let folder = Folder::new("redact");
    let (some, none) = (folder.put("p.json", policy("acme", &[SSN, NOTES])), folder.put("n.json", policy("acme", &[])));
    let image = br#"{"content":[{"type":"image","data":"aGk="}]}"#;
    let ended = folder.run_with(&["--policy", &some, "--tool", "orders___get"], image);
    assert!(
        ended.out.contains("warning: none of the 2 redactions is about orders___get; is its name"),
        "{}",
        ended.out
    );
    assert!(ended.out.ends_with("goes on, with 0 changes\n"), "{}", ended.out);
    let ended = folder.run_with(&["--policy", &none, "--prompt", "crm___letter"], image);
    assert!(ended.out.contains("warning: there are no redactions\n"), "{}", ended.out);
}

#[test]
fn the_payload_cannot_drive_a_terminal() {
    let text = "{\"\u{202e}n\":{\"ssn\":\"12\\u001b[31m\u{9b}\u{200b}\"},\"t\":\"a@b.cc \u{7f}\u{9b}x\"}";
    for arguments in [&[][..], &["--json"]] {
        let ended = run(&[SSN, FOUND], arguments, text);
        assert_eq!(ended.code, 0);
        let is_hostile =
            |character: char| (character.is_control() && character != '\n') || "\u{202e}\u{200b}".contains(character);
        assert!(!ended.out.contains(is_hostile), "{:?}", ended.out);
    }
}

#[test]
fn what_it_is_can_be_said() {
    let result = r#"{"content":[{"type":"x","ssn":"5"}]}"#;
    let places = |frame: &str| -> Vec<String> {
        let out = report(&[SSN], &["--as", frame], result);
        list(&out["changes"]).iter().map(|own| own["place"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(places("result"), ["$.content[0]"]);
    assert_eq!(places("structured"), ["$.content[0].ssn"]);
    assert_eq!(places("text"), ["the text > JSON > $.content[0].ssn"]);
}

#[test]
fn the_help_is_enough() {
    let ended = Folder::new("redact").run(&["--help"]);
    assert_eq!(ended.code, 0);
    for words in ["--baseline", "--hash-secret-file", "Exit codes", "prints the payload", "> JSON >"] {
        assert!(ended.out.contains(words), "{words}: {}", ended.out);
    }
}

/// What the fixtures say that the interceptor makes of an answer, this makes of it too.
#[test]
fn it_is_what_the_interceptor_does() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let policies: Vec<(String, PathBuf)> = children(&fixtures.join("registry/policies"))
        .into_iter()
        .filter_map(|path| Some((read(&path)?["policyId"].as_str()?.to_owned(), path)))
        .collect();
    let mut count = 0;
    for case in ["redaction-places", "redaction-remains"]
        .iter()
        .flat_map(|name| children(&fixtures.join("exchanges").join(name)))
    {
        count += usize::from(is_as_in_fixture(&fixtures, &policies, &case).is_some());
    }
    assert!(count > 20, "{count}");
}

fn is_as_in_fixture(fixtures: &Path, policies: &[(String, PathBuf)], case: &Path) -> Option<()> {
    let (audit, reply) = (read(&case.join("audit.json"))?, read(&case.join("reply.json"))?);
    let (_, policy) = policies.iter().find(|(id, _)| audit["policyId"] == **id)?;
    let event = fs::read(case.join("event.json")).ok()?;
    let event = json::parse(&event).unwrap();
    let body = event.root().get("mcp")?.get("gatewayResponse")?.get("body")?.text();
    if audit["method"] != "tools/call" || read(&case.join("case.json"))?["point"] != "response" {
        return None;
    }
    let baseline = fixtures.join("registry/policies/baseline.json").display().to_string();
    let policy = policy.display().to_string();
    let (tool, print) = (audit["tool"].as_str()?, ["--as", "message", "--print", "message"]);
    let arguments = [&["--policy", &policy, "--baseline", &baseline, "--tool", tool], &print[..]].concat();
    let ended = Folder::new("redact").run_with(&arguments, body.as_bytes());
    if audit["effect"] == "ALLOW" {
        let out: Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!(out, reply["mcp"]["transformedGatewayResponse"]["body"], "{case:?}");
    } else {
        assert!(ended.code == 1 && ended.err.contains(audit["reason"].as_str()?), "{case:?}: {}", ended.err);
    }
    Some(())
}

fn children(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn run(redactions: &[&str], arguments: &[&str], input: impl AsRef<[u8]>) -> Ended {
    let folder = Folder::new("redact");
    let file = folder.put("p.json", policy("acme", redactions));
    folder.run_with(&[&["--policy", &file, "--tool", "crm___get"], arguments].concat(), input.as_ref())
}

fn report(redactions: &[&str], arguments: &[&str], input: &str) -> Value {
    let ended = run(redactions, &[&["--json"], arguments].concat(), input);
    assert_eq!(ended.err, "");
    serde_json::from_str(&ended.out).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn policy(tenant: &str, redactions: &[&str]) -> String {
    format!(r#"{{"policyId":"POL","tenantId":"{tenant}","rules":[],"redactions":[{}]}}"#, redactions.join(","))
}

fn message(result: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "result": result}).to_string()
}
