//! Inference: a request to a model in the three forms that a gateway's targets speak, and what of the answer may be seen.
//!
//! In reading order: `operation` is what can be asked, [`InferenceRequest`] what a request says (`members` which members it may
//! have, `tokens` how much it may make, `reach` what it may not reach past the gateway), [`InferenceFault`] why it is none;
//! `answer` is what comes back, `models` of lists, `said` of what a model says, by the `words` of the three forms.

mod answer;
pub(crate) mod fault;
mod members;
mod models;
mod numbers;
mod operation;
mod reach;
mod said;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use std::borrow::Cow;

use policy_model::ModelName;
use policy_model::json::{Kind, Value};

use crate::headers::Found;
use crate::http::ask::{Ask, Verb};

pub(crate) use answer::see;
pub(crate) use fault::InferenceFault;
pub(crate) use operation::Operation;
pub(crate) use words::{is_base64, is_blob};

/// A checked request: nobody can read another model, another bound or another way of answering in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InferenceRequest<'d> {
    /// What is asked.
    pub(crate) operation: Operation,
    /// The model as the caller wrote it, perhaps behind a target and a slash; fits [`ModelName`]. None for the list of all.
    pub(crate) model: Option<Cow<'d, str>>,
    /// Whether the answer is to come as a stream of events, which no RESPONSE point sees.
    pub(crate) streams: bool,
    /// The most tokens that the model may make, as the request itself says; none if it does not say.
    pub(crate) max_tokens: Option<u64>,
}

impl<'d> InferenceRequest<'d> {
    /// Takes the request of an inference binding.
    ///
    /// # Errors
    /// [`InferenceFault`]: the request must be refused.
    pub(crate) fn parse(ask: &Ask<'d>) -> Result<InferenceRequest<'d>, InferenceFault> {
        let (operation, named) = Operation::of(ask.verb, ask.rest).ok_or(InferenceFault::Operation)?;
        operation::check_query(operation, ask.query)?;
        match ask.verb {
            Verb::Post => {
                check_content_type(ask)?;
                InferenceRequest::read(operation, ask.body.ok_or(InferenceFault::Body)?)
            }
            Verb::Get | Verb::Delete if ask.body.is_some() => Err(InferenceFault::Body),
            Verb::Get | Verb::Delete => {
                let model = named.map(Cow::Borrowed);
                Ok(InferenceRequest { operation, model, streams: false, max_tokens: None })
            }
        }
    }

    fn read(operation: Operation, body: Value<'d>) -> Result<InferenceRequest<'d>, InferenceFault> {
        if body.kind() != Kind::Object {
            return Err(InferenceFault::Body);
        }
        if body.duplicate_name().is_some() {
            return Err(InferenceFault::AmbiguousMember);
        }
        members::check(operation, body)?;
        let model = body.get("model").and_then(Value::as_str).filter(|model| is_model(model));
        let model = Some(model.ok_or(InferenceFault::Model)?);
        let streams = match body.get("stream").map(Value::text) {
            None | Some("null" | "false") => false,
            Some("true") => true,
            Some(_) => return Err(InferenceFault::Stream),
        };
        let max_tokens = tokens::max_tokens(operation, body)?;
        reach::check(operation, body)?;
        Ok(InferenceRequest { operation, model, streams, max_tokens })
    }
}

/// Whether a text is a model's name, and in a path that it becomes part of leads nowhere else.
fn is_model(text: &str) -> bool {
    ModelName::parse(text).is_some() && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The body is JSON in UTF-8, and says nothing else.
fn check_content_type(ask: &Ask<'_>) -> Result<(), InferenceFault> {
    let written = match ask.headers.find("content-type") {
        Found::Nothing => return Ok(()),
        Found::One(written) => written,
        Found::Ambiguous => return Err(InferenceFault::ContentType),
    };
    let mut parts = written.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let is_utf_8 = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        Some(_) => true,
        None => false,
    };
    if is_json && parts.all(is_utf_8) { Ok(()) } else { Err(InferenceFault::ContentType) }
}
