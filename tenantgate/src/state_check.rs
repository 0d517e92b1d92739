//! Whether a root is initialised with the state of the unit that its plan is of.

pub(crate) mod backend;
pub(crate) mod plan;

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use self::backend::{Backend, Place};
use self::plan::{Plan, Variable};
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::finding::{Finding, plural};
use crate::state_command::unit_json;
use crate::state_unit::{KnownTenants, Part, Unit, UnitDocument};

/// What was compared, and what is wrong.
#[derive(Debug)]
pub(crate) struct Checked {
    unit: Option<Unit>,
    backend: Option<Backend>,
    pub(crate) findings: Vec<Finding>,
}

/// Checks the root. The unit is the one given, else the plan's.
pub(crate) fn check(
    root: &Path,
    plan: Option<&Plan>,
    given: Option<Unit>,
    tenants: &KnownTenants,
) -> Result<Checked, Failure> {
    let backend = Backend::read(root)?;
    let mut findings = Vec::new();
    if let Some(plan) = plan {
        findings.extend(missing(plan));
    }
    let unit = match (given, plan) {
        (Some(unit), plan) => {
            findings.extend(plan.into_iter().flat_map(|plan| differing(&unit, plan)));
            Some(unit)
        }
        (None, Some(plan)) => match of_plan(plan, tenants) {
            Ok(unit) => unit,
            Err(finding) => {
                findings.push(finding);
                None
            }
        },
        (None, None) => return Err(Failure::input("no unit to compare with; give --env and --app-id, or --plan")),
    };
    match &backend {
        Some(backend) => findings.extend(of_backend(backend, unit.as_ref())),
        None => findings.push(Finding {
            code: "NOT_INITIALISED",
            place: root.display().to_string(),
            what: "no backend was initialised here".to_owned(),
            remedy: "write `terraform { backend \"s3\" {} }`, and run `make tf-init` before the plan".to_owned(),
        }),
    }
    Ok(Checked { unit, backend, findings })
}

fn missing(plan: &Plan) -> Vec<Finding> {
    let is_missing = |part: &Part| match plan.variable(*part) {
        Variable::Null => true,
        Variable::Text(_) | Variable::Other => false,
    };
    let finding = |part: Part| Finding {
        code: "UNIT_NOT_IN_PLAN",
        place: format!("variable {}", part.name()),
        what: "the plan does not say of which unit it is".to_owned(),
        remedy: format!("declare variable \"{}\" in the root, and plan with its value", part.name()),
    };
    [Part::Env, Part::AppId].into_iter().filter(is_missing).map(finding).collect()
}

fn of_plan(plan: &Plan, tenants: &KnownTenants) -> Result<Option<Unit>, Finding> {
    let mut texts = [None, None, None, None];
    for (place, part) in texts.iter_mut().zip(Part::ALL) {
        *place = match plan.variable(part) {
            Variable::Null => None,
            Variable::Text(text) => Some(text.clone()),
            Variable::Other => {
                return Err(invalid(part, "the variable is no string".to_owned()));
            }
        };
    }
    let [Some(env), Some(app_id), agent_name, tenant_alias] = texts else { return Ok(None) };
    let document = UnitDocument { env, app_id, agent_name, tenant_alias };
    match Unit::parse(&document, tenants) {
        Ok(unit) => Ok(Some(unit)),
        Err(refused) => Err(invalid(refused.part, refused.to_string())),
    }
}

fn invalid(part: Part, what: String) -> Finding {
    Finding {
        code: "UNIT_INVALID",
        place: format!("variable {}", part.name()),
        what,
        remedy: "correct the variable and plan anew; module state-key refuses it too".to_owned(),
    }
}

fn differing(unit: &Unit, plan: &Plan) -> Vec<Finding> {
    let UnitDocument { env, app_id, agent_name, tenant_alias } = unit.document();
    let own = [Some(env), Some(app_id), agent_name, tenant_alias];
    let mut findings = Vec::new();
    for (own, part) in own.into_iter().zip(Part::ALL) {
        let planned = match plan.variable(part) {
            // What has to be there and is not is a finding of its own.
            Variable::Null if matches!(part, Part::Env | Part::AppId) => continue,
            Variable::Null => None,
            Variable::Text(text) => Some(text.as_str()),
            Variable::Other => Some("no string"),
        };
        if planned == own.as_deref() {
            continue;
        }
        let said = |value: Option<&str>| value.map_or_else(|| "none".to_owned(), |value| format!("{value:?}"));
        findings.push(Finding {
            code: "UNIT_DIFFERS",
            place: format!("variable {}", part.name()),
            what: format!("the plan says {}, and the command line {}", said(planned), said(own.as_deref())),
            remedy: "plan with the variables of the unit that this job deploys".to_owned(),
        });
    }
    findings
}

fn of_backend(backend: &Backend, unit: Option<&Unit>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = format!("backend {:?}", backend.kind);
    let found = |code: &'static str, what: String, remedy: String| Finding { code, place: place.clone(), what, remedy };
    let reinitialise = "initialise anew with `make tf-init`, and plan again; nothing has been applied yet";
    match (&backend.place, unit) {
        (Place::Local, _) => findings.push(found(
            "BACKEND_LOCAL",
            "the state is a file on this machine, which nobody else sees or locks".to_owned(),
            "write `terraform { backend \"s3\" {} }`, and run `make tf-init`".to_owned(),
        )),
        (Place::Unknown, _) => findings.push(found(
            "BACKEND_UNKNOWN",
            "this backend has no key that could be compared".to_owned(),
            "use s3, azurerm, gcs, consul or http".to_owned(),
        )),
        (Place::At(key), Some(unit)) if !backend.is_at(unit) => findings.push(found(
            "KEY_DIFFERS",
            format!("the state is at {key:?}, and that of {unit} belongs to {:?}", backend.wanted(unit)),
            reinitialise.to_owned(),
        )),
        (Place::At(_), Some(_) | None) => {}
    }
    if backend.workspace != DEFAULT_WORKSPACE {
        findings.push(found(
            "WORKSPACE_SELECTED",
            format!("the workspace {:?} puts the state elsewhere than under its key", backend.workspace),
            "run `terraform workspace select default` and unset TF_WORKSPACE: environments are told apart by env"
                .to_owned(),
        ));
    }
    findings
}

impl Checked {
    /// Each finding with its remedy; the last line counts them.
    pub(crate) fn write_text(&self, out: &mut impl Write, colour: Colour) -> io::Result<()> {
        for finding in &self.findings {
            finding.write(out, colour)?;
        }
        let unit = self.unit.as_ref().map_or_else(|| "no unit".to_owned(), ToString::to_string);
        let place = self.backend.as_ref().map(|backend| match &backend.place {
            Place::At(key) => format!("{} {key}", backend.kind),
            Place::Local | Place::Unknown => backend.kind.clone(),
        });
        let place = place.unwrap_or_else(|| "no backend".to_owned());
        writeln!(out, "{}, {}: {}", visible(&unit), visible(&place), plural(self.findings.len(), "finding"))
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let findings: Vec<Value> = self.findings.iter().map(Finding::json).collect();
        let backend = self.backend.as_ref().map(|backend| {
            let key = match &backend.place {
                Place::At(key) => Some(key),
                Place::Local | Place::Unknown => None,
            };
            json!({"type": backend.kind, "key": key, "workspace": backend.workspace})
        });
        json!({
            "unit": self.unit.as_ref().map(unit_json), "key": self.unit.as_ref().map(Unit::key),
            "backend": backend, "findings": findings,
        })
    }
}

/// The workspace that every root has.
const DEFAULT_WORKSPACE: &str = "default";
