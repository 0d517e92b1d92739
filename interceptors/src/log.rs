//! JSON lines on stdout, from this program only: what its libraries log may hold tokens and payloads.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Installs the log and the panic hook of a Lambda.
pub(crate) fn install() {
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    let filter = Targets::new().with_target("tenantgate", LevelFilter::INFO).with_default(LevelFilter::OFF);
    // Only a second installation fails, as in tests, and the first one stays.
    drop(tracing_subscriber::registry().with(filter).with(lines).try_init());
    std::panic::set_hook(Box::new(|panic| {
        // The place only: a message may quote what was being worked on.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(target: "tenantgate::panic", place, "a defect of this program: the request is refused");
    }));
}
