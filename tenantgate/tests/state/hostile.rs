//! States and units that somebody broke, and runs that somebody killed.

use std::fs;
use std::process::{Command, Stdio};

use crate::folder::Folder;
use crate::migrate::{FLAT, units};

const CLAIM: &str = r#"[{"env":"prod","app_id":"billing","addresses":["aws_table.t"]}]"#;

fn check(state: &str, units: &str, said: &str) {
    let folder = Folder::new("state");
    let (state_file, units_file) = (folder.put("flat.tfstate", state), folder.put("units.json", units));
    let out = folder.path("states").display().to_string();
    let ended = folder.run(&["migrate", "--state", &state_file, "--units", &units_file, "--out", &out]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{said}");
    assert!(ended.err.contains(said), "{said}: {}", ended.err);
    assert!(!ended.err.contains("s3cret"), "{}", ended.err);
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 2, "{said}");
}

#[test]
fn a_state_that_is_none_is_refused() {
    for (state, said) in [
        ("", "expected a Terraform state"),
        ("{", "expected a Terraform state"),
        ("[]", "no Terraform state"),
        ("\"s3cret\"", "no Terraform state"),
        ("{}", "version is missing"),
        (r#"{"encrypted_data": "s3cret"}"#, "version is missing"),
        (r#"{"version": 3, "modules": []}"#, "a state of version 3"),
        (r#"{"version": 5}"#, "unknown version"),
        (r#"{"version": "4"}"#, "unknown version"),
        (r#"{"version": 4}"#, "lineage is missing"),
        (r#"{"version": 4, "lineage": "x", "serial": -1}"#, "serial is missing or no number"),
        (r#"{"version": 4, "lineage": "x", "serial": 1}"#, "resources is missing"),
        (r#"{"version": 4, "lineage": "x", "serial": 1, "resources": {}}"#, "resources is missing"),
        (r#"{"version": 4, "lineage": "x", "serial": 1, "serial": 2, "resources": []}"#, "a member is there twice"),
    ] {
        check(state, CLAIM, said);
    }
    check(&format!("{}{}", "[".repeat(200), "]".repeat(200)), CLAIM, "nested deeper");
    check(&" ".repeat((1 << 27) + 1), CLAIM, "longer than 128 MiB");
}

#[test]
fn a_resource_that_is_none_is_refused() {
    let state = |resource: &str| {
        format!(r#"{{"version": 4, "lineage": "x", "serial": 1, "resources": [{{"mode": "managed", {resource}}}]}}"#)
    };
    for (resource, said) in [
        (r#""name": "t", "instances": []"#, "resources[0]: type or name is missing"),
        (r#""type": "a", "name": "t""#, "instances is missing"),
        (r#""type": "../a", "name": "t", "instances": []"#, "resources[0]: type and name are none of a resource"),
        (r#""type": "a", "name": "t\n", "instances": []"#, "resources[0]: type and name are none of a resource"),
        (r#""type": "a", "name": "t", "module": "../x", "instances": []"#, "is no address"),
        (r#""type": "a", "name": "t", "module": "a.b", "instances": []"#, "module is no address of a module"),
        (r#""type": "a", "name": "t", "instances": [{"index_key": -1}]"#, "index_key is no index"),
        (r#""type": "a", "name": "t", "instances": [{"index_key": {"a": "s3cret"}}]"#, "index_key is no index"),
        (r#""type": "a", "name": "t", "instances": [{"dependencies": [1]}]"#, "dependencies holds what is no string"),
        (r#""type": "a", "name": "t", "instances": [{"dependencies": ["x y"]}]"#, "is no address"),
        (r#""type": "a", "name": "t", "instances": [{}, {}]"#, "a.t is there twice"),
        (r#""type": "a", "name": "t", "instances": [{"attributes": {"x": 1, "x": 2}}]"#, "a member is there twice"),
    ] {
        check(&state(resource), CLAIM, said);
    }
    let mode = state("").replace("managed", "s3cret").replace(", }", "}");
    check(&mode, CLAIM, "mode is neither managed nor data");
    let twice = FLAT.replace("[\\\"it\\\"]", "[\\\"hr\\\"]");
    check(&twice, CLAIM, "module.agents[\"hr\"].aws_role.r is there twice");
}

#[test]
fn units_that_are_none_are_refused() {
    for (units, said) in [
        ("", "expected [ { \"env\""),
        ("{}", "expected [ { \"env\""),
        ("[]", "no unit"),
        (r#"[{"env":"prod","app_id":"billing"}]"#, "missing field `addresses`"),
        (r#"[{"env":"prod","app_id":"billing","addresses":[]}]"#, "[0].addresses is empty"),
        (r#"[{"env":"prod","env":"qa","app_id":"billing","addresses":["a.b"]}]"#, "duplicate field"),
        (r#"[{"env":"prod","app_id":"billing","addresses":["a.b"],"tenant":"x"}]"#, "unknown field"),
        (r#"[{"env":"prod","app_id":"../../x","addresses":["a.b"]}]"#, "[0].app_id \"../../x\" must be words"),
        (r#"[{"env":"prod","app_id":"billing","agent_name":"/etc","addresses":["a.b"]}]"#, "agent_name \"/etc\""),
        (r#"[{"env":"prod","app_id":"billing","agent_name":"x\u0000","addresses":["a.b"]}]"#, "must be words"),
        (r#"[{"env":"prod","app_id":"billing","tenant_alias":"Tenant-A","addresses":["a.b"]}]"#, "must be words"),
        (r#"[{"env":"prod","app_id":"billing","addresses":["*"]}]"#, "[0].addresses[0]: \"*\" is no address"),
        (r#"[{"env":"prod","app_id":"billing","addresses":[""]}]"#, "is no address"),
        (r#"[{"env":"prod","app_id":"billing","addresses":["a.b","a.b"]}]"#, "[0].addresses[1] is there twice"),
    ] {
        check(FLAT, units, said);
    }
    let same = units(&[(None, &["a.b"], &[]), (None, &["c.d"], &[])]);
    check(FLAT, &same, "[1] is the same unit as [0]");
    check(FLAT, &" ".repeat((1 << 24) + 1), "longer than 16 MiB");
}

#[test]
fn a_run_that_is_killed_leaves_the_state_and_can_be_run_again() {
    let folder = Folder::new("state");
    let instances: Vec<String> =
        (0..75).map(|index| format!(r#"{{"index_key": {index}, "attributes": {{"p": "s3cret"}}}}"#)).collect();
    let resource = |agent: usize| {
        let instances = instances.join(",");
        format!(
            r#"{{"mode": "managed", "type": "a", "name": "w{agent}", "provider": "x", "instances": [{instances}]}}"#
        )
    };
    let resources: Vec<String> = (0..40).map(resource).collect();
    let resources = resources.join(",");
    let state = format!(r#"{{"version": 4, "lineage": "x", "serial": 1, "resources": [{resources}]}}"#);
    let agents: Vec<[String; 2]> = (0..40).map(|agent| [format!("w{agent}"), format!("a.w{agent}")]).collect();
    let addresses: Vec<[&str; 1]> = agents.iter().map(|[_, address]| [address.as_str()]).collect();
    let claims: Vec<(Option<&str>, &[&str], &[&str])> =
        agents.iter().zip(&addresses).map(|([agent, _], list)| (Some(agent.as_str()), &list[..], &[][..])).collect();
    let (state_file, units_file) = (folder.put("flat.tfstate", &state), folder.put("units.json", units(&claims)));
    let out = folder.path("states");
    let begun = |name: &str| name.starts_with(".state-migrate-") || name == "states";
    let has_begun =
        || fs::read_dir(folder.path("")).unwrap().any(|entry| begun(entry.unwrap().file_name().to_str().unwrap()));
    let mut child = Command::new(env!("CARGO_BIN_EXE_tenantgate"))
        .args(["state", "migrate", "--state", &state_file, "--units", &units_file, "--out", out.to_str().unwrap()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !has_begun() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(&state_file).unwrap(), state);
    // Killed too late, it is whole.
    assert_eq!(out.exists(), out.join("manifest.json").exists());
    let again = folder.path("again").display().to_string();
    let ended = folder.run(&["migrate", "--state", &state_file, "--units", &units_file, "--out", &again]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(fs::read_to_string(&state_file).unwrap(), state);
}
