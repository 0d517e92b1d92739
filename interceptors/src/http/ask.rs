//! What an `http` request says, before its protocol reads it.

use policy_model::json::Value;

use crate::headers::Headers;

/// One request, whose path and headers have been checked.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'d> {
    /// The HTTP method.
    pub(crate) verb: Verb,
    /// What follows the binding in the path, empty or beginning with `/`; segments of `[A-Za-z0-9._~:@-]`, none of them `.` or `..`.
    pub(crate) rest: &'d str,
    /// What follows `?`, if anything does.
    pub(crate) query: Option<&'d str>,
    /// The caller's headers.
    pub(crate) headers: Headers<'d>,
    /// The body, read strictly; none if it is empty.
    pub(crate) body: Option<Value<'d>>,
}

/// The HTTP methods that any protocol here has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Delete,
}

impl Verb {
    /// Takes a method as HTTP writes it. Case counts (RFC 9110, section 9.1).
    pub(crate) fn parse(text: &str) -> Option<Verb> {
        match text {
            "GET" => Some(Verb::Get),
            "POST" => Some(Verb::Post),
            "DELETE" => Some(Verb::Delete),
            _ => None,
        }
    }
}
