//! The report as one HTML page that asks for nothing: its styles and script are in it, and no others count.

use std::io::{self, Write};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use policy_model::outline::OutlinedRule;

use super::book::{Book, Change, Listed, Over, Unused, Wide};
use super::matrix::{Matrix, Row, Standing};
use crate::excerpt::visible;

/// Writes the page.
pub(super) fn write(out: &mut impl Write, book: &Book) -> io::Result<()> {
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{style}'; script-src '{script}'; \
         img-src data:; base-uri 'none'; form-action 'none'\">"
    )?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\">\n<link rel=\"icon\" href=\"data:,\">")?;
    writeln!(
        out,
        "<title>Who may do what: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
        text(&book.source)
    )?;
    head(out, book)?;
    stops(out, book)?;
    matrix(out, book)?;
    wide(out, &book.wide)?;
    unused(out, book.unused.as_ref())?;
    changes(out, &book.changes, book.days)?;
    baseline(out, book.baseline.as_ref())?;
    notes(out, book)?;
    reasons(out, &book.matrix)?;
    writeln!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn head(out: &mut impl Write, book: &Book) -> io::Result<()> {
    writeln!(out, "<header>\n<h1>Who may do what</h1>")?;
    let (source, time) = (text(&book.source), text(&book.time));
    writeln!(
        out,
        "<p class=\"soft\">{source}, as of <time datetime=\"{time}\">{time}</time></p>\n<ul class=\"numbers\">"
    )?;
    for (what, number) in book.numbers() {
        writeln!(out, "<li><b>{}</b><span>{what}</span></li>", text(&number))?;
    }
    writeln!(out, "</ul>\n<nav aria-label=\"Parts\">")?;
    for (id, title) in PARTS {
        writeln!(out, "<a href=\"#{id}\">{title}</a>")?;
    }
    writeln!(out, "</nav>\n</header>")
}

fn stops(out: &mut impl Write, book: &Book) -> io::Result<()> {
    for kill in &book.kills {
        let (what, by) = (super::kill_scope(&kill.scope), super::time(kill.at));
        writeln!(
            out,
            "<div class=\"stop\" role=\"note\"><p><b>Stopped: {}</b> ({}, since {} by {}): {}</p></div>",
            text(&what),
            text(&kill.id),
            text(&by),
            text(&kill.by),
            text(kill.reason.as_deref().unwrap_or("no reason given"))
        )?;
    }
    if !book.suspended.is_empty() {
        let names: Vec<&str> = book.suspended.iter().take(NAMES_MAX).map(String::as_str).collect();
        let more = book.suspended.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "<div class=\"stop\"><p><b>Suspended:</b> {}{more}</p></div>", text(&names.join(", ")))?;
    }
    Ok(())
}

fn matrix(out: &mut impl Write, book: &Book) -> io::Result<()> {
    let Matrix { columns, rows, .. } = &book.matrix;
    section(out, 0)?;
    writeln!(
        out,
        "<ul class=\"key\"><li><b class=\"y\">yes</b>every member may, with any arguments</li><li><b class=\"c\">if</b>it depends on the caller, the token, \
         the arguments or the time</li><li><b class=\"n\">no</b>nobody may</li></ul>"
    )?;
    writeln!(
        out,
        "<p class=\"soft\">Point at a cell, or go there with the tabulator and the arrows, for the rule that says so. Tenants of whom the same is said share a row.</p>"
    )?;
    for note in book.matrix_notes() {
        writeln!(out, "<p><b>{}</b></p>", text(&note))?;
    }
    if columns.is_empty() || rows.is_empty() {
        return writeln!(
            out,
            "<p>There is nothing to show: no tenant, or no tool that a policy, an audit line or --tools names.</p>\n</section>"
        );
    }
    writeln!(
        out,
        "<div class=\"tools\" hidden><label>Tenants<input type=\"search\" id=\"tenant\" placeholder=\"part of a name\"></label>\
         <label>Tools<input type=\"search\" id=\"tool\" placeholder=\"part of a name\"></label>\
         <label class=\"row\"><input type=\"checkbox\" id=\"open\">only what somebody may</label>\
         <span id=\"count\" class=\"soft\" role=\"status\" aria-live=\"polite\"></span></div>"
    )?;
    writeln!(
        out,
        "<div class=\"sheet\" tabindex=\"-1\"><table class=\"grid\">\n<thead>\n<tr class=\"target\"><th class=\"who\"></th>"
    )?;
    let mut targets: Vec<(&str, usize)> = Vec::new();
    for column in columns {
        match targets.last_mut().filter(|(target, _)| *target == column.target) {
            Some((_, count)) => *count += 1,
            None => targets.push((&column.target, 1)),
        }
    }
    for (target, count) in targets {
        writeln!(
            out,
            "<th colspan=\"{count}\" data-n=\"{count}\" scope=\"colgroup\"><span>{}</span></th>",
            text(target)
        )?;
    }
    writeln!(out, "</tr>\n<tr class=\"tool\"><th class=\"who\" scope=\"col\">tenants</th>")?;
    for (index, column) in columns.iter().enumerate() {
        let short = match (column.target.as_str(), column.tool.as_str()) {
            ("", "") => "(any other target)",
            (_, "") => "(any other)",
            (_, tool) => tool,
        };
        writeln!(
            out,
            "<th scope=\"col\" data-c=\"{index}\" title=\"{}\"><span class=\"name\">{}</span></th>",
            text(&column.name()),
            text(short)
        )?;
    }
    writeln!(out, "</tr>\n</thead>\n<tbody>")?;
    for row in rows {
        write_row(out, row)?;
    }
    writeln!(out, "</tbody>\n</table></div>\n</section>")
}

