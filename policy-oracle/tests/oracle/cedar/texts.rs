//! What a text is, and the comparisons of texts that Cedar cannot compute.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::LazyLock;

use cedar_policy::{Context, RestrictedExpression};
use regex::Regex;

use crate::policy::Operator;

/// An address as Cedar reads it; an IPv4 one in its IPv6 form as IPv4.
pub(crate) fn address(text: &str) -> Option<String> {
    let address: IpAddr = text.parse().ok()?;
    match address.to_canonical() {
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => Some(address.segments().map(|segment| format!("{segment:x}")).join(":")),
    }
}

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"\A([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-][0-9]{2}):([0-9]{2}))\z";
    Regex::new(time).unwrap()
});

thread_local! {
    static TIMES: RefCell<HashMap<String, Option<String>>> = RefCell::new(HashMap::new());
}

/// An RFC 3339 time as Cedar reads it, if it does.
pub(crate) fn time(text: &str) -> Option<String> {
    TIMES.with_borrow_mut(|times| times.entry(text.to_owned()).or_insert_with(|| read_time(text)).clone())
}

fn read_time(text: &str) -> Option<String> {
    let parts = TIME.captures(text)?;
    let zone = match (parts.get(3), parts.get(4)) {
        (Some(hours), Some(minutes)) => format!(".000{}{}", hours.as_str(), minutes.as_str()),
        _ => "Z".to_owned(),
    };
    let time = format!("{}T{}{zone}", &parts[1], &parts[2]);
    let is_time = Context::from_pairs([("time".to_owned(), RestrictedExpression::new_datetime(&time))]).is_ok();
    is_time.then_some(time)
}

/// A text operator with a value from the document.
pub(crate) fn holds(operator: Operator, text: &str, value: &str) -> bool {
    if operator == Operator::StartsWith {
        text.starts_with(value)
    } else if operator == Operator::EndsWith {
        text.ends_with(value)
    } else {
        text.contains(value)
    }
}
