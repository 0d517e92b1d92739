//! Files of log lines, of any length, in whatever CloudWatch wraps them: one record at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, sync_channel};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::failure::Failure;
use crate::input::{STANDARD_INPUT, name};

/// One log line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// JSON, perhaps.
    Text(String),
    /// Longer than [`LINE_BYTES_MAX`].
    TooLong,
}

/// The records of a file.
pub(super) struct Lines {
    file: String,
    source: Source,
    waiting: VecDeque<Record>,
    is_first: bool,
}

enum Source {
    Lines(Box<dyn BufRead + Send>),
    /// What the document of `filter-log-events` has, read beside.
    Document(Receiver<Result<Record, String>>),
}

impl Lines {
    pub(super) fn open(file: &str) -> Result<Lines, Failure> {
        let reader: Box<dyn BufRead + Send> = if file == STANDARD_INPUT {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let opened = File::open(file).map_err(|error| cannot(file, &error))?;
            Box::new(BufReader::with_capacity(BUFFER_BYTES, opened))
        };
        Ok(Lines::of(file, reader))
    }

    fn of(file: &str, reader: Box<dyn BufRead + Send>) -> Lines {
        Lines { file: file.to_owned(), source: Source::Lines(reader), waiting: VecDeque::new(), is_first: true }
    }

    fn read_line(&mut self) -> io::Result<Option<Record>> {
        let Source::Lines(reader) = &mut self.source else { return Ok(None) };
        let mut line = Vec::new();
        if reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.len() as u64 > LINE_BYTES_MAX {
            skip_line(reader)?;
            return Ok(Some(Record::TooLong));
        }
        Ok(Some(Record::Text(String::from_utf8_lossy(&line).into_owned())))
    }

    /// A document over several lines, of which this is the first.
    fn begin_document(&mut self, line: String) {
        let lines: Box<dyn BufRead + Send> = Box::new(io::empty());
        let Source::Lines(rest) = std::mem::replace(&mut self.source, Source::Lines(lines)) else { return };
        let (give, take) = sync_channel(RECORDS_BESIDE);
        std::thread::spawn(move || {
            let reader = io::Cursor::new(line).chain(rest);
            let mut document = serde_json::Deserializer::from_reader(reader);
            let send = |record: String| give.send(Ok(Record::Text(record))).is_ok();
            let read = EventsOf(&send).deserialize(&mut document).and_then(|()| document.end());
            if let Err(error) = read {
                // Whoever reads no more needs no error.
                drop(give.send(Err(error.to_string())));
            }
        });
        self.source = Source::Document(take);
    }
}

impl Iterator for Lines {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Result<Record, Failure>> {
        loop {
            if let Some(record) = self.waiting.pop_front() {
                return Some(Ok(record));
            }
            if let Source::Document(records) = &self.source {
                let wrong = |error: String| Failure::input(format!("{} is no log: {error}", name(&self.file)));
                return records.recv().ok().map(|record| record.map_err(wrong));
            }
            let text = match self.read_line() {
                Ok(Some(Record::Text(text))) => text,
                Ok(Some(Record::TooLong)) => return Some(Ok(Record::TooLong)),
                Ok(None) => return None,
                Err(error) => return Some(Err(cannot(&self.file, &error))),
            };
            if text.trim().is_empty() {
                continue;
            }
            let is_begun = std::mem::replace(&mut self.is_first, false) && text.trim_start().starts_with('{');
            if is_begun && serde_json::from_str::<IgnoredAny>(&text).is_err_and(|error| error.is_eof()) {
                self.begin_document(text);
                continue;
            }
            self.waiting.extend(unwrapped(&text));
        }
    }
}

/// What CloudWatch wraps: the line itself, after a time stamp, in a `message`, or several in `events`.
fn unwrapped(text: &str) -> Vec<Record> {
    let json = text.find('{').and_then(|start| text.get(start..)).unwrap_or(text).trim();
    if let Ok(wrapped) = serde_json::from_str::<Wrapped>(json) {
        if let Some(message) = wrapped.message {
            return vec![Record::Text(message)];
        }
        if let Some(events) = wrapped.events {
            return events.into_iter().map(|event| Record::Text(event.message)).collect();
        }
    }
    vec![Record::Text(json.to_owned())]
}

#[derive(Deserialize)]
struct Wrapped {
    message: Option<String>,
    events: Option<Vec<Event>>,
}

#[derive(Deserialize)]
struct Event {
    message: String,
}

/// The document of `filter-log-events`, whose events are handed on one by one.
struct EventsOf<'s, F>(&'s F);

