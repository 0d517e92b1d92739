//! `tenantgate doctor`: the mistakes of a deployment, each with its remedy.
//!
//! In reading order: `code` is what can be found, `examination` collects it; `gateway` and `targets`, `functions`, `called` and `invoke_policy`, `settings`
//! and `issuers`, `table`, `items` and `survey` look; `live` asks AWS for what files would say; `report` tells it.

mod called;
mod code;
mod examination;
mod functions;
mod gateway;
mod invoke_policy;
mod issuers;
mod items;
mod live;
mod report;
mod settings;
mod survey;
mod table;
mod targets;

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use interceptors::settings::Settings;
use policy_model::json;

use crate::aws_api::{Api, ApiArguments};
use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::gateway_update::{self, gateway_id};
use crate::input;
use crate::registry_access::RegistryArguments;
use crate::route_check;
use code::Severity;
use examination::Examination;
use functions::Functions;
use gateway::Redaction;
use survey::Survey;

/// Look for the mistakes of a deployment: gateway, targets, functions, settings, issuers and table
#[derive(Debug, Args)]
#[command(
    after_long_help = "What is looked at is what is given; all else is named as not checked, with the way to have it checked. With --gateway the
gateway, its targets and its functions are asked for; with --gateway-json nothing of AWS is asked but the table.
The table is the one of the settings, or --table; issuers are asked for their keys as the interceptors ask, within 2 seconds
a document. Nothing is written. docs/doctor.md has every finding with its remedy.

Examples:
  tenantgate doctor --gateway main-1a2b3c4d5e --settings settings.json
  tenantgate doctor --gateway main-1a2b3c4d5e --settings settings.json --deep --warnings-as-errors
  aws bedrock-agentcore-control get-gateway --gateway-identifier ID > gateway.json
  aws lambda get-function-configuration --function-name tenantgate-request:live > functions.json
  aws lambda get-policy --function-name tenantgate-request --qualifier live >> functions.json
  tenantgate doctor --gateway-json gateway.json --targets-json targets.json --functions functions.json \\
                    --settings settings.json --offline
  tenantgate doctor --settings settings.json --file registry.db --deep --format json

Rights that it needs with --gateway: bedrock-agentcore:GetGateway, ListGatewayTargets and GetGatewayTarget,
lambda:GetFunctionConfiguration and GetPolicy; for the table: dynamodb:DescribeTable, DescribeTimeToLive,
DescribeContinuousBackups, GetItem and Query, with --deep Scan.

