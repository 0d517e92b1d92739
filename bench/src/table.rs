//! A table of figures, each with its ratio to the first of its group.

use std::fmt;
use std::time::Duration;

/// Figures and ratios.
pub(crate) struct Table {
    title: &'static str,
    floor: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    figure: String,
    ratio: Option<f64>,
}

impl Table {
    pub(crate) fn new(title: &'static str, floor: &'static str) -> Table {
        Table { title, floor, rows: Vec::new() }
    }

    /// Adds a time and its ratio to another.
    pub(crate) fn time(&mut self, name: &str, time: Duration, floor: Duration) {
        let figure = match time.as_nanos() {
            nanos @ 0..10_000 => format!("{nanos} ns"),
            nanos @ 10_000..10_000_000 => format!("{:.1} us", nanos as f64 / 1e3),
            nanos => format!("{:.2} ms", nanos as f64 / 1e6),
        };
        self.rows.push(Row { name: name.to_owned(), figure, ratio: Some(time.as_secs_f64() / floor.as_secs_f64()) });
    }

    /// Adds an amount of memory or disk and its ratio to another.
    pub(crate) fn bytes(&mut self, name: &str, bytes: u64, floor: u64) {
        let figure = format!("{:.1} MB", bytes as f64 / 1e6);
        self.rows.push(Row { name: name.to_owned(), figure, ratio: Some(bytes as f64 / floor as f64) });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n{}", self.title)?;
        writeln!(out, "{:<58} {:>12} {:>8} {}", "", "median", "ratio", self.floor)?;
        for row in &self.rows {
            let ratio = row.ratio.map(|ratio| format!("{ratio:.2}x")).unwrap_or_default();
            writeln!(out, "{:<58} {:>12} {:>8}", row.name, row.figure, ratio)?;
        }
        Ok(())
    }
}
