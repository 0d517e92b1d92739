//! The command line: what there is to run, and how it ends.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::access_report::{self, ReportArguments};
use crate::client_command::{self, ClientCommand};
use crate::completions_command::{self, CompletionsArguments, ManArguments};
use crate::context_command::{self, ContextCommand};
use crate::deploy_command::{self, DeployCommand};
use crate::doctor::{self, DoctorArguments};
use crate::explain::{self, ExplainArguments};
use crate::failure::Failure;
use crate::gateway_command::{self, GatewayCommand};
use crate::invoke::{self, InvokeArguments};
use crate::keys_command::{self, KeysCommand};
use crate::kill_command::{self, KillCommand};
use crate::log_command::{self, LogArguments};
use crate::member_command::{self, MemberCommand};
use crate::policy_command::{self, PolicyCommand};
use crate::redact::{self, RedactArguments};
use crate::registry_command::{self, RegistryCommand};
use crate::replay::{self, ReplayArguments};
use crate::route_command::{self, RouteCommand};
use crate::simulate::{self, SimulateArguments};
use crate::state_command::{self, StateCommand};
use crate::status_command::{self, StatusArguments};
use crate::tenant_command::{self, TenantCommand};
use crate::token_command::{self, TokenCommand};
use crate::tools_command::{self, ToolsCommand};
use crate::who_can::what_can::{self, WhatCanArguments};
use crate::who_can::{self, WhoCanArguments};

