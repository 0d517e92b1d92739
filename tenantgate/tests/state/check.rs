//! Whether a root is initialised with the state of its unit.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::folder::{Ended, Folder};

const KEY: &str = "agentcore/prod/billing/terraform.tfstate";
const UNIT: [&str; 4] = ["--env", "prod", "--app-id", "billing"];

fn root(kind: &str, settings: &Value) -> Folder {
    let folder = Folder::new("state");
    fs::create_dir_all(folder.path(".terraform")).unwrap();
    let backend = json!({"type": kind, "config": settings, "hash": 1});
    folder.put(".terraform/terraform.tfstate", json!({"version": 3, "backend": backend}).to_string());
    folder
}

fn plan(folder: &Folder, variables: &[(&str, Value)]) -> String {
    let variables: serde_json::Map<String, Value> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), json!({"value": value}))).collect();
    let document = json!({"format_version": "1.2", "variables": variables, "configuration": {}});
    folder.put("plan.json", document.to_string())
}

fn check(folder: &Folder, arguments: &[&str]) -> Ended {
    let root = folder.path("").display().to_string();
    folder.run(&[&["check", "--root", &root], arguments].concat())
}

fn codes(ended: &Ended) -> Vec<String> {
    let document: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.err));
    let findings = document["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_key_of_the_unit_ends_with_0() {
    let folder = root("s3", &json!({"bucket": "states", "key": KEY}));
    let ended = check(&folder, &UNIT);
    let line = format!("env=prod app_id=billing, s3 {KEY}: 0 findings\n");
    assert_eq!((ended.code, ended.out, ended.err.as_str()), (0, line, ""));
}

#[test]
fn the_key_of_another_unit_ends_with_1() {
    for key in [
        json!("agentcore/staging/billing/terraform.tfstate"),
        json!("agentcore/prod/billing/hr/terraform.tfstate"),
        json!(format!("{KEY}/")),
        json!(format!("/{KEY}")),
        json!(KEY.to_uppercase()),
        json!(""),
        json!(null),
        json!(["x"]),
    ] {
        let folder = root("s3", &json!({"key": key}));
        let ended = check(&folder, &UNIT);
        assert_eq!(ended.code, 1, "{key}");
        assert!(ended.out.starts_with("KEY_DIFFERS  backend \"s3\": the state is at "), "{}", ended.out);
        let ended = check(&folder, &[&UNIT[..], &["--format", "json"]].concat());
        assert_eq!((ended.code, codes(&ended)), (1, vec!["KEY_DIFFERS".to_owned()]));
    }
}

#[test]
fn a_state_that_is_nowhere_or_here_ends_with_1() {
    let json_of = |folder: &Folder| {
        let ended = check(folder, &[&UNIT[..], &["--format", "json"]].concat());
        assert_eq!(ended.code, 1);
        codes(&ended)
    };
    assert_eq!(json_of(&Folder::new("state")), ["NOT_INITIALISED"]);
    assert_eq!(json_of(&root("local", &json!({"path": KEY}))), ["BACKEND_LOCAL"]);
    assert_eq!(json_of(&root("remote", &json!({"key": KEY}))), ["BACKEND_UNKNOWN"]);
    let without = Folder::new("state");
    fs::create_dir_all(without.path(".terraform")).unwrap();
    without.put(".terraform/terraform.tfstate", r#"{"version": 3}"#);
    assert_eq!(json_of(&without), ["NOT_INITIALISED"]);
}

#[test]
fn a_selected_workspace_ends_with_1() {
    let folder = root("s3", &json!({"key": KEY, "workspace_key_prefix": "env:"}));
    folder.put(".terraform/environment", "default");
    assert_eq!(check(&folder, &UNIT).code, 0);
    folder.put(".terraform/environment", "blue\u{1b}[31m\n");
    let ended = check(&folder, &UNIT);
    assert_eq!(ended.code, 1);
    assert!(ended.out.starts_with("WORKSPACE_SELECTED  backend \"s3\""), "{}", ended.out);
    assert!(!ended.out.contains('\u{1b}'));
}

#[test]
fn the_variables_of_terraform_count() {
    let folder = root("s3", &json!({"key": "agentcore/qa/billing/terraform.tfstate"}));
    fs::rename(folder.path(".terraform"), folder.path("elsewhere")).unwrap();
    let run = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantgate"));
        command.args(["state", "check", "--env", "qa", "--app-id", "billing", "--root"]).arg(folder.path(""));
        let output = command.env("TF_DATA_DIR", "elsewhere").env(name, value).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run("TF_WORKSPACE", "").0, 0);
    assert_eq!(run("TF_WORKSPACE", "default").0, 0);
    let (code, out) = run("TF_WORKSPACE", "blue");
    assert!(code == 1 && out.starts_with("WORKSPACE_SELECTED"), "{out}");
    let (code, out) = run("TF_DATA_DIR", "");
    assert!(code == 1 && out.starts_with("NOT_INITIALISED"), "{out}");
}

