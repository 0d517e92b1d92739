//! What of a provider's answer the caller may see.

use policy_model::json::{self, Kind, Value};
use policy_model::redaction::{Pass, Redactor};

use super::{Operation, models, said};
use crate::redacting::finish;
use crate::refusal::Refusal;
use crate::view::View;

/// The answer's text as the caller may see it; `None` if it stays as it is. For the operations that list models the redactor is that of
/// lists.
///
/// # Errors
/// The answer must not go on: the model is not one of the caller's, no reader can find all of it, or a redaction cannot be made.
pub(crate) fn see(
    view: &View<'_>,
    redactor: &Redactor<'_>,
    asked: Operation,
    body: Value<'_>,
) -> Result<Option<String>, Refusal> {
    let filtered = match asked {
        Operation::ListModels => models::filter_list(view, body)?,
        Operation::GetModel => models::filter_model(view, body)?,
        Operation::ChatCompletions | Operation::Responses | Operation::Messages | Operation::CountTokens => None,
    };
    if redactor.is_empty() {
        return Ok(filtered);
    }
    match filtered {
        None => redact(redactor, asked, body),
        Some(text) => {
            let document = json::parse(text.as_bytes()).map_err(|_| Refusal::Answer)?;
            let redacted = redact(redactor, asked, document.root())?;
            Ok(Some(redacted.unwrap_or_else(|| text.clone())))
        }
    }
}

fn redact(redactor: &Redactor<'_>, asked: Operation, body: Value<'_>) -> Result<Option<String>, Refusal> {
    if body.kind() != Kind::Object || body.duplicate_name().is_some() {
        return Err(Refusal::Answer);
    }
    let mut pass = Pass::new(redactor, body);
    match asked {
        Operation::ListModels | Operation::GetModel => said::redact_models(&mut pass, body),
        Operation::ChatCompletions | Operation::Responses | Operation::Messages | Operation::CountTokens => {
            said::redact_answer(&mut pass, body);
        }
    }
    finish(redactor, pass, body, body)
}
