//! JSON in texts, as the redactions look into it.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use policy_model::json::{self, Document};
use serde_json::value::RawValue;

/// A text that is JSON.
pub(super) struct Nested {
    pub(super) encoding: Encoding,
    pub(super) document: Document<'static>,
}

/// How a text is JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    Base64,
}

impl Encoding {
    /// The word for it in a path.
    pub(super) fn word(self) -> &'static str {
        match self {
            Encoding::Plain => "JSON",
            Encoding::Base64 => "base64",
        }
    }
}

impl Nested {
    pub(super) fn parse(text: &str) -> Option<Nested> {
        let trimmed = text.trim();
        if let Some(document) = parse(trimmed) {
            return Some(Nested { encoding: Encoding::Plain, document });
        }
        let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
        let decode = |engine: &base64::engine::GeneralPurpose| String::from_utf8(engine.decode(text).ok()?).ok();
        let document = engines.into_iter().find_map(decode).and_then(|text| parse(text.trim()))?;
        Some(Nested { encoding: Encoding::Base64, document })
    }
}

fn parse(text: &str) -> Option<Document<'static>> {
    text.starts_with(['{', '[', '"']).then(|| json::parse_owned(text.to_owned()).ok()).flatten()
}

/// A part of a text: an array or object, or what stands between.
pub(super) struct Segment {
    pub(super) range: Range<usize>,
    pub(super) document: Option<Document<'static>>,
    /// Whether it stands in a code block.
    pub(super) is_fenced: bool,
}

/// The arrays and objects in a text, and what stands between them; it begins and ends with the latter.
pub(super) fn segments(text: &str) -> Vec<Segment> {
    let plain = |range| Segment { range, document: None, is_fenced: false };
    let (mut list, mut end, mut at) = (Vec::new(), 0, 0);
    let mut is_fenced = false;
    let mut work = WORK_MAX;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(['{', '['])).map(|start| at + start) {
        let rest = text.get(start..).unwrap_or_default();
        let Some(left) = work.checked_sub(1) else { break };
        work = left;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let length = if let Some(Ok(_)) = values.next() { values.byte_offset() } else { 0 };
        let document = rest.get(..length).filter(|found| !found.is_empty()).and_then(parse);
        if document.is_none() {
            at = start + 1;
            continue;
        }
        let fences = text.get(end..start).unwrap_or_default().lines();
        is_fenced ^= fences.filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1;
        list.push(plain(end..start));
        list.push(Segment { range: start..start + length, document, is_fenced });
        end = start + length;
        at = end;
    }
    list.push(plain(end..text.len()));
    list
}

/// Most places in a text where an array or object may begin.
const WORK_MAX: usize = 1_000;