Exit codes:
  0  no errors (warnings and notes may be there)
  1  errors; with --warnings-as-errors also warnings
  2  wrong usage, or a file that cannot be read"
)]
pub(crate) struct DoctorArguments {
    /// The gateway, as get-gateway describes it; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "gateway")]
    gateway_json: Option<String>,
    /// The gateway's id: it, its targets and its functions are asked for
    #[arg(long, value_name = "ID", value_parser = gateway_id)]
    gateway: Option<String>,
    /// Its targets, as get-gateway-target or list-gateway-targets describes them; may be repeated
    #[arg(long, value_name = "FILE")]
    targets_json: Vec<String>,
    /// Its functions, as get-function-configuration, get-function and get-policy describe them; may be repeated
    #[arg(long, value_name = "FILE")]
    functions: Vec<String>,
    /// The interceptors' settings
    #[arg(long, value_name = "FILE")]
    settings: Option<String>,
    /// Read all items of the table
    #[arg(long)]
    deep: bool,
    /// Ask nobody: neither AWS nor issuers; of tables only one in a file or on this machine is looked at
    #[arg(long, conflicts_with = "gateway")]
    offline: bool,
    /// End with exit code 1 where there are warnings, too
    #[arg(long)]
    warnings_as_errors: bool,
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// The AWS region of the gateway [default: AWS_REGION, or the profile's]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The URL of an emulator of AWS's APIs, for the gateway and its functions [default: AWS]
    #[arg(long, value_name = "URL")]
    aws_endpoint_url: Option<String>,
    #[command(flatten)]
    registry: RegistryArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(crate) async fn run(arguments: &DoctorArguments) -> Result<Verdict, Failure> {
    let files = arguments.gateway_json.iter().chain(&arguments.targets_json).chain(&arguments.functions);
    input::check_once(files.chain(&arguments.settings).map(String::as_str))?;
    let mut out = Examination::default();
    arguments.examine(&mut out).await?;
    out.sort();
    let mut stdout = io::stdout().lock();
    let written = match arguments.format {
        Format::Json => report::write_json(&mut stdout, &out),
        Format::Text => {
            let colour = Colour::of(stdout.is_terminal());
            report::write_text(&mut stdout, &out, colour)
        }
    };
    match written {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    let warnings = if arguments.warnings_as_errors { out.count(Severity::Warning) } else { 0 };
    Ok(if out.count(Severity::Error) + warnings > 0 { Verdict::FailuresFound } else { Verdict::Success })
}

/// What of a gateway was read.
struct Described {
    name: String,
    gateway: json::Document<'static>,
    targets: Vec<(String, serde_json::Value)>,
    functions: Functions,
}

impl DoctorArguments {
    async fn examine(&self, out: &mut Examination) -> Result<(), Failure> {
        let described = self.describe(out).await?;
        let functions =
            described.as_ref().map_or_else(|| Functions::read(&self.functions), |_| Ok(Functions::default()))?;
        let functions = described.as_ref().map_or(&functions, |described| &described.functions);
        let (document, settings) = match &self.settings {
            Some(file) => settings::read(file, out)?,
            None => of_functions(functions),
        };
        let (settings, document) = (settings.as_ref(), document.as_ref());
        match settings {
            Some(settings) => {
                let place = document.map_or("settings", |document| document.place.as_str());
                settings::examine(settings, place, out);
                if self.offline {
                    issuers::leave(&settings.issuers, out);
                } else {
                    issuers::examine(&settings.issuers, out).await;
                }
            }
            None if self.settings.is_none() => {
                out.leave(
                    "settings and issuers",
                    "none that can be used were given",
                    "give --settings, or --functions with the function's variables",
                );
            }
            None => {}
        }
        let survey = self.table(settings, document, out).await;
        for function in &functions.described {
            functions::examine(function, settings, document, out);
        }
        for (resource, policy) in &functions.policies {
            invoke_policy::examine(resource, policy, out);
        }
        match &described {
            Some(described) => gateway_and_targets(described, settings, survey.as_ref(), out)?,
            None => {
                out.leave("gateway and targets", "they were not given", "give --gateway ID, or --gateway-json FILE")
            }
        }
        Ok(())
    }

    /// What there is to know of the gateway, from files or from AWS.
    async fn describe(&self, out: &mut Examination) -> Result<Option<Described>, Failure> {
        let (name, gateway, targets) = match (&self.gateway_json, &self.gateway) {
            (Some(file), _) => {
                let value = route_check::targets::document(file)?;
                if !is_gateway(&value) {
                    return Err(Failure::input(format!(
                        "{} is no gateway; expected the output of `aws bedrock-agentcore-control get-gateway`, with gatewayId or gatewayArn",
                        input::name(file)
                    )));
                }
                let gateway = json::parse_owned(value.to_string())
                    .map_err(|error| Failure::input(format!("{} is not JSON: {error}", input::name(file))))?;
                (input::name(file).to_owned(), gateway, Vec::new())
            }
            (None, Some(id)) => {
                let api = Api::connect(&ApiArguments::new(self.region.clone(), self.aws_endpoint_url.clone())).await?;
                let gateway = gateway_update::read(&api, id).await;
                let gateway =
                    gateway.map_err(|error| Failure::run(format!("cannot read the gateway {id}: {error}")))?;
                let given = Functions::read(&self.functions)?;
                let functions = if self.functions.is_empty() {
                    live::functions(&api, &gateway::functions(gateway.root()), out).await
                } else {
                    given
                };
                let targets =
                    if self.targets_json.is_empty() { live::targets(&api, id, out).await } else { Vec::new() };
                let targets = targets.into_iter().chain(read_targets(&self.targets_json)?).collect();
                return Ok(Some(Described { name: id.clone(), gateway, targets, functions }));
            }
            (None, None) if self.targets_json.is_empty() => return Ok(None),
            (None, None) => return Err(Failure::input("--targets-json goes with --gateway-json or --gateway")),
        };
        let functions = Functions::read(&self.functions)?;
        let targets = targets.into_iter().chain(read_targets(&self.targets_json)?).collect();
        Ok(Some(Described { name, gateway, targets, functions }))
    }

    /// Looks at the table that the settings name, or the arguments.
    async fn table(
        &self,
        settings: Option<&Settings>,
        document: Option<&settings::Document>,
        out: &mut Examination,
    ) -> Option<Survey> {
        let registry = match settings.map(|settings| &settings.registry) {
            Some(own) => self.registry.or_of_settings(&own.table, own.client.endpoint_url.as_deref()),
            None => self.registry.clone(),
        };
        if settings.is_none() && self.gateway.is_none() && !self.deep && !registry.is_named() {
            out.leave(
                "the table and its items",
                "nobody said which it is",
                "give --settings, --table, --endpoint-url or --file",
            );
            return None;
        }
        if self.offline && !registry.is_local() {
            out.leave("the table and its items", "--offline asks nobody", "leave --offline out, or give --file");
            return None;
        }
        let access = match registry.open().await {
            Ok(access) => access,
            Err(failure) => {
                out.leave(
                    "the table and its items",
                    failure.to_string(),
                    "give --table with credentials, --endpoint-url, or --file",
                );
                return None;
            }
        };
        if let Some(own) = settings.filter(|settings| !registry.is_in_file() && settings.registry.table != access.table)
        {
            let what = format!("registry.table is {:?}, and {} is looked at", own.registry.table, access.place);
            out.find(&code::SETTINGS_OTHER_TABLE, "settings", what);
        }
        let table = table::examine(&access.client, &access.table, &access.place, registry.is_local(), out).await?;
        let survey = match self.deep {
            true => items::scan(&access.client, &access.table, &table, out).await?,
            false => items::look(&access.client, &access.table, &table, out).await?,
        };
        survey.tell(&table.place, out);
        if let Some(settings) = settings {
            beside(&survey, settings, document, out);
        }
        Some(survey)
    }
}

/// A target has the gateway's ARN, too.
fn is_gateway(value: &serde_json::Value) -> bool {
    let is_named = ["gatewayId", "gatewayArn"]
        .iter()
        .any(|name| value.get(name).and_then(serde_json::Value::as_str).is_some_and(|text| !text.is_empty()));
    is_named && value.get("targetId").is_none() && value.get("targetConfiguration").is_none()
}

fn read_targets(files: &[String]) -> Result<Vec<(String, serde_json::Value)>, Failure> {
    let mut described = Vec::new();
    for file in files {
        described.extend(route_check::targets::documents(file)?.into_iter().map(|document| (file.clone(), document)));
    }
    Ok(described)
}

/// The first settings in a variable of a function that can be used. What is wrong with them is found with each function.
fn of_functions(functions: &Functions) -> (Option<settings::Document>, Option<Settings>) {
    let mut parsed = functions.described.iter().filter_map(|function| {
        let place = format!("settings of function {}", function.arn);
        Some(settings::parse(function.settings()?, place, &mut Examination::default()))
    });
    parsed.find(|(_, settings)| settings.is_some()).unwrap_or_default()
}

/// What policies want of settings.
fn beside(survey: &Survey, settings: &Settings, document: Option<&settings::Document>, out: &mut Examination) {
    let place = document.map_or("settings", |document| document.place.as_str());
    let is_optional = match settings.registry.baseline {
        policy_registry::BaselineMode::Optional => true,
        policy_registry::BaselineMode::Required => false,
    };
    if is_optional && survey.has_baseline {
        out.find(&code::BASELINE_OPTIONAL, place, "the table has a baseline, and the settings do not ask for one");
    }
    let known = document.map(settings::Document::hash_keys).unwrap_or_default();
    for (name, policy) in survey.hash_keys.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        out.find(
            &code::HASH_KEY_MISSING,
            place,
            format!("policy {policy} hashes with the key {name:?}, which is not there"),
        );
    }
}

fn gateway_and_targets(
    described: &Described,
    settings: Option<&Settings>,
    survey: Option<&Survey>,
    out: &mut Examination,
) -> Result<(), Failure> {
    let root = described.gateway.root();
    let redaction = match survey {
        Some(survey) if survey.redacts => Redaction::Some,
        Some(survey) if survey.is_whole => Redaction::None,
        Some(_) | None => Redaction::Unknown,
    };
    gateway::examine(root, settings, redaction, out);
    called::compare(&described.functions, &gateway::functions(root), out);
    let value: serde_json::Value = serde_json::from_str(root.text())
        .map_err(|error| Failure::input(format!("{} is not JSON: {error}", described.name)))?;
    let own = route_check::targets::of(&described.name, &value, &described.targets)?;
    if own.targets.is_empty() && described.targets.is_empty() {
        let how = "for target in $(aws bedrock-agentcore-control list-gateway-targets ..); do aws bedrock-agentcore-control get-gateway-target ..; done > targets.json, and --targets-json targets.json";
        out.leave("the gateway's targets", "they were not given, or there are none", how);
        return Ok(());
    }
    let bindings = survey.filter(|survey| survey.has_routes || survey.is_whole).map(|survey| survey.routes.as_slice());
    targets::statuses(&described.targets, out);
    targets::examine(&own, settings, bindings, out);
    Ok(())
}
