//! Answers of agents and models with values in them that a redaction takes out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::{Strategy, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::{Value, json};

use super::forms::{COPIES, secret};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    A2aRpc03,
    A2aRpc10,
    A2aHttp03,
    A2aHttp10,
    Chat,
    Responses,
    Messages,
}

/// An answer, and what may not be seen of it.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    pub(super) text: String,
    pub(super) secrets: Vec<String>,
}

/// Something that is said in an answer.
#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Data(Value),
    File(Vec<u8>),
    Address(String),
}

impl Dialect {
    pub(super) const ALL: [Dialect; 7] = [
        Dialect::A2aRpc03,
        Dialect::A2aRpc10,
        Dialect::A2aHttp03,
        Dialect::A2aHttp10,
        Dialect::Chat,
        Dialect::Responses,
        Dialect::Messages,
    ];

    /// Where one asks for it.
    pub(super) fn path(self) -> &'static str {
        match self {
            Dialect::A2aRpc03 | Dialect::A2aRpc10 => "/support",
            Dialect::A2aHttp03 => "/support/v1/message:send",
            Dialect::A2aHttp10 => "/support/message:send",
            Dialect::Chat => "/llm/v1/chat/completions",
            Dialect::Responses => "/llm/v1/responses",
            Dialect::Messages => "/llm/v1/messages",
        }
    }

    /// What is in the request.
    pub(super) fn word(self) -> &'static str {
        match self {
            Dialect::A2aRpc03 => "\"message/send\"",
            Dialect::A2aRpc10 => "\"SendMessage\"",
            Dialect::A2aHttp03 | Dialect::A2aHttp10 => "hello",
            Dialect::Chat | Dialect::Responses | Dialect::Messages => "model",
        }
    }

    fn write(self, pieces: &[Piece], metadata: &Value, is_task: bool) -> Value {
        let parts: Vec<Value> = pieces.iter().map(|piece| self.part(piece, metadata)).collect();
        let rpc = |result: Value| json!({"jsonrpc": "2.0", "id": "r-1", "result": result});
        let status = |message: &Value, state| json!({"state": state, "message": message});
        match self {
            Dialect::A2aRpc03 => {
                let message = json!({"kind": "message", "messageId": "m-1", "role": "agent", "parts": parts,
                                     "metadata": metadata});
                let artifact = json!({"artifactId": "a-1", "parts": parts, "metadata": metadata});
                rpc(if is_task {
                    json!({"kind": "task", "id": "t-1", "contextId": "c-1", "status": status(&message, "completed"),
                           "artifacts": [artifact], "history": [message]})
                } else {
                    message
                })
            }
            Dialect::A2aRpc10 => rpc(payload(&parts, metadata, is_task)),
            Dialect::A2aHttp10 => payload(&parts, metadata, is_task),
            Dialect::A2aHttp03 => {
                let message = json!({"messageId": "m-1", "role": "ROLE_AGENT", "content": parts, "metadata": metadata});
                if is_task {
                    let artifact = json!({"artifactId": "a-1", "parts": parts});
                    json!({"task": {"id": "t-1", "contextId": "c-1",
                                    "status": {"state": "TASK_STATE_COMPLETED", "message": message},
                                    "artifacts": [artifact], "history": [message]}})
                } else {
                    json!({"msg": message})
                }
            }
            Dialect::Chat => {
                let calls: Vec<Value> = pieces
                    .iter()
                    .filter_map(|piece| match piece {
                        Piece::Data(data) => {
                            let function = json!({"name": "f", "arguments": data.to_string()});
                            Some(json!({"id": "call_1", "type": "function", "function": function}))
                        }
                        Piece::Text(_) | Piece::File(_) | Piece::Address(_) => None,
                    })
                    .collect();
                let texts: Vec<Value> = parts.iter().filter(|part| part["type"] == "text").cloned().collect();
                let content = match texts.as_slice() {
                    [one] if !is_task => one["text"].clone(),
                    _ => json!(texts),
                };
                let message = json!({"role": "assistant", "content": content, "tool_calls": calls});
                json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1_741_569_952, "model": "m",
                       "choices": [{"index": 0, "finish_reason": "stop", "message": message}], "metadata": metadata})
            }
            Dialect::Responses => {
                json!({"id": "resp_1", "object": "response", "status": "completed", "model": "m", "output": parts,
                       "metadata": metadata})
            }
            Dialect::Messages => {
                json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": parts,
                       "stop_reason": "end_turn"})
            }
        }
    }

    fn part(self, piece: &Piece, metadata: &Value) -> Value {
        let encoded = |bytes: &[u8]| STANDARD.encode(bytes);
        match (self, piece) {
            (Dialect::A2aRpc03, Piece::Text(text)) => json!({"kind": "text", "text": text, "metadata": metadata}),
            (Dialect::A2aRpc03, Piece::Data(data)) => json!({"kind": "data", "data": data}),
            (Dialect::A2aRpc03, Piece::File(bytes)) => {
                json!({"kind": "file", "file": {"bytes": encoded(bytes), "mimeType": "application/json", "name": "n"}})
            }
            (Dialect::A2aRpc03, Piece::Address(uri)) => json!({"kind": "file", "file": {"uri": uri}}),
            (Dialect::A2aRpc10 | Dialect::A2aHttp10, Piece::Data(data)) => json!({"data": data, "metadata": metadata}),
            (Dialect::A2aRpc10 | Dialect::A2aHttp10, Piece::File(bytes)) => {
                json!({"raw": encoded(bytes), "mediaType": "application/json", "filename": "n"})
            }
            (Dialect::A2aRpc10 | Dialect::A2aHttp10, Piece::Address(uri)) => json!({"url": uri}),
            (Dialect::A2aHttp03, Piece::Data(data)) => json!({"data": {"data": data}}),
            (Dialect::A2aHttp03, Piece::File(bytes)) => json!({"file": {"fileWithBytes": encoded(bytes)}}),
            (Dialect::A2aHttp03, Piece::Address(uri)) => json!({"file": {"fileWithUri": uri}}),
            (Dialect::A2aRpc10 | Dialect::A2aHttp10 | Dialect::A2aHttp03, Piece::Text(text)) => json!({"text": text}),
            (Dialect::Responses, Piece::Data(data)) => {
                json!({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f",
                       "arguments": data.to_string(), "status": "completed"})
            }
            (Dialect::Responses, Piece::Address(uri)) => {
                json!({"type": "function_call_output", "call_id": "call_1", "output": uri})
            }
            (Dialect::Responses, Piece::Text(text)) => {
                let content = json!([{"type": "output_text", "text": text, "annotations": []}]);
                json!({"type": "message", "id": "msg_1", "role": "assistant", "content": content})
            }
            (Dialect::Responses, Piece::File(bytes)) => {
                json!({"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": encoded(bytes)})
            }
            (Dialect::Messages, Piece::Data(data)) => {
                json!({"type": "tool_use", "id": "toolu_1", "name": "f", "input": data})
            }
            (Dialect::Messages, Piece::File(bytes)) => json!({"type": "redacted_thinking", "data": encoded(bytes)}),
            (Dialect::Messages, Piece::Address(uri)) => {
                json!({"type": "thinking", "thinking": uri, "signature": "EqoB"})
            }
            (Dialect::Chat, Piece::Data(_) | Piece::File(_)) => json!({"type": "call"}),
            (Dialect::Chat, Piece::Address(text)) | (Dialect::Chat | Dialect::Messages, Piece::Text(text)) => {
                json!({"type": "text", "text": text})
            }
        }
    }
}

