//! `tenantgate deploy`: whether what is deployed is what was built.

use std::io::{self, IsTerminal};

use clap::{Args, Subcommand, ValueEnum};

use crate::aws_api::{Api, ApiArguments};
use crate::cli::Verdict;
use crate::colour::Colour;
use crate::deploy_check::package::Package;
use crate::deploy_check::{self, Expected, report};
use crate::failure::Failure;
use crate::gateway_update::gateway_id;

/// Check what is deployed
#[derive(Debug, Subcommand)]
pub(crate) enum DeployCommand {
    /// Compare functions with the packages that were built, and a gateway with the functions
    #[command(after_long_help = "What is compared:
  code          the SHA-256 of the package
  architecture  the processor that the package's bootstrap is built for
  package, runtime, state, update    Zip, provided.al2023, Active, Successful
  alias         that it leads to one version
With --gateway: that it is READY, calls the first --function at REQUEST and the second at RESPONSE, and passes
the request's headers to both.

Examples:
  tenantgate deploy check --function tenantgate-request:live=target/package/request-interceptor-arm64.zip
  tenantgate deploy check --function tenantgate-request:live=request-interceptor-arm64.zip \\
                          --function tenantgate-response:live=response-interceptor-arm64.zip --gateway main-1a2b3c4d5e

Rights that it needs: lambda:GetFunctionConfiguration, lambda:GetAlias, bedrock-agentcore:GetGateway.

Exit codes:
  0  all the same
  1  something differs, or cannot be reached
  2  wrong usage, or a package that cannot be read or run")]
    Check(CheckArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// A function, by name or ARN, and the package that it should be; may be repeated
    #[arg(long = "function", value_name = "NAME[:ALIAS]=ZIP", required = true)]
    functions: Vec<Expected>,
    /// The gateway that should call them: the first at REQUEST, the second at RESPONSE
    #[arg(long, value_name = "ID", value_parser = gateway_id)]
    gateway: Option<String>,
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    api: ApiArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(crate) async fn run(command: &DeployCommand) -> Result<Verdict, Failure> {
    match command {
        DeployCommand::Check(arguments) => check(arguments).await,
    }
}

async fn check(arguments: &CheckArguments) -> Result<Verdict, Failure> {
    let functions = &arguments.functions;
    if arguments.gateway.is_some() && functions.len() != 2 {
        return Err(Failure::input(
            "with --gateway there are two functions: the first at REQUEST, the second at RESPONSE",
        ));
    }
    let packages = functions.iter().map(|expected| Package::read(&expected.zip));
    let packages = packages.collect::<Result<Vec<Package>, Failure>>()?;
    let api = Api::connect(&arguments.api).await?;
    let (mut all, mut arns) = (Vec::new(), Vec::new());
    for (expected, package) in functions.iter().zip(&packages) {
        let (compared, arn) = deploy_check::function(&api, expected, package).await;
        all.push(compared);
        arns.push(arn);
    }
    if let Some(gateway) = &arguments.gateway {
        let mut arns = arns.into_iter();
        let arns = [arns.next().flatten(), arns.next().flatten()];
        all.push(deploy_check::wiring(&api, gateway, arns).await);
    }
    let mut out = io::stdout().lock();
    let written = match arguments.format {
        Format::Json => report::write_json(&mut out, &all),
        Format::Text => {
            let colour = Colour::of(out.is_terminal());
            report::write_text(&mut out, &all, colour)
        }
    };
    match written {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    let is_same = all.iter().all(deploy_check::Compared::is_same);
    Ok(if is_same { Verdict::Success } else { Verdict::FailuresFound })
}
