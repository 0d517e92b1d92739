//! Server-sent events in a buffered answer (WHATWG HTML, section 9.2): the messages in them are looked at one by one.

/// An event stream, taken apart.
#[derive(Debug)]
pub(crate) struct EventStream {
    events: Vec<SentEvent>,
    came: Vec<Option<String>>,
    /// Whether something was left out.
    is_shorter: bool,
}

/// One event: its data, and its other lines as they came.
#[derive(Debug, Default)]
struct SentEvent {
    others: Vec<String>,
    data: Option<String>,
}

impl EventStream {
    /// Takes a text apart. Comments, ids (nothing is resumed that was buffered) and fields that are not known are left out; an event without the empty line at its end is one still.
    pub(crate) fn parse(text: &str) -> EventStream {
        let mut events = Vec::new();
        let mut event = SentEvent::default();
        let mut is_shorter = false;
        for line in lines(text.strip_prefix('\u{feff}').unwrap_or(text)) {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                _ if line.is_empty() => events.push(std::mem::take(&mut event)),
                "data" => match &mut event.data {
                    None => event.data = Some(value.to_owned()),
                    Some(data) => {
                        data.push('\n');
                        data.push_str(value);
                    }
                },
                "event" if is_word(value) => event.others.push(format!("event: {value}")),
                "retry" if value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    event.others.push(format!("retry: {value}"))
                }
                _ => is_shorter = true,
            }
        }
        events.push(event);
        events.retain(|event| event.data.is_some() || !event.others.is_empty());
        let came = events.iter().map(|event| event.data.clone()).collect();
        EventStream { events, came, is_shorter }
    }

    /// The data of each event that has some.
    pub(crate) fn data_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.events.iter_mut().filter_map(|event| event.data.as_mut()).filter(|data| !data.is_empty())
    }

    /// The text with its new data; `None` if all of it is as it came, and nothing was left out.
    pub(crate) fn changed(&self) -> Option<String> {
        let is_same = self.events.iter().map(|event| &event.data).eq(&self.came);
        (self.is_shorter || !is_same).then(|| {
            let mut text = String::new();
            for event in &self.events {
                let data = event.data.iter().flat_map(|data| data.split('\n')).map(|line| format!("data: {line}"));
                for line in event.others.iter().cloned().chain(data) {
                    text.push_str(&line);
                    text.push('\n');
                }
                text.push('\n');
            }
            text
        })
    }
}

/// Lines that end in CR, LF or both.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match text.split_once(['\r', '\n']) {
            None => {
                rest = None;
                Some(text)
            }
            Some((line, after)) => {
                let is_crlf = text.as_bytes().get(line.len()) == Some(&b'\r');
                rest = Some(after.strip_prefix('\n').filter(|_| is_crlf).unwrap_or(after));
                Some(line)
            }
        }
    })
}

/// What says nothing of anybody.
fn is_word(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> Vec<String> {
        EventStream::parse(text).data_mut().map(|data| data.clone()).collect()
    }

    #[test]
    fn events_are_read_whatever_ends_their_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["event: message", "data: {\"a\":", "data: 1}", "", ": ping", "data:2", "", "data: 3"].join(end);
            assert_eq!(data(&text), ["{\"a\":\n1}", "2", "3"], "{end:?}");
        }
    }

    #[test]
    fn what_did_not_change_stays_and_what_did_is_written_anew() {
        let mut stream = EventStream::parse("event: message\ndata: {\"a\":1}\n\ndata: x\n\n");
        assert_eq!(stream.changed(), None);
        stream.data_mut().for_each(|data| *data = data.replace('1', "2"));
        assert_eq!(stream.changed().unwrap(), "event: message\ndata: {\"a\":2}\n\ndata: x\n\n");
    }

    #[test]
    fn comments_and_unknown_fields_are_left_out() {
        for line in ["secret: 4111111111111111", "id: 4111111111111111", ": 4111111111111111", "retry: x"] {
            let stream = EventStream::parse(&format!("{line}\ndata: 1\n\n"));
            assert_eq!(stream.changed().as_deref(), Some("data: 1\n\n"), "{line}");
        }
    }
}