/// A task or a message as version 1.0 writes it in both bindings.
fn payload(parts: &[Value], metadata: &Value, is_task: bool) -> Value {
    let message = json!({"messageId": "m-1", "role": "ROLE_AGENT", "parts": parts, "metadata": metadata});
    if !is_task {
        return json!({"message": message});
    }
    let artifact = json!({"artifactId": "a-1", "parts": parts});
    json!({"task": {"id": "t-1", "contextId": "c-1", "status": {"state": "TASK_STATE_COMPLETED", "message": message},
                    "artifacts": [artifact], "history": [message], "metadata": metadata}})
}

/// Answers in which a value stands where the path leads, or a card number in a text, and maybe once more somewhere else.
pub(super) fn answers(dialect: Dialect) -> impl Strategy<Value = Planted> {
    let card = select(CARDS).prop_map(str::to_owned);
    (secret(), card).prop_flat_map(move |(secret, card)| {
        let pieces = prop::collection::vec(piece(secret.clone(), card.clone()), 1..4);
        let metadata = prop_oneof![
            2 => proptest::prelude::Just(json!({"note": "none"})),
            1 => proptest::prelude::Just(json!({"ssn": secret})),
        ];
        // At one place it is what the path leads to; a copy alone is nothing that anybody takes out.
        let first = data(secret.clone()).prop_map(Piece::Data);
        (first, pieces, metadata, proptest::prelude::any::<bool>()).prop_map(
            move |(first, mut pieces, metadata, is_task)| {
                pieces.insert(0, first);
                let text = dialect.write(&pieces, &metadata, is_task).to_string();
                Planted { text, secrets: vec![secret.clone(), card.clone()] }
            },
        )
    })
}

fn piece(secret: String, card: String) -> impl Strategy<Value = Piece> {
    let json = json!({"ssn": secret}).to_string();
    let texts = vec![
        json.clone(),
        format!("Here it is:\n```json\n{json}\n```\nAnything else?"),
        format!("The record is {json}."),
        json!({"body": json}).to_string(),
        STANDARD.encode(&json),
        format!("My card is {card}, thanks"),
        "Nothing to see".to_owned(),
    ];
    let copies: Vec<String> = COPIES.iter().map(|copy| copy(&secret)).collect();
    let files = vec![json.clone().into_bytes(), b"plain words".to_vec(), format!("x,{secret}\n").into_bytes()];
    prop_oneof![
        6 => select(texts).prop_map(Piece::Text),
        4 => data(secret.clone()).prop_map(Piece::Data),
        2 => select(files).prop_map(Piece::File),
        1 => select(copies.clone()).prop_map(Piece::Text),
        1 => select(copies.clone()).prop_map(|copy| Piece::Data(json!({"note": copy}))),
        1 => select(copies).prop_map(|copy| Piece::Address(format!("https://files.example/a?t={copy}"))),
    ]
}

/// Data in which the path leads to the value.
fn data(secret: String) -> impl Strategy<Value = Value> {
    let json = json!({"ssn": secret});
    let once = json.to_string();
    select(vec![
        json.clone(),
        json!({"rows": [1, {"ssn": secret, "n": 1.50}]}),
        json!({"ssn": {"value": [secret]}}),
        json!({"body": once}),
        json!({"body": json!({"inner": once}).to_string()}),
        json!({"blob": STANDARD.encode(&once)}),
    ])
}

const CARDS: &[&str] = &["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"];
