//! Splitting a state: what is shown, what hinders it, what is written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::folder::{Ended, Folder};

/// Numbers, escapes and white space as Terraform would not write them: they stay.
pub(crate) const FLAT: &str = r#"{
  "version": 4, "terraform_version": "1.11.4", "serial": 41, "lineage": "11111111-2222-4333-8444-555555555555",
  "outputs": { "table": { "value": "t", "type": "string" }, "password": { "value": "s3cret", "type": "string", "sensitive": true } },
  "resources": [
    { "mode": "data", "type": "aws_region", "name": "here", "provider": "provider[\"x\"]",
      "instances": [ { "schema_version": 0, "attributes": {} } ] },
    { "mode": "managed", "type": "aws_table", "name": "t", "provider": "provider[\"x\"]",
      "instances": [ { "schema_version": 1, "attributes": { "n": 1.50e3, "p": "s3cret\u003c" },   "private": "Zm9v" },
                     { "deposed": "0a1b2c3d", "schema_version": 1, "attributes": { "n": 12345678901234567890123 } } ] },
    { "module": "module.agents[\"hr\"]", "mode": "managed", "type": "aws_fn", "name": "f", "provider": "provider[\"x\"]",
      "instances": [ { "index_key": 0, "attributes": { "p": "s3cret" }, "dependencies": [ "aws_table.t", "module.agents.aws_role.r", "gone.x" ] },
                     { "index_key": 1, "attributes": {}, "dependencies": [ "aws_table.t" ] } ] },
    { "module": "module.agents[\"hr\"]", "mode": "managed", "type": "aws_role", "name": "r", "provider": "provider[\"x\"]",
      "instances": [ { "attributes": {} } ] },
    { "module": "module.agents[\"it\"]", "mode": "managed", "type": "aws_role", "name": "r", "provider": "provider[\"x\"]",
      "instances": [ { "attributes": {} } ] } ],
  "check_results": [ { "object_kind": "resource" } ]
}
"#;

pub(crate) fn units(units: &[(Option<&str>, &[&str], &[&str])]) -> String {
    let unit = |(agent, addresses, outputs): &(Option<&str>, &[&str], &[&str])| json!({"env": "prod", "app_id": "billing", "agent_name": agent, "addresses": addresses, "outputs": outputs});
    Value::Array(units.iter().map(unit).collect()).to_string()
}

fn good() -> String {
    units(&[
        (None, &["aws_table.t"], &["table"]),
        (Some("hr"), &["module.agents[\"hr\"]"], &[]),
        (Some("it"), &["module.agents[\"it\"]"], &[]),
    ])
}

fn migrate(folder: &Folder, state: &str, units: &str, more: &[&str]) -> Ended {
    let (state, units) = (folder.put("flat.tfstate", state), folder.put("units.json", units));
    folder.run(&[&["migrate", "--state", &state, "--units", &units], more].concat())
}

fn codes(folder: &Folder, state: &str, units: &str) -> Vec<String> {
    let ended = migrate(folder, state, units, &["--format", "json"]);
    let document: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.err));
    assert_eq!(document["written"], Value::Null);
    let findings = document["findings"].as_array().unwrap().iter();
    let codes: Vec<String> = findings
        .map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["where"].as_str().unwrap()))
        .collect();
    assert_eq!(ended.code, i32::from(!codes.is_empty()));
    codes
}

#[test]
fn a_dry_run_shows_every_move_and_writes_nothing() {
    let folder = Folder::new("state");
    let ended = migrate(&folder, FLAT, &good(), &[]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(
        ended.out,
        r#"agentcore/prod/billing/terraform.tfstate
    aws_table.t
    aws_table.t (deposed 0a1b2c3d)
    output.table
agentcore/prod/billing/hr/terraform.tfstate
    module.agents["hr"].aws_fn.f[0]
    module.agents["hr"].aws_fn.f[1]
    module.agents["hr"].aws_role.r
agentcore/prod/billing/it/terraform.tfstate
    module.agents["it"].aws_role.r
not moved, since Terraform makes them anew
    data.aws_region.here
    output.password
becomes a remote lookup
    module.agents["hr"].aws_fn.f[0] needs aws_table.t of agentcore/prod/billing/terraform.tfstate
3 units, 6 instances, 1 remote lookup: 0 findings
nothing is written
"#
    );
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 2);
}

