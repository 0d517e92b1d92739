//! JSONTestSuite: what every JSON parser must take is taken, what none may take is refused.
#![cfg(test)]

#[path = "support/corpora.rs"]
mod corpora;

use std::fs;
use std::path::Path;

use policy_model::json::{self, ParseErrorKind};

#[test]
fn texts_that_every_parser_must_accept_are_accepted() {
    check("y_", 95, |_, bytes| json::parse(bytes).map(drop).map_err(|error| error.to_string()));
}

#[test]
fn texts_that_every_parser_must_refuse_are_refused() {
    check("n_", 188, |_, bytes| match json::parse(bytes) {
        Ok(_) => Err("accepted".to_owned()),
        Err(_) => Ok(()),
    });
}

/// The suite leaves these to the implementation: numbers are taken at any size, everything else is refused.
#[test]
fn texts_that_are_left_to_the_implementation_are_accepted_only_as_numbers() {
    check("i_", 35, |name, bytes| {
        let expected = if name.starts_with("i_number_") {
            None
        } else if name.starts_with("i_structure_500_nested") {
            Some(ParseErrorKind::TooDeep)
        } else if name == "i_structure_UTF-8_BOM_empty_object.json" {
            Some(ParseErrorKind::UnexpectedByte)
        } else if std::str::from_utf8(bytes).is_err() {
            Some(ParseErrorKind::InvalidUtf8)
        } else if name.starts_with("i_string_utf16") {
            Some(ParseErrorKind::UnexpectedByte)
        } else {
            Some(ParseErrorKind::LoneSurrogate)
        };
        let got = json::parse(bytes).err().map(|error| error.kind);
        if got == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {got:?}")) }
    });
}

/// Runs one class of files, told by the prefix of their names; there are at least `files_min`.
fn check(prefix: &str, files_min: usize, is_right: impl Fn(&str, &[u8]) -> Result<(), String>) {
    let Some(suite) = corpora::folder("JSONTestSuite") else { return };
    let files = files(&suite.join("test_parsing"), prefix);
    assert!(files.len() >= files_min, "found {} files {prefix}*, expected {files_min}", files.len());
    let wrong: Vec<String> = files
        .iter()
        .filter_map(|(name, bytes)| is_right(name, bytes).err().map(|what| format!("{name}: {what}")))
        .collect();
    println!("JSONTestSuite: {} files {prefix}*, {} wrong", files.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn files(folder: &Path, prefix: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let named = entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path()));
    named.filter(|(name, _)| name.starts_with(prefix)).map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}
