//! `tenantgate route`: what paths are bound to, and whether that is what stands behind the gateway.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use policy_registry::RouteBinding;
use policy_registry::admin::{self, ROUTES_FILE};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::input;
use crate::registry_access::RegistryArguments;
use crate::route_binding::{self, AddArguments, ListArguments, RemoveArguments};
use crate::route_check::outputs::Outputs;
use crate::route_check::report::{self, Compared};
use crate::route_check::{self, Finding, targets};

/// Bind paths to agents, and check what they are bound to
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate route add /support --binding-id support-a2a --protocol A2A --agent-name support --app-id helpdesk --file registry.db
  tenantgate route list --file registry.db
  tenantgate route remove /support --yes --file registry.db

Exit codes of add, list and remove:
  0  done, or so already
  1  refused, changed by somebody else meanwhile, or the table cannot be reached
  2  wrong usage, or no such route")]
pub(crate) enum RouteCommand {
    /// Bind a path, or change what it is bound to
    #[command(after_long_help = "All of the binding is replaced.

Exit codes: as of `tenantgate route`")]
    Add(AddArguments),
    /// List what paths are bound to
    #[command(after_long_help = "Exit codes: as of `tenantgate route`")]
    List(ListArguments),
    /// End the binding of a path
    #[command(after_long_help = "Exit codes: as of `tenantgate route`")]
    Remove(RemoveArguments),
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
#[command(group(clap::ArgGroup::new("bindings").required(true).multiple(true).args(["registry", "table", "endpoint_url", "file"])))]
pub(crate) struct CheckArguments {
    /// The folder whose routes.json has the bindings, instead of a table; of a table all is read
    #[arg(long, value_name = "DIR", conflicts_with_all = ["table", "endpoint_url", "file"])]
    registry: Option<PathBuf>,
    #[command(flatten)]
    table: RegistryArguments,
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
        RouteCommand::Add(arguments) => route_binding::add(arguments).await,
        RouteCommand::List(arguments) => route_binding::list(arguments).await,
        RouteCommand::Remove(arguments) => route_binding::remove(arguments).await,
        RouteCommand::Check(arguments) => check(arguments).await,
    }
}

async fn check(arguments: &CheckArguments) -> Result<Verdict, Failure> {
    let files = [&arguments.gateway].into_iter().chain(&arguments.targets).chain(&arguments.outputs);
    input::check_once(files.map(String::as_str))?;
    let gateway = targets::read(&arguments.gateway, &arguments.targets)?;
    let outputs = arguments.outputs.as_deref().map(Outputs::read).transpose()?;
    let (bindings, mut findings) = match &arguments.registry {
        Some(folder) => (of_folder(folder)?, Vec::new()),
        None => of_table(&arguments.table).await?,
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
async fn of_table(table: &RegistryArguments) -> Result<(Vec<RouteBinding>, Vec<Finding>), Failure> {
    let registry = table.open().await?;
    let listed = admin::list_routes(&registry.client, &registry.table)
        .await
        .map_err(|error| Failure::run(format!("cannot read {}: {error}", registry.place)))?;
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
