//! What of an answer's body the caller may see.

use policy_model::json::{self, Value, quote};
use policy_model::redaction::{Prose, Redactor};

use super::body::Content;
use crate::redacting::{self, Said};
use crate::refusal::Refusal;

/// An answer's body, read as far as its content type says how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered<'d> {
    pub(crate) content: Content,
    pub(crate) bytes: &'d [u8],
    /// Where it is JSON.
    pub(crate) json: Option<Value<'d>>,
    /// Whether its status says that it is an error.
    pub(crate) is_error: bool,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum See {
    /// It stays.
    AsItCame,
    /// This text stands in its place.
    Instead(String),
}

impl See {
    pub(crate) fn of(text: Option<String>) -> See {
        text.map_or(See::AsItCame, See::Instead)
    }
}

/// A document with all redactions made in it, whatever it is.
pub(crate) fn redact_document(redactor: &Redactor<'_>, answered: &Answered<'_>) -> Result<See, Refusal> {
    match (answered.content, answered.json) {
        (Content::Json, None) => Err(Refusal::Answer),
        _ if redactor.is_empty() => Ok(See::AsItCame),
        (Content::Json, Some(root)) => Ok(See::of(redacting::redact(redactor, root, Said::Document(root))?)),
        (Content::Text, _) => redact_text(redactor, answered.bytes),
        (Content::Events | Content::Other, _) => Err(Refusal::Opaque),
    }
}

/// The same of a text, which is looked through like one in JSON.
fn redact_text(redactor: &Redactor<'_>, bytes: &[u8]) -> Result<See, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Answer)?;
    let document = json::parse_owned(quote(text)).map_err(|_| Refusal::Answer)?;
    let Some(redacted) = redacting::redact(redactor, document.root(), Said::Text(document.root(), Prose::Text))? else {
        return Ok(See::AsItCame);
    };
    let redacted = json::parse_owned(redacted).map_err(|_| Refusal::Answer)?;
    let text = redacted.root().as_str().ok_or(Refusal::Answer)?;
    Ok(See::Instead(text.into_owned()))
}
