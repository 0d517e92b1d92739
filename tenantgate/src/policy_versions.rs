//! `tenantgate policy list|show|history|export`: the versions of policies, and which are in force.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use policy_registry::operate::{OperateError, PolicyScope, PolicyState};
use policy_registry::record::PolicyVersion;
use serde_json::{Value, json};

use crate::answer;
use crate::cli::Verdict;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::log_command;
use crate::operator_desk::{ReadArguments, readable, scope, scope_word};
use crate::version_reference::{Named, VersionReference};

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// The versions of this tenant ('*': of the baseline) instead of what is in force for each
    #[arg(long, value_name = "TENANT", value_parser = scope)]
    tenant: Option<PolicyScope>,
    #[command(flatten)]
    read: ReadArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The version, as acme, acme@3, acme@shadow, acme@0123abcd or '*@2'
    #[arg(value_name = "TENANT[@VERSION]")]
    version: VersionReference,
    #[command(flatten)]
    read: ReadArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The version, as acme, acme@3, acme@shadow, acme@0123abcd or '*@2'
    #[arg(value_name = "TENANT[@VERSION]")]
    version: VersionReference,
    /// The file; one that is there stays as it is, and the command fails [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    read: ReadArguments,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// The tenant, or '*' for the baseline
    #[arg(value_name = "TENANT", value_parser = scope)]
    scope: PolicyScope,
    /// At most so many changes
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    #[command(flatten)]
    read: ReadArguments,
}

/// Lists what is in force, or the versions of one tenant.
pub(crate) async fn list(arguments: &ListArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let fail = |error: OperateError| desk.failure(&error);
    let Some(scope) = &arguments.tenant else {
        let mut states = Vec::new();
        match desk.operator.policy_state(&PolicyScope::Baseline).await {
            Ok(state) => states.push(state),
            Err(OperateError::NotFound(_)) => {}
            Err(error) => return Err(fail(error)),
        }
        let mut pages = desk.operator.tenants();
        while let Some(page) = pages.next().await.map_err(fail)? {
            states.extend(readable(page));
        }
        let json = states.iter().map(state_json).collect();
        answer::write(arguments.read.json, &Value::Array(json), || {
            let head = ["TENANT", "STATUS", "VERSION", "POLICY", "SHA256", "SHADOW"].map(str::to_owned);
            answer::columns([head].into_iter().chain(states.iter().map(state_row)))
        })?;
        return Ok(Verdict::Success);
    };
    let state = desk.operator.policy_state(scope).await.map_err(fail)?;
    let mut versions = Vec::new();
    let mut pages = desk.operator.versions(scope);
    while let Some(page) = pages.next().await.map_err(fail)? {
        // Without their documents, which need not all be held.
        versions.extend(readable(page).into_iter().map(|version| PolicyVersion { document: String::new(), ..version }));
    }
    if state.policy_version.is_none() {
        let active = VersionReference { scope: scope.clone(), version: Named::Active };
        versions.extend(active.read(&desk).await.ok());
    }
    let json = versions.iter().map(|version| version_json(version, &state)).collect();
    answer::write(arguments.read.json, &Value::Array(json), || {
        let head =
            ["VERSION", "STATE", "POLICY", "SHA256", "PUBLISHED", "BY", "WARNINGS", "COMMENT"].map(str::to_owned);
        answer::columns([head].into_iter().chain(versions.iter().map(|version| version_row(version, &state))))
    })?;
    Ok(Verdict::Success)
}

/// Tells all about one version.
pub(crate) async fn show(arguments: &ShowArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let fail = |error: OperateError| desk.failure(&error);
    let version = arguments.version.read(&desk).await.map_err(fail)?;
    let state = desk.operator.policy_state(&version.scope).await.map_err(fail)?;
    let mut json = version_json(&version, &state);
    if let Some(object) = json.as_object_mut() {
        // Documents that are published are JSON.
        object.insert("document".to_owned(), serde_json::from_str(&version.document).unwrap_or_default());
    }
    answer::write(arguments.read.json, &json, || {
        let [number, is, policy, _, published, by, warnings, comment] = version_row(&version, &state);
        let rows = [
            ("tenant", scope_word(&version.scope).to_owned()),
            ("version", number),
            ("state", is),
            ("policy", policy),
            ("sha256", version.sha256.clone()),
            ("published", published),
            ("by", by),
            ("comment", comment),
            ("warnings", warnings),
            ("bytes", version.document.len().to_string()),
        ];
        answer::columns(rows.map(|(name, value)| [name.to_owned(), value]))
    })?;
    Ok(Verdict::Success)
}

