//! What has come out, for people.

use std::io::{self, Write};

use interceptors::refusal::Refusal;
use policy_model::json::quote;

use super::change::Change;
use super::remains::{Remain, Remains};
use super::trial::{Cause, State, Told, Trial, Tried, Verdict};
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::unseen::escaped;

/// Each change with both sides, the redactions with what they did, and whether the reply would go on.
pub(crate) fn write_text(out: &mut impl Write, trial: &Trial, notes: &[String], colour: Colour) -> io::Result<()> {
    for told in trial.changes.iter().take(CHANGES_MAX) {
        write_change(out, trial, told, colour)?;
    }
    if let Some(more) = trial.changes.len().checked_sub(CHANGES_MAX).filter(|more| *more > 0) {
        writeln!(out, ".. and {more} more; --json has them all\n")?;
    }
    write_rules(out, trial, colour)?;
    for note in notes {
        writeln!(out, "{}: {note}", colour.ink(WARNING, "warning"))?;
    }
    write_verdict(out, trial, colour)
}

fn write_change(out: &mut impl Write, trial: &Trial, told: &Told, colour: Colour) -> io::Result<()> {
    let Told { change, by, cause } = told;
    writeln!(out, "{}", cut(&escaped(&change.place())))?;
    let (before, after) = change.part.as_ref().map(|part| part.around.clone()).unwrap_or_default();
    let sides = [("-", "31", Some(&change.before)), ("+", "32", change.after.as_ref())];
    for (mark, ink, side) in sides {
        let text = match side {
            Some(text) => cut(&escaped(text)),
            None => "(gone)".to_owned(),
        };
        let text = if change.part.is_some() { unquoted(&text) } else { &text };
        let (before, after) = (around(&before, colour), around(&after, colour));
        writeln!(out, "  {} {before}{}{after}", colour.ink(ink, mark), colour.ink(ink, text))?;
    }
    match cause {
        Cause::Value => writeln!(out, "  by {}\n", whose(trial, by)),
        Cause::FreeText => {
            writeln!(out, "  as text that may speak of what is redacted (freeText), by {}\n", whose(trial, by))
        }
        Cause::Unseen => writeln!(out, "  as nothing that can be looked into, under every redaction\n"),
    }
}

/// Redactions in one line.
fn whose(trial: &Trial, by: &[usize]) -> String {
    let said = by.iter().filter_map(|number| trial.rules.get(*number)).map(|rule| &rule.said);
    let names: Vec<String> =
        said.take(NAMES_MAX).map(|said| format!("{} ({} {})", said.place(), said.action, said.what)).collect();
    match by.len() {
        0 => "several redactions together".to_owned(),
        count if count > NAMES_MAX => format!("{} and {} more", names.join(", "), count - NAMES_MAX),
        _ => names.join(", "),
    }
}

fn write_rules(out: &mut impl Write, trial: &Trial, colour: Colour) -> io::Result<()> {
    if trial.rules.is_empty() {
        return Ok(());
    }
    let width = |text: fn(&Tried) -> String| trial.rules.iter().map(|rule| text(rule).chars().count()).max();
    let places = width(|rule| rule.said.place()).unwrap_or_default();
    let texts = width(words).unwrap_or_default().min(WIDTH_MAX);
    writeln!(out, "What each redaction of such results changes by itself:")?;
    for rule in &trial.rules {
        let state = match rule.state {
            State::Exempt => colour.ink("2", "the caller is exempt"),
            State::Changed(0) => colour.ink(WARNING, if rule.said.is_path { NO_PATH } else { NOTHING_FOUND }),
            State::Changed(count) => plural(count, "value"),
            State::OnlyTexts => colour.ink(WARNING, "no value, only texts that may speak of one"),
            State::TooMuchWork => colour.ink(ERROR, "takes too long"),
        };
        writeln!(out, "  {:places$}  {:texts$}  {state}", rule.said.place(), words(rule))?;
    }
    writeln!(out)
}

fn words(rule: &Tried) -> String {
    format!("{} {}", rule.said.action, rule.said.what)
}

