//! `tenantgate status`: what an operator wants to see first.

use std::collections::BTreeMap;

use clap::Args;
use policy_model::TenantId;
use policy_registry::operate::{Kill, OperateError, PolicyScope, PolicyState};
use policy_registry::record::{ChangeSet, ChangeSetState, Status};
use serde_json::json;

use crate::answer;
use crate::cli::Verdict;
use crate::failure::Failure;
use crate::kill_command::{kill_json, target_text};
use crate::operator_desk::{Desk, ReadArguments, readable};

/// Tell what is stopped, suspended or half published, and how much there is
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  tenantgate status --file registry.db
  tenantgate status --json

Exit codes:
  0  nothing is stopped, and no change set is open
  1  a kill is in force or a change set is open; kills or baseline are not what they should be; or the table cannot be read
  2  wrong usage

A suspended tenant is told and is no reason for exit code 1, nor is a change set of which nothing is in force any more.")]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    read: ReadArguments,
}

/// What there is.
#[derive(Debug)]
struct Seen {
    kills: OrUnreadable<Vec<Kill>>,
    open: Vec<OpenSet>,
    baseline: OrUnreadable<Option<PolicyState>>,
    suspended: Vec<String>,
    tenants: u64,
    shadows: u64,
    routes: u64,
}

/// A part, or why it cannot be read.
type OrUnreadable<T> = Result<T, String>;

/// A change set that was not completed.
#[derive(Debug)]
struct OpenSet {
    set: ChangeSet,
    /// The versions that it put in force, by their tenants; `None` is the baseline.
    published: BTreeMap<Option<TenantId>, u64>,
    /// How many of them still are.
    in_force: usize,
}

/// Runs the command.
pub(crate) async fn run(arguments: &StatusArguments) -> Result<Verdict, Failure> {
    let desk = arguments.read.open().await?;
    let seen = Seen::look(&desk).await.map_err(|error| desk.failure(&error))?;
    let open = seen.open.iter().map(|open| {
        let set = &open.set;
        json!({
            "id": set.id, "policies": set.policies, "published": open.in_force, "superseded": open.is_superseded(),
            "author": set.author, "at": answer::time(set.at), "comment": set.comment,
        })
    });
    let baseline = seen.baseline.as_ref().ok().and_then(Option::as_ref).map(|state| {
        json!({"policyId": state.policy.policy.as_str(), "version": state.policy_version, "sha256": state.policy.sha256})
    });
    let kills = seen.kills.as_ref().ok().map(|kills| kills.iter().map(kill_json).collect::<Vec<_>>());
    let unreadable: Vec<&String> = seen.kills.as_ref().err().into_iter().chain(seen.baseline.as_ref().err()).collect();
    let json = json!({
        "kills": kills, "openChangeSets": open.collect::<Vec<_>>(), "baseline": baseline, "unreadable": unreadable,
        "tenants": seen.tenants, "suspendedTenants": seen.suspended, "shadows": seen.shadows, "routes": seen.routes,
    });
    answer::write(arguments.read.json, &json, || seen.text())?;
    Ok(if seen.is_well() { Verdict::Success } else { Verdict::FailuresFound })
}

impl OpenSet {
    async fn look(desk: &Desk, set: ChangeSet) -> Result<OpenSet, OperateError> {
        let mut published = BTreeMap::new();
        let mut entries = desk.operator.entries_of_change_set(&set.id);
        while let Some(page) = entries.next().await? {
            published.extend(readable(page).into_iter().filter_map(|entry| Some((entry.tenant, entry.to_version?))));
        }
        Ok(OpenSet { set, published, in_force: 0 })
    }

    fn note(&mut self, state: &PolicyState) {
        let published = self.published.get(&state.tenant().cloned());
        self.in_force += usize::from(published.is_some() && published.copied() == state.policy_version);
    }

    /// Whether other policies came into force since for all that it published.
    fn is_superseded(&self) -> bool {
        self.in_force == 0 && !self.published.is_empty()
    }

    fn text(&self) -> String {
        let OpenSet { set, published, in_force } = self;
        let by = format!("by {} at {}", set.author, answer::time(set.at));
        if self.is_superseded() {
            return format!("{}  superseded: nothing of it is in force any more, {by}", set.id);
        }
        let replaced = published.len().saturating_sub(*in_force);
        let remedy = match replaced {
            0 => "publish the same again to complete it".to_owned(),
            replaced => format!(
                "{replaced} were replaced since, and publishing the same again would bring them back; \
                 `tenantgate policy publish --abandon {}` closes it as it is",
                set.id
            ),
        };
        format!("{}  {in_force} of {} policies in force, {by}; {remedy}", set.id, set.policies)
    }
}