/// Tells what was changed, the newest first.
pub(crate) async fn history(arguments: &HistoryArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    let entries = desk.operator.revisions(arguments.scope.tenant()).take(limit).await;
    let entries = readable(entries.map_err(|error| desk.failure(&error))?);
    if entries.is_empty() {
        log_command::check_is_known(&desk, arguments.scope.tenant()).await?;
    }
    log_command::write(arguments.read.json, &entries)?;
    Ok(Verdict::Success)
}

/// Writes the document of a version, byte for byte as it was published.
pub(crate) async fn export(arguments: &ExportArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let version = arguments.version.read(&desk).await.map_err(|error| desk.failure(&error))?;
    match &arguments.out {
        None => io::stdout().lock().write_all(version.document.as_bytes())?,
        Some(path) => {
            let cannot = |error| Failure::input(format!("cannot write {}: {error}", path.display()));
            let mut file = fs::File::create_new(path).map_err(cannot)?;
            file.write_all(version.document.as_bytes()).and_then(|()| file.sync_all()).map_err(cannot)?;
            let name = format!("version {} of {} to {}", version.version, version.scope, path.display());
            answer::write(
                arguments.read.json,
                &json!({"file": path, "version": version.version, "sha256": version.sha256}),
                || format!("wrote {}", visible(&name)),
            )?;
        }
    }
    Ok(Verdict::Success)
}

/// Tenant, status, version, policy, digest and shadow.
pub(crate) fn state_row(state: &PolicyState) -> [String; 6] {
    let status = match (&state.scope, state.status) {
        (PolicyScope::Baseline, _) => "-",
        (PolicyScope::Tenant(_), status) => status.word(),
    };
    let number = |number: Option<u64>| number.map_or("unversioned".to_owned(), |number| number.to_string());
    let shadow = state.shadow.as_ref().map_or("-".to_owned(), |_| number(state.shadow_version));
    let policy = state.policy.policy.to_string();
    [
        scope_word(&state.scope).to_owned(),
        status.to_owned(),
        number(state.policy_version),
        policy,
        short(&state.policy.sha256),
        shadow,
    ]
}

/// The same for programs.
pub(crate) fn state_json(state: &PolicyState) -> Value {
    let shadow = state.shadow.as_ref().map(
        |shadow| json!({"policyId": shadow.policy.as_str(), "version": state.shadow_version, "sha256": shadow.sha256}),
    );
    json!({
        "tenantId": scope_word(&state.scope), "status": state.status.word(), "policyId": state.policy.policy.as_str(),
        "version": state.policy_version, "sha256": state.policy.sha256, "shadow": shadow, "revision": state.revision,
    })
}

/// In force, the shadow, retired, or none of it.
fn standing(version: &PolicyVersion, state: &PolicyState) -> &'static str {
    let pointer = version.pointer();
    if state.policy == pointer {
        "active"
    } else if state.shadow.as_ref() == Some(&pointer) {
        "shadow"
    } else if version.retired_at.is_some() {
        "retired"
    } else {
        "-"
    }
}

fn version_row(version: &PolicyVersion, state: &PolicyState) -> [String; 8] {
    let is_known = version.version > 0;
    let or_none = |text: String| if is_known { text } else { "-".to_owned() };
    [
        if is_known { version.version.to_string() } else { "unversioned".to_owned() },
        standing(version, state).to_owned(),
        version.policy.to_string(),
        short(&version.sha256),
        or_none(answer::time(version.published_at)),
        or_none(version.author.clone()),
        or_none(version.warnings.to_string()),
        version.comment.clone().unwrap_or_else(|| "-".to_owned()),
    ]
}

fn version_json(version: &PolicyVersion, state: &PolicyState) -> Value {
    let is_known = version.version > 0;
    json!({
        "tenantId": scope_word(&version.scope), "version": is_known.then_some(version.version), "policyId": version.policy.as_str(),
        "sha256": version.sha256, "state": standing(version, state), "publishedAt": is_known.then(|| answer::time(version.published_at)),
        "author": is_known.then_some(&version.author), "comment": version.comment, "warnings": version.warnings,
        "retiredAt": version.retired_at.map(answer::time),
    })
}

fn short(sha256: &str) -> String {
    sha256.chars().take(SHA256_DIGITS_SHOWN).collect()
}

const SHA256_DIGITS_SHOWN: usize = 12;
