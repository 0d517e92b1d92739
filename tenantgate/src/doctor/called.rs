//! Whether the functions that a gateway calls are those that were looked at.

use super::code;
use super::examination::Examination;
use super::functions::Functions;
use crate::function_arn::FunctionArn;

/// Whether functions that were given are those that the gateway calls. `called` are their ARNs.
pub(super) fn compare(functions: &Functions, called: &[Option<String>; 2], out: &mut Examination) {
    let called: Vec<&str> = called.iter().flatten().map(String::as_str).collect();
    let described: Vec<&str> = functions.described.iter().map(|function| function.arn.as_str()).collect();
    let policies: Vec<&str> = functions.policies.iter().map(|(resource, _)| resource.as_str()).collect();
    for function in &functions.described {
        let is_called = called.iter().any(|arn| Likeness::of(arn, &function.arn) != Likeness::None);
        if !called.is_empty() && !is_called {
            out.find(&code::FUNCTION_NOT_CALLED, function.place(), "the gateway does not call it");
        }
    }
    for arn in called {
        if let Some(why) = not_given(arn, &described) {
            let how = format!(
                "aws lambda get-function-configuration --function-name {arn} > function.json, and --functions function.json; or --gateway"
            );
            out.leave(format!("timeout, settings and state of function {arn}"), why, how);
        }
        if let Some(why) = not_given(arn, &policies) {
            let how = format!(
                "aws lambda get-policy --function-name {arn} > policy.json, and --functions policy.json; or --gateway"
            );
            out.leave(format!("who may invoke function {arn}"), why, how);
        }
    }
}

/// Why nothing is known of the very version or alias that the gateway calls; none if it is.
fn not_given(called: &str, given: &[&str]) -> Option<String> {
    let alike = |likeness: Likeness| given.iter().find(|arn| Likeness::of(called, arn) == likeness);
    if alike(Likeness::Whole).is_some() {
        return None;
    }
    let other = alike(Likeness::Function);
    Some(other.map_or_else(
        || "it was not given".to_owned(),
        |other| format!("what was given is of another version or alias, {other}"),
    ))
}

/// What two ARNs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    /// Function and version.
    Whole,
    /// The function.
    Function,
    None,
}

impl Likeness {
    fn of(one: &str, other: &str) -> Likeness {
        if one == other {
            return Likeness::Whole;
        }
        let (Ok(one), Ok(other)) = (one.parse::<FunctionArn>(), other.parse::<FunctionArn>()) else {
            return Likeness::None;
        };
        // Without a version it is $LATEST.
        let is_same = one.qualifier() == other.qualifier() || !one.is_pinned() && !other.is_pinned();
        match one.function() == other.function() {
            true if is_same => Likeness::Whole,
            true => Likeness::Function,
            false => Likeness::None,
        }
    }
}
