//! What has become of tools, for people and for programs.

use std::io::{self, Write};

use policy_model::json::quote;

use crate::colour::Colour;
use crate::excerpt::visible;
use crate::tool_states::{Compared, Comparison, State};
use crate::unseen::escaped;
use crate::value_changes::Change;

/// A line a tool, its changes below it, and a line that counts them.
pub(crate) fn write_text(out: &mut impl Write, comparison: &Comparison, colour: Colour) -> io::Result<()> {
    let width = comparison.tools.iter().map(|tool| tool.name.chars().count()).max().unwrap_or_default().min(WIDTH_MAX);
    for tool in &comparison.tools {
        let ink = match tool.state {
            State::Unchanged => "32",
            State::Changed => "1;31",
            State::Missing => "1;33",
            State::NotPinned => "2",
        };
        let new = if comparison.is_new(tool) { ", new" } else { "" };
        writeln!(out, "{:width$}  {}{new}", visible(&tool.name), colour.ink(ink, tool.state.words()))?;
        if let Some(Err(why)) = &tool.definition {
            writeln!(out, "    no canonical form: {}", visible(why))?;
        }
        write_changes(out, tool, colour)?;
    }
    let count = |state: State| format!("{} {}", comparison.count(state), state.words());
    let counts: Vec<String> = State::ALL.into_iter().map(count).collect();
    let total = comparison.tools.len();
    writeln!(out, "{total} tool{}: {}", if total == 1 { "" } else { "s" }, counts.join(", "))
}

fn write_changes(out: &mut impl Write, tool: &Compared, colour: Colour) -> io::Result<()> {
    let Some(changes) = &tool.changes else { return Ok(()) };
    if changes.is_empty() && tool.state == State::Changed {
        writeln!(out, "    the older list has the same definition: it is not the one that is pinned")?;
    }
    for Change { path, old, new } in changes {
        writeln!(out, "    {}", cut(path, 0))?;
        let same = same_characters(old.as_deref(), new.as_deref());
        for (mark, ink, side) in [("-", "31", old), ("+", "32", new)] {
            if let Some(text) = side {
                writeln!(out, "      {}", colour.ink(ink, &format!("{mark} {}", cut(text, same))))?;
            }
        }
    }
    Ok(())
}

/// One JSON document: the tools with what is known of them. Every character in it is seen.
pub(crate) fn write_json(out: &mut impl Write, comparison: &Comparison) -> io::Result<()> {
    let tools: Vec<String> = comparison.tools.iter().map(|tool| tool_json(comparison, tool)).collect();
    if tools.is_empty() {
        return writeln!(out, "[]");
    }
    writeln!(out, "[\n{}\n]", escaped(&tools.join(",\n")))
}

fn tool_json(comparison: &Comparison, tool: &Compared) -> String {
    let mut members = vec![format!("\"tool\": {}", quote(&tool.name)), format!("\"state\": \"{}\"", tool.state.code())];
    match &tool.definition {
        Some(Ok(digest)) => members.push(format!("\"sha256\": \"{digest}\"")),
        Some(Err(why)) => members.push(format!("\"noCanonicalForm\": {}", quote(why))),
        None => {}
    }
    let pinned: Vec<String> = tool.pinned.iter().map(|digest| format!("\"{digest}\"")).collect();
    members.push(format!("\"pinned\": [{}]", pinned.join(", ")));
    if comparison.is_new(tool) {
        members.push("\"isNew\": true".to_owned());
    }
    if let Some(changes) = &tool.changes {
        let changes: Vec<String> = changes.iter().map(change_json).collect();
        members.push(format!("\"changes\": [{}]", changes.join(", ")));
    }
    format!("  {{ {} }}", members.join(", "))
}

/// A side that is not there is left out.
fn change_json(change: &Change) -> String {
    let side = |name: &str, text: &Option<String>| text.as_ref().map(|text| format!(", \"{name}\": {text}"));
    let (old, new) = (side("old", &change.old), side("new", &change.new));
    format!("{{ \"path\": {}{}{} }}", quote(&change.path), old.unwrap_or_default(), new.unwrap_or_default())
}

/// With how many characters both begin.
fn same_characters(old: Option<&str>, new: Option<&str>) -> usize {
    let (old, new) = (old.unwrap_or_default().chars(), new.unwrap_or_default().chars());
    old.zip(new).take_while(|(old, new)| old == new).count()
}

/// A text that is seen whole, and of a long one what is around its first difference.
fn cut(text: &str, same: usize) -> String {
    let first = if text.chars().nth(CHARACTERS_MAX).is_some() { same.saturating_sub(CHARACTERS_BEFORE) } else { 0 };
    let part: String = text.chars().skip(first).take(CHARACTERS_MAX).collect();
    let is_cut = text.chars().nth(first + CHARACTERS_MAX).is_some();
    format!("{}{}{}", if first > 0 { CUT } else { "" }, escaped(&part), if is_cut { CUT } else { "" })
}

const WIDTH_MAX: usize = 60;

const CHARACTERS_MAX: usize = 200;

const CHARACTERS_BEFORE: usize = 40;

const CUT: &str = "..";
