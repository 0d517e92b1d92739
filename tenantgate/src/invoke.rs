//! `tenantgate invoke`: events on stdin, replies on stdout, through a real interceptor.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use clap::{Args, ValueEnum};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::callers::Callers;
use crate::cli::Verdict;
use crate::client;
use crate::client_context;
use crate::failure::Failure;
use crate::fixture::Point;
use crate::function::{self, Function};
use crate::keys::{DEFAULT_KEY_DIRECTORY, KeyRing};
use crate::placeholder;
use crate::registry_host::{DEFAULT_TABLE, RegistryHost};
use crate::runtime_api::Outcome;
use crate::settings::{self, Substitution};

/// Send events to a real interceptor: one a line on stdin, one reply a line on stdout
#[derive(Debug, Args)]
#[command(after_long_help = r#"Examples:
  tenantgate invoke request < events.ndjson
  tenantgate invoke request --callers fixtures/callers.json --audit < events.ndjson
  tenantgate invoke response --settings settings.json --endpoint-url http://127.0.0.1:8000
  tenantgate invoke request --client-context '{"custom":{"REQUEST_ID":"${unique}"}}' < events.ndjson

In a client context ${unique} is an id that is the same for all events, and another one the next time.
Lines are sent as the bytes they are; ${token.<caller>} is replaced only with --callers.
Without --settings: issuer https://issuer.example/main, audience https://gateway.example, tenant claim
custom:tenant_id, and the keys of --key-dir, which `tenantgate token mint` signs with.
Exit codes: 0 every event got its reply, 1 the interceptor failed, 2 wrong arguments or files."#)]
pub(crate) struct InvokeArguments {
    /// Which interceptor
    point: InvokedPoint,
    /// What Lambda hands over beside each event: JSON, or a file with the text
    #[arg(long, value_name = "FILE|JSON")]
    client_context: Option<String>,
    /// Settings for the interceptor, with the placeholders of fixtures/settings
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Callers whose tokens take the place of `${token.<caller>}`
    #[arg(long, value_name = "FILE")]
    callers: Option<PathBuf>,
    /// Fill the embedded registry from DIR [default: fixtures/registry, if it is there]
    #[arg(long, value_name = "DIR", conflicts_with = "endpoint_url")]
    registry: Option<PathBuf>,
    /// The registry's table
    #[arg(long, value_name = "NAME", default_value = DEFAULT_TABLE)]
    table: String,
    /// Use the registry in the DynamoDB at URL instead of an embedded one
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// The development keys; created on first use
    #[arg(long, value_name = "DIR", default_value = DEFAULT_KEY_DIRECTORY)]
    key_dir: PathBuf,
    /// Where the interceptor binaries are [default: beside this one]
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// Write the audit lines to stderr
    #[arg(long)]
    audit: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum InvokedPoint {
    Request,
    Response,
}

/// Runs the command.
pub(crate) async fn run(arguments: &InvokeArguments) -> Result<Verdict, Failure> {
    let client_context = arguments.client_context.as_deref().map(client_context).transpose()?;
    let ring = KeyRing::open(&arguments.key_dir)?;
    let callers = arguments.callers.as_deref().map(Callers::read).transpose()?;
    let settings = match &arguments.settings {
        Some(path) => settings::read(path)?,
        None => settings::DEVELOPMENT.to_owned(),
    };
    let names_registry = arguments.endpoint_url.is_some() || arguments.registry.is_some();
    if names_registry && !settings::wants_registry(&settings) {
        let remedy = "write ${registry.endpoint} there, or leave --endpoint-url and --registry out";
        return Err(Failure::input(format!("the settings name their registry themselves; {remedy}")));
    }
    // The embedded registry lives as long as this.
    let registry = if settings::wants_registry(&settings) { Some(start_registry(arguments).await?) } else { None };
    let settings = Substitution {
        table: &arguments.table,
        endpoint_url: registry.as_ref().map(RegistryHost::endpoint_url).unwrap_or_default(),
        ring: &ring,
    }
    .apply(&settings)
    .map_err(|error| Failure::input(format!("in the settings: {error}")))?;
    let mut environment = match &registry {
        Some(registry) => registry.environment().await?,
        None => own_environment(&settings).await?,
    };
    environment.push(("TENANTGATE_SETTINGS".to_owned(), settings));
    let point = match arguments.point {
        InvokedPoint::Request => Point::Request,
        InvokedPoint::Response => Point::Response,
    };
    let binary = function::binary_path(point.binary(), arguments.binaries.as_deref())?;
    let function = Function::start(&binary, &environment).await?;
    function.ready(READY_TIMEOUT).await?;
    let asked = Asked { arguments, function: &function, client_context: client_context.as_deref() };
    asked
        .answer_lines(|name| {
            let (Some(callers), Some(caller)) = (&callers, name.strip_prefix("token.")) else { return Ok(None) };
            callers.token(caller, &ring).map(|token| Some(token.into_bytes()))
        })
        .await?;
    Ok(Verdict::Success)
}

/// The client context as it is sent.
fn client_context(argument: &str) -> Result<String, Failure> {
    let wrong = |error: String| Failure::input(format!("--client-context: {error}"));
    let is_json = argument.trim_start().starts_with('{');
    let text = if is_json {
        argument.to_owned()
    } else {
        std::fs::read_to_string(argument).map_err(|error| wrong(format!("{argument}: {error}")))?
    };
    client_context::expand(&text, &client_context::unique()?, |_| Ok(None)).map_err(wrong)
}

async fn start_registry(arguments: &InvokeArguments) -> Result<RegistryHost, Failure> {
    let registry = RegistryHost::start(arguments.endpoint_url.as_deref(), &arguments.table).await?;
    if arguments.endpoint_url.is_none() {
        let default = Path::new("fixtures/registry");
        let directory = arguments.registry.as_deref().or(default.is_dir().then_some(default));
        registry.fill(directory).await?;
    }
    Ok(registry)
}

/// The way to the registry that finished settings name themselves.
async fn own_environment(settings: &str) -> Result<Vec<(String, String)>, Failure> {
    // Settings that are broken on purpose reach no registry.
    let Ok(settings) = serde_json::from_str::<serde_json::Value>(settings) else { return Ok(Vec::new()) };
    let endpoint_url = settings.pointer("/registry/endpointUrl").and_then(serde_json::Value::as_str);
    client::environment(&client::configuration(endpoint_url).await).await
}

/// What is asked, and of whom.
struct Asked<'a> {
    arguments: &'a InvokeArguments,
    function: &'a Function,
    client_context: Option<&'a str>,
}

