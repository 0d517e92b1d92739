//! What a command answers, for people or for programs.

use std::io::{self, Write};

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::excerpt::visible;
use crate::failure::Failure;

/// Writes the document, or the text that stands for it.
pub(crate) fn write(is_json: bool, json: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if is_json {
        writeln!(out, "{json:#}")?;
    } else {
        for line in text().trim_end_matches('\n').split('\n') {
            writeln!(out, "{}", visible(line))?;
        }
    }
    Ok(out.flush()?)
}

/// A list of any length, which is written page by page: for programs one document a line.
#[derive(Debug)]
pub(crate) struct List {
    is_json: bool,
    is_empty: bool,
}

impl List {
    /// Begins one.
    pub(crate) fn new(is_json: bool) -> List {
        List { is_json, is_empty: true }
    }

    /// Writes a page, the one or the other way.
    pub(crate) fn page<const N: usize>(
        &mut self,
        json: impl Iterator<Item = Value>,
        rows: impl FnOnce() -> Vec<[String; N]>,
    ) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.is_json {
            for entry in json {
                self.is_empty = false;
                writeln!(out, "{entry}")?;
            }
        } else {
            let rows = rows();
            self.is_empty &= rows.is_empty();
            out.write_all(columns(rows).as_bytes())?;
        }
        Ok(())
    }

    /// Says that there was nothing, if there was nothing; a program sees it.
    pub(crate) fn end(self, nothing: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.is_empty && !self.is_json {
            writeln!(out, "{nothing}")?;
        }
        Ok(out.flush()?)
    }
}

/// Rows of the same number of cells as lines with the cells below each other. What a cell says is made visible.
pub(crate) fn columns<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = rows.into_iter().map(|row| row.map(|cell| visible(&cell))).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line += &format!("{cell:width$}  ");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Seconds since 1970 as a time of day in UTC.
pub(crate) fn time(seconds: u64) -> String {
    let time = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|time| time.format(&Rfc3339).ok());
    time.unwrap_or_else(|| seconds.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_stand_below_each_other_and_move_no_cursor() {
        let rows = [["a".to_owned(), "\u{1b}[2J".to_owned()], ["äöü".to_owned(), String::new()]];
        assert_eq!(super::columns(rows), "a    \u{241b}[2J\näöü\n");
    }

    #[test]
    fn a_time_is_told_in_utc() {
        assert_eq!(super::time(0), "1970-01-01T00:00:00Z");
        assert_eq!(super::time(u64::MAX), u64::MAX.to_string());
    }
}
