//! The caller's trace, continued (W3C Trace Context, section 3.2): the trace is the caller's, the span in it is this one.

use aws_lc_rs::digest;
use policy_model::header::Header;

use crate::headers::{Found, Headers};

/// The name of the header that says which trace a request belongs to.
pub(crate) const TRACEPARENT: &str = "traceparent";

/// The header that goes on; none if the caller sent none. What is not well-formed begins a trace of its own, so that no word of the
/// caller's goes on. The same request gives the same header.
pub(crate) fn resume(headers: &Headers<'_>) -> Option<Header> {
    let (seed, parent) = match headers.find(TRACEPARENT) {
        Found::Nothing => return None,
        Found::One(value) => {
            let parent = Parent::parse(&value);
            (value.into_owned(), parent)
        }
        Found::Ambiguous => {
            let values = headers.with_prefix(TRACEPARENT).into_iter().filter_map(|(_, value)| value);
            (values.collect::<Vec<_>>().join("\n"), None)
        }
    };
    let fresh = hash(&seed);
    let own = fresh.get(..SPAN_DIGITS).unwrap_or_default();
    let (trace, flags) = match &parent {
        Some(parent) => (parent.trace.as_str(), parent.flags),
        None => (fresh.get(SPAN_DIGITS..SPAN_DIGITS + TRACE_DIGITS).unwrap_or_default(), NOT_SAMPLED),
    };
    Some(Header { name: TRACEPARENT.to_owned(), value: format!("00-{trace}-{own}-{flags}") })
}

/// The ids of the trace, and of the span in it that is this one, as in the header that goes on.
pub(crate) fn ids(headers: &Headers<'_>) -> Option<[String; 2]> {
    let header = resume(headers)?;
    let mut parts = header.value.split('-').skip(1);
    Some([parts.next()?.to_owned(), parts.next()?.to_owned()])
}

/// What a well-formed header says.
struct Parent {
    trace: String,
    flags: &'static str,
}

impl Parent {
    /// Takes version 00, and of a later one as much as 00 has.
    fn parse(value: &str) -> Option<Parent> {
        let mut parts = value.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, digits: usize| {
            text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        };
        let is_id = |text: &str, digits: usize| is_hex(text, digits) && text.bytes().any(|byte| byte != b'0');
        let is_whole = version != "00" || parts.next().is_none();
        let is_valid = is_hex(version, 2)
            && version != "ff"
            && is_whole
            && is_id(trace, TRACE_DIGITS)
            && is_id(span, SPAN_DIGITS)
            && is_hex(flags, 2);
        let is_sampled = u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1);
        is_valid.then(|| Parent { trace: trace.to_owned(), flags: if is_sampled { SAMPLED } else { NOT_SAMPLED } })
    }
}

fn hash(seed: &str) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"tenantgate traceparent\0");
    context.update(seed.as_bytes());
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

const TRACE_DIGITS: usize = 32;

const SPAN_DIGITS: usize = 16;

const SAMPLED: &str = "01";

const NOT_SAMPLED: &str = "00";

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn resumed(headers: &str) -> Option<String> {
        let document = json::parse(headers.as_bytes()).unwrap();
        resume(&Headers::new(Some(document.root()))).map(|header| header.value)
    }

    fn of(value: &str) -> String {
        resumed(&format!("{{\"traceparent\":{}}}", json::quote(value))).unwrap()
    }

    #[test]
    fn a_trace_goes_on_with_a_span_of_its_own() {
        for (sent, flags) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-01"), "01"),
            (format!("00-{TRACE}-00f067aa0ba902b7-00"), "00"),
            (format!("00-{TRACE}-00f067aa0ba902b7-03"), "01"),
            (format!("01-{TRACE}-00f067aa0ba902b7-01-what-comes-later"), "01"),
        ] {
            let value = of(&sent);
            assert!(value.starts_with(&format!("00-{TRACE}-")) && value.ends_with(&format!("-{flags}")), "{value}");
            assert!(!value.contains("00f067aa0ba902b7") && value.len() == 55, "{value}");
            assert_eq!(value, of(&sent), "the same again");
        }
    }

    #[test]
    fn what_is_not_well_formed_begins_a_trace_of_its_own() {
        for sent in [
            "",
            "x\r\nx-tenant-id: globex",
            &format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            &format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            &format!("00-{TRACE}-0000000000000000-01"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            &format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            &format!("00-{TRACE}-00f067aa0ba902b7-1"),
            &format!(" 00-{TRACE}-00f067aa0ba902b7-01"),
        ] {
            let value = of(sent);
            assert!(value.len() == 55 && !value.contains(TRACE) && value.ends_with("-00"), "{sent:?}: {value}");
        }
    }

    #[test]
    fn the_ids_are_those_that_go_on() {
        let sent = format!("{{\"traceparent\":\"00-{TRACE}-00f067aa0ba902b7-01\"}}");
        let document = json::parse(sent.as_bytes()).unwrap();
        let [trace, span] = ids(&Headers::new(Some(document.root()))).unwrap();
        assert_eq!(Some(format!("00-{trace}-{span}-01")), resumed(&sent));
    }

    #[test]
    fn two_spellings_are_no_trace_and_without_one_there_is_none() {
        let sent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let value = resumed(&format!("{{\"traceparent\":\"{sent}\",\"Traceparent\":\"{sent}\"}}")).unwrap();
        assert!(!value.contains(TRACE), "{value}");
        assert_eq!(resumed("{\"tracestate\":\"a=b\"}"), None);
    }
}
