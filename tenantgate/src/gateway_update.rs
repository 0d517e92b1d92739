//! Changing the interceptors of a gateway and nothing else, though an update replaces all of it.

pub(crate) mod backup;
pub(crate) mod confirm;
pub(crate) mod interceptors;
pub(crate) mod report;
pub(crate) mod request;
mod settle;
pub(crate) mod warnings;

use std::path::Path;
use std::time::Duration;

use policy_model::json::{self, Document, Value};

use crate::aws_api::{AGENTCORE_CONTROL, Api, ApiError, Call};
use crate::failure::Failure;
use crate::value_changes::{self, Change};
use request::Fields;
use settle::Settled;

/// A gateway, and what an update is to make of it.
pub(crate) struct Plan {
    /// What of it an update can set, as it is.
    pub(crate) former: String,
    /// The same with the interceptors that are wanted.
    pub(crate) request: String,
}

impl Plan {
    /// Where the two differ.
    pub(crate) fn changes(&self) -> Result<Vec<Change>, Failure> {
        let (former, request) = (document(&self.former)?, document(&self.request)?);
        Ok(value_changes::changes(former.root(), request.root()))
    }
}

/// What became of an update.
pub(crate) struct Outcome {
    /// Where the gateway is not what was asked for.
    pub(crate) differences: Vec<Change>,
    /// Why it is not ready; `None` if it is.
    pub(crate) trouble: Option<String>,
}

impl Outcome {
    pub(crate) fn is_as_asked(&self) -> bool {
        self.differences.is_empty() && self.trouble.is_none()
    }
}

/// The gateway as AWS describes it.
pub(crate) async fn read(api: &Api, id: &str) -> Result<Document<'static>, ApiError> {
    let call = Call {
        service: &AGENTCORE_CONTROL,
        action: "bedrock-agentcore:GetGateway",
        path: format!("/gateways/{id}/"),
        put: None,
    };
    api.call(&call).await
}

/// Its state, which decides whether it can be updated.
pub(crate) fn status(gateway: Value<'_>) -> String {
    gateway.get("status").and_then(Value::as_str).unwrap_or_default().into_owned()
}

/// Puts the request, waits, and compares what is there then with what was asked for.
pub(crate) async fn carry_out(
    api: &Api,
    id: &str,
    plan: &Plan,
    fields: &Fields<'_>,
    time: Duration,
    backup: &Path,
) -> Result<Outcome, Failure> {
    let restore = backup::restore(id, backup, api.region());
    let before = read(api, id).await.map_err(|error| Failure::run(format!("cannot read the gateway {id}: {error}")))?;
    if request::writable(before.root(), fields).map_err(Failure::run)? != plan.former {
        return Err(Failure::run("the gateway was changed meanwhile, and nothing was updated; run the command again"));
    }
    backup::save(backup, &plan.former)?;
    let call = Call {
        service: &AGENTCORE_CONTROL,
        action: "bedrock-agentcore:UpdateGateway",
        path: format!("/gateways/{id}/"),
        put: Some(&plan.request),
    };
    if let Err(error) = api.call(&call).await {
        let doubt = if error.may_be_done() {
            format!("; it may be updated all the same: run the command again with --dry-run. To restore it: {restore}")
        } else {
            format!(", and nothing was changed ({} can be deleted)", backup.display())
        };
        return Err(Failure::run(format!("cannot update the gateway {id}: {error}{doubt}")));
    }
    let settled = settle::wait(api, id, before.root(), &document(&plan.request)?, time).await.map_err(|error| {
        Failure::run(format!(
            "the update of the gateway {id} was sent, but it cannot be read: {error}. To restore it: {restore}"
        ))
    })?;
    compare(&settled, plan, fields)
}

fn compare(settled: &Settled, plan: &Plan, fields: &Fields<'_>) -> Result<Outcome, Failure> {
    let request = document(&plan.request)?;
    // A field that is new since is told as a difference, not refused.
    let now = document(&request::without_read_only(settled.gateway.root(), fields))?;
    let mut differences = value_changes::changes(request.root(), now.root());
    let (asked, found) = (request.root().get(request::INTERCEPTORS), now.root().get(request::INTERCEPTORS));
    if interceptors::same(asked, found) {
        let (field, inside) = (format!("$.{}", request::INTERCEPTORS), format!("$.{}[", request::INTERCEPTORS));
        differences.retain(|change| change.path != field && !change.path.starts_with(&inside));
    }
    Ok(Outcome { differences, trouble: settled.trouble.clone() })
}

/// Part of a path, so not just any text.
pub(crate) fn gateway_id(text: &str) -> Result<String, String> {
    let is_id = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if text.is_empty() || text.len() > ID_BYTES_MAX || !is_id {
        return Err("expected the gateway's id, the last part of its ARN, as main-1a2b3c4d5e".to_owned());
    }
    Ok(text.to_owned())
}

/// A text of ours, or one that was parsed before.
fn document(text: &str) -> Result<Document<'static>, Failure> {
    json::parse_owned(text.to_owned()).map_err(|error| Failure::run(format!("the gateway is not JSON: {error}")))
}

const ID_BYTES_MAX: usize = 211;
