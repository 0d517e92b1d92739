//! `tenantgate what-can`: everything that one member may do.

use clap::Args;
use policy_model::TenantId;
use policy_model::comparison::Wording;
use policy_model::policy::ResourceType;
use policy_model::reach::{Holding, Question, Way, holdings};
use policy_registry::operate::Subject;
use policy_registry::record::Status;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::roll::{Enrolled, Roll};
use super::standing;
use crate::cli::Verdict;
use crate::explain::source::{Desk, Read, Source, SourceArguments};
use crate::explain::tree::{Line, Mark, render};
use crate::explain::wanted::Wanted;
use crate::explain::{emit, parse_time, words};
use crate::failure::Failure;
use crate::operator_desk::{readable, tenant};
use crate::tool_list::ToolFiles;

/// What a user may do: in each tenant, by each rule, with what it depends on and what cuts it
#[derive(Debug, Args)]
#[command(
    after_long_help = "Without --tools the resources are patterns, as the rules have them, and the DENY rules that may meet them are told
with them. With --tools each tool of a captured tools/list is asked about by itself.

Examples:
  tenantgate what-can alice --issuer https://issuer.example --file registry.db
  tenantgate what-can alice --tenant acme --tools list.json --registry DIR
  tenantgate what-can --client nightly --tenant acme

Exit codes:
  0  told
  1  the registry knows no such member
  2  wrong usage, or a file that cannot be read"
)]
pub(crate) struct WhatCanArguments {
    /// The user, as its issuer names it
    #[arg(value_name = "USER", required_unless_present = "client", conflicts_with = "client")]
    user: Option<String>,
    /// The machine in the place of a user
    #[arg(long, value_name = "CLIENT", requires = "tenant")]
    client: Option<String>,
    /// Only in this tenant [default: all tenants of the user, which takes --issuer or --settings]
    #[arg(long, value_name = "TENANT", value_parser = tenant)]
    tenant: Option<TenantId>,
    /// Who says that this is the user [default: the only issuer of --settings, or of such members of --tenant]
    #[arg(long, value_name = "ISSUER")]
    issuer: Option<String>,
    /// A captured tools/list, whose tools are asked about; may be repeated
    #[arg(long, value_name = "FILE")]
    tools: Vec<String>,
    /// When it is asked [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    time: Option<i64>,
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SourceArguments,
}

/// Runs the command.
pub(crate) async fn run(arguments: &WhatCanArguments) -> Result<Verdict, Failure> {
    let Source::Registry(desk) = arguments.source.open().await? else {
        return Err(Failure::input("a policy file has no members; name a registry, or ask explain and who-can"));
    };
    let files = if arguments.tools.is_empty() { None } else { Some(ToolFiles::read(&arguments.tools)?) };
    let tools: Option<Vec<String>> = files
        .as_ref()
        .map(|files| Ok::<_, Failure>(files.tools()?.into_iter().map(|tool| tool.name).collect()))
        .transpose()?;
    let enrolled = find(arguments, &desk).await?;
    let mut lines = Vec::new();
    let mut tenants = Vec::new();
    for (tenant, own) in &enrolled {
        let (own_lines, json) = tell(arguments, &desk, tenant, own, tools.as_deref()).await?;
        lines.extend(own_lines);
        tenants.push(json);
    }
    if enrolled.is_empty() {
        lines.push(Line::new(
            0,
            Mark::No,
            "the registry knows no such member: every request is refused (NOT_A_MEMBER)",
        ));
    }
    emit(arguments.json, || json!({"memberships": tenants}), |colour| render(&lines, colour))?;
    Ok(if enrolled.is_empty() { Verdict::FailuresFound } else { Verdict::Success })
}

/// Everybody who is meant, with the tenant: by one issuer the user of all tenants, or of one tenant all of that name.
async fn find(arguments: &WhatCanArguments, desk: &Desk) -> Result<Vec<(TenantId, Enrolled)>, Failure> {
    let chosen = arguments.source.chosen()?;
    let issuer = arguments.issuer.clone().or_else(|| match chosen.issuers.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    });
    if let (Some(issuer), Some(user)) = (&issuer, &arguments.user) {
        let subject = Subject { issuer: issuer.clone(), name: user.clone() };
        let mut pages = desk.operator.memberships_of(&subject);
        let mut found = Vec::new();
        while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
            let own = readable(page)
                .into_iter()
                .filter(|own| arguments.tenant.as_ref().is_none_or(|tenant| *tenant == own.tenant));
            found.extend(own.map(|own| (own.tenant.clone(), Enrolled::of_user(own))));
        }
        return Ok(found);
    }
    let Some(tenant) = &arguments.tenant else {
        return Err(Failure::input("name the issuer, by --issuer or --settings, or the tenant, by --tenant"));
    };
    let (name, is_machine) = match (&arguments.user, &arguments.client) {
        (Some(user), _) => (user, false),
        (None, Some(client)) => (client, true),
        (None, None) => return Err(Failure::input("name the user, or the client by --client")),
    };
    let is_it = |own: &Enrolled| {
        own.name == *name
            && own.is_machine() == is_machine
            && issuer.as_ref().is_none_or(|issuer| own.issuer == *issuer)
    };
    let mut roll = Roll::new(desk, tenant);
    let mut found = Vec::new();
    while let Some(page) = roll.next().await? {
        found.extend(page.into_iter().filter(is_it).map(|own| (tenant.clone(), own)));
    }
    Ok(found)
}

