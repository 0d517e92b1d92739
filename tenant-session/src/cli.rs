//! The command line: what there is to run, and how it ends.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use interceptors::identity::Identities;
use interceptors::settings::Settings;
use policy_registry::AwsEnvironment;

use crate::aws::{self, Source};
use crate::broker::Broker;
use crate::exchange::{
    DURATION_SECONDS_MAX, DURATION_SECONDS_MIN, EXCHANGE_TIME_MAX, Exchange, ExchangeMode, ExchangeSettings,
};
use crate::failure::Failure;
use crate::role_arn::RoleArn;
use crate::{credentials_command, serve_command};

/// AWS credentials for a user's tenant: a role session tagged TenantID, for whoever presents the user's token
#[derive(Debug, Parser)]
#[command(
    name = "tenantgate-session",
    version,
    arg_required_else_help = true,
    after_long_help = "The token is verified, and its tenant found, by the interceptors' settings: TENANTGATE_SETTINGS (JSON), or
TENANTGATE_SETTINGS_FILE or --settings (a path). This program's own AWS credentials come from where AWS SDKs
look for them; they need dynamodb:BatchGetItem on the registry, and for ASSUME_ROLE sts:AssumeRole,
sts:TagSession and sts:SetSourceIdentity on the role. AWS_REGION must be set, or
--region given.

Examples:
  tenantgate-session serve --role-arn arn:aws:iam::123456789012:role/tenant --ready-file /run/tenantgate-session
                           then POST /sessions with `Authorization: Bearer <token>`, and give an AWS SDK
                           the answer's credentialsUri and authorizationToken as AWS_CONTAINER_CREDENTIALS_FULL_URI
                           and AWS_CONTAINER_AUTHORIZATION_TOKEN
  tenantgate-session credentials --role-arn arn:aws:iam::123456789012:role/tenant --token-file token.jwt
                           for `credential_process` in ~/.aws/config

Exit codes:
  0  credentials were given, or the endpoint was stopped
  1  the token was refused, or something failed while running
  2  wrong usage or settings

Credentials go to standard output, errors and JSON log lines to standard error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Credentials(CredentialsArguments),
    Serve(ServeArguments),
}

/// Print credentials for the tenant of one token, as `credential_process` wants them
#[derive(Debug, Args)]
pub(crate) struct CredentialsArguments {
    #[command(flatten)]
    pub(crate) broker: BrokerArguments,
    /// File with the user's token; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: PathBuf,
    /// Tenant that is meant, where the token names none and its user has several
    #[arg(long, value_name = "ID")]
    pub(crate) tenant: Option<String>,
}

/// Serve credentials on a loopback port, as a container endpoint
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) broker: BrokerArguments,
    /// Loopback address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4180")]
    pub(crate) listen: SocketAddr,
    /// File that is written once it listens, with the address as `http://ADDRESS:PORT` and a line feed
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
}

/// What a broker needs.
#[derive(Debug, Args)]
pub(crate) struct BrokerArguments {
    /// Role that tenants' sessions assume
    #[arg(long, value_name = "ARN")]
    role_arn: RoleArn,
    /// How: ASSUME_ROLE tags the session itself, WEB_IDENTITY lets AWS take the tag from the user's own token
    #[arg(long, value_enum, default_value = "ASSUME_ROLE")]
    exchange: ExchangeMode,
    /// How long credentials live, 900 to 3600; AWS allows no more where one role assumes another
    #[arg(long, value_name = "SECONDS", default_value_t = DURATION_SECONDS_MIN,
          value_parser = clap::value_parser!(u32).range(i64::from(DURATION_SECONDS_MIN)..=i64::from(DURATION_SECONDS_MAX)))]
    duration_seconds: u32,
    /// Interceptors' settings, instead of TENANTGATE_SETTINGS and TENANTGATE_SETTINGS_FILE
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// AWS Region, instead of AWS_REGION
    #[arg(long, value_name = "REGION", value_parser = region)]
    region: Option<String>,
    /// Profile with this program's own AWS credentials, and no other place; without it `credentials` looks into no profile
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

impl BrokerArguments {
    /// The broker, and the name of the header by which callers choose a tenant.
    pub(crate) async fn broker(&self, source: Source<'_>) -> Result<(Broker, String), Failure> {
        let settings = read_settings(self.settings.as_deref())?;
        let aws = aws::configuration(source, self.region.as_deref()).await?;
        let exchange = ExchangeSettings {
            mode: self.exchange,
            role: self.role_arn.clone(),
            duration_seconds: self.duration_seconds,
            timeout: EXCHANGE_TIME_MAX,
        };
        let registry = aws::registry(&settings, &aws)?;
        let selector = settings.headers.tenant_selector.clone();
        Ok((Broker::new(Identities::new(settings, registry), Exchange::new(exchange, &aws)), selector))
    }
}

/// What can stand in the name of a host.
fn region(text: &str) -> Result<String, String> {
    let is_region = (1..=REGION_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_region { Ok(text.to_owned()) } else { Err("expected a Region such as eu-central-1".to_owned()) }
}

/// The secrets of the settings are the interceptors': none of them is read here.
fn read_settings(path: Option<&Path>) -> Result<Settings, Failure> {
    let settings = match path {
        None => Settings::of_process_for_identity(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::input(format!("cannot read the settings {}: {error}", path.display())))?;
            Settings::parse_for_identity(&text, AwsEnvironment::of_process())
        }
    };
    let settings = settings.map_err(|error| Failure::input(format!("the settings cannot be used: {error}")))?;
    if settings.issuers.is_empty() {
        return Err(Failure::input("the settings cannot be used: issuers: none; without one no token can be verified"));
    }
    Ok(settings)
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
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(Failure::run(format!("cannot start: {error}"))),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Run(text)) => complain(&text, ExitCode::from(1)),
        Err(Failure::Input(text)) => complain(&text, ExitCode::from(2)),
    }
}

async fn execute(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Credentials(arguments) => credentials_command::run(arguments).await,
        Command::Serve(arguments) => serve_command::run(arguments).await,
    }
}

fn usage(error: &clap::Error) -> ExitCode {
    let is_help = error.kind() == ErrorKind::DisplayHelp || error.kind() == ErrorKind::DisplayVersion;
    // Nobody is left to be told that this cannot be written.
    drop(error.print());
    if is_help { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn complain(text: &str, code: ExitCode) -> ExitCode {
    drop(writeln!(io::stderr(), "tenantgate-session: {text}"));
    code
}

const REGION_BYTES_MAX: usize = 32;
