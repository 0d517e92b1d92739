//! Patterns of URLs to call back that name none.

use super::subject::Subject;
use super::{Finding, Warning};
use crate::json::Value;
use crate::pattern::UriPattern;
use crate::uri::public_host;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let values = subject.document.root().get("pushNotificationUrls").into_iter().flat_map(Value::elements);
    let values: Vec<Value<'_>> = values.collect();
    for url in &subject.written.push_urls {
        let Some(at) = values.get(url.number).filter(|_| is_never_public(&url.pattern)) else { continue };
        let message = "hosts of the own network (private and local addresses, names of one label, .internal and the like) are \
                       never called back, so that nothing fits; name a host of the public internet";
        let place = format!("pushNotificationUrls[{}]", url.number);
        findings.push(subject.warning(Warning::NamesNothing, place, *at, message.to_owned()));
    }
}

/// Whether no host that fits is one of the public internet: a name in the place of the wildcard makes no other one of it.
fn is_never_public(pattern: &UriPattern) -> bool {
    match pattern {
        UriPattern::All | UriPattern::Parts { authority: None, .. } => false,
        UriPattern::Parts { authority: Some(authority), .. } => !public_host::is_public(&authority.with_runs("x")),
    }
}