/// Test and operate the tenantgate interceptors
#[derive(Debug, Parser)]
#[command(
    name = "tenantgate",
    version,
    arg_required_else_help = true,
    after_long_help = "Examples:
  tenantgate replay                                      all fixtures against the real interceptors
  tenantgate token mint --subject alice --tenant acme    a development token
  tenantgate invoke request < events.ndjson              your own events
  tenantgate registry load DIR --endpoint-url URL        fill a registry
  tenantgate tenant add acme --policy acme.json --file registry.db
                                                         a tenant in a registry in a file
  tenantgate member import members.csv --tenant acme --issuer ISS --file registry.db
                                                         its members
  tenantgate policy publish acme.json --file registry.db a new version of its policy, in force
  tenantgate policy rollback acme --file registry.db     the version before in force again
  tenantgate kill tenant acme --file registry.db         stop a tenant now
  tenantgate status --file registry.db                   what is stopped, suspended or half published
  tenantgate policy lint policies/*.json                 check policies before they are loaded
  tenantgate policy diff main/acme.json acme.json        who gains and who loses what between two versions
  tenantgate explain --as alice --tenant acme --file registry.db tools/call orders___refund
                                                         why a caller may or may not
  tenantgate who-can orders___refund --file registry.db  who may call a tool
  tenantgate simulate --policy acme.json --against audit.jsonl
                                                         what recorded calls would be under another policy
  tenantgate redact --policy acme.json --tool orders___get result.json
                                                         what of a captured result is taken out, and by which redaction
  tenantgate tools pin list.json                         pin the tools of a captured tools/list
  tenantgate route check --registry DIR --gateway gateway.json --targets targets.json
                                                         whether paths are bound to what the gateway has
  tenantgate state key --env prod --app-id billing       the key of a deploy unit's Terraform state
  tenantgate state check --root DIR --plan plan.json     whether a plan is of the unit that its state is of
  tenantgate keys generate --out context.pem             a key that signs tenant contexts
  tenantgate keys jwks --settings settings.json          what receivers verify them with
  tenantgate context verify --jwks jwks.json --issuer ISS --audience AUD < token
                                                         what a receiver makes of one
  tenantgate deploy check --function tenantgate-request:live=request-interceptor-arm64.zip
                                                         whether what is deployed is what was built
  tenantgate gateway attach --gateway ID --request ARN --response ARN --dry-run
                                                         attach the interceptors to a gateway that others made
  tenantgate doctor --gateway ID --settings settings.json
                                                         what is wrong with a deployment, each with its remedy
  tenantgate report --out report.html                    who may do what: one page, with wide grants and unused rules

Exit codes:
  0  done, nothing found wrong
  1  failures found, or something failed while running
  2  wrong usage, no case found, or broken input files

A day with these commands is described in docs/operations.md.

Output goes to stdout, errors and audit lines to stderr. NO_COLOR turns colours off."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Replay(ReplayArguments),
    Invoke(InvokeArguments),
    #[command(subcommand)]
    Registry(RegistryCommand),
    #[command(subcommand)]
    Token(TokenCommand),
    #[command(subcommand)]
    Policy(PolicyCommand),
    #[command(subcommand)]
    Tenant(TenantCommand),
    #[command(subcommand)]
    Member(MemberCommand),
    #[command(subcommand)]
    Client(ClientCommand),
    Explain(Box<ExplainArguments>),
    WhoCan(Box<WhoCanArguments>),
    WhatCan(Box<WhatCanArguments>),
    Simulate(SimulateArguments),
    Redact(RedactArguments),
    #[command(subcommand)]
    Tools(ToolsCommand),
    #[command(subcommand)]
    Route(Box<RouteCommand>),
    #[command(subcommand)]
    Kill(KillCommand),
    Status(StatusArguments),
    Log(LogArguments),
    #[command(subcommand)]
    State(StateCommand),
    #[command(subcommand)]
    Keys(KeysCommand),
    #[command(subcommand)]
    Context(ContextCommand),
    #[command(subcommand)]
    Deploy(DeployCommand),
    #[command(subcommand)]
    Gateway(Box<GatewayCommand>),
    Doctor(Box<DoctorArguments>),
    Report(Box<ReportArguments>),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// How a command that ran to its end ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Success,
    FailuresFound,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return usage(&error),
    };
    let ended = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let ended = runtime.block_on(execute(&command));
            // A read of stdin that still waits must not hold us up.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(Failure::run(format!("cannot start: {error}"))),
    };
    match ended {
        Ok(Verdict::Success) | Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Ok(Verdict::FailuresFound) => ExitCode::from(1),
        Err(Failure::Run(text)) => complain(&text, ExitCode::from(1)),
        Err(Failure::Input(text)) => complain(&text, ExitCode::from(2)),
    }
}

async fn execute(command: &Command) -> Result<Verdict, Failure> {
    match command {
        Command::Replay(arguments) => replay::run(arguments).await,
        Command::Invoke(arguments) => invoke::run(arguments).await,
        Command::Registry(command) => registry_command::run(command).await,
        Command::Token(command) => token_command::run(command),
        Command::Policy(command) => policy_command::run(command).await,
        Command::Tenant(command) => tenant_command::run(command).await,
        Command::Member(command) => member_command::run(command).await,
        Command::Client(command) => client_command::run(command).await,
        Command::Explain(arguments) => explain::run(arguments).await,
        Command::WhoCan(arguments) => who_can::run(arguments).await,
        Command::WhatCan(arguments) => what_can::run(arguments).await,
        Command::Simulate(arguments) => simulate::run(arguments).await,
        Command::Redact(arguments) => redact::run(arguments),
        Command::Tools(command) => tools_command::run(command),
        Command::Route(command) => route_command::run(command).await,
        Command::Kill(command) => kill_command::run(command).await,
        Command::Status(arguments) => status_command::run(arguments).await,
        Command::Log(arguments) => log_command::run(arguments).await,
        Command::State(command) => state_command::run(command),
        Command::Keys(command) => keys_command::run(command).await,
        Command::Context(command) => context_command::run(command),
        Command::Deploy(command) => deploy_command::run(command).await,
        Command::Gateway(command) => gateway_command::run(command).await,
        Command::Doctor(arguments) => doctor::run(arguments).await,
        Command::Report(arguments) => access_report::run(arguments).await,
        Command::Completions(arguments) => completions_command::complete(arguments, Cli::command()),
        Command::Man(arguments) => completions_command::manual(arguments, Cli::command()),
    }
}

/// Help and version on stdout; a wrong usage on stderr, named as every other error.
fn usage(error: &clap::Error) -> ExitCode {
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.use_stderr() && !is_help {
        // Without stderr there is nobody to tell.
        drop(write!(io::stderr().lock(), "tenantgate: "));
    }
    drop(error.print());
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn complain(text: &str, code: ExitCode) -> ExitCode {
    // Without stderr there is nobody to tell.
    drop(writeln!(io::stderr().lock(), "tenantgate: error: {text}"));
    code
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_says_where_the_name_of_whoever_changes_something_comes_from() {
        let mut command = Cli::command();
        let kill = command.find_subcommand_mut("kill").unwrap();
        let all = kill.render_long_help().to_string();
        let tenant = kill.find_subcommand_mut("tenant").unwrap().render_long_help().to_string();
        for help in [all, tenant] {
            let words = ["--by", "TENANTGATE_BY", "USER"];
            assert!(words.iter().all(|word| help.contains(word)) && help.contains("neither"), "{help}");
        }
    }
}
