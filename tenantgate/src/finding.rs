//! One thing that is wrong in what was compared: what, where, and what to do.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::colour::Colour;
use crate::excerpt::visible;

/// One thing that disagrees: what, where, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) place: String,
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Finding {
    /// On two lines.
    pub(crate) fn write(&self, out: &mut impl Write, colour: Colour) -> io::Result<()> {
        writeln!(out, "{}  {}: {}", colour.ink("1;31", self.code), visible(&self.place), visible(&self.what))?;
        writeln!(out, "    {}", visible(&self.remedy))
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({"code": self.code, "where": self.place, "what": self.what, "remedy": self.remedy})
    }
}

/// `1 finding`, `2 findings`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
