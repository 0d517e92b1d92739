//! One event sent to one function, as often as it is to be, and what came back.

use std::time::Duration;

use bytes::Bytes;

use crate::failure::Failure;
use crate::json::Json;
use crate::runtime_api::Outcome;
use crate::stage::{Role, Stage};

/// What is sent, and how often.
pub(super) struct Sending<'a> {
    pub(super) event: &'a Bytes,
    pub(super) client_context: Option<&'a str>,
    pub(super) times: u32,
}

/// What came back.
pub(super) struct Answers {
    pub(super) reply: Bytes,
    pub(super) audit_lines: Vec<Json>,
    pub(super) elapsed: Duration,
    /// What was wrong whatever the case expects.
    pub(super) faults: Vec<String>,
}

/// Why nothing did.
pub(super) struct Trouble {
    pub(super) got: &'static str,
    pub(super) text: String,
}

impl Sending<'_> {
    /// Sends the event to the function of a role; the first reply counts, and all others must be like it.
    pub(super) async fn to(&self, stage: &mut Stage, role: &Role) -> Result<Result<Answers, Trouble>, Failure> {
        let function = match stage.function(role).await {
            Ok(function) => function,
            Err(Failure::Run(text)) => return Ok(Err(Trouble { got: "no start", text })),
            Err(failure @ (Failure::Input(_) | Failure::ReaderGone)) => return Err(failure),
        };
        let mut answers: Option<Answers> = None;
        for _ in 0..self.times {
            let invocation = function.invoke_with(self.event.clone(), self.client_context, INVOKE_TIMEOUT).await;
            let trouble = |got, text| Ok(Err(Trouble { got, text }));
            let reply = match invocation.outcome {
                Outcome::Reply(reply) => reply,
                Outcome::Error(error) => {
                    let text = format!("the function reported an error: {}", String::from_utf8_lossy(&error));
                    return trouble("error", text);
                }
                Outcome::TimedOut => {
                    return trouble("timeout", format!("no reply within {INVOKE_TIMEOUT:?}{}", function.account()));
                }
                Outcome::Exited => {
                    return trouble("exited", format!("the function process ended{}", function.account()));
                }
            };
            let elapsed = invocation.elapsed;
            let first = Answers { reply: reply.clone(), audit_lines: vec![], elapsed, faults: vec![] };
            let answers = answers.get_or_insert(first);
            if answers.reply != reply {
                answers.faults.push("the same event sent again got another reply".to_owned());
            }
            match function.audit_line(&invocation.request_id, AUDIT_TIMEOUT).await.as_deref().map(str::as_bytes) {
                None => answers.faults.push(format!("no audit line within {AUDIT_TIMEOUT:?}")),
                Some(line) => answers.audit_lines.extend(Json::parse(line)),
            }
            let count = function.audit_line_count(&invocation.request_id);
            if count > 1 {
                answers.faults.push(format!("{count} audit lines for one decision"));
            }
        }
        // An event is sent at least once, so there is an answer.
        Ok(answers.ok_or_else(|| Trouble { got: "nothing", text: "the event was never sent".to_owned() }))
    }
}

const INVOKE_TIMEOUT: Duration = Duration::from_secs(30);
const AUDIT_TIMEOUT: Duration = Duration::from_secs(5);
