//! The key of a unit.

use serde_json::{Value, json};

use crate::folder::Folder;

#[test]
fn each_kind_of_unit_has_its_key() {
    let folder = Folder::new("state");
    for (own, key) in [
        (&[][..], "agentcore/prod/billing/terraform.tfstate\n"),
        (&["--agent-name", "order-support"], "agentcore/prod/billing/order-support/terraform.tfstate\n"),
        (&["--tenant-alias", "blue-harbour"], "agentcore/prod/billing/tenants/blue-harbour/terraform.tfstate\n"),
    ] {
        let ended = folder.run(&[&["key", "--env", "prod", "--app-id", "billing"], own].concat());
        assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, key, ""));
    }
}

#[test]
fn a_program_gets_the_unit_too() {
    let folder = Folder::new("state");
    let ended = folder.run(&["key", "--env=prod", "--app-id=billing", "--agent-name=hr", "--format", "json"]);
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    let unit = json!({"env": "prod", "app_id": "billing", "agent_name": "hr", "tenant_alias": null});
    assert_eq!(document, json!({"key": "agentcore/prod/billing/hr/terraform.tfstate", "unit": unit}));
}

#[test]
fn a_part_that_no_key_may_have_ends_with_2_and_prints_no_key() {
    let folder = Folder::new("state");
    let tenants = folder.put("tenants.json", r#"[ { "tenantId": "Blue.Harbour", "status": "ACTIVE" } ]"#);
    for (own, said) in [
        (&["--agent-name="][..], "agent_name \"\" must be words of a-z and 0-9"),
        (&["--agent-name=../x"], "agent_name \"../x\" must be words"),
        (&["--agent-name=-x"], "agent_name \"-x\" must be words"),
        (&["--agent-name", "-x"], "agent_name \"-x\" must be words"),
        (&["--agent-name=hr\n"], "agent_name \"hr\\n\" must be words"),
        (&["--agent-name=tenants"], "agent_name \"tenants\" is the folder of the dedicated stacks"),
        (&["--tenant-alias=tenant-a"], "tenant_alias \"tenant-a\" looks like an id"),
        (&["--tenant-alias=acme", "--agent-name=hr"], "tenant_alias \"acme\" stands beside an agent_name"),
        (
            &["--tenant-alias=blue-harbour", "--tenants", &tenants],
            "tenant_alias \"blue-harbour\" is a known tenant's id",
        ),
    ] {
        let ended = folder.run(&[&["key", "--env=prod", "--app-id=billing"], own].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{own:?}");
        assert!(ended.err.contains(said), "{}", ended.err);
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    let folder = Folder::new("state");
    let broken = folder.put("broken.json", "[{}]");
    for arguments in [
        &["key"][..],
        &["key", "--env=prod"],
        &["key", "--app-id=billing"],
        &["key", "--env=prod", "--app-id=billing", "--tenants", &broken],
        &["key", "--env=prod", "--app-id=billing", "--tenants", "missing.json"],
    ] {
        let ended = folder.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
    }
}
