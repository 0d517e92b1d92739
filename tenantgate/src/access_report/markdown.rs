//! The report for a pull request.

use std::io::{self, Write};

use super::book::{Book, Change, Listed, Over, Unused, UnusedRule, Wide};
use super::matrix::Standing;
use crate::markdown::code;

/// Writes it. A larger matrix than one can read in a pull request is told as numbers.
pub(super) fn write(out: &mut impl Write, book: &Book) -> io::Result<()> {
    writeln!(out, "## Who may do what\n\n{}, as of {}\n", code(&book.source), book.time)?;
    let numbers: Vec<String> = book.numbers().into_iter().map(|(what, number)| format!("{number} {what}")).collect();
    writeln!(out, "**{}**", numbers.join(", "))?;
    for kill in &book.kills {
        let what = super::kill_scope(&kill.scope);
        writeln!(
            out,
            "\n**Stopped**: {} ({})",
            code(&what),
            code(kill.reason.as_deref().unwrap_or("no reason given"))
        )?;
    }
    if !book.suspended.is_empty() {
        let names: Vec<String> = book.suspended.iter().take(NAMES_MAX).map(|name| code(name)).collect();
        let more = left_out(book.suspended.len().saturating_sub(names.len()));
        writeln!(out, "\n**Suspended**: {}{more}", names.join(", "))?;
    }
    matrix(out, book)?;
    wide(out, &book.wide)?;
    unused(out, book.unused.as_ref())?;
    changes(out, &book.changes)?;
    baseline(out, book.baseline.as_ref())?;
    if !book.notes.is_empty() {
        writeln!(out, "\n### What this does not say\n")?;
        for note in &book.notes {
            writeln!(out, "- {}", code(note))?;
        }
    }
    Ok(())
}

fn matrix(out: &mut impl Write, book: &Book) -> io::Result<()> {
    let matrix = &book.matrix;
    writeln!(out, "\n### Tenants and tools\n")?;
    writeln!(
        out,
        "yes: every member, with any arguments; if: it depends on caller, token, arguments or time; no: nobody\n"
    )?;
    if matrix.columns.is_empty() || matrix.rows.is_empty() {
        return writeln!(out, "nothing to show");
    }
    // Tools go down: there are fewer tenants that differ, and names are long.
    let rows: Vec<_> = matrix.rows.iter().take(ROWS_MAX).collect();
    write!(out, "| tool |")?;
    for row in &rows {
        let names: Vec<&str> = row.tenants.iter().map(String::as_str).collect();
        let more = if names.len() > 1 { format!(" and {} more", names.len() - 1) } else { String::new() };
        let stopped = if row.stopped.is_some() { " (stopped)" } else { "" };
        write!(out, " {}{more}{stopped} |", code(names.first().copied().unwrap_or_default()))?;
    }
    writeln!(out, "\n|---|{}", "---|".repeat(rows.len()))?;
    for (index, column) in matrix.columns.iter().enumerate().take(COLUMNS_MAX) {
        write!(out, "| {} |", code(&column.name()))?;
        for row in &rows {
            let standing = row.cells.get(index).map_or(Standing::Denied, |cell| cell.standing);
            match standing {
                Standing::Allowed => write!(out, " **yes** |")?,
                Standing::Conditional | Standing::Denied => write!(out, " {} |", standing.word())?,
            }
        }
        writeln!(out)?;
    }
    for note in book.matrix_notes() {
        writeln!(out, "\n{note}")?;
    }
    let (tools, groups) =
        (matrix.columns.len().saturating_sub(COLUMNS_MAX), matrix.rows.len().saturating_sub(ROWS_MAX));
    if tools + groups > 0 {
        writeln!(
            out,
            "\n{tools} more tools and {groups} more groups of tenants are left out here; the HTML report has them"
        )?;
    }
    Ok(())
}

fn wide(out: &mut impl Write, wide: &Listed<Wide>) -> io::Result<()> {
    writeln!(out, "\n### Wide grants\n")?;
    if wide.shown.is_empty() {
        return writeln!(out, "none");
    }
    writeln!(out, "| what | who | tenants | rule |\n|---|---|---|---|")?;
    for Wide { tenants, rule, what, asks } in wide.shown.iter().take(LIST_MAX) {
        let who = if asks.is_empty() { "**everybody**".to_owned() } else { code(asks) };
        writeln!(out, "| {} | {who} | {} | {} |", code(what), code(tenants), code(rule))?;
    }
    end(out, wide)
}

fn unused(out: &mut impl Write, unused: Option<&Unused>) -> io::Result<()> {
    writeln!(out, "\n### Unused rules\n")?;
    let Some(own) = unused else {
        return writeln!(out, "not looked at: no audit lines were given");
    };
    let Unused { range, lines, rules, .. } = own;
    let range = range.as_ref().map_or(String::new(), |(first, last)| format!(", {} to {}", code(first), code(last)));
    writeln!(out, "settled nothing in {lines} audit lines{range}\n")?;
    if let Some(samples) = own.samples_told() {
        writeln!(out, "{samples}\n")?;
    }
    if rules.shown.is_empty() {
        return writeln!(out, "none");
    }
    writeln!(out, "| rule | effect | about | tenants |\n|---|---|---|---|")?;
    for UnusedRule { tenants, rule, effect, resources } in rules.shown.iter().take(LIST_MAX) {
        writeln!(out, "| {} | {effect} | {} | {} |", code(rule), code(resources), code(tenants))?;
    }
    end(out, rules)
}

fn changes(out: &mut impl Write, changes: &Listed<Change>) -> io::Result<()> {
    if changes.shown.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Recent changes\n\n| when | who | what | about | why |\n|---|---|---|---|---|")?;
    for Change { time, author, action, what, comment } in changes.shown.iter().take(LIST_MAX) {
        let [author, what, comment] =
            [author, what, comment].map(|own| if own.is_empty() { String::new() } else { code(own) });
        writeln!(out, "| {time} | {author} | {action} | {what} | {comment} |")?;
    }
    end(out, changes)
}

fn baseline(out: &mut impl Write, baseline: Option<&Result<Over, String>>) -> io::Result<()> {
    match baseline {
        None => writeln!(out, "\n### Baseline\n\nnone"),
        Some(Err(why)) => {
            writeln!(out, "\n### Baseline\n\n**It cannot be used, and everybody is refused**: {}", code(why))
        }
        Some(Ok(Over { policy, version, rules, .. })) => {
            writeln!(out, "\n### Baseline\n\n{}, {version}, {} rules", code(policy), rules.len())
        }
    }
}

fn end<T>(out: &mut impl Write, listed: &Listed<T>) -> io::Result<()> {
    let left = listed.left_out + listed.shown.len().saturating_sub(LIST_MAX);
    if left > 0 { writeln!(out, "\n{left} more are left out") } else { Ok(()) }
}

fn left_out(count: usize) -> String {
    if count > 0 { format!(" and {count} more") } else { String::new() }
}

const COLUMNS_MAX: usize = 60;

const ROWS_MAX: usize = 20;

const LIST_MAX: usize = 50;

const NAMES_MAX: usize = 20;