fn write_row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let first = row.tenants.first().map(String::as_str).unwrap_or_default();
    let (who, rest) = match row.tenants.len() {
        1 => (first.to_owned(), Vec::new()),
        count => (
            format!("{first} and {} more", count - 1),
            row.tenants.iter().skip(1).take(ROW_NAMES_MAX).cloned().collect(),
        ),
    };
    let halted = if row.stopped.is_some() { " class=\"halted\"" } else { "" };
    let all = rest.join(" ");
    write!(
        out,
        "<tr{halted} data-who=\"{}\" data-all=\"{}\"><th class=\"who\" scope=\"row\">",
        text(&who),
        text(&all)
    )?;
    write!(out, "<span class=\"name\">{}</span>", text(first))?;
    if !rest.is_empty() {
        let hidden = row.tenants.len() - 1 - rest.len();
        let hidden = if hidden > 0 { format!(" .. and {hidden} more") } else { String::new() };
        write!(
            out,
            "<details><summary>and {} more</summary><p class=\"name\">{}{hidden}</p></details>",
            row.tenants.len() - 1,
            text(&rest.join(", "))
        )?;
    }
    if row.stopped.is_some() {
        write!(out, "<div>stopped</div>")?;
    }
    write!(out, "</th>")?;
    for cell in &row.cells {
        let (class, number) = (class(cell.standing), cell.reason + 1);
        write!(out, "<td class=\"{class}\" data-w=\"{number}\">{}</td>", cell.standing.word())?;
    }
    writeln!(out, "</tr>")
}

fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Allowed => "y",
        Standing::Conditional => "c",
        Standing::Denied => "n",
    }
}

fn wide(out: &mut impl Write, wide: &Listed<Wide>) -> io::Result<()> {
    section(out, 1)?;
    if wide.shown.is_empty() {
        return writeln!(out, "<p>None: every rule that allows something names it.</p>\n</section>");
    }
    writeln!(out, "<p>Rules that allow what nobody named, also what is added later.</p>")?;
    table(out, &["what", "who", "tenants", "rule"])?;
    for Wide { tenants, rule, what, asks } in &wide.shown {
        let who = if asks.is_empty() {
            "<span class=\"mark y\">everybody</span>".to_owned()
        } else {
            format!("<span class=\"mark c\">if</span> {}", text(asks))
        };
        writeln!(
            out,
            "<tr><td>{}</td><td>{who}</td><td>{}</td><td><code>{}</code></td></tr>",
            text(what),
            text(tenants),
            text(rule)
        )?;
    }
    end(out, wide.left_out)
}

fn unused(out: &mut impl Write, unused: Option<&Unused>) -> io::Result<()> {
    section(out, 2)?;
    let Some(own) = unused else {
        return writeln!(
            out,
            "<p>Not looked at: no audit lines were given. Give files of them with <code>--audit</code>.</p>\n</section>"
        );
    };
    let Unused { range, lines, rules, .. } = own;
    let range =
        range.as_ref().map_or(String::new(), |(first, last)| format!(" from {} to {}", text(first), text(last)));
    writeln!(
        out,
        "<p>Rules that settled nothing in {lines} audit lines{range}. Lists name no rule in audit lines: a rule that only shows tools counts as unused.</p>"
    )?;
    if let Some(samples) = own.samples_told() {
        writeln!(out, "<p><b>{}</b></p>", text(&samples))?;
    }
    if rules.shown.is_empty() {
        return writeln!(out, "<p>None.</p>\n</section>");
    }
    table(out, &["rule", "effect", "about", "tenants"])?;
    for rule in &rules.shown {
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td class=\"name\">{}</td><td>{}</td></tr>",
            text(&rule.rule),
            rule.effect,
            text(&rule.resources),
            text(&rule.tenants)
        )?;
    }
    end(out, rules.left_out)
}

