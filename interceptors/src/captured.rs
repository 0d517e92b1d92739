//! A message of a target that somebody captured, to try redactions on: taken as the RESPONSE point takes it.

use std::borrow::Cow;

use policy_model::json::Value;

use crate::answer::{Answer, is_misspelt_task};
use crate::question::part_uris;
use crate::redacting::Said;
use crate::refusal::Refusal;
use crate::spelling::is_misspelt;
use crate::task::says_task;
use crate::tool_result::RESULT;

/// A captured message.
#[derive(Debug, Clone, Copy)]
pub struct Captured<'d> {
    /// The whole message.
    pub body: Value<'d>,
    /// What of it the redactions are about; nothing of a request without parameters.
    pub said: Option<Said<'d>>,
}

impl<'d> Captured<'d> {
    /// Takes the answer to a call of a tool, or to another request.
    ///
    /// # Errors
    /// [`Refusal::Answer`] if it could be read in two ways, or is no answer.
    pub fn parse(body: Value<'d>, is_call: bool) -> Result<Captured<'d>, Refusal> {
        let answer = Answer::parse(body)?;
        let is_task = is_call && answer.result().is_some_and(says_task);
        let is_unclear = |result| is_misspelt(result, RESULT) || (is_task && is_misspelt_task(result));
        if answer.result().is_some_and(is_unclear) {
            return Err(Refusal::Answer);
        }
        Ok(Captured { body, said: answer.said(is_task) })
    }

    /// The addresses of the resources that it has parts of, whose redactions apply as well.
    pub fn part_uris(&self) -> Vec<Cow<'d, str>> {
        match self.said {
            Some(Said::Result(result) | Said::Task(result)) => part_uris(result),
            Some(Said::List(_) | Said::Error(_) | Said::ServerRequest(_) | Said::Document(_) | Said::Text(..))
            | None => Vec::new(),
        }
    }
}
