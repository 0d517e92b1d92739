//! `tenantgate state`: which Terraform state belongs to which deploy unit.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::state_check::{self, plan::Plan};
use crate::state_migrate;
use crate::state_unit::{KnownTenants, Unit, UnitDocument};
use crate::{input, unseen};

/// Name the Terraform state of a deploy unit, check it, and split a flat one
#[derive(Debug, Subcommand)]
pub(crate) enum StateCommand {
    /// Print the key of a unit's state
    #[command(after_long_help = "Keys:
  agentcore/{env}/{app_id}/terraform.tfstate                         an application
  agentcore/{env}/{app_id}/{agent_name}/terraform.tfstate            one of its agents
  agentcore/{env}/{app_id}/tenants/{tenant_alias}/terraform.tfstate  a dedicated stack of one tenant

Parts are words of a-z and 0-9, joined by single hyphens, and begin with a letter. What looks like an id is refused.

Examples:
  tenantgate state key --env prod --app-id billing --agent-name order-support
  terraform init -reconfigure -backend-config=\"key=$(tenantgate state key --env prod --app-id billing)\"
  tenantgate state key --env prod --app-id billing --tenant-alias blue-harbour --tenants registry/tenants.json --format json

Exit codes:
  0  printed
  2  wrong usage, or a part that no key may have")]
    Key(KeyArguments),
    /// Check that a root is initialised with the key of the unit that its plan is of
    #[command(
        after_long_help = "Run it after `terraform plan` and before `terraform apply`, in the folder that was initialised. Without --env the
unit is what the plan's variables env, app_id, agent_name and tenant_alias say. Nothing else of the plan is looked at.

What is found:
  NOT_INITIALISED    no backend was initialised in the root
  BACKEND_LOCAL      the state is a file on this machine
  BACKEND_UNKNOWN    a backend that has no key, or none that is known
  KEY_DIFFERS        the backend has another key than the unit
  WORKSPACE_SELECTED a workspace other than default puts the state somewhere else
  UNIT_DIFFERS       a variable of the plan says another unit than the command line
  UNIT_NOT_IN_PLAN   the plan has no variable env or app_id
  UNIT_INVALID       the plan's variables are no unit that has a key

Examples:
  terraform -chdir=ROOT plan -out=plan && terraform -chdir=ROOT show -json plan > plan.json
  tenantgate state check --root ROOT --plan plan.json
  tenantgate state check --root ROOT --plan plan.json --env prod --app-id billing --format json

Exit codes:
  0  nothing found
  1  something found
  2  wrong usage, or a file that cannot be read"
    )]
    Check(CheckArguments),
    /// Split one flat state into one for each unit, on copies
    #[command(
        after_long_help = "Without --out nothing is written: every move is shown, and what hinders it. --out makes a folder with one state file for
each unit and manifest.json, which says how they are pushed. No remote state is ever touched, and no file overwritten.

