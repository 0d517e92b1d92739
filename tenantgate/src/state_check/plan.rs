//! The variables of a plan that say of which unit it is. Nothing else of a plan is looked at, or shown.

use policy_model::json::{self, Kind};

use crate::failure::Failure;
use crate::input;
use crate::state_unit::Part;

/// The four variables.
#[derive(Debug)]
pub(crate) struct Plan([Variable; 4]);

/// What a variable says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    /// Null, or not declared.
    Null,
    Text(String),
    Other,
}

impl Plan {
    /// Reads the output of `terraform show -json` for a plan.
    pub(crate) fn read(file: &str) -> Result<Plan, Failure> {
        let text = input::read(file, json::TEXT_BYTES_MAX, "plan")?;
        let wrong = |what: &str| {
            let name = input::name(file);
            Failure::input(format!("{name}: {what}; expected `terraform show -json PLAN`"))
        };
        let document = json::parse(&text).map_err(|error| wrong(&error.to_string()))?;
        let root = document.root();
        if let Some(twice) = root.own_duplicate_name() {
            return Err(wrong(&format!("member {twice:?} is there twice")));
        }
        // A state has no configuration, and a plan always has one.
        if root.get("format_version").is_none() || root.get("configuration").is_none() {
            return Err(wrong("no plan"));
        }
        let variables = root.get("variables");
        if let Some(twice) = variables.and_then(json::Value::own_duplicate_name) {
            return Err(wrong(&format!("variable {twice:?} is there twice")));
        }
        Ok(Plan(Part::ALL.map(|part| {
            let value = variables.and_then(|variables| variables.get(part.name())?.get("value"));
            match value.map(|value| (value.kind(), value.as_str())) {
                None | Some((Kind::Null, _)) => Variable::Null,
                Some((_, Some(text))) => Variable::Text(text.into_owned()),
                Some((_, None)) => Variable::Other,
            }
        })))
    }

    /// What one of them says.
    pub(crate) fn variable(&self, part: Part) -> &Variable {
        let Plan([env, app_id, agent_name, tenant_alias]) = self;
        match part {
            Part::Env => env,
            Part::AppId => app_id,
            Part::AgentName => agent_name,
            Part::TenantAlias => tenant_alias,
        }
    }
}
