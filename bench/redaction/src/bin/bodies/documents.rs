//! What agents and models answer, at the size of a megabyte.

use serde_json::{Value, json};

/// Who answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An agent: a task with artifacts, one part of data for each of text.
    A2aTask,
    /// A model: texts, and the arguments of tools as JSON in strings.
    ChatCompletion,
}

impl Kind {
    pub(crate) const ALL: [Kind; 2] = [Kind::A2aTask, Kind::ChatCompletion];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::A2aTask => "A2A task with parts",
            Kind::ChatCompletion => "Chat completion",
        }
    }

    /// An answer of about that many bytes.
    pub(crate) fn answer(self, bytes: usize) -> String {
        let count = bytes / self.entry(0).to_string().len();
        let entries: Vec<Value> = (0..count as u64).map(|number| self.entry(number)).collect();
        let answer = match self {
            Kind::A2aTask => json!({"jsonrpc": "2.0", "id": "r-1", "result": {
                "kind": "task", "id": "t-1", "contextId": "c-1",
                "status": {"state": "completed", "timestamp": "2026-11-22T10:15:00Z"}, "artifacts": entries}}),
            Kind::ChatCompletion => json!({
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1_741_569_952, "model": "gpt-5",
                "choices": entries, "usage": {"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29}}),
        };
        answer.to_string()
    }

    /// A request of about that many bytes.
    pub(crate) fn request(self, bytes: usize) -> String {
        let count = bytes / (sentences(0).len() + 40);
        let texts = (0..count as u64).map(sentences);
        let request = match self {
            Kind::A2aTask => {
                let parts: Vec<Value> = texts.map(|text| json!({"kind": "text", "text": text})).collect();
                let message = json!({"kind": "message", "messageId": "m-1", "role": "user", "parts": parts});
                json!({"jsonrpc": "2.0", "id": "r-1", "method": "message/send", "params": {"message": message}})
            }
            Kind::ChatCompletion => {
                let messages: Vec<Value> = texts.map(|text| json!({"role": "user", "content": text})).collect();
                json!({"model": "gpt-5", "max_completion_tokens": 300, "messages": messages})
            }
        };
        request.to_string()
    }

    pub(crate) fn path(self) -> &'static str {
        match self {
            Kind::A2aTask => "/support",
            Kind::ChatCompletion => "/llm/v1/chat/completions",
        }
    }

    fn entry(self, number: u64) -> Value {
        // Spread, and the same in every run.
        let spread = number.wrapping_mul(2_654_435_761) % 1_000_000_000;
        let record = json!({
            "id": number, "name": format!("Customer {spread}"), "amount": spread % 5_000, "tags": ["late", "gold"],
            "ssn": format!("{:03}-{:02}-{:04}", spread % 899 + 100, spread % 98 + 1, spread % 9_998 + 1),
            "address": {"street": format!("{} Main Street", spread % 999), "city": "Springfield"}});
        match self {
            Kind::A2aTask => json!({
                "artifactId": format!("a-{number}"), "name": "report",
                "parts": [{"kind": "text", "text": sentences(number)}, {"kind": "data", "data": {"customer": record}}]}),
            Kind::ChatCompletion => json!({
                "index": number, "finish_reason": "stop", "message": {
                    "role": "assistant", "content": sentences(number),
                    "tool_calls": [{"id": format!("call_{number}"), "type": "function",
                                    "function": {"name": "update", "arguments": record.to_string()}}]}}),
        }
    }
}

/// Some words, with a card number in every twentieth of them.
fn sentences(number: u64) -> String {
    let card = if number.is_multiple_of(20) { " It was paid with 4111 1111 1111 1111." } else { "" };
    format!(
        "The customer called in the morning and asked where the parcel is; the carrier says that it was handed over, and the \
         neighbours know nothing of it.\nShe wants it to be sent again, \"or the money back\", by the end of the week.{card} The desk \
         looks into it, and answers by order {number} before Friday."
    )
}

/// Two paths and a detector, as most tenants have them.
pub(crate) fn redactions() -> Value {
    let resources = ["agent:agent:*", "agent:model:*"];
    json!([{"resources": resources, "path": "$..ssn", "action": "MASK"},
           {"resources": resources, "path": "$..customer.address", "action": "REMOVE"},
           {"resources": resources, "detect": ["PAYMENT_CARD"], "action": "MASK"}])
}

/// The size of a body.
pub(crate) const BYTES: usize = 1_000_000;
