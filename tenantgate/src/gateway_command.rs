//! `tenantgate gateway`: the interceptors on a gateway that others made.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use policy_model::json::{self, Document, Value};

use crate::aws_api::{Api, ApiArguments};
use crate::cli::Verdict;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::function_arn::FunctionArn;
use crate::gateway_update::interceptors::Ours;
use crate::gateway_update::report::{Report, Right};
use crate::gateway_update::request::{self, Fields, INTERCEPTORS};
use crate::gateway_update::{self, Plan, backup, confirm, gateway_id, warnings};

/// Attach the interceptors to a gateway that others made, or detach them
#[derive(Debug, Subcommand)]
pub(crate) enum GatewayCommand {
    /// Put our functions at REQUEST and RESPONSE, and leave all else as it is
    #[command(
        after_long_help = "An update of a gateway replaces all of it. So everything is read, sent back byte for byte with the two
interceptors in it, and read again: what differs is told. The former configuration is in the --backup file.

Refused:
  a gateway that is not READY
  a field that this program does not know (--keep-field, --drop-field)
  somebody else's interceptor (--replace)
  a function without a version or alias (--allow-unqualified)

Examples:
  tenantgate gateway attach --gateway main-1a2b3c4d5e --request ARN:live --response ARN:live --dry-run
  tenantgate gateway attach --gateway main-1a2b3c4d5e --request ARN:live --response ARN:live
  tenantgate gateway attach --gateway main-1a2b3c4d5e --request ARN:live --response ARN:live --yes --format json

Rights that it needs: bedrock-agentcore:GetGateway and UpdateGateway, and iam:PassRole on the gateway's role.

Exit codes:
  0  attached, or nothing to do, or shown (--dry-run)
  1  refused, failed, or not as it should be afterwards
  2  wrong usage"
    )]
    Attach(AttachArguments),
    /// Take exactly our functions away, and leave all else as it is
    #[command(after_long_help = "Only these very ARNs, version or alias included, are taken from their points.

Examples:
  tenantgate gateway detach --gateway main-1a2b3c4d5e --request ARN:live --response ARN:live --dry-run

Exit codes: as of `tenantgate gateway attach`")]
    Detach(GatewayArguments),
}

#[derive(Debug, Args)]
pub(crate) struct AttachArguments {
    #[command(flatten)]
    gateway: GatewayArguments,
    /// Somebody else's interceptor that may be displaced, as the refusal names it; may be repeated
    #[arg(long, value_name = "ARN")]
    replace: Vec<String>,
    /// Take functions without a version or alias: every upload takes effect at once
    #[arg(long)]
    allow_unqualified: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GatewayArguments {
    /// The gateway's id
    #[arg(long, value_name = "ID", value_parser = gateway_id)]
    gateway: String,
    /// The function at REQUEST, by the ARN of its version or alias
    #[arg(long, value_name = "ARN")]
    request: FunctionArn,
    /// The function at RESPONSE, by the ARN of its version or alias
    #[arg(long, value_name = "ARN")]
    response: FunctionArn,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Where the former configuration is saved; never overwritten [default: gateway-ID.before.json]
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
    /// A field that this program does not know and an update sets; may be repeated
    #[arg(long = "keep-field", value_name = "NAME")]
    keep_fields: Vec<String>,
    /// A field that this program does not know and an update does not set; may be repeated
    #[arg(long = "drop-field", value_name = "NAME")]
    drop_fields: Vec<String>,
    /// How long to wait until the gateway is ready again
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// How to write what changes
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    api: ApiArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(crate) async fn run(command: &GatewayCommand) -> Result<Verdict, Failure> {
    match command {
        GatewayCommand::Attach(arguments) => attach(arguments).await,
        GatewayCommand::Detach(arguments) => detach(arguments).await,
    }
}

async fn attach(arguments: &AttachArguments) -> Result<Verdict, Failure> {
    let common = &arguments.gateway;
    let ours = common.ours()?;
    let unpinned = [ours.request, ours.response].into_iter().find(|function| !function.is_pinned());
    if let Some(function) = unpinned.filter(|_| !arguments.allow_unqualified) {
        return Err(Failure::input(format!(
            "{} names no version or alias, so every upload would take effect at once; add one, as :live, or give --allow-unqualified",
            function.text()
        )));
    }
    let (api, gateway) = common.read().await?;
    let former = common.writable(&gateway)?;
    let list = former.root().get(INTERCEPTORS);
    let mut request = former.text().to_owned();
    if !ours.are_exactly(list) {
        let displaced = ours.displaced(list).map_err(Failure::run)?;
        if let Some(other) = displaced.iter().find(|other| !arguments.replace.contains(&other.name)) {
            return Err(Failure::run(format!(
                "at {} there is an interceptor that is not ours: {}. A gateway takes one at each point; to displace it, give --replace with this name",
                other.points,
                visible(&other.name)
            )));
        }
        request = request::with_interceptors(former.root(), Some(ours.list()));
    }
    let mut report = common.report("attach");
    report.warnings = warnings::of(gateway.root(), &ours);
    report.right = gateway.root().get("roleArn").and_then(Value::as_str).map(|role| Right::of(&role, &ours));
    common.carry_out(&api, Plan { former: former.text().to_owned(), request }, report).await
}

async fn detach(arguments: &GatewayArguments) -> Result<Verdict, Failure> {
    let ours = arguments.ours()?;
    let (api, gateway) = arguments.read().await?;
    let former = arguments.writable(&gateway)?;
    let list = former.root().get(INTERCEPTORS);
    let left = list.and_then(|list| ours.taken_from(list));
    let is_same = list.is_none_or(|list| list.is_empty() || left.as_deref() == Some(list.text()));
    let request = match is_same {
        true => former.text().to_owned(),
        false => request::with_interceptors(former.root(), left),
    };
    let mut report = arguments.report("detach");
    for name in ours.otherwise_qualified(list) {
        report.notes.push(format!("{} stays: it is another version or alias than the one given", visible(&name)));
    }
    if !is_same {
        report
            .notes
            .push("without the interceptors, tools and agents are open to whoever passes the authorizer".to_owned());
    }
    arguments.carry_out(&api, Plan { former: former.text().to_owned(), request }, report).await
}

impl GatewayArguments {
    fn fields(&self) -> Fields<'_> {
        Fields { keep: &self.keep_fields, drop: &self.drop_fields }
    }

    fn ours(&self) -> Result<Ours<'_>, Failure> {
        self.fields().check().map_err(Failure::input)?;
        if self.request.function() == self.response.function() {
            return Err(Failure::input("--request and --response name the same function; there is one for each point"));
        }
        Ok(Ours { request: &self.request, response: &self.response })
    }

