//! The module `state-key` under the cases of the command: the two cannot differ.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::terraform;

#[test]
fn the_module_agrees_with_the_command_on_every_case() {
    if !terraform::is_there() {
        return;
    }
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let module = house.join("terraform/modules/state-key");
    let copy = TempDir::new().unwrap();
    for file in ["main.tf", "variables.tf", "outputs.tf", "versions.tf"] {
        fs::copy(module.join(file), copy.path().join(file)).unwrap();
    }
    let cases = fs::read_to_string(house.join("fixtures/state-keys.json")).unwrap();
    let (runs, count) = runs(&serde_json::from_str(&cases).unwrap());
    fs::create_dir(copy.path().join("tests")).unwrap();
    fs::write(copy.path().join("tests/cases.tftest.hcl"), runs).unwrap();
    terraform::done(copy.path(), &["init"]);
    let output = terraform::run(copy.path(), &["test", "-no-color"]);
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    let failed: Vec<&str> = out.lines().filter(|line| line.ends_with("... fail")).collect();
    assert!(out.contains(&format!("{count} passed, 0 failed")), "{failed:?}: {err:.4000}");
    assert!(count > 300);
}

/// One run for each value, at all parts that may be refused beside each other.
fn runs(cases: &Value) -> (String, usize) {
    let mut text = String::new();
    let mut count = 0;
    for case in cases["valid"].as_array().unwrap() {
        let end = format!(
            "  assert {{\n    condition     = output.key == {}\n    error_message = \"got ${{output.key}}\"\n  }}\n",
            quoted(case["key"].as_str().unwrap())
        );
        write_run(&mut text, &mut count, "valid", &variables(case, &case["unit"], &[], ""), &end);
    }
    for group in cases["refused"].as_array().unwrap() {
        let at: Vec<&str> = group["at"].as_array().unwrap().iter().map(|at| at.as_str().unwrap()).collect();
        // An alias beside an agent is refused for that.
        let (alias, others): (Vec<&str>, Vec<&str>) = at.iter().partition(|at| **at == "tenant_alias");
        for parts in [others, alias].into_iter().filter(|parts| !parts.is_empty()) {
            for value in group["values"].as_array().unwrap() {
                let variables = variables(group, &group["beside"], &parts, value.as_str().unwrap());
                let refused: Vec<String> = parts.iter().map(|part| format!("var.{part}")).collect();
                let end = format!("  expect_failures = [{}]\n", refused.join(", "));
                write_run(&mut text, &mut count, "refused", &variables, &end);
            }
        }
    }
    (text, count)
}

fn write_run(text: &mut String, count: &mut usize, name: &str, variables: &str, end: &str) {
    write!(text, "run \"{name}_{count}\" {{\n  command = plan\n  variables {{\n{variables}  }}\n{end}}}\n\n").unwrap();
    *count += 1;
}

fn variables(case: &Value, unit: &Value, parts: &[&str], value: &str) -> String {
    let mut text = String::new();
    for part in ["env", "app_id", "agent_name", "tenant_alias"] {
        let default = match part {
            "env" => Some("prod"),
            "app_id" => Some("billing"),
            _ => None,
        };
        let given = if parts.contains(&part) { Some(value) } else { unit[part].as_str().or(default) };
        if let Some(given) = given {
            writeln!(text, "    {part} = {}", quoted(given)).unwrap();
        }
    }
    let ids = case["tenant_ids"].as_array().into_iter().flatten().map(|id| quoted(id.as_str().unwrap()));
    writeln!(text, "    tenant_ids = [{}]", ids.collect::<Vec<_>>().join(", ")).unwrap();
    text
}

/// A string of HCL.
fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '$' | '%' if characters.peek() == Some(&'{') => out.extend([character, character]),
            ' '..='~' => out.push(character),
            other => write!(out, "\\U{:08x}", u32::from(other)).unwrap(),
        }
    }
    out + "\""
}
