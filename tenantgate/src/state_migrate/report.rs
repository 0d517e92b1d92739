//! What is moved and what hinders it, for people and for programs. Addresses and names only: no value of a state is shown.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Migration;
use super::moves::{Move, shown};
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::finding::{Finding, plural};

impl Migration {
    /// Whether nothing was found.
    pub(crate) fn is_clean(&self) -> bool {
        self.moves.findings.is_empty()
    }

    /// Unit by unit; the last line counts.
    pub(crate) fn write_text(&self, out: &mut impl Write, colour: Colour) -> io::Result<()> {
        for (unit, claim) in self.claims.iter().enumerate() {
            writeln!(out, "{}", colour.ink("1", &claim.unit.key()))?;
            for Move { address, deposed, .. } in self.moves.moves.iter().filter(|moved| moved.unit == unit) {
                writeln!(out, "    {}", visible(&shown(address, deposed.as_deref())))?;
            }
            for (name, _) in self.moves.outputs.iter().filter(|(_, of)| **of == unit) {
                writeln!(out, "    output.{}", visible(name))?;
            }
        }
        if !self.moves.left.is_empty() {
            writeln!(out, "{}", colour.ink("1", "not moved, since Terraform makes them anew"))?;
            for left in &self.moves.left {
                writeln!(out, "    {}", visible(left))?;
            }
        }
        if !self.moves.lookups.is_empty() {
            writeln!(out, "{}", colour.ink("1", "becomes a remote lookup"))?;
            for lookup in &self.moves.lookups {
                let (address, needs) = (lookup.address.to_string(), lookup.needs.to_string());
                let key = self.key(lookup.needs_unit);
                writeln!(out, "    {} needs {} of {key}", visible(&address), visible(&needs))?;
            }
        }
        for finding in &self.moves.findings {
            finding.write(out, colour)?;
        }
        writeln!(
            out,
            "{}, {}, {}: {}",
            plural(self.claims.len(), "unit"),
            plural(self.moves.moves.len(), "instance"),
            plural(self.moves.lookups.len(), "remote lookup"),
            plural(self.moves.findings.len(), "finding")
        )?;
        match &self.written {
            Some(written) => {
                writeln!(out, "written: {}; manifest.json there says what is next", visible(&written.folder))
            }
            None => writeln!(out, "nothing is written"),
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let moved = |Move { address, deposed, unit }: &Move| -> Value {
            json!({"address": address.to_string(), "deposed": deposed, "key": self.key(*unit)})
        };
        let lookups = self.moves.lookups.iter().map(|lookup| {
            json!({
                "address": lookup.address.to_string(), "key": self.key(lookup.unit),
                "needs": lookup.needs.to_string(), "needs_key": self.key(lookup.needs_unit),
            })
        });
        let outputs = self.moves.outputs.iter().map(|(name, unit)| json!({"output": name, "key": self.key(*unit)}));
        json!({
            "moves": self.moves.moves.iter().map(moved).collect::<Vec<_>>(),
            "outputs": outputs.collect::<Vec<_>>(),
            "left": self.moves.left,
            "remote_lookups": lookups.collect::<Vec<_>>(),
            "findings": self.moves.findings.iter().map(Finding::json).collect::<Vec<_>>(),
            "written": self.written.as_ref().map(|written| json!({"folder": written.folder, "manifest": written.document})),
        })
    }

    fn key(&self, unit: usize) -> String {
        self.claims.get(unit).map(|claim| claim.unit.key()).unwrap_or_default()
    }
}