impl Asked<'_> {
    async fn answer_lines(&self, resolve: impl Fn(&str) -> Result<Option<Vec<u8>>, String>) -> Result<(), Failure> {
        let mut input = BufReader::new(tokio::io::stdin());
        let mut line = Vec::new();
        let mut number = 0_u64;
        loop {
            line.clear();
            let read = input.read_until(b'\n', &mut line).await;
            if read.map_err(|error| Failure::run(format!("cannot read stdin: {error}")))? == 0 {
                return Ok(());
            }
            number += 1;
            let event = line.strip_suffix(b"\n").unwrap_or(&line);
            let event = placeholder::expand(event, &resolve)
                .map_err(|error| Failure::input(format!("line {number} of stdin: {error}")))?;
            let reply = self.answer(number, Bytes::from(event)).await?;
            let mut out = io::stdout().lock();
            out.write_all(&on_one_line(&reply))?;
            out.write_all(b"\n")?;
            out.flush()?;
        }
    }

    async fn answer(&self, number: u64, event: Bytes) -> Result<Bytes, Failure> {
        let function = self.function;
        let invocation = function.invoke_with(event, self.client_context, INVOKE_TIMEOUT).await;
        let failed = |what: String| Failure::run(format!("line {number} of stdin: {} {what}", function.name()));
        let reply = match invocation.outcome {
            Outcome::Reply(reply) => reply,
            Outcome::Error(error) => {
                return Err(failed(format!("reported an error: {}", String::from_utf8_lossy(&error))));
            }
            Outcome::TimedOut => {
                return Err(failed(format!("gave no reply within {INVOKE_TIMEOUT:?}{}", function.account())));
            }
            Outcome::Exited => return Err(failed(format!("ended{}", function.account()))),
        };
        if self.arguments.audit {
            let line = function.audit_line(&invocation.request_id, AUDIT_TIMEOUT).await;
            let line = line.ok_or_else(|| failed(format!("wrote no audit line within {AUDIT_TIMEOUT:?}")))?;
            writeln!(io::stderr().lock(), "{line}")?;
        }
        Ok(reply)
    }
}

/// Line feeds in JSON are only ever white space.
fn on_one_line(reply: &[u8]) -> Vec<u8> {
    reply.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect()
}

const READY_TIMEOUT: Duration = Duration::from_secs(15);
const INVOKE_TIMEOUT: Duration = Duration::from_secs(30);
const AUDIT_TIMEOUT: Duration = Duration::from_secs(5);
