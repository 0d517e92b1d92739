//! What the gateway says beside the event: the client context of the invocation, of which two words matter. It decides nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_model::json::{self, Value};

/// Which gateway invoked, and by which id it knows the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GatewayContext<'i> {
    /// The gateway's ARN.
    pub gateway_arn: Option<&'i str>,
    /// The gateway's id of the request, the same at both points.
    pub request_id: Option<&'i str>,
}

/// A client context as far as it can be read. What is missing, unreadable or ambiguous is not there.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct ClientContext {
    gateway_arn: Option<String>,
    request_id: Option<String>,
}

impl ClientContext {
    /// Reads the text of the header: JSON, or the Base64 of JSON, which is the form of the Invoke operation.
    pub(crate) fn read(header: &[u8]) -> ClientContext {
        if header.len() > HEADER_BYTES_MAX {
            return ClientContext::default();
        }
        let text = header.trim_ascii();
        if text.first() == Some(&b'{') {
            return ClientContext::of_json(text);
        }
        STANDARD.decode(text).map_or_else(|_| ClientContext::default(), |decoded| ClientContext::of_json(&decoded))
    }

    fn of_json(text: &[u8]) -> ClientContext {
        let Ok(document) = json::parse(text) else { return ClientContext::default() };
        let custom = only(document.root(), "custom");
        let word = |name: &str, bytes_max| custom.and_then(|custom| word(custom, name, bytes_max));
        ClientContext {
            gateway_arn: word("GATEWAY_ARN", ARN_BYTES_MAX),
            request_id: word("REQUEST_ID", REQUEST_ID_BYTES_MAX),
        }
    }

    /// What an invocation is told of it.
    pub(crate) fn gateway(&self) -> GatewayContext<'_> {
        GatewayContext { gateway_arn: self.gateway_arn.as_deref(), request_id: self.request_id.as_deref() }
    }
}

fn word(object: Value<'_>, name: &str, bytes_max: usize) -> Option<String> {
    let text = only(object, name)?.as_str()?;
    let is_usable = (1..=bytes_max).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    is_usable.then(|| text.into_owned())
}

/// The value of a member that is there once.
fn only<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    let mut found = object.members().filter(|member| member.name.is_str(name));
    let first = found.next()?;
    found.next().is_none().then_some(first.value)
}

/// Lambda takes a client context of 3,583 bytes.
const HEADER_BYTES_MAX: usize = 16 * 1024;

const ARN_BYTES_MAX: usize = 2048;