async fn tell(
    arguments: &WhatCanArguments,
    desk: &Desk,
    tenant: &TenantId,
    own: &Enrolled,
    tools: Option<&[String]>,
) -> Result<(Vec<Line>, Value), Failure> {
    let status = desk.operator.tenant(tenant).await.ok().map(|state| state.status);
    let mut lines = vec![Line::new(0, Mark::Head, format!("{tenant}: {}", own.words()))];
    let refused = match (status, own.status) {
        _ if desk.is_stopped(tenant) => Some("nothing: an operator stopped the tenant (KILLED)"),
        (None, _) => Some("nothing: the tenant is not in the registry (TENANT_UNKNOWN)"),
        (_, Status::Suspended) => Some("nothing: it is suspended (MEMBER_SUSPENDED)"),
        (Some(Status::Suspended), _) => Some("nothing: the tenant is suspended (TENANT_SUSPENDED)"),
        (Some(Status::Active), Status::Active) => None,
    };
    let policies = if refused.is_none() { desk.policies(tenant).await? } else { None };
    let (Some(policies), Some(member)) = (policies, own.as_member(tenant)) else {
        let why = refused.unwrap_or("nothing: its policy is not there (POLICY_MISSING), or no token can have its name");
        lines.push(Line::new(1, Mark::No, why));
        return Ok((lines, json!({"tenantId": tenant.as_str(), "member": own.json(), "refused": why})));
    };
    let read = policies.read()?;
    let time = arguments.time.unwrap_or_else(|| OffsetDateTime::now_utc().unix_timestamp());
    let mut json =
        json!({"tenantId": tenant.as_str(), "member": own.json(), "policy": policies.policy.json(&read.policy)});
    let (name, told) = match tools {
        Some(tools) => {
            let mut told = Vec::new();
            for tool in tools {
                let wanted = Wanted::listed(ResourceType::Tool, tool);
                let Ok(resource) = wanted.resource() else {
                    lines.push(Line::new(1, Mark::No, format!("{tool}: may not: the name does not fit the grammar")));
                    continue;
                };
                let reach = Question::new(policies.layers(&read), resource, time).ask(&member);
                let mut own = standing::lines(&reach, &read, 2);
                own.insert(0, Line::new(1, Mark::Head, tool));
                lines.extend(own);
                told.push(json!({"tool": tool, "reach": standing::json(&reach, &read)}));
            }
            ("tools", told)
        }
        None => {
            let (held, excluded) = holdings(read.side(), &member, time);
            if held.is_empty() {
                lines.push(Line::new(1, Mark::No, "nothing: no ALLOW rule can apply"));
            }
            lines.extend(desk.stopped(tenant).into_iter().map(|text| Line::new(1, Mark::No, text)));
            for own in &held {
                lines.extend(holding(own, &read));
            }
            for own in &excluded {
                let wording = words::wording(&read, own.layer, own.number);
                let why = words::exclusion(&own.by, wording.as_ref());
                lines.push(Line::new(
                    1,
                    Mark::No,
                    format!("{} {} of {} cannot apply: {why}", own.effect, own.rule, own.policy),
                ));
            }
            ("holdings", held.iter().map(|own| holding_json(own, &read)).collect())
        }
    };
    if let Value::Object(json) = &mut json {
        json.insert("stopped".to_owned(), json!(desk.stopped(tenant)));
        json.insert(name.to_owned(), Value::Array(told));
    }
    Ok((lines, json))
}

fn worded(way: &Way<'_>, read: &Read<'_>) -> (String, Option<Wording>) {
    let wording = words::wording(read, way.layer, way.number);
    (words::needs(way, wording.as_ref()), wording)
}

fn holding(own: &Holding<'_>, read: &Read<'_>) -> Vec<Line> {
    let (needs, _) = worded(&own.way, read);
    let is_free = own.way.needs.is_empty() && own.cuts.is_empty();
    let mark = if is_free { Mark::Yes } else { Mark::Unsure };
    let mut lines = vec![Line::new(
        1,
        mark,
        format!("{}: {needs}, by {} of {}", own.resources.join(", "), own.way.rule, own.way.policy),
    )];
    for (deny, resources) in &own.cuts {
        let (needs, _) = worded(deny, read);
        lines.push(Line::new(
            2,
            Mark::No,
            format!("but not {}: {needs}, by {} of {}", resources.join(", "), deny.rule, deny.policy),
        ));
    }
    lines
}

fn holding_json(own: &Holding<'_>, read: &Read<'_>) -> Value {
    let cuts: Vec<Value> = own
        .cuts
        .iter()
        .map(|(deny, resources)| json!({"resources": resources, "rule": standing::way(deny, read)}))
        .collect();
    json!({"kind": own.kind.word(), "resources": own.resources, "rule": standing::way(&own.way, read), "cuts": cuts})
}