fn write_verdict(out: &mut impl Write, trial: &Trial, colour: Colour) -> io::Result<()> {
    let Verdict::Withheld(refusal, remains) = &trial.verdict else {
        let changes = plural(trial.changes.len(), "change");
        return writeln!(out, "{}, with {changes}", colour.ink("32", "goes on"));
    };
    writeln!(out, "{}: {}, {}", colour.ink(ERROR, "withheld"), refusal.code(), why(refusal))?;
    match (refusal, remains) {
        (_, Remains::Values(values)) => values.iter().try_for_each(|remain| write_remain(out, trial, remain)),
        (_, Remains::Unreadable(what)) => writeln!(out, "  {}", cut(&escaped(&visible(what)))),
        (_, Remains::Endless) => {
            writeln!(out, "  a text is percent-encoded again and again, so that nobody knows what it says")
        }
        (Refusal::Opaque, Remains::None) => {
            let places = trial.changes.iter().map(|told| &told.change).filter(|change| change.is_opaque());
            places.map(Change::place).try_for_each(|place| writeln!(out, "  {}", cut(&escaped(&place))))
        }
        (_, Remains::None) => Ok(()),
    }
}

fn write_remain(out: &mut impl Write, trial: &Trial, remain: &Remain) -> io::Result<()> {
    writeln!(
        out,
        "  {} was taken out by {}, and stands",
        cut(&escaped(&quote(&remain.value))),
        whose(trial, &remain.by)
    )?;
    for (place, form) in &remain.places {
        writeln!(out, "    in {}, {form}", cut(&escaped(place)))?;
    }
    Ok(())
}

/// Why an answer is withheld.
pub(crate) fn why(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Residue => {
            "something that was taken out is still there; let the redactions reach it too, or leave it in"
        }
        Refusal::Opaque => {
            "there is something that nobody can look into, and the policy has \"opaqueContent\": \"BLOCK\""
        }
        Refusal::TooMuchWork => {
            "there is no time to follow the paths or to look for what is left: use fewer filters and `..` in the paths, or let the \
             target answer with less of what repeats a value in part"
        }
        Refusal::Answer => "it could be read in two ways, or is no answer",
        Refusal::UnreadableEvent
        | Refusal::Event(_)
        | Refusal::Http(_)
        | Refusal::Route(_)
        | Refusal::A2a(_)
        | Refusal::Inference(_)
        | Refusal::Decision(_)
        | Refusal::Message(_)
        | Refusal::Token(_)
        | Refusal::Registry(_)
        | Refusal::Arguments(..)
        | Refusal::Headers(_)
        | Refusal::ReservedArgument(_)
        | Refusal::Context(_)
        | Refusal::Exchange(_)
        | Refusal::Policy(..)
        | Refusal::Task(_)
        | Refusal::Changed
        | Refusal::Change(_)
        | Refusal::NotGrantable
        | Refusal::Settings
        | Refusal::NoAnswer
        | Refusal::HashKey
        | Refusal::TooLarge
        | Refusal::Deadline
        | Refusal::Panic => "it cannot be checked",
    }
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn around(text: &str, colour: Colour) -> String {
    let shown = escaped(&quote(text));
    let shown = unquoted(&shown);
    if shown.is_empty() { String::new() } else { colour.ink("2", shown) }
}

fn unquoted(json: &str) -> &str {
    json.strip_prefix('"').map_or(json, |rest| rest.strip_suffix('"').unwrap_or(rest))
}

/// Both ends of a long text.
fn cut(text: &str) -> String {
    let count = text.chars().count();
    if count <= CHARACTERS_MAX {
        return text.to_owned();
    }
    let first: String = text.chars().take(CHARACTERS_MAX - CHARACTERS_LAST).collect();
    let last: String = text.chars().skip(count - CHARACTERS_LAST).collect();
    format!("{first}..{last}")
}

const WARNING: &str = "1;33";

const ERROR: &str = "1;31";

const NO_PATH: &str = "nothing: is its path mistyped?";

const NOTHING_FOUND: &str = "nothing found";

/// Most changes that are shown.
const CHANGES_MAX: usize = 200;

/// Most redactions that are named beside a change.
const NAMES_MAX: usize = 3;

const WIDTH_MAX: usize = 60;

const CHARACTERS_MAX: usize = 200;

const CHARACTERS_LAST: usize = 60;
