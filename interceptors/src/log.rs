//! JSON lines on stdout, from this program only: what its libraries log may hold tokens and payloads.

use std::io::{self, Write};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Installs the log and the panic hook of a Lambda.
pub(crate) fn install() {
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    let own = Targets::new().with_target("tenantgate", LevelFilter::INFO).with_default(LevelFilter::OFF);
    let lines = lines.with_filter(own.clone().with_target(METRICS, LevelFilter::OFF));
    // Only a second installation fails, as in tests, and the first one stays.
    drop(tracing_subscriber::registry().with(own).with(lines).with(Documents).try_init());
    std::panic::set_hook(Box::new(|panic| {
        // The place only: a message may quote what was being worked on.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(target: "tenantgate::panic", place, "a defect of this program: the request is refused");
    }));
}

/// Lines that are JSON documents of their own, with nothing around them.
struct Documents;

impl<S: Subscriber> Layer<S> for Documents {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == METRICS {
            event.record(&mut Line);
        }
    }
}

struct Line;

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "document" {
            // A log that cannot be written stops nothing.
            drop(writeln!(io::stdout().lock(), "{value}"));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// The target of what CloudWatch counts.
const METRICS: &str = "tenantgate::metrics";
