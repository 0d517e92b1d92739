//! A search for values in a text that decodes whatever it can.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memmem::Finder;
use serde_json::Value;

/// Which of some values a message still says, in any form.
pub(crate) fn find<'c>(message: &Value, canaries: &[&'c str]) -> Option<&'c str> {
    let mut all = Vec::new();
    texts(message, &mut all);
    let wanted: Vec<(Finder<'_>, &str)> = canaries.iter().map(|canary| (Finder::new(*canary), *canary)).collect();
    let found =
        |bytes: &[u8]| wanted.iter().find(|(finder, _)| finder.find(bytes).is_some()).map(|(_, canary)| *canary);
    all.iter().find_map(|text| {
        found(text.as_bytes())
            .or_else(|| percent_decoded(text).iter().find_map(|bytes| found(bytes)))
            .or_else(|| runs(text, |byte| byte.is_ascii_hexdigit()).find_map(|run| of_hexadecimal(run, &found)))
            .or_else(|| {
                let joined: String = text.split(['\r', '\n']).collect();
                runs(&joined, is_base64).find_map(|run| of_base64(run, &found))
            })
    })
}

/// Everything that a value says: names, numbers, strings, and what is said in them as JSON.
fn texts(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => all.push(number.to_string()),
        Value::String(text) => add(text, 6, all),
        Value::Array(items) => items.iter().for_each(|item| texts(item, all)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            add(name, 6, all);
            texts(value, all);
        }),
    }
}

/// A text, and what it says once its escapes are read.
fn add(text: &str, layers: usize, all: &mut Vec<String>) {
    all.push(text.to_owned());
    if layers == 0 || !text.contains('\\') {
        return;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(inner) => texts(&inner, all),
        Err(_) => add(&unescaped(text), layers - 1, all),
    }
}

/// A text among which stands JSON, without its escapes.
fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            out.extend(letter.to_string().encode_utf16());
            continue;
        }
        match rest.next() {
            Some('n') => out.push(10),
            Some('r') => out.push(13),
            Some('t') => out.push(9),
            Some('u') => {
                let digits: String = rest.by_ref().take(4).collect();
                out.push(u16::from_str_radix(&digits, 16).unwrap_or(0));
            }
            Some(other) => out.extend(other.to_string().encode_utf16()),
            None => {}
        }
    }
    String::from_utf16_lossy(&out)
}

/// With plus signs as they are, and as spaces.
fn percent_decoded(text: &str) -> Vec<Vec<u8>> {
    if !text.contains('%') {
        return Vec::new();
    }
    let (mut plain, mut form) = (Vec::new(), Vec::new());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|two| u8::from_str_radix(str::from_utf8(two).ok()?, 16).ok());
        rest = if code.is_some() { &after[2..] } else { after };
        plain.push(code.unwrap_or(*first));
        form.push(code.unwrap_or(if *first == b'+' { b' ' } else { *first }));
    }
    vec![plain, form]
}

fn runs(text: &str, is_part: fn(u8) -> bool) -> impl Iterator<Item = &[u8]> {
    text.as_bytes().split(move |byte| !is_part(*byte)).filter(|run| run.len() >= 12)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

fn of_hexadecimal<'c>(run: &[u8], found: &impl Fn(&[u8]) -> Option<&'c str>) -> Option<&'c str> {
    (0..2).find_map(|start| {
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
        let bytes: Vec<u8> = run[start..].chunks_exact(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect();
        found(&bytes)
    })
}

fn of_base64<'c>(run: &[u8], found: &impl Fn(&[u8]) -> Option<&'c str>) -> Option<&'c str> {
    let plain: Vec<u8> = run
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    (0..4).find_map(|start| {
        let rest = plain.get(start..)?;
        let whole = if rest.len() % 4 == 1 { &rest[..rest.len() - 1] } else { rest };
        found(&engine.decode(whole).ok()?)
    })
}