impl<'d, F: Fn(String) -> bool> DeserializeSeed<'d> for EventsOf<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, document: D) -> Result<(), D::Error> {
        document.deserialize_map(self)
    }
}

impl<'d, F: Fn(String) -> bool> Visitor<'d> for EventsOf<'_, F> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object with a list of events")
    }

    fn visit_map<M: MapAccess<'d>>(self, mut members: M) -> Result<(), M::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if name == "events" {
                members.next_value_seed(Each(self.0))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Each<'s, F>(&'s F);

impl<'d, F: Fn(String) -> bool> DeserializeSeed<'d> for Each<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, list: D) -> Result<(), D::Error> {
        list.deserialize_seq(self)
    }
}

impl<'d, F: Fn(String) -> bool> Visitor<'d> for Each<'_, F> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a list of events with a message each")
    }

    fn visit_seq<S: SeqAccess<'d>>(self, mut events: S) -> Result<(), S::Error> {
        while let Some(event) = events.next_element::<Event>()? {
            if !(self.0)(event.message) {
                // Nobody reads on.
                break;
            }
        }
        Ok(())
    }
}

fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let (length, is_over) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(place) => (place + 1, true),
            None => (buffer.len(), false),
        };
        reader.consume(length);
        if is_over {
            return Ok(());
        }
    }
}

fn cannot(file: &str, error: &io::Error) -> Failure {
    Failure::input(format!("cannot read {}: {error}", name(file)))
}

/// Longest line: what CloudWatch Logs takes is shorter.
const LINE_BYTES_MAX: u64 = 1 << 21;

const BUFFER_BYTES: usize = 1 << 18;

/// Most records that are read ahead.
const RECORDS_BESIDE: usize = 256;

#[cfg(test)]
mod tests {
    use super::{LINE_BYTES_MAX, Lines, Record};

    fn read(text: &str) -> Vec<Record> {
        Lines::of("f", Box::new(std::io::Cursor::new(text.to_owned()))).map(|record| record.unwrap()).collect()
    }

    fn texts(records: &[&str]) -> Vec<Record> {
        records.iter().map(|text| Record::Text((*text).to_owned())).collect()
    }

    #[test]
    fn a_line_is_found_in_whatever_it_is_wrapped() {
        let line = r#"{"target":"t","n":1}"#;
        let quoted = serde_json::to_string(line).unwrap();
        for text in [
            line.to_owned(),
            format!("{line}\n"),
            format!("\n\n  {line}\r\n\n"),
            format!("2026-11-22T12:00:00.000Z {line}\n"),
            format!("2026-11-22T12:00:00.000Z\tabc\tINFO\t{line}\n"),
            format!("{{\"timestamp\":1,\"message\":{quoted},\"ingestionTime\":2}}"),
            format!("{{\"events\":[{{\"message\":{quoted}}}],\"searchedLogStreams\":[]}}"),
            format!(
                "{{\n  \"events\": [\n    {{\n      \"message\": {quoted},\n      \"timestamp\": 1\n    }}\n  ]\n}}\n"
            ),
        ] {
            assert_eq!(read(&text), texts(&[line]), "{text}");
        }
    }

    #[test]
    fn other_lines_are_records_and_no_errors() {
        assert_eq!(
            read("START RequestId: 1\n{\"a\":1}\n{\"a\":"),
            texts(&["START RequestId: 1", "{\"a\":1}", "{\"a\":"])
        );
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_and_the_next_one_read() {
        let text = format!("{{\"a\":\"{}\"}}\n{{\"b\":1}}\n", "x".repeat(2 * LINE_BYTES_MAX as usize));
        assert_eq!(read(&text), [Record::TooLong, Record::Text("{\"b\":1}".to_owned())]);
    }

    #[test]
    fn a_document_that_breaks_off_is_an_error() {
        let mut lines = Lines::of("f", Box::new(std::io::Cursor::new("{\n\"events\": [\n{\"message\": \"a\"},\n")));
        assert_eq!(lines.next().unwrap().unwrap(), Record::Text("a".to_owned()));
        assert!(lines.next().unwrap().unwrap_err().to_string().contains("f is no log"));
    }

    #[test]
    fn what_follows_a_document_is_an_error() {
        let document = "{\n\"events\": [{\"message\": \"a\"}]\n}\n";
        let text = document.repeat(2);
        let mut lines = Lines::of("f", Box::new(std::io::Cursor::new(text)));
        assert_eq!(lines.next().unwrap().unwrap(), Record::Text("a".to_owned()));
        assert!(lines.next().unwrap().unwrap_err().to_string().contains("f is no log"));
    }
}
