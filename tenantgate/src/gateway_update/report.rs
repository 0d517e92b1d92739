//! What an update changes and what came of it, for people and for programs.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::Outcome;
use super::interceptors::Ours;
use super::warnings::Warning;
use crate::excerpt::visible;
use crate::unseen::escaped;
use crate::value_changes::Change;

/// All that there is to say of one update.
pub(crate) struct Report {
    pub(crate) gateway: String,
    /// What was asked for.
    pub(crate) action: &'static str,
    pub(crate) changes: Vec<Change>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) notes: Vec<String>,
    /// What the gateway's role must be allowed.
    pub(crate) right: Option<Right>,
    /// The file with the former configuration, and the command that puts it back.
    pub(crate) backup: Option<(PathBuf, String)>,
    /// `None` if nothing was sent.
    pub(crate) outcome: Option<Outcome>,
}

/// A right that this program cannot look up.
pub(crate) struct Right {
    role: String,
    statement: Value,
}

impl Right {
    pub(crate) fn of(role: &str, ours: &Ours<'_>) -> Right {
        let resources = [ours.request.text(), ours.response.text()];
        let statement = json!({"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resources});
        Right { role: role.to_owned(), statement }
    }
}

impl Report {
    fn state(&self) -> &'static str {
        match &self.outcome {
            None if self.changes.is_empty() => "unchanged",
            None => "planned",
            Some(outcome) if outcome.is_as_asked() => "updated",
            Some(_) => "differs",
        }
    }

    /// What is about to happen.
    pub(crate) fn write_plan(&self, out: &mut impl Write) -> io::Result<()> {
        if self.changes.is_empty() {
            writeln!(out, "gateway {}: nothing to change, all is as wanted already", self.gateway)?;
        } else {
            writeln!(out, "gateway {}: to {} changes this, and nothing else:", self.gateway, self.action)?;
            write_changes(out, &self.changes)?;
        }
        for Warning { code, what } in &self.warnings {
            writeln!(out, "WARNING {code}: {what}")?;
        }
        for note in &self.notes {
            writeln!(out, "note: {note}")?;
        }
        if let Some(Right { role, statement }) = &self.right {
            writeln!(out, "note: not checked: the gateway's role {} must be allowed:", visible(role))?;
            writeln!(out, "  {statement}")?;
        }
        Ok(())
    }

    /// What came of it.
    pub(crate) fn write_outcome(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(outcome) = &self.outcome else { return Ok(()) };
        let backup = self.backup.as_ref();
        if outcome.is_as_asked() {
            let file = backup.map(|(file, _)| file.display().to_string()).unwrap_or_default();
            return writeln!(out, "done: the gateway is ready, and all else in it is as before ({file})");
        }
        if let Some(trouble) = &outcome.trouble {
            writeln!(out, "NOT READY: {trouble}")?;
        }
        if !outcome.differences.is_empty() {
            writeln!(out, "DIFFERENT from what was asked for (- asked, + found):")?;
            write_changes(out, &outcome.differences)?;
        }
        match backup {
            Some((_, restore)) => writeln!(out, "to restore what was there before:\n  {restore}"),
            None => Ok(()),
        }
    }

    /// One JSON document, in which every character is seen.
    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let changes = |changes: &[Change]| -> Vec<Value> {
            changes.iter().map(|Change { path, old, new }| json!({"path": path, "old": old, "new": new})).collect()
        };
        let warnings: Vec<Value> =
            self.warnings.iter().map(|Warning { code, what }| json!({"code": code, "what": what})).collect();
        let outcome = self.outcome.as_ref();
        let document = json!({
            "gateway": self.gateway,
            "action": self.action,
            "state": self.state(),
            "changes": changes(&self.changes),
            "warnings": warnings,
            "notes": self.notes,
            "role": self.right.as_ref().map(|right| &right.role),
            "statement": self.right.as_ref().map(|right| &right.statement),
            "backup": self.backup.as_ref().map(|(file, _)| file.display().to_string()),
            "restore": self.backup.as_ref().map(|(_, restore)| restore),
            "trouble": outcome.and_then(|outcome| outcome.trouble.as_ref()),
            "differences": outcome.map(|outcome| changes(&outcome.differences)).unwrap_or_default(),
        });
        writeln!(out, "{}", escaped(&format!("{document:#}")))
    }
}

fn write_changes(out: &mut impl Write, changes: &[Change]) -> io::Result<()> {
    for Change { path, old, new } in changes {
        writeln!(out, "  {}", visible(path))?;
        for (sign, side) in [("-", old), ("+", new)] {
            if let Some(text) = side {
                writeln!(out, "    {sign} {}", visible(text))?;
            }
        }
    }
    Ok(())
}