#[test]
fn states_hold_every_instance_once_and_as_it_was() {
    let folder = Folder::new("state");
    let out = folder.path("states").display().to_string();
    let ended = migrate(&folder, FLAT, &good(), &["--out", &out]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.ends_with(&format!("written: {out}; manifest.json there says what is next\n")), "{}", ended.out);
    let read = |key: &str| fs::read_to_string(folder.path("states").join(key)).unwrap();
    let [app, hr, it] = ["", "hr/", "it/"].map(|own| read(&format!("agentcore/prod/billing/{own}terraform.tfstate")));
    for (instance, state) in [
        (r#"{ "schema_version": 1, "attributes": { "n": 1.50e3, "p": "s3cret\u003c" },   "private": "Zm9v" }"#, &app),
        (r#"{ "deposed": "0a1b2c3d", "schema_version": 1, "attributes": { "n": 12345678901234567890123 } }"#, &app),
        (r#"{ "index_key": 1, "attributes": {}, "dependencies": [ "aws_table.t" ] }"#, &hr),
    ] {
        let holders = [&app, &hr, &it].into_iter().filter(|text| text.contains(instance));
        assert_eq!(holders.collect::<Vec<_>>(), [state]);
    }
    let mut lineages = Vec::new();
    for (text, outputs, resources) in [(&app, 1, 1), (&hr, 0, 2), (&it, 0, 1)] {
        let state: Value = serde_json::from_str(text).unwrap();
        assert_eq!(
            (&state["version"], &state["serial"], &state["check_results"]),
            (&json!(4), &json!(1), &json!(null))
        );
        assert_eq!(state["outputs"].as_object().unwrap().len(), outputs);
        assert_eq!(state["resources"].as_array().unwrap().len(), resources);
        let lineage = state["lineage"].as_str().unwrap().to_owned();
        assert_eq!((lineage.len(), lineage.matches('-').count()), (36, 4));
        lineages.push(lineage);
    }
    lineages.push("11111111-2222-4333-8444-555555555555".to_owned());
    lineages.sort();
    lineages.dedup();
    assert_eq!(lineages.len(), 4);
}

#[test]
fn only_the_owner_reads_what_is_written_and_no_value_is_shown() {
    let folder = Folder::new("state");
    let out = folder.path("states").display().to_string();
    let ended = migrate(&folder, FLAT, &good(), &["--out", &out, "--format", "json"]);
    assert_eq!(ended.code, 0);
    let manifest = fs::read_to_string(folder.path("states/manifest.json")).unwrap();
    for text in [&ended.out, &ended.err, &manifest] {
        assert!(!text.contains("s3cret") && !text.contains("1234567890123"));
    }
    check_modes(&folder.path("states"));
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["source"]["serial"], 41);
    assert_eq!(manifest["units"].as_array().unwrap().len(), 3);
    let push = "terraform -chdir=\"$ROOT\" state push \"$PWD/agentcore/prod/billing/hr/terraform.tfstate\"";
    assert!(manifest["units"][1]["commands"].as_array().unwrap().contains(&json!(push)));
    assert_eq!(manifest["remote_lookups"][0]["needs"], "aws_table.t");
}

fn check_modes(folder: &Path) {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700, "{}", folder.display());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check_modes(&path);
        } else {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}

#[test]
fn nothing_is_ever_overwritten() {
    let folder = Folder::new("state");
    fs::create_dir(folder.path("empty")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path("link")).unwrap();
    folder.put("file", "x");
    for name in ["empty", "link", "file", "missing/states"] {
        let out = folder.path(name).display().to_string();
        let ended = migrate(&folder, FLAT, &good(), &["--out", &out]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{name}");
    }
    assert_eq!(fs::read_dir(folder.path("empty")).unwrap().count(), 0);
    assert_eq!(fs::read_to_string(folder.path("file")).unwrap(), "x");
}

#[test]
fn what_hinders_a_move_is_found_and_nothing_written() {
    let folder = Folder::new("state");
    let app: (Option<&str>, &[&str], &[&str]) = (None, &["aws_table.t"], &[]);
    let agents: (Option<&str>, &[&str], &[&str]) = (Some("hr"), &["module.agents"], &[]);
    assert_eq!(codes(&folder, FLAT, &units(&[app, agents])), [""; 0]);
    assert_eq!(
        codes(&folder, FLAT, &units(&[agents])),
        ["ADDRESS_UNCLAIMED aws_table.t", "ADDRESS_UNCLAIMED aws_table.t (deposed 0a1b2c3d)"]
    );
    assert_eq!(
        codes(&folder, FLAT, &units(&[app, agents, (Some("it"), &["module.agents[\"it\"].aws_role.r"], &[])])),
        ["ADDRESS_CLAIMED_TWICE module.agents[\"it\"].aws_role.r"]
    );
    assert_eq!(
        codes(&folder, FLAT, &units(&[app, (Some("hr"), &["module.agents", "module.agents[0]", "aws_x.y"], &[])])),
        ["CLAIM_EMPTY [1].addresses[1]", "CLAIM_EMPTY [1].addresses[2]"]
    );
    let twice = units(&[(None, &["aws_table.t"], &["table", "none"]), (Some("hr"), &["module.agents"], &["table"])]);
    assert_eq!(codes(&folder, FLAT, &twice), ["OUTPUT_UNKNOWN [0].outputs[1]", "OUTPUT_CLAIMED_TWICE [1].outputs[0]"]);
    let out = folder.path("states").display().to_string();
    let ended = migrate(&folder, FLAT, &twice, &["--out", &out]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.ends_with("nothing is written\n"), "{}", ended.out);
    assert!(!folder.path("states").exists());
}

#[test]
fn a_dependency_inside_one_instance_of_a_module_is_not_cut() {
    let folder = Folder::new("state");
    let fn_alone = units(&[
        (None, &["aws_table.t", "module.agents[\"it\"]"], &[]),
        (Some("hr"), &["module.agents[\"hr\"].aws_fn.f"], &[]),
        (Some("it"), &["module.agents[\"hr\"].aws_role.r"], &[]),
    ]);
    let ended = migrate(&folder, FLAT, &fn_alone, &["--format", "json"]);
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    let lookups = document["remote_lookups"].as_array().unwrap().iter();
    let needs: Vec<&str> = lookups.map(|lookup| lookup["needs"].as_str().unwrap()).collect();
    assert_eq!(needs, ["aws_table.t", "module.agents[\"hr\"].aws_role.r"]);
}
