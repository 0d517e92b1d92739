//! One line for each decision from which CloudWatch counts (Embedded Metric Format). Dimensions are closed lists, whatever callers do:
//! the point, the effect and the class.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use policy_registry::CacheState;

use super::Trail;
use super::class::Class;
use super::line::micros;
use super::words::{Ending, Passed};
use crate::event::Point;
use crate::settings::MetricsSettings;

impl Trail {
    pub(super) fn count(&self, ending: &Ending, class: Class, took: Duration, metrics: &MetricsSettings) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let document = self.document(ending, class, took, &metrics.namespace, since.as_millis());
        tracing::info!(target: "tenantgate::metrics", document);
    }

    /// The line; `time` is in milliseconds since 1970.
    fn document(&self, ending: &Ending, class: Class, took: Duration, namespace: &str, time: u128) -> String {
        let point = match self.point {
            Point::Request => "REQUEST",
            Point::Response => "RESPONSE",
        };
        let (effect, _) = ending.words();
        let counts = [
            ("Denials", class == Class::Policy),
            ("Kills", class == Class::Killed),
            ("Faults", class.is_fault()),
            ("ResidualBlocks", class == Class::Residue),
            ("RedactedAnswers", *ending == Ending::Passed(Passed::Redacted)),
            ("ShadowDifferences", self.has_shadow_difference()),
            ("CacheHits", self.cache == Some(CacheState::Hit)),
            ("CacheMisses", self.cache == Some(CacheState::Miss)),
        ];
        let times = [
            ("Duration", Some(took)),
            ("RegistryTime", self.registry_time),
            ("VerificationTime", self.verification_time),
        ];
        let counts = counts.into_iter().filter(|(_, is_counted)| *is_counted).map(|(name, _)| (name, COUNT, 1));
        let times = times.into_iter().filter_map(|(name, took)| Some((name, MICROSECONDS, micros(took?))));
        // What is not there is not counted: no zeros are sent, nor paid for.
        let values: Vec<(&str, &str, u64)> = counts.chain(times).collect();
        let told: Vec<String> =
            values.iter().map(|(name, unit, _)| format!("{{\"Name\":\"{name}\",\"Unit\":\"{unit}\"}}")).collect();
        let told = told.join(",");
        let members: String = values.iter().map(|(name, _, value)| format!(",\"{name}\":{value}")).collect();
        let class = class.word();
        format!(
            "{{\"_aws\":{{\"Timestamp\":{time},\"CloudWatchMetrics\":[\
             {{\"Namespace\":\"{namespace}\",\"Dimensions\":[[\"Point\"],[\"Point\",\"Effect\",\"Class\"]],\
             \"Metrics\":[{{\"Name\":\"Decisions\",\"Unit\":\"{COUNT}\"}}]}},\
             {{\"Namespace\":\"{namespace}\",\"Dimensions\":[[\"Point\"]],\"Metrics\":[{told}]}}]}},\
             \"Point\":\"{point}\",\"Effect\":\"{effect}\",\"Class\":\"{class}\",\"Decisions\":1{members}}}"
        )
    }
}

const COUNT: &str = "Count";

const MICROSECONDS: &str = "Microseconds";
