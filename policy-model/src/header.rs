//! Headers that an interceptor sets for the target: what may be one, and which a policy adds to every request of its tenant.

use crate::decision::Layers;
use crate::id::DecisionId;
use crate::request::{CLAIMS, Caller, DECISION, facts};
use crate::selector::{Budget, Origin, Selector};

/// Longest name, in bytes (the gateway's limit).
pub const NAME_BYTES_MAX: usize = 100;

/// Longest value, in bytes (the gateway's limit).
pub const VALUE_BYTES_MAX: usize = 4_096;

/// A header, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A header of this name whose `valuePath` does not select exactly one string that can be a header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnresolvedHeader(pub String);

/// A header that a policy adds.
#[derive(Debug)]
pub(crate) struct Addition {
    pub(crate) name: Box<str>,
    pub(crate) source: Source,
}

/// Where its value comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Written(Box<str>),
    Path(Selector),
}

/// What the gateway lets an interceptor set (guide page on header propagation).
pub fn is_settable(name: &str) -> bool {
    let lower = normal(name);
    let is_reserved = RESERVED.contains(&lower.as_str())
        || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
        || (lower.starts_with("x-amzn-") && !lower.starts_with("x-amzn-bedrock-agentcore-runtime-custom-"));
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        && !is_reserved
}

/// One spelling for all that may be taken for one header.
pub fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Whether a text arrives as it is when it is a header's value: printable ASCII, without a space at either end.
pub fn is_value(text: &str) -> bool {
    (1..=VALUE_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        && !text.starts_with(' ')
        && !text.ends_with(' ')
}

impl Layers<'_> {
    /// The headers that the policies add to every request of a caller; of two of one name the baseline's. The id is that of the
    /// decision on the request, where it is known.
    ///
    /// # Errors
    /// [`UnresolvedHeader`]: the request must be refused.
    pub fn headers(
        self,
        caller: &Caller<'_>,
        time: i64,
        decision: Option<DecisionId<'_>>,
    ) -> Result<Vec<Header>, UnresolvedHeader> {
        let baseline = self.baseline.map(|policy| policy.headers.as_slice()).unwrap_or_default();
        let is_the_baselines = |name: &str| baseline.iter().any(|own| normal(&own.name) == normal(name));
        let own = self.policy.headers.iter().filter(|addition| !is_the_baselines(&addition.name));
        baseline.iter().chain(own).map(|addition| addition.resolve(caller, time, decision)).collect()
    }
}

impl Addition {
    fn resolve(
        &self,
        caller: &Caller<'_>,
        time: i64,
        decision: Option<DecisionId<'_>>,
    ) -> Result<Header, UnresolvedHeader> {
        let value = match &self.source {
            Source::Written(value) => Some(value.to_string()),
            Source::Path(path) => select(path, caller, time, decision),
        };
        match value {
            Some(value) => Ok(Header { name: self.name.to_string(), value }),
            None => Err(UnresolvedHeader(self.name.to_string())),
        }
    }

    /// Its path, if it has one.
    pub(crate) fn path(&self) -> Option<&Selector> {
        match &self.source {
            Source::Written(_) => None,
            Source::Path(path) => Some(path),
        }
    }
}

fn select(path: &Selector, caller: &Caller<'_>, time: i64, decision: Option<DecisionId<'_>>) -> Option<String> {
    let facts = facts(caller, None, time, decision)?;
    let fact = |name: &'static str| (name, facts.root().get(name));
    let roots = [(CLAIMS, caller.claims), fact("tenant"), fact("user"), fact("agent"), fact("time"), fact(DECISION)];
    let budget = Budget::new(WORK_MAX);
    match *path.select(Origin::Members(&roots), &budget) {
        [only] if !budget.is_exhausted() => only.as_str().filter(|text| is_value(text)).map(|text| text.into_owned()),
        _ => None,
    }
}

/// Most work for one path, in values looked at: tokens and memberships are small.
const WORK_MAX: u64 = 1_000_000;

const RESERVED: &[&str] = &[
    "authorization",
    "www-authenticate",
    "cookie",
    "set-cookie",
    "host",
    "user-agent",
    "origin",
    "referer",
    "connection",
    "transfer-encoding",
    "x-real-ip",
    "te",
    "trailer",
    "upgrade",
    "via",
    "forwarded",
    "x-forwarded",
    "keep-alive",
    "expect",
    "date",
    "strict-transport-security",
    "x-frame-options",
    "x-content-type-options",
    "x-xss-protection",
    "x-permitted-cross-domain-policies",
    "x-dns-prefetch-control",
    "referrer-policy",
    "permissions-policy",
];

const RESERVED_PREFIXES: &[&str] =
    &["accept", "content-", "x-forwarded-", "access-control-", "sec-", "mcp-", "x-amz-", "proxy-", "cross-origin-"];
