//! A body that cannot be read is never passed.
//!
//! What holds: the base64 is strict for every protocol and content type; what is said to be JSON is JSON, and in the protocols
//! that are decided by their messages nothing stands twice in it; a text that is sent is UTF-8. Bytes of which nobody says what
//! they are pass as they came, but for a caller for whom something would be taken out.

use std::cell::Cell;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interceptors::event::Point;
use proptest::prelude::{Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::Value;

use super::events::{answer_with, body_text};
use super::samples::{self, Sample};
use super::stage::{HttpStage, PLAIN, REDACTED};
use crate::mutation::{ByteChange, byte_changes, runner};
use crate::twins::has_twins;

#[test]
fn a_body_that_cannot_be_read_does_not_reach_the_target() {
    let stage = HttpStage::start();
    let token = &stage.caller(PLAIN).token;
    let samples: Vec<Sample> = samples::all().into_iter().filter(|sample| sample.asked.body.is_some()).collect();
    let (sent, kept) = (Cell::new(0), Cell::new(0));
    runner(3_000)
        .run(&(select(samples), corruption()), |(sample, corruption)| {
            let body = corruption.make(sample.asked.body.as_deref().unwrap());
            let event = sample.asked.event_with(token, Some(&body));
            let received = stage.send(Point::Request, &event, &stage.new_id());
            if let Some(goes_on) = received.body() {
                assert!(is_read(&sample, &body, true), "{event}\n{received:?}");
                assert_eq!(goes_on, if body.is_empty() { String::new() } else { body_text(&event) }, "{event}");
                sent.set(sent.get() + 1);
            } else {
                assert!(received.is_refused());
                kept.set(kept.get() + 1);
            }
            Ok(())
        })
        .unwrap();
    assert!(sent.get() > 100 && kept.get() > 1_000, "{} {}", sent.get(), kept.get());
}

#[test]
fn a_body_that_cannot_be_read_does_not_reach_the_caller() {
    let stage = HttpStage::start();
    let mut exchanges = Vec::new();
    for tenant in [PLAIN, REDACTED] {
        for sample in samples::all() {
            let request_id = stage.new_id();
            let event = sample.asked.event(&stage.caller(tenant).token);
            let received = stage.send(Point::Request, &event, &request_id);
            assert!(!received.is_refused(), "{event} {received:?}");
            exchanges.push((tenant, sample, request_id));
        }
    }
    let (passed, kept) = (Cell::new(0), Cell::new(0));
    runner(4_000)
        .run(&(select(exchanges), corruption()), |((tenant, sample, request_id), corruption)| {
            let body = corruption.make(&sample.answer);
            let event = answer_with(sample.content_type, &body);
            let received = stage.send(Point::Response, &event, &request_id);
            if received.is_refused() {
                kept.set(kept.get() + 1);
                return Ok(());
            }
            passed.set(passed.get() + 1);
            assert!(is_read(&sample, &body, tenant == REDACTED), "{event}\n{received:?}");
            assert!(tenant == PLAIN || body.is_empty() || sample.content_type != OPAQUE, "{event}\n{received:?}");
            if sample.protocol == "HTTP" && tenant == PLAIN {
                assert_eq!(received.body(), Some(body_text(&event).as_str()), "{event}");
            }
            Ok(())
        })
        .unwrap();
    assert!(passed.get() > 100 && kept.get() > 1_000, "{} {}", passed.get(), kept.get());
}

/// Whether a body is what its sample says; `strictly` where somebody decides by it or takes something out of it.
fn is_read(sample: &Sample, body: &str, strictly: bool) -> bool {
    let Some(bytes) = read_base64(body) else { return false };
    let is_json = sample.content_type == "application/json";
    let is_decided_by = sample.protocol != "HTTP";
    let text = std::str::from_utf8(&bytes);
    match (is_json, sample.content_type) {
        (true, _) if bytes.is_empty() => true,
        (true, _) => text.is_ok_and(|text| {
            let is_single = !(strictly && is_decided_by && has_twins(text));
            serde_json::from_str::<Value>(text).is_ok() && is_single
        }),
        (false, OPAQUE) => true,
        (false, _) => !strictly || text.is_ok(),
    }
}

/// Base64 by the book (RFC 4648, section 4): by other code than the interceptors read it with.
fn read_base64(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        Some(u32::from(value))
    };
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for byte in digits.bytes() {
        bits = bits << 6 | digit(byte)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0 && count < 6).then_some(bytes)
}

/// What happens to a body.
#[derive(Debug, Clone)]
enum Corruption {
    /// To its bytes, which are encoded as they should be.
    Bytes(Vec<ByteChange>),
    /// To the text of their base64.
    Base64(Vec<ByteChange>),
    /// Characters of the text are replaced by others of base64: mostly still base64, of other bytes.
    Digits(Vec<ByteChange>),
    /// As some encoders write it.
    Spelling(usize),
}

fn corruption() -> impl Strategy<Value = Corruption> {
    prop_oneof![
        3 => byte_changes().prop_map(Corruption::Bytes),
        3 => byte_changes().prop_map(Corruption::Base64),
        2 => byte_changes().prop_map(Corruption::Digits),
        2 => any::<proptest::sample::Index>().prop_map(|index| Corruption::Spelling(index.index(SPELLINGS.len()))),
    ]
}

impl Corruption {
    fn make(&self, bytes: &[u8]) -> String {
        let changed = |mut bytes: Vec<u8>, changes: &[ByteChange]| {
            changes.iter().for_each(|change| change.make(&mut bytes));
            bytes
        };
        let text = STANDARD.encode(bytes);
        match self {
            Corruption::Bytes(changes) => STANDARD.encode(changed(bytes.to_vec(), changes)),
            Corruption::Base64(changes) => String::from_utf8_lossy(&changed(text.into_bytes(), changes)).into_owned(),
            Corruption::Digits(changes) => changed(text.into_bytes(), changes)
                .into_iter()
                .map(|byte| if byte.is_ascii_alphanumeric() || b"+/=".contains(&byte) { char::from(byte) } else { 'A' })
                .collect(),
            Corruption::Spelling(index) => SPELLINGS[*index](&text),
        }
    }
}

const SPELLINGS: [fn(&str) -> String; 7] = [
    |text| text.trim_end_matches('=').to_owned(),
    |text| text.replace('+', "-").replace('/', "_"),
    |text| format!("{text}\n"),
    |text| format!(" {text}"),
    |text| format!("{text}===="),
    |text| format!("{text}{text}"),
    |text| {
        let (head, tail) = text.split_at(text.len() / 2);
        format!("{head}\r\n{tail}")
    },
];

const OPAQUE: &str = "application/octet-stream";

#[test]
fn the_second_reader_of_base64_reads_it() {
    for bytes in [&b""[..], b"a", b"ab", b"abc", &[0, 255, 254, 7]] {
        assert_eq!(read_base64(&STANDARD.encode(bytes)).as_deref(), Some(bytes));
    }
    for wrong in ["YQ", "YQ=", "YR==", "YQ==YQ==", "Y", "====", "=", "YQ=\n", "-_-_"] {
        assert_eq!(read_base64(wrong), None, "{wrong}");
    }
}
