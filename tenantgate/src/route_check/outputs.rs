//! What `terraform output -json` says of runtimes. Nothing else of it is looked at, or shown.

use std::collections::BTreeSet;

use policy_registry::RuntimeArn;
use serde_json::Value;

use super::targets;
use crate::failure::Failure;
use crate::input;

/// The runtimes in the outputs.
#[derive(Debug)]
pub(crate) struct Outputs {
    runtimes: BTreeSet<String>,
    /// Output, agent and runtime.
    of_agents: Vec<(String, String, String)>,
}

impl Outputs {
    /// Reads the outputs of one state.
    pub(crate) fn read(file: &str) -> Result<Outputs, Failure> {
        let document = targets::document(file)?;
        let wrong =
            |what: &str| Failure::input(format!("{}: {what}; expected `terraform output -json`", input::name(file)));
        let outputs = document.as_object().ok_or_else(|| wrong("no object of outputs"))?;
        let mut found = Outputs { runtimes: BTreeSet::new(), of_agents: Vec::new() };
        for (name, output) in outputs {
            let value = output.get("value").ok_or_else(|| wrong(&format!("output {name:?} has no value")))?;
            found.take(value);
            // An agent's runtime may be written with its endpoint.
            let agents = value.as_object().filter(|_| name.to_ascii_lowercase().contains(MAPPING));
            for (agent, arn) in agents.into_iter().flatten() {
                if let Some(arn) = arn.as_str().and_then(RuntimeArn::parse) {
                    found.of_agents.push((name.clone(), agent.clone(), arn.runtime().to_owned()));
                }
            }
        }
        Ok(found)
    }

    fn take(&mut self, value: &Value) {
        if let Some(arn) = value.as_str().and_then(RuntimeArn::parse) {
            self.runtimes.insert(arn.runtime().to_owned());
        }
        value.as_array().into_iter().flatten().for_each(|element| self.take(element));
        value.as_object().into_iter().flatten().for_each(|(_, member)| self.take(member));
    }

    /// Whether some output has this runtime, or one of its endpoints.
    pub(crate) fn has(&self, runtime: &str) -> bool {
        self.runtimes.contains(runtime)
    }

    /// An output that maps the agent to another runtime than this one, and to which.
    pub(crate) fn other_runtime_of(&self, agent: &str, runtime: &str) -> Option<(&str, &str)> {
        let other = self.of_agents.iter().find(|(_, name, mapped)| name == agent && mapped != runtime);
        other.map(|(output, _, mapped)| (output.as_str(), mapped.as_str()))
    }
}

/// Stands in the name of an output that maps agents to runtimes.
const MAPPING: &str = "runtime_arns";