units.json, in which a module's address stands for all that is in it:
  [ { \"env\": \"prod\", \"app_id\": \"billing\", \"addresses\": [\"module.table\"], \"outputs\": [\"table_arn\"] },
    { \"env\": \"prod\", \"app_id\": \"billing\", \"agent_name\": \"order-support\",
      \"addresses\": [\"module.agents[\\\"order-support\\\"]\", \"aws_lambda_function.orders\"] } ]

What is found:
  ADDRESS_UNCLAIMED       no unit claims the resource
  ADDRESS_CLAIMED_TWICE   two units claim it
  CLAIM_EMPTY             a claim matches nothing in the state
  OUTPUT_CLAIMED_TWICE    two units claim the output
  OUTPUT_UNKNOWN          the state has no such output

Examples:
  terraform -chdir=ROOT state pull > flat.tfstate
  tenantgate state migrate --state flat.tfstate --units units.json
  tenantgate state migrate --state flat.tfstate --units units.json --out states

Exit codes:
  0  every resource has one unit (and, with --out, the states are written)
  1  something found, and nothing written; or the files cannot be written
  2  wrong usage, or a file that cannot be read"
    )]
    Migrate(MigrateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct KeyArguments {
    /// The environment
    #[arg(long, value_name = "ENV", allow_hyphen_values = true)]
    env: String,
    /// The application
    #[arg(long, value_name = "APP", allow_hyphen_values = true)]
    app_id: String,
    #[command(flatten)]
    own: OwnArguments,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The root module's folder; TF_DATA_DIR and TF_WORKSPACE count as they do for Terraform
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// The plan, as `terraform show -json` writes it; - is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "env")]
    plan: Option<String>,
    /// The environment
    #[arg(long, value_name = "ENV", requires = "app_id", allow_hyphen_values = true)]
    env: Option<String>,
    /// The application
    #[arg(long, value_name = "APP", requires = "env", allow_hyphen_values = true)]
    app_id: Option<String>,
    #[command(flatten)]
    own: OwnArguments,
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct OwnArguments {
    /// The agent that has a state of its own
    #[arg(long, value_name = "NAME", requires = "env", allow_hyphen_values = true)]
    agent_name: Option<String>,
    /// The name of a dedicated stack; never a tenant's id
    #[arg(long, value_name = "ALIAS", requires = "env", allow_hyphen_values = true)]
    tenant_alias: Option<String>,
    /// A registry folder's tenants.json, whose ids no part may equal
    #[arg(long, value_name = "FILE")]
    tenants: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArguments {
    /// The flat state, as `terraform state pull` writes it; - is standard input
    #[arg(long, value_name = "FILE")]
    state: String,
    /// Which unit gets what
    #[arg(long, value_name = "FILE")]
    units: String,
    /// Write the states into this new folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A registry folder's tenants.json, whose ids no part may equal
    #[arg(long, value_name = "FILE")]
    tenants: Option<String>,
    /// How to write what is moved and found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(crate) fn run(command: &StateCommand) -> Result<Verdict, Failure> {
    match command {
        StateCommand::Key(arguments) => key(arguments),
        StateCommand::Check(arguments) => check(arguments),
        StateCommand::Migrate(arguments) => migrate(arguments),
    }
}

fn key(arguments: &KeyArguments) -> Result<Verdict, Failure> {
    let unit = arguments.own.unit(&arguments.env, &arguments.app_id)?;
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Text => writeln!(out, "{}", unit.key())?,
        Format::Json => writeln!(out, "{:#}", json!({"key": unit.key(), "unit": unit_json(&unit)}))?,
    }
    Ok(Verdict::Success)
}

impl OwnArguments {
    fn unit(&self, env: &str, app_id: &str) -> Result<Unit, Failure> {
        let document = UnitDocument {
            env: env.to_owned(),
            app_id: app_id.to_owned(),
            agent_name: self.agent_name.clone(),
            tenant_alias: self.tenant_alias.clone(),
        };
        Unit::parse(&document, &known_tenants(self.tenants.as_deref())?)
            .map_err(|refused| Failure::input(refused.to_string()))
    }
}

fn check(arguments: &CheckArguments) -> Result<Verdict, Failure> {
    input::check_once(arguments.plan.iter().chain(&arguments.own.tenants).map(String::as_str))?;
    let given = match (&arguments.env, &arguments.app_id) {
        (Some(env), Some(app_id)) => Some(arguments.own.unit(env, app_id)?),
        (None, _) | (Some(_), None) => None,
    };
    let tenants = known_tenants(arguments.own.tenants.as_deref())?;
    let plan = arguments.plan.as_deref().map(Plan::read).transpose()?;
    let checked = state_check::check(&arguments.root, plan.as_ref(), given, &tenants)?;
    let mut out = io::stdout().lock();
    let written = match arguments.format {
        Format::Text => checked.write_text(&mut out, Colour::of(io::stdout().is_terminal())),
        Format::Json => print_json(&mut out, &checked.json()),
    };
    ended(written, checked.findings.is_empty())
}

fn migrate(arguments: &MigrateArguments) -> Result<Verdict, Failure> {
    let files = [&arguments.state, &arguments.units].into_iter().chain(&arguments.tenants);
    input::check_once(files.map(String::as_str))?;
    let tenants = known_tenants(arguments.tenants.as_deref())?;
    let request = state_migrate::Request { state: &arguments.state, units: &arguments.units, tenants: &tenants };
    let migration = state_migrate::run(&request, arguments.out.as_deref())?;
    let mut out = io::stdout().lock();
    let written = match arguments.format {
        Format::Text => migration.write_text(&mut out, Colour::of(io::stdout().is_terminal())),
        Format::Json => print_json(&mut out, &migration.json()),
    };
    ended(written, migration.is_clean())
}

/// The verdict still counts when nobody reads on.
fn ended(written: io::Result<()>, is_clean: bool) -> Result<Verdict, Failure> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if is_clean { Verdict::Success } else { Verdict::FailuresFound })
}

fn print_json(out: &mut impl Write, document: &Value) -> io::Result<()> {
    writeln!(out, "{}", unseen::escaped(&format!("{document:#}")))
}

fn known_tenants(file: Option<&str>) -> Result<KnownTenants, Failure> {
    file.map_or_else(|| Ok(KnownTenants::default()), KnownTenants::read)
}

/// A unit for programs.
pub(crate) fn unit_json(unit: &Unit) -> Value {
    let UnitDocument { env, app_id, agent_name, tenant_alias } = unit.document();
    json!({"env": env, "app_id": app_id, "agent_name": agent_name, "tenant_alias": tenant_alias})
}
