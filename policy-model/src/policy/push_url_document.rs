//! The `pushNotificationUrls` of a policy: JSON to patterns.

use std::fmt;

use super::error::{PolicyError, Problem, cut};
use super::fields::{Fields, Place};
use super::{RESOURCE_BYTES_MAX, WILDCARDS_MAX};
use crate::pattern::{PatternError, UriPattern};
use crate::push_url::SCHEME;

/// A pattern and its place in the list.
pub(crate) struct PushUrlDocument {
    pub(crate) pattern: UriPattern,
    pub(crate) number: usize,
}

pub(super) fn read_all(
    fields: &Fields<'_, '_>,
    is_baseline: bool,
    errors: &mut Vec<PolicyError>,
) -> Result<Vec<PushUrlDocument>, PolicyError> {
    let mut documents = Vec::new();
    let Some(list) = fields.list(MEMBER)? else { return Ok(documents) };
    if is_baseline {
        let why = "it only denies; where agents may call back is for each tenant's policy to say";
        return Err(fields.error_at(MEMBER, Problem::NotInBaseline(why)));
    }
    let place = fields.place(MEMBER);
    for (number, value) in list {
        let place = Place::Element(&place, number);
        let problem = match value.as_str() {
            None => Problem::WrongType("a string"),
            Some(text) => match read(&text) {
                Ok(pattern) => {
                    documents.push(PushUrlDocument { pattern, number });
                    continue;
                }
                Err(error) => Problem::PushUrl(text.into_owned(), error),
            },
        };
        errors.push(PolicyError::new(place, problem));
    }
    Ok(documents)
}

fn read(text: &str) -> Result<UriPattern, PushUrlError> {
    if text.len() > RESOURCE_BYTES_MAX {
        return Err(PushUrlError::Pattern(PatternError::TooLong));
    }
    if text.bytes().filter(|byte| *byte == b'*').count() > WILDCARDS_MAX {
        return Err(PushUrlError::Pattern(PatternError::TooManyWildcards));
    }
    let rest = text.strip_prefix("https://").ok_or(PushUrlError::NotHttps)?;
    let (authority, _) = rest.split_once('/').ok_or(PushUrlError::NotHttps)?;
    let host = authority.strip_prefix("*.").unwrap_or(authority);
    // A wildcard is for the names below a domain of two labels or more: for no port, address or top-level domain.
    let is_below = authority.len() > host.len();
    let is_domain = host.contains('.') && !host.starts_with('[') && UriPattern::parse(&with_name(text)).is_ok();
    if host.is_empty() || host.contains('*') || (is_below && !is_domain) {
        return Err(PushUrlError::Host);
    }
    UriPattern::parse(text).map_err(PushUrlError::Pattern)
}

/// With a name for the wildcards of the host, which no address has.
fn with_name(text: &str) -> String {
    text.replace("://*.", "://x.")
}

/// What is wrong with a pattern of URLs that are called back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushUrlError {
    /// Another scheme, or no path.
    NotHttps,
    /// A host that is not written out.
    Host,
    /// No URL fits it.
    Pattern(PatternError),
}

impl PushUrlError {
    pub(super) fn describe(self, text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} is no pattern of URLs to call back: {self}", cut(text))
    }
}

impl fmt::Display for PushUrlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PushUrlError::NotHttps => {
                write!(out, "expected {SCHEME}://, a host and a path, as in {SCHEME}://hooks.example.com/*")
            }
            PushUrlError::Host => out.write_str(
                "the host is written out; only *. may stand before a domain of two labels or more, as in \
                 https://*.example.com/*",
            ),
            PushUrlError::Pattern(error) => error.fmt(out),
        }
    }
}

const MEMBER: &str = "pushNotificationUrls";
