//! What follows `?`: only what the operation has, each once, in the one way that everybody decodes.

use std::borrow::Cow;

use super::fault::A2aFault;
use super::method::{Method, Version};

/// The tenant that a query names, if it does.
pub(super) fn tenant(query: &str, method: Method, version: Version) -> Result<Option<String>, A2aFault> {
    if query.is_empty() {
        return Ok(None);
    }
    let known = parameters(method, version);
    let mut seen: Vec<&str> = Vec::new();
    let mut tenant = None;
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').ok_or(A2aFault::Query)?;
        let (name, kind) = known.iter().find(|(own, _)| *own == name).ok_or(A2aFault::Query)?;
        let value = decoded(value).ok_or(A2aFault::Query)?;
        if seen.contains(name) || !kind.is(&value) {
            return Err(A2aFault::Query);
        }
        seen.push(name);
        if *name == "tenant" {
            tenant = Some(value.into_owned());
        }
    }
    Ok(tenant)
}

/// What a value must be.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Count,
    Flag,
}

impl Is {
    fn is(self, value: &str) -> bool {
        match self {
            Is::Text => true,
            Is::Count => (1..=9).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()),
            Is::Flag => value == "true" || value == "false",
        }
    }
}

fn parameters(method: Method, version: Version) -> &'static [(&'static str, Is)] {
    match (method, version) {
        (Method::TasksGet, Version::V0_3) => &[("historyLength", Is::Count)],
        (Method::TasksGet, Version::V1_0) => &[("historyLength", Is::Count), ("tenant", Is::Text)],
        (Method::PushList, Version::V0_3) => &[("pageSize", Is::Count), ("pageToken", Is::Text)],
        (Method::PushList, Version::V1_0) => &[("pageSize", Is::Count), ("pageToken", Is::Text), ("tenant", Is::Text)],
        (Method::TasksList, _) => &[
            ("contextId", Is::Text),
            ("historyLength", Is::Count),
            ("includeArtifacts", Is::Flag),
            ("pageSize", Is::Count),
            ("pageToken", Is::Text),
            ("status", Is::Text),
            ("statusTimestampAfter", Is::Text),
            ("tenant", Is::Text),
        ],
        (Method::PushGet | Method::PushDelete | Method::ExtendedCard | Method::TasksResubscribe, Version::V1_0) => {
            &[("tenant", Is::Text)]
        }
        (Method::PushGet | Method::PushDelete | Method::ExtendedCard | Method::TasksResubscribe, Version::V0_3)
        | (Method::MessageSend | Method::MessageStream | Method::TasksCancel | Method::PushSet | Method::Card, _) => {
            &[]
        }
    }
}

/// A value decoded once. What would decode a second time, or has `+`, which stands for a space or for itself, is no value.
fn decoded(value: &str) -> Option<Cow<'_, str>> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@!$'()*,;/=".contains(&byte);
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high << 4 | low).ok()?);
        } else if is_plain(byte) {
            bytes.push(byte);
        } else {
            return None;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('%') && !text.contains(char::is_control)).then_some(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_its_own_parameters_each_once() {
        let check = |query: &str, method, version, expected: Result<Option<&str>, A2aFault>| {
            assert_eq!(tenant(query, method, version), expected.map(|it| it.map(str::to_owned)), "{query}");
        };
        use Method::{MessageSend, TasksGet, TasksList};
        use Version::{V0_3, V1_0};
        check("", MessageSend, V1_0, Ok(None));
        check("historyLength=3", TasksGet, V0_3, Ok(None));
        check("historyLength=3&tenant=acme", TasksGet, V1_0, Ok(Some("acme")));
        check("tenant=%61cm%65", TasksGet, V1_0, Ok(Some("acme")));
        check("tenant=", TasksGet, V1_0, Ok(Some("")));
        let all = "contextId=c-1&status=TASK_STATE_WORKING&pageSize=10&pageToken=a%2Bb%3D&historyLength=2\
                   &statusTimestampAfter=2026-01-01T00%3A00%3A00Z&includeArtifacts=true";
        check(all, TasksList, V1_0, Ok(None));
        for query in [
            "tenant=acme",
            "historyLength=1&historyLength=1",
            "history_length=1",
            "historylength=1",
            "%68istoryLength=1",
            "historyLength=-1",
            "historyLength",
            "historyLength=1&",
            "&",
            "id=t-2",
        ] {
            check(query, TasksGet, V0_3, Err(A2aFault::Query));
        }
        for value in ["%2561", "a+b", "%0a", "%", "%4", "%zz", "%ff", "a b", "ä", "a&b"] {
            check(&format!("tenant={value}"), TasksGet, V1_0, Err(A2aFault::Query));
        }
    }
}
