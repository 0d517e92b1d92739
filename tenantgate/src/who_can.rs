//! `tenantgate who-can` and `tenantgate what-can`: exact answers, with what they depend on.
//!
//! In reading order: `roll` is who is enrolled in a tenant, `standing` puts what one may do into words, `statement` says what rules say, `groups` counts members that may
//! the same, `untold` counts tenants of which nobody can,
//! `what_can` turns the question round.

mod groups;
pub(crate) mod roll;
pub(crate) mod standing;
mod statement;
mod untold;
pub(crate) mod what_can;

use clap::{Args, ValueEnum};
use policy_model::TenantId;
use policy_model::decision::Effect;
use policy_model::policy::ResourceType;
use policy_model::reach::Question;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::cli::Verdict;
use crate::explain::source::{Desk, Policies, Source, SourceArguments};
use crate::explain::tree::{Line, Mark, render};
use crate::explain::wanted::Wanted;
use crate::explain::{emit, parse_time, words};
use crate::failure::Failure;
use crate::operator_desk::{readable, tenant};
use crate::progress::Progress;
use groups::Groups;
use roll::Roll;
use untold::{Refusal, Untold};

/// Who may call a tool: by tenant, by rule, and with --with-members by member
#[derive(Debug, Args)]
#[command(
    after_long_help = "Each rule in force that names the tool is told with all that it asks; what it asks of token, time of day and
arguments is a condition. With --with-members each member is asked about, and those that may the same are counted together:
may always, may if .., may not. Rules that have run out or begin later count as of --time.

Examples:
  tenantgate who-can orders___refund --file registry.db
  tenantgate who-can orders___refund --tenant acme --with-members --registry DIR
  tenantgate who-can --kind agent billing --json

Exit codes:
  0  told, also if nobody may
  2  wrong usage, or a file that cannot be read"
)]
pub(crate) struct WhoCanArguments {
    /// The tool, or what --kind says
    #[arg(value_name = "TOOL")]
    name: String,
    /// What it is
    #[arg(long, value_name = "KIND", default_value = "tool")]
    kind: KindWord,
    /// Only of this tenant [default: all of them]
    #[arg(long, value_name = "TENANT", value_parser = tenant)]
    tenant: Option<TenantId>,
    /// Ask about each member
    #[arg(long, conflicts_with = "policy")]
    with_members: bool,
    /// Name all members of a group [default: the first 10]
    #[arg(long, requires = "with_members")]
    all: bool,
    /// Name tenants where no rule allows it to anybody, or everybody is refused
    #[arg(long)]
    none: bool,
    /// When it is asked [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    time: Option<i64>,
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SourceArguments,
}

/// The kinds of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindWord {
    Tool,
    Prompt,
    Resource,
    Agent,
    Model,
}

/// What is told of a tenant.
struct Told {
    lines: Vec<Line>,
    json: Value,
    is_allowed: bool,
    /// Why no rule was read.
    refusal: Option<Refusal>,
}

/// Runs the command.
pub(crate) async fn run(arguments: &WhoCanArguments) -> Result<Verdict, Failure> {
    let wanted = Wanted::listed(arguments.kind.kind(), &arguments.name);
    if let Err(refusal) = wanted.resource() {
        let code = refusal.code();
        let json = json!({"resource": wanted.label(), "reason": code, "tenants": []});
        let line =
            format!("nobody can: the name does not fit the grammar, and is refused before any rule is read ({code})");
        emit(arguments.json, || json, |colour| render(&[Line::new(0, Mark::No, line)], colour))?;
        return Ok(Verdict::Success);
    }
    let mut told: Vec<Told> = Vec::new();
    let mut untold = Untold::default();
    let mut keep = |own: Told| {
        if own.is_allowed || arguments.none || arguments.tenant.is_some() {
            told.push(own);
        } else {
            untold.add(own.refusal);
        }
    };
    match arguments.source.open().await? {
        Source::Files(policies) => keep(tell(arguments, &wanted, None, &policies).await?),
        Source::Registry(desk) => match &arguments.tenant {
            Some(tenant) => keep(of_tenant(arguments, &wanted, &desk, tenant, None).await?),
            None => {
                let mut progress = Progress::new("tenants asked about");
                let mut done = 0;
                let mut pages = desk.operator.tenants();
                while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
                    for state in readable(page) {
                        if let Some(tenant) = state.tenant() {
                            keep(of_tenant(arguments, &wanted, &desk, tenant, Some(state.status)).await?);
                        }
                        done += 1;
                        progress.tell(done, done);
                    }
                }
            }
        },
    }
    let json = json!({"resource": wanted.label(), "time": words::time(arguments.time()),
        "tenantsWithoutARule": untold.without_a_rule(), "tenantsRefused": untold.refused(), "tenants": told.iter().map(|own| own.json.clone()).collect::<Vec<Value>>()});
    emit(
        arguments.json,
        || json,
        |colour| {
            let mut lines: Vec<Line> = told.iter().flat_map(|own| own.lines.iter().cloned()).collect();
            lines.extend(untold.lines());
            render(&lines, colour)
        },
    )?;
    Ok(Verdict::Success)
}