#[test]
fn the_plan_says_which_unit_it_is() {
    let key = "agentcore/prod/billing/hr/terraform.tfstate";
    let folder = root("s3", &json!({"key": key}));
    let unit = [("env", json!("prod")), ("app_id", json!("billing")), ("agent_name", json!("hr"))];
    let file = plan(&folder, &unit);
    assert_eq!(check(&folder, &["--plan", &file]).code, 0);
    let file = plan(&folder, &unit[..2]);
    let ended = check(&folder, &["--plan", &file, "--format", "json"]);
    assert_eq!((ended.code, codes(&ended)), (1, vec!["KEY_DIFFERS".to_owned()]));
}

#[test]
fn a_plan_of_another_unit_than_the_job_ends_with_1() {
    let folder = root("s3", &json!({"key": KEY}));
    for (variables, expected) in [
        (vec![("env", json!("prod")), ("app_id", json!("billing")), ("tenant_alias", json!(null))], &[][..]),
        (vec![("env", json!("staging")), ("app_id", json!("billing"))], &["UNIT_DIFFERS"]),
        (vec![("env", json!("staging")), ("app_id", json!("x"))], &["UNIT_DIFFERS", "UNIT_DIFFERS"]),
        (vec![("env", json!("prod")), ("app_id", json!("billing")), ("agent_name", json!("hr"))], &["UNIT_DIFFERS"]),
        (vec![("env", json!("prod")), ("app_id", json!(7))], &["UNIT_DIFFERS"]),
        (vec![("env", json!("prod"))], &["UNIT_NOT_IN_PLAN"]),
        (vec![], &["UNIT_NOT_IN_PLAN", "UNIT_NOT_IN_PLAN"]),
    ] {
        let file = plan(&folder, &variables);
        let ended = check(&folder, &[&UNIT[..], &["--plan", &file, "--format", "json"]].concat());
        assert_eq!(codes(&ended), expected, "{variables:?}");
        assert_eq!(ended.code, i32::from(!expected.is_empty()));
    }
}

#[test]
fn a_plan_without_a_unit_ends_with_1() {
    let folder = root("s3", &json!({"key": KEY}));
    for (variables, expected) in [
        (vec![("env", json!("prod"))], "UNIT_NOT_IN_PLAN"),
        (vec![("env", json!("../prod")), ("app_id", json!("billing"))], "UNIT_INVALID"),
        (vec![("env", json!({"a": "s3cret"})), ("app_id", json!("billing"))], "UNIT_INVALID"),
        (vec![("env", json!("prod")), ("app_id", json!("a")), ("agent_name", json!("b"))], "UNIT_INVALID"),
        (
            vec![("env", json!("prod")), ("app_id", json!("billing")), ("tenant_alias", json!("Tenant-A"))],
            "UNIT_INVALID",
        ),
    ] {
        let file = plan(&folder, &variables);
        let ended = check(&folder, &["--plan", &file, "--format", "json"]);
        assert_eq!((ended.code, codes(&ended)), (1, vec![expected.to_owned()]), "{variables:?}");
        assert!(!ended.out.contains("s3cret"));
    }
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let folder = root("s3", &json!({"key": KEY}));
    for text in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"format_version": "1.2", "values": {}}"#,
        r#"{"configuration":{},"configuration":{}}"#,
    ] {
        let file = folder.put("broken.json", text);
        let ended = check(&folder, &["--plan", &file]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{text}");
        assert!(ended.err.contains("broken.json: "), "{}", ended.err);
    }
    for arguments in [&[][..], &["--env", "prod"], &["--agent-name", "hr"], &["--env", "Prod", "--app-id", "billing"]] {
        assert_eq!(check(&folder, arguments).code, 2, "{arguments:?}");
    }
    folder.put(".terraform/terraform.tfstate", "{");
    let ended = check(&folder, &UNIT);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("run `terraform init` anew"), "{}", ended.err);
    assert_eq!(folder.run(&[&["check", "--root", "missing"], &UNIT[..]].concat()).code, 2);
}