const REQUEST_ID_BYTES_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(header: &str) -> (Option<String>, Option<String>) {
        let context = ClientContext::read(header.as_bytes());
        let encoded = ClientContext::read(STANDARD.encode(header).as_bytes());
        if header.trim_start().starts_with('{') && header.len() < HEADER_BYTES_MAX / 2 {
            assert_eq!(context, encoded, "{header}");
        }
        (context.gateway_arn, context.request_id)
    }

    fn both(arn: &str, id: &str) -> (Option<String>, Option<String>) {
        (Some(arn.to_owned()), Some(id.to_owned()))
    }

    #[test]
    fn both_words_are_read_whatever_stands_beside_them() {
        let custom = r#""custom":{"GATEWAY_ARN":"arn:aws:x","REQUEST_ID":"r-1","GATEWAY_ACCOUNT_ID":"1"}"#;
        for header in [
            format!("{{{custom}}}"),
            format!(" {{{custom}}} "),
            format!(r#"{{"client":null,"environment":null,"env":{{}},{custom}}}"#),
            format!(r#"{{"client":{{}},{custom},"environment":7}}"#),
            format!(r#"{{"client":{{"installation_id":"é"}},{custom}}}"#),
            r#"{"custom":{"GATEWAY_ARN":"arn:aws:x","REQUEST_ID":"r-1","SOURCE_IP":null,"N":1,"O":{}}}"#.to_owned(),
            r#"{"custom":{"GATEWAY\u005fARN":"arn\u003aaws:x","REQUEST_ID":"r\u002d1","a":1,"a":2}}"#.to_owned(),
        ] {
            assert_eq!(read(&header), both("arn:aws:x", "r-1"), "{header}");
        }
    }

    #[test]
    fn what_is_missing_ambiguous_or_of_another_type_is_not_there() {
        for header in [
            "",
            "null",
            "[]",
            "no JSON",
            "{",
            "{}",
            r#"{"custom":null}"#,
            r#"{"custom":[]}"#,
            r#"{"custom":"x"}"#,
            r#"{"Custom":{"REQUEST_ID":"r-1"}}"#,
            r#"{"custom":{"request_id":"r-1"}}"#,
            r#"{"custom":{"REQUEST_ID":"r-1"},"custom":{}}"#,
            r#"{"custom":{"REQUEST_ID":"r-1","REQUEST_ID":"r-1"}}"#,
            r#"{"custom":{"REQUEST_ID":"r-1","REQUEST\u005fID":"r-1"}}"#,
            r#"{"custom":{"REQUEST_ID":null}}"#,
            r#"{"custom":{"REQUEST_ID":1}}"#,
            r#"{"custom":{"REQUEST_ID":["r-1"]}}"#,
            r#"{"custom":{"REQUEST_ID":""}}"#,
            r#"{"custom":{"REQUEST_ID":"é"}}"#,
            r#"{"custom":{"REQUEST_ID":"a\nb"}}"#,
            r#"{"custom":{"REQUEST_ID":"\u007f"}}"#,
            r#"{"custom":{"REQUEST_ID":"r-1"}} {}"#,
        ] {
            assert_eq!(read(header), (None, None), "{header}");
        }
        let header = r#"{"custom":{"REQUEST_ID":"r-1","GATEWAY_ARN":7}}"#;
        assert_eq!(read(header), (None, Some("r-1".to_owned())));
        assert_eq!(ClientContext::read(b"{\"custom\":{\"REQUEST_ID\":\"\xff\"}}"), ClientContext::default());
    }

    #[test]
    fn words_and_header_are_bounded() {
        let header = |arn: usize, id: usize| {
            format!(r#"{{"custom":{{"GATEWAY_ARN":"{}","REQUEST_ID":"{}"}}}}"#, "a".repeat(arn), "i".repeat(id))
        };
        assert_eq!(read(&header(2048, 256)), both(&"a".repeat(2048), &"i".repeat(256)));
        assert_eq!(read(&header(2049, 257)), (None, None));
        let header = |length: usize| {
            let text = r#"{"custom":{"REQUEST_ID":"r-1"}}"#;
            format!("{text}{}", " ".repeat(length - text.len()))
        };
        assert_eq!(read(&header(HEADER_BYTES_MAX)), (None, Some("r-1".to_owned())));
        assert_eq!(read(&header(HEADER_BYTES_MAX + 1)), (None, None));
    }

    #[test]
    fn base64_is_read_strictly() {
        let header = STANDARD.encode(r#"{"custom":{"REQUEST_ID":"r-12"}}"#);
        assert_eq!(ClientContext::read(header.as_bytes()).request_id.as_deref(), Some("r-12"));
        assert!(header.ends_with('='));
        assert_eq!(ClientContext::read(header.trim_end_matches('=').as_bytes()), ClientContext::default());
        assert_eq!(ClientContext::read(STANDARD.encode(&header).as_bytes()), ClientContext::default());
    }

    proptest! {
        #[test]
        fn a_word_comes_out_as_it_was_put_in(id in "[ -~]{1,256}", other in any::<String>()) {
            let header = serde_json::json!({"custom": {"x": other, "REQUEST_ID": id}, "client": other}).to_string();
            prop_assert_eq!(read(&header), (None, Some(id)));
        }

        #[test]
        fn whatever_the_header_is_what_comes_out_is_short_and_printable(header in any::<Vec<u8>>()) {
            let context = ClientContext::read(&header);
            for word in [context.gateway_arn, context.request_id].into_iter().flatten() {
                prop_assert!(word.len() <= ARN_BYTES_MAX && word.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            }
        }
    }
}
