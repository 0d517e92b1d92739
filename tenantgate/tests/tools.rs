//! `tenantgate tools` from outside: what it prints, and how it ends.
#![cfg(test)]

#[path = "support/folder.rs"]
mod folder;

use folder::Folder;
use policy_model::Policy;
use serde_json::{Value, json};

#[test]
fn the_tools_of_all_pages_are_pinned_by_their_names() {
    let folder = Folder::new("tools");
    let first = folder.put("1.json", message(&json!([tool("b___two", "Two"), tool("a___one", "One")])).to_string());
    let second = folder.put("2.json", json!({"tools": [tool("c___three", "Three")]}).to_string());
    let third = folder.put("3.json", json!([tool("d___four", "Four")]).to_string());
    let ended = folder.run(&["pin", &first, &second, &third]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let pins: Value = serde_json::from_str(&ended.out).unwrap();
    let names: Vec<&str> = pins.as_array().unwrap().iter().map(|pin| pin["tool"].as_str().unwrap()).collect();
    assert_eq!(names, ["a___one", "b___two", "c___three", "d___four"]);
    // printf '%s' '{"description":"One","inputSchema":{"type":"object"},"name":"a___one"}' | sha256sum
    assert_eq!(pins[0]["sha256"], json!(["4331640b1cf4b72086578caeb1a1ec57b5a5110345d29a17685f5355621305ae"]));
    Policy::parse(policy(&pins).as_bytes()).unwrap();
    let ended = folder.run(&["pin", "--tool", "d___four", "--tool", "b___two", &first, &second, &third]);
    let chosen: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(chosen, json!([pins[1], pins[3]]));
}

#[test]
fn spelling_makes_no_other_pin() {
    let folder = Folder::new("tools");
    let one = folder.put("1.json", r#"[{"name":"a","inputSchema":{"type":"object","x":1}}]"#);
    let two = folder
        .put("2.json", "{ \"tools\": [ {\"inputSchema\": {\"x\":1.0,\n\"type\":\"obj\\u0065ct\"},\"name\":\"a\" } ] }");
    assert_eq!(folder.run(&["pin", &one]).out, folder.run(&["pin", &two]).out);
    let search = r#"{"result":{"content":[],"structuredContent":{"tools":[{"name":"a","inputSchema":{"type":"object","x":1}}]}}}"#;
    assert_eq!(folder.run_with(&["pin", "-"], search.as_bytes()).out, folder.run(&["pin", &one]).out);
}

#[test]
fn a_list_that_goes_on_is_pinned_with_a_note() {
    let folder = Folder::new("tools");
    let page = |cursor: &str| format!(r#"{{"result":{{"tools":[{{"name":"a{cursor}"}}]{cursor}}}}}"#);
    let first = folder.put("1.json", page("").replace("]}", r#"],"nextCursor":"x"}"#));
    let last = folder.put("2.json", page("").replace("\"a\"", "\"b\""));
    let ended = folder.run(&["pin", &first]);
    assert_eq!(ended.code, 0);
    assert!(ended.err.starts_with("tenantgate: note: the list has a nextCursor and goes on"), "{}", ended.err);
    assert_eq!(folder.run(&["pin", &first, &last]).err, "");
}

#[test]
fn a_definition_that_nobody_sees_whole_is_pinned_with_a_note() {
    let folder = Folder::new("tools");
    let list = folder.put("1.json", json!([tool("a", "One\u{2060}"), tool("b", "\u{2764}\u{fe0f}")]).to_string());
    let ended = folder.run(&["pin", &list]);
    assert_eq!(ended.code, 0);
    assert!(ended.err.starts_with("tenantgate: note: a has characters that nobody sees"), "{}", ended.err);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
}

#[test]
fn a_list_that_cannot_be_pinned_ends_with_2_and_says_why() {
    let folder = Folder::new("tools");
    let twice = message(&json!([tool("a", "x"), tool("b", "x"), tool("a", "y")])).to_string();
    for (text, words) in [
        (twice.as_str(), "tools[2]: tool \"a\" stands in "),
        (r#"[{"name":"a","x":{"y z":[0,9007199254740993]}}]"#, "$.x[\"y z\"][1]: 9007199254740993 is no number that"),
        (r#"[{"name":"a","x":{"y":1,"y":1}}]"#, "$.x.y: this member stands twice"),
        (r#"[{"name":"a","name":"a"}]"#, "tools[0]: \"name\" stands twice"),
        (r#"[{"name":1}]"#, "tools[0]: \"name\" is not a string"),
        (r#"[{}]"#, "tools[0]: \"name\" is missing"),
        (r#"[null]"#, "tools[0]: expected an object"),
        (r#"[{"name":"a b"}]"#, "tools[0].name: \"a b\" is not a tool name"),
        (r#"[{"name":"orders___get\u200b"}]"#, "\"orders___get\\u{200b}\" is not a tool name"),
        (r#"{"tools":[]}"#, "there is nothing to pin"),
        (r#"{"tools":{}}"#, "there is no list of tools in it; expected the response to tools/list"),
        (r#"{"tools":[],"tools":[]}"#, "member \"tools\" stands twice"),
        (r#"{"error":{"message":"no\u001b[0m"}}"#, "is an error (\"no\\u{1b}[0m\"), and no list"),
        ("", "empty; expected the response"),
        (" \n", "empty; expected the response"),
        ("null", "there is no list of tools in it"),
        ("{", "not JSON: the text ends inside a value at byte 1"),
        (&"[".repeat(100_000), "not JSON: nested deeper than 127 levels"),
    ] {
        let ended = folder.run_with(&["pin", "-"], text.as_bytes());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{text:.100}");
        assert!(
            ended.err.starts_with("tenantgate: error: ") && ended.err.contains(words),
            "{text:.100}: {}",
            ended.err
        );
        assert!(!ended.err.contains('\u{1b}') && ended.err.lines().count() == 1, "{}", ended.err);
    }
    let ended = folder.run_with(&["pin", "-"], b"[{\"name\":\"\xff\"}]");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("invalid UTF-8 at byte 10"), "{}", ended.err);
    let ended = folder.run_with(&["pin", "-"], &vec![b' '; (16 << 20) + 1]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("longer than 16777216 bytes"), "{}", ended.err);
}

#[test]
fn wrong_arguments_end_with_2() {
    let folder = Folder::new("tools");
    let list = folder.put("list.json", json!([tool("a", "x")]).to_string());
    let policy = folder.put("policy.json", policy(&json!([])));
    let missing = folder.path("missing.json").display().to_string();
    let directory = folder.path("").display().to_string();
    for (arguments, words) in [
        (&["pin"][..], "<LIST>"),
        (&["pin", &missing], "cannot read"),
        (&["pin", &directory], "is a folder; name the captured lists"),
        (&["pin", "-", "-"], "- stands twice"),
        (&["pin", "--tool", "b", &list], "no tool \"b\" in the list; it has a"),
        (&["pin", "--what", &list], "--what"),
        (&["diff", &list], "--policy"),
        (&["diff", "--policy", &policy], "<LIST>"),
        (&["diff", "--policy", "-", "-"], "- stands twice"),
        (&["diff", "--policy", "-", "--was", "-", &list], "- stands twice"),
        (&["diff", "--policy", &list, &list], "is no policy: expected an object"),
        (&["diff", "--policy", &missing, &list], "cannot read"),
        (&["diff", "--policy", &policy, "--was", &missing, &list], "cannot read"),
        (&["unpin"], "unpin"),
    ] {
        let ended = folder.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn each_tool_is_compared_with_its_pins() {
    let folder = Folder::new("tools");
    let old = json!([tool("a", "One"), tool("b", "Two"), tool("c", "Three")]);
    let old_file = folder.put("old.json", message(&old).to_string());
    let pins: Value = serde_json::from_str(&folder.run(&["pin", &old_file]).out).unwrap();
    let policy = folder.put("policy.json", policy(&pins));
    let ended = folder.run(&["diff", "--policy", &policy, &old_file]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(
        ended.out,
        "a  unchanged\nb  unchanged\nc  unchanged\n3 tools: 3 unchanged, 0 changed, 0 missing, 0 not pinned\n"
    );
    let new = json!([tool("a", "One"), tool("b", "Two\u{200b} more"), tool("d", "Four")]);
    let new_file = folder.put("new.json", message(&new).to_string());
    let ended = folder.run(&["diff", "--policy", &policy, &new_file]);
    let lines = "a  unchanged\nb  changed\nc  missing\nd  not pinned\n4 tools: 1 unchanged, 1 changed, 1 missing, 1 not pinned\n";
    assert_eq!((ended.code, ended.out.as_str()), (1, lines));
    let ended = folder.run(&["diff", "--policy", &policy, "--was", &old_file, &new_file]);
    let lines = "a  unchanged\nb  changed\n    $.description\n      - \"Two\"\n      + \"Two\\u200b more\"\nc  missing\n\
                 d  not pinned, new\n4 tools: 1 unchanged, 1 changed, 1 missing, 1 not pinned\n";
    assert_eq!((ended.code, ended.out.as_str()), (1, lines));
    let ended = folder.run(&["diff", "--policy", &policy, "--was", &new_file, &new_file]);
    assert!(
        ended.out.contains("the older list has the same definition: it is not the one that is pinned"),
        "{}",
        ended.out
    );
}

#[test]
fn what_is_not_pinned_differs_from_an_older_list_only() {
    let folder = Folder::new("tools");
    let policy = folder.put("policy.json", policy(&json!([])));
    let old = folder.put("old.json", json!([tool("a", "One")]).to_string());
    let new = folder.put("new.json", json!([tool("a", "Two")]).to_string());
    let code = |arguments: &[&str]| folder.run(&[&["diff", "--policy", &policy], arguments].concat()).code;
    assert_eq!(code(&[&old]), 0);
    assert_eq!(code(&["--was", &old, &old]), 0);
    assert_eq!(code(&["--was", &old, &new]), 1);
    let empty = folder.put("empty.json", "[]");
    assert_eq!(code(&["--was", &empty, &new]), 1);
    assert_eq!(code(&["--was", &old, &empty]), 1);
    assert_eq!(code(&[&empty]), 0);
}

#[test]
fn a_program_gets_one_json_document_in_which_every_character_is_seen() {
    let folder = Folder::new("tools");
    let old = folder.put("old.json", json!([tool("a", "One")]).to_string());
    let pins: Value = serde_json::from_str(&folder.run(&["pin", &old]).out).unwrap();
    let policy = folder.put("policy.json", policy(&pins));
    let new = folder
        .put("new.json", "[{\"name\":\"a\",\"description\":\"\u{202e}x\",\"n\u{ad}\":1e400},{\"name\":\"\u{200b}\"}]");
    let ended = folder.run(&["diff", "--json", "--policy", &policy, "--was", &old, &new]);
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    assert!(!ended.out.contains(['\u{202e}', '\u{ad}', '\u{200b}']), "{}", ended.out);
    let out: Value = serde_json::from_str(&ended.out.replace("1e400", "1")).unwrap();
    assert_eq!((&out[0]["tool"], &out[0]["state"]), (&json!("a"), &json!("CHANGED")));
    assert!(out[0]["noCanonicalForm"].as_str().unwrap().contains("1 is no number"), "{out}");
    assert_eq!(out[0]["pinned"], pins[0]["sha256"]);
    assert_eq!(out[0]["changes"][0], json!({"path": "$.description", "old": "One", "new": "\u{202e}x"}));
    assert_eq!(out[0]["changes"][1], json!({"path": "$.inputSchema", "old": {"type": "object"}}));
    assert_eq!((&out[1]["tool"], &out[1]["isNew"]), (&json!("\u{200b}"), &json!(true)));
    let none = folder.put("none.json", "[]");
    let unpinned = folder.put("unpinned.json", r#"{"policyId":"P","tenantId":"acme","rules":[]}"#);
    assert_eq!(folder.run(&["diff", "--json", "--policy", &unpinned, &none]).out, "[]\n");
}

#[test]
fn the_help_says_how_a_list_is_captured_and_how_it_ends() {
    let folder = Folder::new("tools");
    for (arguments, words) in [
        (&["--help"][..], ["pin", "diff"]),
        (&["pin", "--help"], ["captured response to tools/list", "Exit codes"]),
        (&["diff", "--help"], ["--was", "Exit codes"]),
    ] {
        let ended = folder.run(arguments);
        assert_eq!(ended.code, 0);
        assert!(words.iter().all(|words| ended.out.contains(words)), "{}", ended.out);
    }
}

fn tool(name: &str, description: &str) -> Value {
    json!({"name": name, "description": description, "inputSchema": {"type": "object"}})
}

fn message(tools: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "result": {"tools": tools}})
}

fn policy(pins: &Value) -> String {
    json!({"policyId": "P", "tenantId": "acme", "rules": [], "pins": pins}).to_string()
}
