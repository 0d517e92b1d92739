//! `tenantgate member`: users of tenants.

use clap::{Args, Subcommand};
use policy_model::TenantId;
use policy_registry::admin::check_membership;
use policy_registry::operate::{Enrollment, Subject};
use policy_registry::record::{Membership, Status};
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::confirm::ConfirmArguments;
use crate::failure::Failure;
use crate::member_file::check_plain;
use crate::member_import::{self, ImportArguments};
use crate::operator_desk::{ReadArguments, WriteArguments, readable, tenant};

/// Add, list, import and remove the members of tenants
#[derive(Debug, Subcommand)]
#[command(after_long_help = "Examples:
  tenantgate member add alice --tenant acme --issuer https://idp.example --role clerk --file registry.db
  tenantgate member import members.csv --tenant acme --issuer https://idp.example --report refused.jsonl --file registry.db
  tenantgate member list --tenant acme --json --file registry.db > members.jsonl
  tenantgate member list --subject alice --issuer https://idp.example --file registry.db

What is changed here is in force in every running interceptor within registry.cacheTtlMs (5 s where nothing is said).

Exit codes:
  0  done, or so already
  1  refused, changed by somebody else meanwhile, or the table cannot be reached
  2  wrong usage, no such tenant or member, or a file with lines that are refused")]
pub(crate) enum MemberCommand {
    /// Make a user a member of a tenant, or change what the membership says
    #[command(after_long_help = "All of the membership is replaced: roles that are not named again are gone.

Exit codes: as of `tenantgate member`")]
    Add(AddArguments),
    /// Make many users members, from a file in CSV or JSON lines
    #[command(after_long_help = member_import::HELP)]
    Import(ImportArguments),
    /// List the members of a tenant, or the tenants of a user; with --json one object a line, as import reads it
    #[command(after_long_help = "Exit codes: as of `tenantgate member`")]
    List(ListArguments),
    /// End a membership
    #[command(after_long_help = "Exit codes: as of `tenantgate member`")]
    Remove {
        #[command(flatten)]
        member: NameArguments,
        #[command(flatten)]
        confirm: ConfirmArguments,
        #[command(flatten)]
        write: WriteArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NameArguments {
    /// The user, as its issuer names it
    #[arg(value_name = "SUBJECT")]
    subject: String,
    /// The tenant
    #[arg(long, value_name = "ID", value_parser = tenant)]
    tenant: TenantId,
    /// The issuer of the user's tokens, exactly as in the settings
    #[arg(long, value_name = "URL")]
    issuer: String,
}

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    #[command(flatten)]
    name: NameArguments,
    /// A role that the user has; may be repeated
    #[arg(long = "role", value_name = "NAME")]
    roles: Vec<String>,
    /// A workspace that the user is in; may be repeated
    #[arg(long = "workspace", value_name = "NAME")]
    workspaces: Vec<String>,
    /// The user may call nothing
    #[arg(long)]
    suspended: bool,
    /// The user may be suspended now, and is active again; without this it stays suspended, and the command is refused
    #[arg(long, conflicts_with = "suspended")]
    lift_suspension: bool,
    #[command(flatten)]
    write: WriteArguments,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("whose").required(true).args(["tenant", "subject"])))]
pub(crate) struct ListArguments {
    /// The tenant
    #[arg(long, value_name = "ID", value_parser = tenant)]
    tenant: Option<TenantId>,
    /// The user, whose tenants are listed
    #[arg(long, value_name = "SUBJECT", requires = "issuer")]
    subject: Option<String>,
    /// The issuer of the user's tokens
    #[arg(long, value_name = "URL", requires = "subject")]
    issuer: Option<String>,
    #[command(flatten)]
    read: ReadArguments,
}

/// Runs the command.
pub(crate) async fn run(command: &MemberCommand) -> Result<Verdict, Failure> {
    match command {
        MemberCommand::Add(arguments) => add(arguments).await?,
        MemberCommand::Import(arguments) => return member_import::run(arguments).await,
        MemberCommand::List(arguments) => list(arguments).await?,
        MemberCommand::Remove { member, confirm, write } => remove(member, *confirm, write).await?,
    }
    Ok(Verdict::Success)
}

