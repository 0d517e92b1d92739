//! What each reason code of an audit line means, and what to do.

mod callers;
mod calls;
mod messages;
mod registry;

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::failure::Failure;

/// A reason code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason {
    /// As audit lines have it.
    pub(crate) code: &'static str,
    /// What happened, in a sentence.
    pub(crate) meaning: &'static str,
    /// What to do, in a sentence.
    pub(crate) remedy: &'static str,
}

/// All codes, by what they are about.
pub(crate) fn all() -> impl Iterator<Item = &'static Reason> {
    [calls::REASONS, registry::REASONS, callers::REASONS, messages::REASONS].into_iter().flatten()
}

/// The entry of a code.
pub(crate) fn find(code: &str) -> Option<&'static Reason> {
    all().find(|reason| reason.code == code)
}

/// Writes one entry, or all of them.
pub(crate) fn write(out: &mut impl Write, code: Option<&str>, is_json: bool) -> Result<(), Failure> {
    let chosen: Vec<&Reason> = match code {
        None => all().collect(),
        Some(code) => vec![find(&code.to_ascii_uppercase()).ok_or_else(|| unknown(code))?],
    };
    if is_json {
        let entries: Vec<Value> = chosen.iter().map(|reason| reason.json()).collect();
        writeln!(out, "{:#}", Value::Array(entries))?;
        return Ok(());
    }
    for reason in chosen {
        reason.write(out)?;
    }
    Ok(())
}

fn unknown(code: &str) -> Failure {
    let word = code.to_ascii_uppercase();
    let begins = |length: usize| word.get(..length).map(str::to_owned);
    let like = begins(4).map(|start| all().filter(|own| own.code.starts_with(&start)).map(|own| own.code).collect());
    let like: Vec<&str> = like.unwrap_or_default();
    let hint = if like.is_empty() { String::new() } else { format!("; like it are {}", like.join(", ")) };
    let code = crate::excerpt::visible(code);
    Failure::input(format!(
        "no audit line has the reason {code}{hint}; all are listed by `tenantgate explain --reason`"
    ))
}

impl Reason {
    pub(crate) fn json(&self) -> Value {
        json!({"code": self.code, "meaning": self.meaning, "remedy": self.remedy})
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}\n  means  {}\n  do     {}", self.code, self.meaning, self.remedy)
    }
}

const fn reason(code: &'static str, meaning: &'static str, remedy: &'static str) -> Reason {
    Reason { code, meaning, remedy }
}
