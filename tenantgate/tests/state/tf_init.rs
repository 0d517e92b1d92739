//! `make tf-init`: what Terraform is run with.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::folder::{Ended, Folder};

/// Writes down its arguments in the place of Terraform.
const STAND_IN: &str = "#!/bin/sh\nfor argument; do printf '<%s>' \"$argument\"; done\n";

fn tf_init(folder: &Folder, variables: &[&str]) -> Option<Ended> {
    let stand_in = folder.put("terraform", STAND_IN);
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", folder.path("").display(), std::env::var("PATH").unwrap());
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut command = Command::new("make");
    for name in
        ["ENV", "APP_ID", "AGENT_NAME", "TENANT_ALIAS", "ROOT", "BACKEND_CONFIG", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"]
    {
        command.env_remove(name);
    }
    let run = command.current_dir(house).env("PATH", path).arg("tf-init").args(variables);
    let Ok(output) = run.arg(format!("TENANTGATE={}", env!("CARGO_BIN_EXE_tenantgate"))).output() else {
        println!("SKIPPED: there is no make on the path");
        return None;
    };
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    Some(Ended { code: output.status.code().unwrap(), out, err })
}

#[test]
fn terraform_is_given_the_key_last() {
    let folder = Folder::new("state");
    let key = "agentcore/prod/billing/order-support/terraform.tfstate";
    let variables = ["ENV=prod", "APP_ID=billing", "AGENT_NAME=order-support", "ROOT=a b", "BACKEND_CONFIG=/x y.hcl"];
    let Some(ended) = tf_init(&folder, &variables) else { return };
    let expected =
        format!("<-chdir=a b><init><-reconfigure><-input=false><-backend-config=/x y.hcl><-backend-config=key={key}>");
    assert_eq!((ended.code, ended.out, ended.err.as_str()), (0, expected, ""));
}

#[test]
fn without_a_unit_terraform_is_not_run() {
    let folder = Folder::new("state");
    for variables in [
        &[][..],
        &["ENV=prod"],
        &["APP_ID=billing"],
        &["ENV=Prod", "APP_ID=billing"],
        // What a pipeline did not set is another unit.
        &["ENV=prod", "APP_ID=billing", "AGENT_NAME="],
        &["ENV=prod", "APP_ID=billing", "TENANT_ALIAS= "],
    ] {
        let Some(ended) = tf_init(&folder, variables) else { return };
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{variables:?}: {}", ended.err);
    }
}

#[test]
fn nothing_that_is_given_is_run() {
    let folder = Folder::new("state");
    let mark = folder.path("mark").display().to_string();
    for value in [
        format!("$(shell touch {mark})"),
        format!("$(touch {mark})"),
        format!("$$(touch {mark})"),
        format!("`touch {mark}`"),
        format!("'; touch {mark}; '"),
        format!("\"; touch {mark}; \""),
        format!("x\ntouch {mark}\n"),
        format!("'\ntouch {mark} #"),
    ] {
        for name in ["ENV", "APP_ID", "AGENT_NAME", "TENANT_ALIAS", "ROOT", "BACKEND_CONFIG"] {
            let mut variables = vec!["ENV=prod".to_owned(), "APP_ID=billing".to_owned()];
            variables.retain(|variable| !variable.starts_with(name));
            variables.push(format!("{name}={value}"));
            let variables: Vec<&str> = variables.iter().map(String::as_str).collect();
            let Some(ended) = tf_init(&folder, &variables) else { return };
            assert!(!Path::new(&mark).exists(), "{name}={value}: {}{}", ended.out, ended.err);
        }
    }
}
