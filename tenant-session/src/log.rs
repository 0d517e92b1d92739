//! JSON lines on standard error: who was given what, with names and codes and nothing that a caller or token said.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::broker::Holder;
use crate::credentials::timestamp;
use crate::exchange::ExchangeMode;
use crate::fault::Fault;

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What was given, and all that goes wrong.
    All,
    /// What was given. What goes wrong is told in another way.
    Given,
}

/// Installs the log and the panic hook. What libraries log may hold tokens: they are off at every level.
pub(crate) fn install(extent: Extent) {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(io::stderr);
    let target = match extent {
        Extent::All => "tenantgate",
        Extent::Given => SESSION,
    };
    let filter = Targets::new().with_target(target, LevelFilter::INFO).with_default(LevelFilter::OFF);
    // Only a second installation fails, and the first one stays.
    drop(tracing_subscriber::registry().with(filter).with(lines).try_init());
    std::panic::set_hook(Box::new(|panic| {
        // The place only: a message may quote what was being worked on.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(target: "tenantgate::panic", place, "a defect of this program: nothing is given");
    }));
}

/// AWS gave credentials for a new role session.
pub(crate) fn exchanged(holder: &Holder, mode: ExchangeMode, expires: u64) {
    tracing::info!(
        target: SESSION,
        event = "EXCHANGED",
        tenant = holder.tenant().as_str(),
        subject = holder.subject_hash(),
        roleSessionName = holder.session_name(),
        exchange = mode.name(),
        expires = timestamp(expires),
    );
}

/// Something was given to a holder, or taken back.
pub(crate) fn given(event: &'static str, holder: &Holder, expires: u64) {
    tracing::info!(
        target: SESSION,
        event,
        tenant = holder.tenant().as_str(),
        subject = holder.subject_hash(),
        expires = timestamp(expires),
    );
}

/// Nothing was given. Only who is known by a good token has a tenant and a subject.
pub(crate) fn refused(holder: Option<&Holder>, fault: &Fault) {
    let (tenant, subject) = (holder.map(|holder| holder.tenant().as_str()), holder.map(Holder::subject_hash));
    let (reason, detail) = (fault.code(), fault.detail());
    tracing::warn!(target: SESSION, event = "REFUSED", tenant, subject, reason, detail);
}

/// A request was turned away before anybody's token was looked at, or for want of room.
pub(crate) fn turned_away(reason: &'static str) {
    tracing::warn!(target: SESSION, event = "REFUSED", reason);
}

/// The program listens, or ends.
pub(crate) fn told(event: &'static str, address: &str) {
    tracing::info!(target: SESSION, event, address);
}

const SESSION: &str = "tenantgate::session";
