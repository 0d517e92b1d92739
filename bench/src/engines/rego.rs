//! The policy in Rego: a few rules over the tenant's rules as data, which are found by name and by target.

use std::error::Error;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Rc, Value as RegoValue};
use serde_json::{Map, Value, json};

use super::policies::{Ask, Effect, Rule, Test, Tool};

/// The rules as data: what needs nothing but the name, what is found by its name, and what by its target.
pub(crate) fn data(rules: &[Rule]) -> String {
    let of = |effect: Effect| {
        let (mut plain, mut named, mut beginning) = (Map::new(), Map::new(), Map::new());
        for rule in rules.iter().filter(|rule| rule.effect == effect) {
            let is_plain = rule.role.is_none() && rule.scope.is_none() && rule.condition.is_none();
            match rule.tool {
                Tool::Named(tool) if is_plain => {
                    plain.insert(format!("{}___{tool}", rule.target), json!(true));
                }
                Tool::Named(tool) => push(&mut named, format!("{}___{tool}", rule.target), written(rule, None)),
                Tool::Beginning(tool) => {
                    let beginning_with = format!("{}___{tool}", rule.target);
                    push(&mut beginning, rule.target.clone(), written(rule, Some(beginning_with)));
                }
            }
        }
        json!({ "plain": plain, "named": named, "beginning": beginning })
    };
    json!({ "allow": of(Effect::Allow), "deny": of(Effect::Deny) }).to_string()
}

fn push(map: &mut Map<String, Value>, key: String, value: Value) {
    if let Some(list) = map.entry(key).or_insert_with(|| json!([])).as_array_mut() {
        list.push(value);
    }
}

fn written(rule: &Rule, beginning: Option<String>) -> Value {
    let conditions: Vec<Value> = rule
        .condition
        .iter()
        .map(|condition| {
            let (operator, value) = match condition.test {
                Test::Equals(value) => ("EQUALS", json!(value)),
                Test::LessThan(value) => ("LESS_THAN", json!(value)),
            };
            json!({ "root": condition.root, "member": condition.member, "operator": operator, "value": value })
        })
        .collect();
    let mut written = Map::new();
    written.insert("conditions".to_owned(), json!(conditions));
    written.extend(beginning.map(|beginning| ("beginning".to_owned(), json!(beginning))));
    written.extend(rule.role.map(|role| ("role".to_owned(), json!(role))));
    written.extend(rule.scope.iter().map(|scope| ("scope".to_owned(), json!(scope))));
    Value::Object(written)
}

/// A policy that is loaded: the compiled program and its data, in regorus' virtual machine.
pub(crate) fn load(data: &str) -> Result<RegoVM, Box<dyn Error>> {
    let mut engine = regorus::Engine::new();
    engine.add_policy("tenantgate.rego".to_owned(), POLICY.to_owned())?;
    let data = RegoValue::from_json_str(data)?;
    engine.add_data(data.clone())?;
    let policy = engine.compile_with_entrypoint(&Rc::from(ENTRY_POINT))?;
    let program = Compiler::compile_from_policy(&policy, &[ENTRY_POINT])?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_data(data)?;
    Ok(machine)
}

/// The machine and the requests as its values.
pub(crate) struct Engine {
    machine: RegoVM,
    inputs: Vec<RegoValue>,
}

impl Engine {
    pub(crate) fn new(data: &str, asks: &[Ask]) -> Result<Engine, Box<dyn Error>> {
        let inputs = asks.iter().map(|ask| {
            let input = json!({
                "target": ask.target, "name": ask.name, "roles": ask.roles, "scopes": ask.scopes,
                "arguments": ask.arguments, "claims": ask.claims,
            });
            Ok(RegoValue::from_json_str(&input.to_string())?)
        });
        Ok(Engine { machine: load(data)?, inputs: inputs.collect::<Result<_, Box<dyn Error>>>()? })
    }

    /// Answers every request.
    pub(crate) fn decide(&mut self, answers: &mut Vec<bool>) -> Result<(), Box<dyn Error>> {
        for input in &self.inputs {
            self.machine.set_input(input.clone());
            answers.push(*self.machine.execute_entry_point_by_index(0)?.as_bool()?);
        }
        Ok(())
    }
}

const POLICY: &str = include_str!("rego.rego");

const ENTRY_POINT: &str = "data.tenantgate.allowed";
