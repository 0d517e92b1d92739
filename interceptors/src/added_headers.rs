//! The headers that a tenant's policies add to each of its requests.

use policy_model::header::{Header, normal};
use policy_model::{Caller, DecisionId, Layers};

use crate::refusal::{HeaderFault, Refusal};
use crate::settings::Settings;
use crate::trace::TRACEPARENT;

/// Works them out; none may stand where the identity headers do.
pub(crate) fn resolve(
    layers: Layers<'_>,
    caller: &Caller<'_>,
    time: i64,
    decision: Option<DecisionId<'_>>,
    settings: &Settings,
) -> Result<Vec<Header>, Refusal> {
    let headers = layers.headers(caller, time, decision);
    let headers = headers.map_err(|unresolved| Refusal::Headers(HeaderFault::Unresolved(unresolved.0)))?;
    let context = settings.tenant_context.as_ref().map(|context| context.header.as_str());
    let named = settings.headers.named();
    let own = || named.iter().map(|(_, name)| *name).chain([TRACEPARENT]).chain(context);
    let is_identity = |header: &&Header| own().any(|name| normal(name) == normal(&header.name));
    match headers.iter().find(is_identity) {
        Some(header) => Err(Refusal::Headers(HeaderFault::Conflict(header.name.clone()))),
        None => Ok(headers),
    }
}
