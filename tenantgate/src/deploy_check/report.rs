//! What is the same and what differs, for people and for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Check, Compared};
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::unseen::escaped;

/// A table for each function; the last line says whether all is the same.
pub(crate) fn write_text(out: &mut impl Write, all: &[Compared], colour: Colour) -> io::Result<()> {
    for Compared { what, outcome } in all {
        writeln!(out, "{}", visible(what))?;
        match outcome {
            Err(error) => writeln!(out, "  {}  {}", colour.ink("1;31", "UNREACHABLE"), visible(error))?,
            Ok(checks) => {
                for check in checks {
                    write_check(out, check, colour)?;
                }
            }
        }
    }
    let differing = all.iter().filter(|compared| !compared.is_same()).count();
    match differing {
        0 => writeln!(out, "what is deployed is what was built"),
        _ => writeln!(out, "{differing} of {} not as built", all.len()),
    }
}

fn write_check(out: &mut impl Write, check: &Check, colour: Colour) -> io::Result<()> {
    let Check { name, expected, found, remedy } = check;
    let width = NAME_WIDTH;
    if check.is_same() {
        return writeln!(out, "  {name:width$}  same       {}", visible(found));
    }
    let found = if found.is_empty() { "not told" } else { found };
    writeln!(out, "  {name:width$}  {}  {}", colour.ink("1;31", "DIFFERENT"), visible(found))?;
    writeln!(out, "  {:width$}  expected   {}", "", visible(expected))?;
    writeln!(out, "  {:width$}  remedy     {remedy}", "")
}

/// One JSON document, in which every character is seen.
pub(crate) fn write_json(out: &mut impl Write, all: &[Compared]) -> io::Result<()> {
    let check = |check: &Check| {
        let Check { name, expected, found, remedy } = check;
        json!({"check": name, "same": check.is_same(), "expected": expected, "found": found, "remedy": remedy})
    };
    let compared = |compared: &Compared| {
        let (checks, error): (Vec<Value>, Option<&String>) = match &compared.outcome {
            Ok(checks) => (checks.iter().map(check).collect(), None),
            Err(error) => (Vec::new(), Some(error)),
        };
        json!({"what": compared.what, "same": compared.is_same(), "error": error, "checks": checks})
    };
    let same = all.iter().all(Compared::is_same);
    let document = json!({"same": same, "compared": all.iter().map(compared).collect::<Vec<Value>>()});
    writeln!(out, "{}", escaped(&format!("{document:#}")))
}

const NAME_WIDTH: usize = 16;
