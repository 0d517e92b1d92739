//! What an operator captured: a message, its result, or what a tool returns in it.

use clap::ValueEnum;
use policy_model::json::{self, Document, Kind, Value, quote};

use crate::excerpt::visible;
use crate::failure::Failure;
use crate::input;

/// A captured text as the message that it is, or stands in.
pub(crate) struct Sample {
    pub(crate) frame: Frame,
    pub(crate) document: Document<'static>,
}

/// What of a message was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Frame {
    /// A whole JSON-RPC message: a result, an error, or a request of the server
    Message,
    /// The result of one
    Result,
    /// JSON that a tool returns as structuredContent
    Structured,
    /// Text that a tool returns as a content item
    Text,
}

impl Sample {
    pub(crate) fn read(file: &str, wanted: Option<Frame>) -> Result<Sample, Failure> {
        let name = visible(input::name(file));
        let wrong = |what: String| Failure::input(format!("{name}: {what}"));
        let bytes = input::read(file, SAMPLE_BYTES_MAX, "captured result")?;
        if bytes.len() > SAMPLE_BYTES_MAX {
            return Err(wrong(format!(
                "longer than {SAMPLE_BYTES_MAX} bytes, which is more than Lambda hands to an interceptor; capture a shorter answer"
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to();
            wrong(format!("invalid UTF-8 at byte {place}; messages are UTF-8, as in `iconv -f UTF-16 -t UTF-8`"))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if text.trim().is_empty() {
            return Err(wrong(format!("empty; {EXPECTED}")));
        }
        let frame = wanted.map_or_else(|| recognize(text), Ok).map_err(wrong)?;
        let message = frame.message(text);
        let document = json::parse_owned(message).map_err(|error| match json::parse(text.as_bytes()) {
            Err(error) => wrong(format!("not JSON: {error}; a text that is none is given with --as text")),
            Ok(_) => wrong(format!("as a part of a message it is not JSON that is read: {error}")),
        })?;
        Ok(Sample { frame, document })
    }

    /// What was given, or has become of it, in a message that has it.
    pub(crate) fn given<'d>(&self, message: Value<'d>) -> Option<Value<'d>> {
        match self.frame {
            Frame::Message => Some(message),
            Frame::Result => message.get("result"),
            Frame::Structured => message.get("result")?.get("structuredContent"),
            Frame::Text => message.get("result")?.get("content")?.elements().next()?.get("text"),
        }
    }
}

impl Frame {
    /// How it is called in a report.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Frame::Message => "a JSON-RPC message",
            Frame::Result => "the result of a message",
            Frame::Structured => "JSON that a tool returns (structuredContent)",
            Frame::Text => "text that a tool returns (a content item)",
        }
    }

    /// A message that has the text in it.
    fn message(self, text: &str) -> String {
        let result = match self {
            Frame::Message => return text.to_owned(),
            Frame::Result => text.to_owned(),
            Frame::Structured => format!("{{\"content\":[],\"structuredContent\":{text}}}"),
            Frame::Text => format!("{{\"content\":[{{\"type\":\"text\",\"text\":{}}}]}}", quote(text)),
        };
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{result}}}")
    }
}

fn recognize(text: &str) -> Result<Frame, String> {
    let document = match json::parse(text.as_bytes()) {
        Ok(document) => document,
        Err(error) if text.trim_start().starts_with(['{', '[', '"']) => {
            return Err(format!("not JSON: {error}; a text that is none is given with --as text"));
        }
        Err(_) if text.lines().any(|line| line.starts_with("data:")) => {
            return Err("a stream of events; give the JSON after \"data:\" of one of them, or --as text".to_owned());
        }
        Err(_) => return Ok(Frame::Text),
    };
    let root = document.root();
    let has = |name: &str| root.get(name).is_some();
    if has("interceptorInputVersion") && has("mcp") {
        let body = ".mcp.gatewayResponse.body";
        return Err(format!("an event of the gateway, not an answer; take the answer out of it with `jq {body}`"));
    }
    let is_message = |value: Value<'_>| value.members().all(|member| MESSAGE.iter().any(|own| member.name.is_str(own)));
    if has("jsonrpc") || (has("id") && (has("result") || has("error")) && is_message(root)) {
        return Ok(Frame::Message);
    }
    Ok(if is_result(root) { Frame::Result } else { Frame::Structured })
}

/// Whether an object has the members of an MCP result.
fn is_result(root: Value<'_>) -> bool {
    let is_list_of = |name: &str, member: &str| {
        root.get(name).is_some_and(|list| {
            list.kind() == Kind::Array && list.elements().all(|element| element.get(member).is_some())
        })
    };
    is_list_of("content", "type")
        || is_list_of("contents", "uri")
        || is_list_of("messages", "role")
        || root.get("structuredContent").is_some()
        || root.get("resultType").is_some_and(|kind| kind.kind() == Kind::String)
        || root.get("task").is_some_and(|task| task.get("taskId").is_some())
}

const EXPECTED: &str = "expected a captured message, its result, or what a tool returns: JSON or text";

/// The members of a message.
pub(super) const MESSAGE: &[&str] = &["jsonrpc", "id", "result", "error", "method", "params"];

/// Longest captured text, in bytes: what Lambda takes.
const SAMPLE_BYTES_MAX: usize = 6 << 20;
