//! `tenantgate policy publish`: policies become versions, and are in force.

mod candidates;
mod report;

use std::io::{self, IsTerminal};

use clap::Args;
use policy_model::TenantId;
use policy_model::lint::{Baseline, ClaimNames, Finding, Severity, Surroundings, lint};
use policy_registry::operate::{
    ChangeSetOptions, Expectation, OperateError, PolicyDocument, PolicyScope, PublishOptions, VersionName,
};
use serde_json::json;
use time::OffsetDateTime;

use crate::answer;
use crate::claim_names;
use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::lint_report::{self, Checked};
use crate::operator_desk::{Desk, WriteArguments, tenant};
use crate::progress::Progress;
use candidates::Candidate;
use report::Plan;

#[derive(Debug, Args)]
pub(crate) struct PublishArguments {
    /// Policy files, and folders of them (or with policies/ in them); - is standard input
    #[arg(value_name = "FILE|DIR", required_unless_present = "abandon")]
    sources: Vec<String>,
    /// Publish nothing, and close a change set that was cut off and is not to be completed; what it published stays
    #[arg(long, value_name = "ID", conflicts_with_all = ["sources", "expect", "tenant", "settings", "warnings_as_errors", "dry_run"])]
    abandon: Option<String>,
    /// What must be in force now: a version as 7, or 8 or more digits of its SHA-256; for one policy
    #[arg(long, value_name = "VERSION", value_parser = Expectation::parse)]
    expect: Option<Expectation>,
    /// Refuse policies of any other tenant
    #[arg(long, value_name = "ID", value_parser = tenant)]
    tenant: Option<TenantId>,
    /// The interceptors' settings, to know what the issuers call their claims
    #[arg(long, value_name = "FILE")]
    settings: Option<String>,
    /// Another claim that tokens have, besides those of the standards and of --settings; may be repeated
    #[arg(long = "claim", value_name = "NAME", requires = "settings")]
    other_claims: Vec<String>,
    /// Publish nothing if there are warnings
    #[arg(long)]
    warnings_as_errors: bool,
    /// Check everything, tell what would be published, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    write: WriteArguments,
}

/// Runs the command.
pub(crate) async fn run(arguments: &PublishArguments) -> Result<Verdict, Failure> {
    if let Some(id) = &arguments.abandon {
        return abandon(id, &arguments.write).await;
    }
    let candidates = candidates::read(&arguments.sources, arguments.tenant.as_ref())?;
    if candidates.len() > 1 && arguments.expect.is_some() {
        return Err(Failure::input("--expect is for one policy; leave it out, or publish them one by one"));
    }
    let claims = arguments.settings.as_deref().map(claim_names::read).transpose()?.unwrap_or_default();
    let desk = arguments.write.open().await?;
    let baseline = baseline(&desk, &candidates).await?;
    let documents = check(candidates, baseline.as_ref(), &claims, arguments)?;
    if arguments.dry_run {
        return plan(&desk, &documents, arguments).await;
    }
    let comment = arguments.write.comment().map(str::to_owned);
    let published = match (&arguments.expect, documents.as_slice()) {
        (Some(_), [document]) => {
            let options = PublishOptions { comment, expect: arguments.expect.clone() };
            let published = desk.operator.publish(document, &options).await;
            (None, vec![published.map_err(|error| desk.failure(&error))?])
        }
        (_, documents) => {
            let mut progress = Progress::new("policies published");
            let tell = |done: policy_registry::operate::Progress| progress.tell(done.done, done.total);
            let published = desk.operator.publish_all(documents, &ChangeSetOptions { comment }, tell).await;
            let published = published.map_err(|error| desk.failure(&error))?;
            (published.id, published.published)
        }
    };
    report::published(arguments.write.json, published.0.as_deref(), &published.1, &documents)?;
    Ok(Verdict::Success)
}

/// Closes a change set that was cut off.
async fn abandon(id: &str, write: &WriteArguments) -> Result<Verdict, Failure> {
    let desk = write.open().await?;
    let set = desk.operator.abandon_change_set(id, write.comment()).await.map_err(|error| desk.failure(&error))?;
    answer::write(write.json, &json!({"changeSet": set.id, "state": set.state.word()}), || {
        format!("change set {} is abandoned; what it published stays", set.id)
    })?;
    Ok(Verdict::Success)
}

