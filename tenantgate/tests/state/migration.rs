//! A root with one flat state becomes three with Terraform itself as the judge.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::folder::Folder;
use crate::terraform;

const AGENT: &str = r#"
variable "table" { type = string }
resource "terraform_data" "function" {
  count = 2
  input = { table = var.table, password = sensitive("s3cret<${count.index}>") }
}
module "alarms" {
  source   = "./alarm"
  function = terraform_data.function[0].id
}
"#;

const ALARM: &str = r#"
variable "function" { type = string }
resource "terraform_data" "alarm" { input = var.function }
"#;

const FLAT: &str = r#"
resource "terraform_data" "table" { input = "orders" }
module "agents" {
  source   = "./agent"
  for_each = toset(["hr", "it \"x\""])
  table    = terraform_data.table.output
}
output "table" { value = terraform_data.table.output }
"#;

const APPLICATION: &str = r#"
terraform {
  backend "local" {}
}
resource "terraform_data" "table" { input = "orders" }
output "table" { value = terraform_data.table.output }
"#;

/// The dependency that was cut is looked up in the application's state.
const LOOKUP: &str = r#"
terraform {
  backend "local" {}
}
data "terraform_remote_state" "application" {
  backend = "local"
  config  = { path = "../application.tfstate" }
}
module "agents" {
  source   = "./agent"
  for_each = toset([AGENT])
  table    = data.terraform_remote_state.application.outputs.table
}
"#;

const UNITS: &str = r#"[
  { "env": "prod", "app_id": "billing", "addresses": ["terraform_data.table"], "outputs": ["table"] },
  { "env": "prod", "app_id": "billing", "agent_name": "hr", "addresses": ["module.agents[\"hr\"]"] },
  { "env": "prod", "app_id": "billing", "agent_name": "it", "addresses": ["module.agents[\"it \\\"x\\\"\"]"] } ]"#;

fn root(folder: &Folder, name: &str, text: &str) {
    for (part, text) in [("", text), ("agent", AGENT), ("agent/alarm", ALARM)] {
        let path = folder.path(name).join(part);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("main.tf"), text).unwrap();
    }
}

#[test]
fn three_units_out_of_one_state_have_nothing_to_change() {
    if !terraform::is_there() {
        return;
    }
    let folder = Folder::new("state");
    root(&folder, "flat", FLAT);
    terraform::done(&folder.path("flat"), &["init", "-input=false"]);
    terraform::done(&folder.path("flat"), &["apply", "-auto-approve"]);
    let flat = folder.put("flat.tfstate", terraform::done(&folder.path("flat"), &["state", "pull"]));
    let units = folder.put("units.json", UNITS);
    let out = folder.path("states").display().to_string();
    let ended = folder.run(&["migrate", "--state", &flat, "--units", &units, "--out", &out]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("3 units, 7 instances, 4 remote lookups: 0 findings"), "{}", ended.out);
    assert!(!ended.out.contains("s3cret"));

    for (name, text, own) in [
        ("application", APPLICATION.to_owned(), ""),
        ("hr", LOOKUP.replace("AGENT", "\"hr\""), "hr/"),
        ("it", LOOKUP.replace("AGENT", "\"it \\\"x\\\"\""), "it/"),
    ] {
        root(&folder, name, &text);
        let path = folder.path(name);
        let place = format!("-backend-config=path=../{name}.tfstate");
        terraform::done(&path, &["init", "-input=false", "-reconfigure", &place]);
        let state = folder.path(&format!("states/agentcore/prod/billing/{own}terraform.tfstate"));
        terraform::done(&path, &["state", "push", state.to_str().unwrap()]);
        let planned = terraform::run(&path, &["plan", "-detailed-exitcode", "-no-color"]);
        let text = String::from_utf8(planned.stdout).unwrap();
        assert_eq!(planned.status.code(), Some(0), "{name}: {text}");
        assert!(text.contains("No changes."), "{text}");
    }
    // A key that has a state takes no other's.
    let other = folder.path("states/agentcore/prod/billing/it/terraform.tfstate");
    let pushed = terraform::run(&folder.path("hr"), &["state", "push", other.to_str().unwrap()]);
    assert!(!pushed.status.success());
    // The flat state was only read: its root has nothing to change either, and that is the way back.
    let planned = terraform::run(&folder.path("flat"), &["plan", "-detailed-exitcode"]);
    assert_eq!(planned.status.code(), Some(0));
}

#[test]
fn the_states_are_what_terraform_state_mv_makes() {
    if !terraform::is_there() {
        return;
    }
    let folder = Folder::new("state");
    root(&folder, "flat", FLAT);
    terraform::done(&folder.path("flat"), &["init", "-input=false"]);
    terraform::done(&folder.path("flat"), &["apply", "-auto-approve"]);
    let flat = folder.put("flat.tfstate", terraform::done(&folder.path("flat"), &["state", "pull"]));
    let (units, out) = (folder.put("units.json", UNITS), folder.path("states").display().to_string());
    assert_eq!(folder.run(&["migrate", "--state", &flat, "--units", &units, "--out", &out]).code, 0);
    let (copy, moved) = (folder.path("copy.tfstate"), folder.path("moved.tfstate"));
    fs::copy(&flat, &copy).unwrap();
    let [from, to] = [&copy, &moved].map(|path| path.display().to_string());
    let address = "module.agents[\"hr\"]";
    let [from, to] = [format!("-state={from}"), format!("-state-out={to}")];
    terraform::done(&folder.path(""), &["state", "mv", &from, &to, address, address]);
    let ours = folder.path("states/agentcore/prod/billing/hr/terraform.tfstate");
    assert_eq!(resources(&ours), resources(&moved));
    assert_eq!(resources(&ours).len(), 2);
}

fn resources(state: &Path) -> BTreeMap<String, Value> {
    let state: Value = serde_json::from_slice(&fs::read(state).unwrap()).unwrap();
    let resources = state["resources"].as_array().unwrap().iter();
    resources
        .map(|resource| (format!("{}{}{}", resource["module"], resource["type"], resource["name"]), resource.clone()))
        .collect()
}

#[test]
fn a_plan_of_terraform_says_its_unit() {
    if !terraform::is_there() {
        return;
    }
    let folder = Folder::new("state");
    fs::create_dir_all(folder.path("root")).unwrap();
    folder.put(
        "root/main.tf",
        "variable \"env\" { type = string }\nvariable \"app_id\" { type = string }\nvariable \"agent_name\" {\n  type    = string\n  default = null\n}\n\
         terraform {\n  backend \"local\" {}\n}\n",
    );
    let root = folder.path("root");
    terraform::done(&root, &["init", "-input=false"]);
    terraform::done(&root, &["plan", "-out=plan", "-var=env=prod", "-var=app_id=billing"]);
    let plan = folder.put("plan.json", terraform::done(&root, &["show", "-json", "plan"]));
    let root = root.display().to_string();
    let ended = folder.run(&["check", "--root", &root, "--plan", &plan, "--format", "json"]);
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(document["key"], "agentcore/prod/billing/terraform.tfstate");
    let findings = document["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap());
    assert_eq!((ended.code, findings.collect::<Vec<_>>()), (1, vec!["BACKEND_LOCAL"]));
}
