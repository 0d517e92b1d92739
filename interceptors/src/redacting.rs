//! Redacting one message of a target, whatever it is.

use policy_model::json::{Kind, Value};
use policy_model::redaction::{Is, Pass, Passed, Prose, Redactor};

use crate::refusal::Refusal;
use crate::tool_result::{redact_error, redact_list, redact_result, redact_server_params, redact_task};

/// What of a message a tool, a prompt or a resource has a part in.
#[derive(Debug, Clone, Copy)]
pub enum Said<'d> {
    /// A `result`.
    Result(Value<'d>),
    /// A `result` that lists tools, prompts or resources.
    List(Value<'d>),
    /// A `result` that says how a task stands.
    Task(Value<'d>),
    /// An `error`.
    Error(Value<'d>),
    /// The `params` of a request that the server sends while it works on a call.
    ServerRequest(Value<'d>),
    /// A document of which no protocol says what stands where.
    Document(Value<'d>),
    /// A text in the place of a document.
    Text(Value<'d>, Prose),
}

impl<'d> Said<'d> {
    /// The part of the message that it is.
    pub fn value(self) -> Value<'d> {
        match self {
            Said::Result(value)
            | Said::List(value)
            | Said::Task(value)
            | Said::Error(value)
            | Said::ServerRequest(value)
            | Said::Document(value)
            | Said::Text(value, _) => value,
        }
    }
}

/// The message's text with its redactions made; `None` if it stays as it is.
///
/// # Errors
/// The message must not go on: something that was taken out is still there, the policy wants it withheld, or it takes longer
/// than there is time.
pub fn redact(redactor: &Redactor<'_>, message: Value<'_>, said: Said<'_>) -> Result<Option<String>, Refusal> {
    // Without a redaction nothing is opaque.
    if redactor.is_empty() {
        return Ok(None);
    }
    let (pass, below) = go_through(redactor, message, said);
    finish(redactor, pass, message, below)
}

/// What is left of a message that was gone through. It is looked only `below` a value of it for what was taken out.
///
/// # Errors
/// As [`redact`].
pub(crate) fn finish(
    redactor: &Redactor<'_>,
    pass: Pass<'_, '_>,
    message: Value<'_>,
    below: Value<'_>,
) -> Result<Option<String>, Refusal> {
    let passed = pass.finish(message, below);
    if redactor.is_exhausted() {
        return Err(Refusal::TooMuchWork);
    }
    if redactor.is_blocked() {
        return Err(Refusal::Opaque);
    }
    match passed {
        Passed::Unchanged => Ok(None),
        Passed::Redacted(text) => Ok(Some(text)),
        Passed::Residue => Err(Refusal::Residue),
    }
}

/// What would go on if nothing stood against it: for the author of a policy who wants to see why it does not. `None` if it stays
/// as it is.
pub fn preview(redactor: &Redactor<'_>, message: Value<'_>, said: Said<'_>) -> Option<String> {
    go_through(redactor, message, said).0.unproved(message)
}

fn go_through<'a, 'p>(redactor: &'a Redactor<'p>, message: Value<'a>, said: Said<'a>) -> (Pass<'a, 'p>, Value<'a>) {
    let mut pass = Pass::new(redactor, message);
    let below = said.value();
    match said {
        Said::Result(result) => redact_result(&mut pass, result),
        Said::List(list) => redact_list(&mut pass, list),
        Said::Task(task) => redact_task(&mut pass, task),
        Said::Error(error) => redact_error(&mut pass, error),
        Said::ServerRequest(params) => redact_server_params(&mut pass, params),
        Said::Document(root) if root.kind() == Kind::String => {
            let at = pass.nowhere();
            pass.value(root, &at, Is::Text(Prose::Text));
        }
        Said::Document(root) => {
            let at = pass.root(root);
            pass.value(root, &at, Is::Within);
        }
        Said::Text(text, prose) => {
            let at = pass.nowhere();
            pass.value(text, &at, Is::Text(prose));
        }
    }
    (pass, below)
}
