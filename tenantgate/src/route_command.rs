//! `tenantgate route`: whether paths are bound to what stands behind the gateway.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use policy_registry::RouteBinding;
use policy_registry::admin::{self, ROUTES_FILE};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::input;
use crate::registry_command;
use crate::route_check::outputs::Outputs;
use crate::route_check::report::{self, Compared};
use crate::route_check::{self, Finding, targets};

/// Check what paths are bound to
#[derive(Debug, Subcommand)]
pub(crate) enum RouteCommand {
    /// Compare the bindings with the targets of a gateway and with the outputs of Terraform
    #[command(after_long_help = "What is found:
  TARGET_UNBOUND          no path of the target is bound: every request to it is refused
  BINDING_DEAD            no target has the path; a suspended binding may be without one
  PROTOCOL_DIFFERS        the binding says another protocol than the target's protocolType
  RUNTIME_DIFFERS         the binding names another runtime or endpoint than the target calls
  RUNTIME_NOT_IN_OUTPUTS  no output of Terraform has the binding's runtime
  AGENT_RUNTIME_DIFFERS   an output called like runtime_arns maps the agent to another runtime
  AGENT_SEVERAL_RUNTIMES  two bindings of one agent name different runtimes
  HEADERS_NOT_ALLOWED     the target is not sent what the interceptor sets; not asked of model providers
  BINDING_MALFORMED       an item of the table that is no binding

Targets for tools (`mcp`) have no path, and need no binding.

Examples:
  aws bedrock-agentcore-control get-gateway --gateway-identifier ID > gateway.json
  for target in $(aws bedrock-agentcore-control list-gateway-targets --gateway-identifier ID --query 'items[].targetId' --output text)
  do aws bedrock-agentcore-control get-gateway-target --gateway-identifier ID --target-id $target; done > targets.json
  terraform output -json > outputs.json
  tenantgate route check --registry registry --gateway gateway.json --targets targets.json --outputs outputs.json
  tenantgate route check --table tenantgate-registry --gateway gateway.json --targets targets.json --format json

Exit codes:
  0  nothing found
  1  something found, or the table cannot be read
  2  wrong usage, or a file that cannot be read")]
    Check(CheckArguments),
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("bindings").required(true).args(["registry", "table"])))]
pub(crate) struct CheckArguments {
    /// The folder whose routes.json has the bindings
    #[arg(long, value_name = "DIR", conflicts_with = "endpoint_url")]
    registry: Option<PathBuf>,
    /// The table that has them; all of it is read
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// The URL of a DynamoDB of your own [default: AWS]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// The gateway, as get-gateway describes it; - is standard input
    #[arg(long, value_name = "FILE")]
    gateway: String,
    /// Its targets, as get-gateway-target or list-gateway-targets describes them; may be repeated
    #[arg(long, value_name = "FILE")]
    targets: Vec<String>,
    /// The output of `terraform output -json`
    #[arg(long, value_name = "FILE")]
    outputs: Option<String>,
    /// A header that targets rely on, instead of those below; may be repeated
    #[arg(
        long = "header",
        value_name = "NAME",
        default_values = ["x-tenant-id", "x-user-id", "x-agent-name", "x-app-id", "x-route-binding-id"]
    )]
    headers: Vec<String>,
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(crate) async fn run(command: &RouteCommand) -> Result<Verdict, Failure> {
    match command {
        RouteCommand::Check(arguments) => check(arguments).await,
    }
}

async fn check(arguments: &CheckArguments) -> Result<Verdict, Failure> {
    let files = [&arguments.gateway].into_iter().chain(&arguments.targets).chain(&arguments.outputs);
    input::check_once(files.map(String::as_str))?;
    let gateway = targets::read(&arguments.gateway, &arguments.targets)?;
    let outputs = arguments.outputs.as_deref().map(Outputs::read).transpose()?;
    let (bindings, mut findings) = match (&arguments.registry, &arguments.table) {
        (Some(folder), _) => (of_folder(folder)?, Vec::new()),
        (None, table) => of_table(table.as_deref().unwrap_or_default(), arguments.endpoint_url.as_deref()).await?,
    };
    findings.extend(route_check::check(&route_check::Compared {
        bindings: &bindings,
        targets: &gateway.targets,
        outputs: outputs.as_ref(),
        headers: &arguments.headers,
    }));
    let compared = Compared { bindings: bindings.len(), targets: gateway.targets.len() };
    let mut out = io::stdout().lock();
    let written = match arguments.format {
        Format::Json => report::write_json(&mut out, &findings, &compared, &gateway.notes),
        Format::Text => {
            for note in &gateway.notes {
                // Without stderr there is nobody to tell.
                drop(writeln!(io::stderr().lock(), "tenantgate: note: {note}"));
            }
            let colour = Colour::of(out.is_terminal());
            report::write_text(&mut out, &findings, &compared, colour)
        }
    };
    match written {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if findings.is_empty() { Verdict::Success } else { Verdict::FailuresFound })
}

fn of_folder(folder: &Path) -> Result<Vec<RouteBinding>, Failure> {
    if !folder.join(ROUTES_FILE).is_file() {
        let folder = folder.display();
        return Err(Failure::input(format!(
            "there is no {ROUTES_FILE} in {folder}; name the folder that is loaded into the registry"
        )));
    }
    admin::read_routes(folder).map_err(|error| Failure::input(error.to_string()))
}

/// An item that is no binding refuses all that stands beside it, and is found here too.
async fn of_table(table: &str, endpoint_url: Option<&str>) -> Result<(Vec<RouteBinding>, Vec<Finding>), Failure> {
    let client = registry_command::connect(endpoint_url).await?;
    let listed = admin::list_routes(&client, table)
        .await
        .map_err(|error| Failure::run(format!("cannot read the table {table}: {error}")))?;
    let (mut bindings, mut findings) = (Vec::new(), Vec::new());
    for route in listed {
        match route {
            Ok(binding) => bindings.push(binding),
            Err((key, attribute)) => findings.push(Finding {
                code: "BINDING_MALFORMED",
                place: format!("item {key:?}"),
                what: format!(
                    "{attribute} is not what it should be: every request to a path with its first segment is refused"
                ),
                remedy: "load it anew from routes.json with `tenantgate registry load`, or delete it".to_owned(),
            }),
        }
    }
    Ok((bindings, findings))
}