impl Seen {
    async fn look(desk: &Desk) -> Result<Seen, OperateError> {
        let operator = &desk.operator;
        let kills = or_unreadable(operator.kills().await)?;
        let baseline = match operator.policy_state(&PolicyScope::Baseline).await {
            Err(OperateError::NotFound(_)) => Ok(None),
            state => or_unreadable(state)?.map(Some),
        };
        let (open, suspended) = (Vec::new(), Vec::new());
        let mut seen = Seen { kills, open, baseline, suspended, tenants: 0, shadows: 0, routes: 0 };
        let mut sets = operator.change_sets();
        while let Some(page) = sets.next().await? {
            for set in readable(page).into_iter().filter(|set| set.state == ChangeSetState::Open) {
                let mut open = OpenSet::look(desk, set).await?;
                seen.baseline.iter().flatten().for_each(|state| open.note(state));
                seen.open.push(open);
            }
        }
        let mut tenants = operator.tenants();
        while let Some(page) = tenants.next().await? {
            for state in readable(page) {
                seen.tenants += 1;
                seen.open.iter_mut().for_each(|open| open.note(&state));
                seen.shadows += u64::from(state.shadow.is_some());
                if let (Status::Suspended, Some(tenant)) = (state.status, state.tenant()) {
                    seen.suspended.push(tenant.to_string());
                }
            }
        }
        let mut routes = operator.routes();
        while let Some(page) = routes.next().await? {
            seen.routes += u64::try_from(page.len()).unwrap_or(u64::MAX);
        }
        Ok(seen)
    }

    fn is_well(&self) -> bool {
        self.kills.as_ref().is_ok_and(Vec::is_empty)
            && self.baseline.is_ok()
            && self.open.iter().all(OpenSet::is_superseded)
    }

    fn text(&self) -> String {
        let mut rows: Vec<[String; 2]> = Vec::new();
        let mut row = |name: &str, value: String| rows.push([name.to_owned(), value]);
        match &self.kills {
            Ok(kills) if kills.is_empty() => row("stopped", "nothing".to_owned()),
            Ok(_) => {}
            Err(what) => {
                row("stopped", format!("EVERYBODY IS REFUSED: {what}; `tenantgate kill lift --all --yes` replaces it"))
            }
        }
        for kill in self.kills.iter().flatten() {
            let (at, target) = (answer::time(kill.at), target_text(&kill.target));
            row("stopped", format!("{}  {target}, by {} at {at}: {}", kill.id, kill.by, kill.reason));
        }
        for open in &self.open {
            row("open change set", open.text());
        }
        let baseline = match &self.baseline {
            Ok(None) => "none".to_owned(),
            Ok(Some(state)) => format!("{} of {}", state.version_text(), state.policy.policy),
            Err(what) => format!("EVERYBODY IS REFUSED: {what}; `tenantgate registry load` puts another in its place"),
        };
        row("baseline", baseline);
        let named: Vec<&str> = self.suspended.iter().take(SUSPENDED_NAMED).map(String::as_str).collect();
        let more = if self.suspended.len() > SUSPENDED_NAMED { ", .." } else { "" };
        let suspended = match self.suspended.len() {
            0 => "none suspended".to_owned(),
            count => format!("{count} suspended: {}{more}", named.join(", ")),
        };
        row("tenants", format!("{}, {suspended}", self.tenants));
        row("shadows", self.shadows.to_string());
        row("routes", self.routes.to_string());
        format!("{}{BOUND}", answer::columns(rows))
    }
}

/// A part that cannot be read is told, and the others besides it.
fn or_unreadable<T>(read: Result<T, OperateError>) -> Result<OrUnreadable<T>, OperateError> {
    match read {
        Ok(part) => Ok(Ok(part)),
        Err(OperateError::Malformed(what)) => Ok(Err(what)),
        Err(error) => Err(error),
    }
}

const SUSPENDED_NAMED: usize = 10;

const BOUND: &str =
    "What is written is in force in every running interceptor within registry.cacheTtlMs (5 s where nothing is said).";
