//! `tenantgate policy rollback|retire|shadow`: which of the versions counts.

use clap::{Args, Subcommand};
use policy_model::TenantId;
use policy_model::policy::DOCUMENT_BYTES_MAX;
use policy_registry::operate::{
    Expectation, OperateError, PolicyDocument, PolicyScope, PublishOptions, RollbackTarget, ShadowCandidate,
};
use serde_json::json;

use crate::answer;
use crate::cli::Verdict;
use crate::failure::Failure;
use crate::input;
use crate::operator_desk::{WriteArguments, scope_word, tenant};
use crate::version_reference::{Named, VersionReference};

#[derive(Debug, Args)]
pub(crate) struct RollbackArguments {
    /// The tenant, and the version that is to be in force; without one it is that before
    #[arg(value_name = "TENANT[@VERSION]")]
    version: VersionReference,
    /// What must be in force now: a version as 7, or 8 or more digits of its SHA-256
    #[arg(long, value_name = "VERSION", value_parser = Expectation::parse)]
    expect: Option<Expectation>,
    #[command(flatten)]
    write: WriteArguments,
}

#[derive(Debug, Args)]
pub(crate) struct RetireArguments {
    /// The version, as acme@3
    #[arg(value_name = "TENANT@VERSION")]
    version: VersionReference,
    #[command(flatten)]
    write: WriteArguments,
}

/// Decide another version beside the one in force, without effect
#[derive(Debug, Subcommand)]
pub(crate) enum ShadowCommand {
    /// Make a version, or the policy of a file, the shadow of its tenant
    #[command(after_long_help = "Examples:
  tenantgate policy shadow set acme@4 --file registry.db
  tenantgate policy shadow set acme-next.json --comment 'refunds above 100' --file registry.db

Each decision's audit line then says what the shadow would have decided.

Exit codes: as of `tenantgate policy publish`")]
    Set {
        /// A version, as acme@4, or a policy file, which becomes a version; - is standard input
        #[arg(value_name = "TENANT@VERSION|FILE")]
        candidate: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Leave a tenant without a shadow
    #[command(after_long_help = "Exit codes: as of `tenantgate policy publish`")]
    Clear {
        /// The tenant
        #[arg(value_name = "TENANT", value_parser = tenant)]
        tenant: TenantId,
        #[command(flatten)]
        write: WriteArguments,
    },
}

/// Brings an older version into force again.
pub(crate) async fn rollback(arguments: &RollbackArguments) -> Result<Verdict, Failure> {
    let desk = arguments.write.open().await?;
    let fail = |error: OperateError| desk.failure(&error);
    let target = match &arguments.version.version {
        Named::Unsaid => RollbackTarget::Previous,
        Named::Number(number) => RollbackTarget::Version(*number),
        Named::Sha256(digits) => RollbackTarget::Sha256(digits.clone()),
        Named::Active | Named::Shadow => {
            return Err(Failure::input(
                "name the version to roll back to by its number or SHA-256, or none for that before",
            ));
        }
    };
    let options =
        PublishOptions { comment: arguments.write.comment().map(str::to_owned), expect: arguments.expect.clone() };
    let done = desk.operator.rollback(&arguments.version.scope, &target, &options).await.map_err(fail)?;
    let json = json!({
        "tenantId": scope_word(&done.scope), "version": done.to_version, "sha256": done.sha256, "fromVersion": done.from_version,
        "changed": done.is_changed,
    });
    answer::write(arguments.write.json, &json, || {
        let (scope, version) = (&done.scope, done.to_version);
        match (done.is_changed, done.from_version) {
            (false, _) => format!("{scope}: version {version} is in force already"),
            (true, Some(before)) => format!("{scope}: version {version} is in force again (was version {before})"),
            (true, None) => format!("{scope}: version {version} is in force again (was an unversioned policy)"),
        }
    })?;
    Ok(Verdict::Success)
}

/// Marks a version, so that it comes into force no more.
pub(crate) async fn retire(arguments: &RetireArguments) -> Result<Verdict, Failure> {
    if arguments.version.version == Named::Unsaid {
        return Err(Failure::input(format!("name the version, as {}@3", arguments.version)));
    }
    let desk = arguments.write.open().await?;
    let fail = |error: OperateError| desk.failure(&error);
    let (scope, version) = (&arguments.version.scope, arguments.version.number(&desk).await.map_err(fail)?);
    let is_changed = desk.operator.retire(scope, version, arguments.write.comment()).await.map_err(fail)?;
    let json = json!({"tenantId": scope_word(scope), "version": version, "changed": is_changed});
    answer::write(arguments.write.json, &json, || {
        if is_changed {
            format!("{scope}: version {version} is retired")
        } else {
            format!("{scope}: version {version} was retired before")
        }
    })?;
    Ok(Verdict::Success)
}

/// Sets or clears the shadow of a tenant.
pub(crate) async fn shadow(command: &ShadowCommand) -> Result<Verdict, Failure> {
    let (write, scope, change) = match command {
        ShadowCommand::Set { candidate, write } => {
            let reference = VersionReference::unless_file(candidate);
            let document = match &reference {
                Some(_) => None,
                None => Some(read_document(candidate)?),
            };
            let desk = write.open().await?;
            let fail = |error: OperateError| desk.failure(&error);
            let (scope, found) = match (&reference, &document) {
                (Some(reference), _) => {
                    let version = reference.number(&desk).await.map_err(fail)?;
                    (reference.scope.clone(), ShadowCandidate::Version(version))
                }
                (None, Some(document)) => (document.scope().clone(), ShadowCandidate::Document(document)),
                (None, None) => return Err(Failure::input("there is neither a version nor a file")),
            };
            let Some(tenant) = scope.tenant() else {
                return Err(Failure::input("a baseline has no shadow; name a tenant's policy"));
            };
            let change = desk.operator.set_shadow(tenant, &found, write.comment()).await.map_err(fail)?;
            (write, scope, change)
        }
        ShadowCommand::Clear { tenant, write } => {
            let desk = write.open().await?;
            let change = desk.operator.clear_shadow(tenant, write.comment()).await;
            (write, PolicyScope::Tenant(tenant.clone()), change.map_err(|error| desk.failure(&error))?)
        }
    };
    let json = json!({
        "tenantId": scope_word(&scope), "shadowVersion": change.to_version, "fromVersion": change.from_version, "changed": change.is_changed,
    });
    answer::write(write.json, &json, || match (change.is_changed, change.to_version) {
        (true, Some(version)) => format!("{scope}: version {version} is the shadow"),
        (false, Some(version)) => format!("{scope}: version {version} is the shadow already"),
        (true, None) => format!("{scope}: there is no shadow any more"),
        (false, None) => format!("{scope}: there is no shadow"),
    })?;
    Ok(Verdict::Success)
}

/// The policy in a file.
pub(crate) fn read_document(file: &str) -> Result<PolicyDocument, Failure> {
    let name = input::name(file);
    let text = input::read(file, DOCUMENT_BYTES_MAX, "policy file")?;
    let wrong =
        |problem: &str| Failure::input(format!("{name} is no policy: {problem}; see tenantgate policy lint {name}"));
    let text = String::from_utf8(text).map_err(|_| wrong("it is not UTF-8"))?;
    PolicyDocument::parse(text).map_err(|problem| wrong(&problem))
}