async fn add(arguments: &AddArguments) -> Result<(), Failure> {
    let AddArguments { name, roles, workspaces, suspended, lift_suspension, write } = arguments;
    let member = Membership {
        issuer: name.issuer.clone(),
        subject: name.subject.clone(),
        tenant: name.tenant.clone(),
        roles: roles.clone(),
        workspaces: workspaces.clone(),
        status: if *suspended { Status::Suspended } else { Status::Active },
    };
    check_plain(&member).and_then(|()| check_membership(&member)).map_err(Failure::input)?;
    let mut desk = write.open().await?;
    desk.operator.keep_suspensions(!lift_suspension);
    let done = desk.operator.add_member(&member, write.comment()).await.map_err(|error| desk.failure(&error))?;
    let mut json = member_json(&member);
    if let Some(object) = json.as_object_mut() {
        object.insert("outcome".to_owned(), outcome(done).0.into());
    }
    answer::write(write.json, &json, || {
        format!("member {} of tenant {}: {}", member.subject, member.tenant, outcome(done).1)
    })
}

async fn list(arguments: &ListArguments) -> Result<(), Failure> {
    let desk = arguments.read.open().await?;
    let fail = |error| desk.failure(&error);
    let (mut pages, nothing) = match (&arguments.tenant, &arguments.subject, &arguments.issuer) {
        (None, Some(subject), Some(issuer)) => {
            let user = Subject { issuer: issuer.clone(), name: subject.clone() };
            (desk.operator.memberships_of(&user), "a member of no tenant")
        }
        (Some(tenant), _, _) => {
            desk.operator.tenant(tenant).await.map_err(fail)?;
            (desk.operator.members(tenant), "no members")
        }
        (None, _, _) => return Err(Failure::input("give --tenant, or --subject and --issuer")),
    };
    let mut list = answer::List::new(arguments.read.json);
    while let Some(page) = pages.next().await.map_err(fail)? {
        let members = readable(page);
        list.page(members.iter().map(member_json), || members.iter().map(row).collect())?;
    }
    list.end(nothing)
}

async fn remove(name: &NameArguments, confirm: ConfirmArguments, write: &WriteArguments) -> Result<(), Failure> {
    let NameArguments { subject, tenant, issuer } = name;
    let desk = write.open().await?;
    confirm
        .ask(&format!("Remove {subject:?} of issuer {issuer:?} from tenant {tenant} in {}?", desk.registry.place))?;
    let member = Subject { issuer: issuer.clone(), name: subject.clone() };
    let done = desk.operator.remove_member(tenant, &member, write.comment()).await;
    done.map_err(|error| desk.failure(&error))?;
    answer::write(write.json, &json!({"subject": subject, "tenantId": tenant.as_str(), "issuer": issuer}), || {
        format!("removed {subject} from tenant {tenant}")
    })
}

/// For programs and for people.
pub(crate) fn outcome(done: Enrollment) -> (&'static str, &'static str) {
    match done {
        Enrollment::Added => ("ADDED", "added"),
        Enrollment::Replaced => ("REPLACED", "replaced what was there"),
        Enrollment::Unchanged => ("UNCHANGED", "is there just so already"),
    }
}

/// As an entry of `members.json`, and a line that import reads.
fn member_json(member: &Membership) -> Value {
    json!({
        "issuer": member.issuer, "subject": member.subject, "tenantId": member.tenant.as_str(), "roles": member.roles,
        "workspaces": member.workspaces, "status": member.status.word(),
    })
}

fn row(member: &Membership) -> [String; 6] {
    [
        member.tenant.to_string(),
        member.subject.clone(),
        member.status.word().to_owned(),
        format!("[{}]", member.roles.join(";")),
        format!("[{}]", member.workspaces.join(";")),
        member.issuer.clone(),
    ]
}