async fn of_tenant(
    arguments: &WhoCanArguments,
    wanted: &Wanted,
    desk: &Desk,
    tenant: &TenantId,
    status: Option<policy_registry::record::Status>,
) -> Result<Told, Failure> {
    let status = match status {
        Some(status) => Some(status),
        None => desk.operator.tenant(tenant).await.ok().map(|state| state.status),
    };
    let refused = match status {
        _ if desk.is_stopped(tenant) => Some(Refusal::Killed),
        None => Some(Refusal::Unknown),
        Some(policy_registry::record::Status::Suspended) => Some(Refusal::Suspended),
        Some(policy_registry::record::Status::Active) => None,
    };
    let policies = if refused.is_some() { None } else { desk.policies(tenant).await? };
    match (refused, policies) {
        (None, Some(policies)) => tell(arguments, wanted, Some((desk, tenant)), &policies).await,
        (refused, _) => {
            let refusal = refused.unwrap_or(Refusal::PolicyMissing);
            let lines = vec![Line::new(0, Mark::No, format!("{tenant}: {}", refusal.why()))];
            let json = json!({"tenantId": tenant.as_str(), "refused": refusal.why(), "reason": refusal.code()});
            Ok(Told { lines, json, is_allowed: false, refusal: Some(refusal) })
        }
    }
}

async fn tell(
    arguments: &WhoCanArguments,
    wanted: &Wanted,
    desk: Option<(&Desk, &TenantId)>,
    policies: &Policies,
) -> Result<Told, Failure> {
    let read = policies.read()?;
    let resource = wanted.resource().map_err(|_| Failure::input("no such name"))?;
    let question = Question::new(policies.layers(&read), resource, arguments.time());
    let is_allowed = question.is_allowed_to_some();
    let name = desk.map_or_else(
        || read.policy.policy().tenant().map_or("*".to_owned(), ToString::to_string),
        |(_, tenant)| tenant.to_string(),
    );
    let title = policies.policy.title(&read.policy);
    let mut lines = vec![Line::new(0, Mark::of(is_allowed), format!("{name} ({title})"))];
    if !is_allowed {
        lines.push(Line::new(1, Mark::None, "no ALLOW rule in force names it: nobody can"));
    }
    let statements = question.statements();
    let rules = statements.iter().filter(|own| is_allowed || own.effect == Effect::Allow);
    for own in rules
        .clone()
        .filter(|own| own.effect == Effect::Allow)
        .chain(rules.clone().filter(|own| own.effect == Effect::Deny))
    {
        lines.push(statement::line(own, &read));
    }
    if is_allowed && read.side().layers().requires_actor() {
        lines.push(Line::new(1, Mark::None, "users only through an agent that calls for them (requireActor)"));
    }
    let mut json = json!({"tenantId": name, "policy": policies.policy.json(&read.policy), "isAllowedToSome": is_allowed,
        "requiresActor": read.side().layers().requires_actor(), "rules": statements.iter().map(|own| statement::json(own, &read)).collect::<Vec<Value>>()});
    if let (true, true, Some((desk, tenant))) = (arguments.with_members, is_allowed, desk) {
        let mut groups = Groups::new(if arguments.all { usize::MAX } else { NAMES_TOLD });
        let mut roll = Roll::new(desk, tenant);
        let mut progress = Progress::new("members asked about");
        let mut done = 0_u64;
        while let Some(page) = roll.next().await? {
            done += page.len() as u64;
            for own in &page {
                groups.add(own, &question, tenant, &read);
            }
            progress.tell(done, done);
        }
        lines.extend(groups.lines());
        if let Value::Object(json) = &mut json {
            json.insert("members".to_owned(), groups.json());
        }
    }
    Ok(Told { lines, json, is_allowed, refusal: None })
}

impl WhoCanArguments {
    fn time(&self) -> i64 {
        self.time.unwrap_or_else(|| OffsetDateTime::now_utc().unix_timestamp())
    }
}

impl KindWord {
    fn kind(self) -> ResourceType {
        match self {
            KindWord::Tool => ResourceType::Tool,
            KindWord::Prompt => ResourceType::Prompt,
            KindWord::Resource => ResourceType::Resource,
            KindWord::Agent => ResourceType::Agent,
            KindWord::Model => ResourceType::Model,
        }
    }
}

/// How many members of a group are named.
const NAMES_TOLD: usize = 10;