    /// The gateway, which must be ready: of any other it is not known what an update meets.
    async fn read(&self) -> Result<(Api, Document<'static>), Failure> {
        let api = Api::connect(&self.api).await?;
        let gateway = gateway_update::read(&api, &self.gateway).await;
        let gateway =
            gateway.map_err(|error| Failure::run(format!("cannot read the gateway {}: {error}", self.gateway)))?;
        let status = gateway_update::status(gateway.root());
        if status != "READY" {
            return Err(Failure::run(format!(
                "the gateway {} is {:?}, and only one that is READY is updated; wait, or look at its statusReasons",
                self.gateway,
                visible(&status)
            )));
        }
        Ok((api, gateway))
    }

    fn writable(&self, gateway: &Document<'_>) -> Result<Document<'static>, Failure> {
        let former = request::writable(gateway.root(), &self.fields()).map_err(Failure::run)?;
        json::parse_owned(former).map_err(|error| Failure::run(format!("the gateway is not JSON: {error}")))
    }

    fn report(&self, action: &'static str) -> Report {
        Report {
            gateway: self.gateway.clone(),
            action,
            changes: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            right: None,
            backup: None,
            outcome: None,
        }
    }

    async fn carry_out(&self, api: &Api, plan: Plan, mut report: Report) -> Result<Verdict, Failure> {
        report.changes = plan.changes()?;
        let is_text = self.format == Format::Text;
        if is_text {
            report.write_plan(&mut io::stdout().lock()).map_err(unread)?;
        }
        if report.changes.is_empty() || self.dry_run {
            if !is_text {
                report.write_json(&mut io::stdout().lock())?;
            }
            return Ok(Verdict::Success);
        }
        let file = self.backup.clone().unwrap_or_else(|| backup::default_path(&self.gateway));
        backup::check(&file)?;
        if !self.yes {
            confirm::ask(&report, !is_text)?;
        }
        let time = Duration::from_secs(self.timeout);
        let outcome = gateway_update::carry_out(api, &self.gateway, &plan, &self.fields(), time, &file).await?;
        let verdict = if outcome.is_as_asked() { Verdict::Success } else { Verdict::FailuresFound };
        let restore = backup::restore(&self.gateway, &file, api.region());
        report.backup = Some((file, restore));
        report.outcome = Some(outcome);
        let mut out = io::stdout().lock();
        let written = if is_text { report.write_outcome(&mut out) } else { report.write_json(&mut out) };
        match written {
            // The verdict still counts when nobody reads on.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
        Ok(verdict)
    }
}

/// Nothing is changed that nobody was shown.
fn unread(error: io::Error) -> Failure {
    Failure::run(format!("cannot show what would change, and nothing was changed: {error}"))
}