/// The policy for all tenants under which these would be decided: one of them, or that of the registry.
async fn baseline(desk: &Desk, candidates: &[Candidate]) -> Result<Option<Baseline>, Failure> {
    let mut documents = candidates.iter().filter_map(|candidate| candidate.document.as_ref().ok());
    let own = documents.find(|document| *document.scope() == PolicyScope::Baseline);
    let own = own.and_then(|document| Baseline::parse(document.text().as_bytes()).ok());
    if own.is_some() {
        return Ok(own);
    }
    match desk.operator.version(&PolicyScope::Baseline, &VersionName::Active).await {
        // What the interceptors cannot use is said by `status`; here it only tells less to the linter.
        Ok(version) => Ok(Baseline::parse(version.document.as_bytes()).ok()),
        Err(OperateError::NotFound(_)) => Ok(None),
        Err(error) => Err(desk.failure(&error)),
    }
}

/// The documents, if nothing is wrong with any of them. What was found is told on stderr.
fn check(
    candidates: Vec<Candidate>,
    baseline: Option<&Baseline>,
    claims: &[ClaimNames],
    arguments: &PublishArguments,
) -> Result<Vec<PolicyDocument>, Failure> {
    let now = Some(OffsetDateTime::now_utc().unix_timestamp());
    let surroundings = Surroundings { now, baseline, claims, other_claims: &arguments.other_claims };
    let is_failure = |finding: &Finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => arguments.warnings_as_errors,
    };
    let total = u64::try_from(candidates.len()).unwrap_or(u64::MAX);
    let mut progress = Progress::new("policies checked");
    let (mut documents, mut found, mut is_failed) = (Vec::new(), Vec::new(), false);
    for (done, candidate) in (0..).zip(candidates) {
        progress.tell(done, total);
        let findings = lint(candidate.text(), &surroundings);
        is_failed |= findings.iter().any(is_failure);
        if !findings.is_empty() {
            let (file, text) = (candidate.file.clone(), candidate.text().to_vec());
            found.push(Checked { file, text, findings: findings.clone() });
        }
        match candidate.document {
            Ok(document) => documents.push(document.with_warnings(findings.len())),
            // The linter says it better, and says all of it; what it has nothing against must still be refused.
            Err(none) if findings.iter().all(|finding| !is_failure(finding)) => {
                return Err(Failure::input(format!("{}: {}; nothing was published", candidate.file, none.problem)));
            }
            Err(_) => {}
        }
    }
    drop(progress);
    if !found.is_empty() {
        let mut terminal = io::stderr().lock();
        let colour = Colour::of(terminal.is_terminal());
        lint_report::write_text(&mut terminal, &found, colour)?;
    }
    if is_failed {
        return Err(Failure::run("nothing was published: see what was found above"));
    }
    Ok(documents)
}

/// What would be published.
async fn plan(desk: &Desk, documents: &[PolicyDocument], arguments: &PublishArguments) -> Result<Verdict, Failure> {
    let total = u64::try_from(documents.len()).unwrap_or(u64::MAX);
    let mut progress = Progress::new("tenants looked at");
    let (mut plans, mut missing) = (Vec::new(), Vec::new());
    for (done, document) in (0..).zip(documents) {
        progress.tell(done, total);
        let state = match desk.operator.policy_state(document.scope()).await {
            Ok(state) => Some(state),
            Err(OperateError::NotFound(_)) => None,
            Err(error) => return Err(desk.failure(&error)),
        };
        match (&state, document.scope()) {
            (None, PolicyScope::Tenant(tenant)) => missing.push(tenant.to_string()),
            (Some(_), _) | (None, PolicyScope::Baseline) => plans.push(Plan { document, state }),
        }
    }
    drop(progress);
    if !missing.is_empty() {
        let named: Vec<&str> = missing.iter().take(MISSING_NAMED).map(String::as_str).collect();
        let more = if missing.len() > MISSING_NAMED {
            format!(" and {} more", missing.len() - MISSING_NAMED)
        } else {
            String::new()
        };
        return Err(Failure::input(format!(
            "not in the registry: tenant {}{more}; add them with `tenantgate tenant add`",
            named.join(", ")
        )));
    }
    if let (Some(expect), [plan]) = (&arguments.expect, plans.as_slice())
        && !plan.is_met(expect)
    {
        return Err(Failure::run(format!("{} has {}, not {expect}", plan.document.scope(), plan.in_force())));
    }
    report::planned(arguments.write.json, &plans)?;
    Ok(Verdict::Success)
}

const MISSING_NAMED: usize = 10;