fn changes(out: &mut impl Write, changes: &Listed<Change>, days: u64) -> io::Result<()> {
    section(out, 3)?;
    if changes.shown.is_empty() {
        return writeln!(out, "<p>The log has none in the last {days} days.</p>\n</section>");
    }
    writeln!(out, "<p>The newest of the last {days} days. Authors say themselves who they are; CloudTrail knows.</p>")?;
    table(out, &["when", "who", "what", "about", "why"])?;
    for Change { time, author, action, what, comment } in &changes.shown {
        let [time, author, what, comment] = [time, author, what, comment].map(|own| text(own));
        writeln!(
            out,
            "<tr><td>{time}</td><td>{author}</td><td><code>{action}</code></td><td>{what}</td><td>{comment}</td></tr>"
        )?;
    }
    end(out, changes.left_out)
}

fn baseline(out: &mut impl Write, baseline: Option<&Result<Over, String>>) -> io::Result<()> {
    section(out, 4)?;
    let over = match baseline {
        None => return writeln!(out, "<p>There is none: only tenants' own policies count.</p>\n</section>"),
        Some(Err(why)) => {
            return writeln!(
                out,
                "<div class=\"stop\"><p>It cannot be used, and everybody is refused: {}</p></div>\n</section>",
                text(why)
            );
        }
        Some(Ok(over)) => over,
    };
    let Over { policy, sha256, version, rules } = over;
    writeln!(
        out,
        "<p>Over every tenant: <code>{}</code>, {}, SHA-256 <code>{}</code></p>",
        text(policy),
        text(version),
        text(sha256)
    )?;
    table(out, &["rule", "effect", "about", "asks", "callers read"])?;
    for rule in rules.iter().take(RULES_MAX) {
        let OutlinedRule { id, effect, is_enforced, resources, asks, reason, .. } = rule;
        let mode = if *is_enforced { "" } else { " (only logged)" };
        let resources = super::book::some(&resources.iter().map(String::as_str).collect::<Vec<&str>>());
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{effect}{mode}</td><td class=\"name\">{}</td><td>{}</td><td>{}</td></tr>",
            text(id.as_str()),
            text(&resources),
            text(&asks.join(", ")),
            text(reason.as_ref().map(|reason| reason.as_str()).unwrap_or_default())
        )?;
    }
    end(out, rules.len().saturating_sub(RULES_MAX))
}

fn notes(out: &mut impl Write, book: &Book) -> io::Result<()> {
    section(out, 5)?;
    writeln!(out, "<ul>")?;
    for note in book.notes.iter().cloned().chain(book.matrix_notes()) {
        writeln!(out, "<li>{}</li>", text(&note))?;
    }
    writeln!(out, "</ul>\n</section>")
}

/// What cells refer to by number: on paper there is nothing to point at.
fn reasons(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    section(out, 6)?;
    writeln!(
        out,
        "<details class=\"whys\"><summary>{} reasons, by the numbers that cells have in print</summary>\n<ol id=\"why\">",
        matrix.reasons.len()
    )?;
    for reason in &matrix.reasons {
        writeln!(out, "<li>{}</li>", text(reason))?;
    }
    writeln!(out, "</ol></details>\n</section>")
}

fn section(out: &mut impl Write, number: usize) -> io::Result<()> {
    let (id, title) = PARTS.get(number).copied().unwrap_or_default();
    writeln!(out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>")
}

fn table(out: &mut impl Write, heads: &[&str]) -> io::Result<()> {
    write!(out, "<div class=\"wide\"><table class=\"plain\"><thead><tr>")?;
    for head in heads {
        write!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead><tbody>")
}

fn end(out: &mut impl Write, left_out: usize) -> io::Result<()> {
    writeln!(out, "</tbody></table></div>")?;
    if left_out > 0 {
        writeln!(out, "<p><b>and {left_out} more, which are left out</b></p>")?;
    }
    writeln!(out, "</section>")
}

/// A text as text, in an element or in a quoted attribute, whatever is in it.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            plain => out.push(plain),
        }
    }
    out
}

/// As Content Security Policy names what may be in the page.
fn hash(content: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(digest(&SHA256, content.as_bytes())))
}

const PARTS: [(&str, &str); 7] = [
    ("matrix", "Tenants and tools"),
    ("wide", "Wide grants"),
    ("unused", "Unused rules"),
    ("changes", "Recent changes"),
    ("baseline", "Baseline"),
    ("notes", "What this page does not say"),
    ("reasons", "Reasons"),
];

const STYLE: &str = include_str!("page.css");

const SCRIPT: &str = include_str!("page.js");

/// Most suspended tenants by name.
const NAMES_MAX: usize = 200;

/// Most names of one row: with them the page can be searched.
const ROW_NAMES_MAX: usize = 20_000;

const RULES_MAX: usize = 500;

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(text("<b title='x'>&\"\u{202e}\n"), "&lt;b title=&#39;x&#39;&gt;&amp;&quot;\u{fffd}\u{240a}");
    }
}
