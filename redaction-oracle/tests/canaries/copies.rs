//! Copies of a value in other forms.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::random::Random;
use crate::template::{Node, quote};

/// A member that has a copy of a value in some form.
pub(crate) fn copy(random: &mut Random, value: &str) -> (String, Node) {
    let around =
        |random: &mut Random| -> String { (0..random.below(5)).map(|_| random.one_of(&['x', 'y', 'z'])).collect() };
    let text = format!("{}{value}{}", around(random), around(random));
    let form = match random.below(14) {
        0 => return (quote(&text), Node::Kept("1".to_owned())),
        1 => text,
        2 => format!("it said {value} there"),
        3 => quote(&text),
        4 => quote(&quote(&text)),
        5 => format!("{{\"copy\":{}}}", quote(&text)),
        6 => percent(&text, |_| false),
        7 => percent(&text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
        8 => percent(&text, |byte| byte.is_ascii_alphanumeric() || b";,/?:@&=+$-_.!~*'()#".contains(&byte)),
        9 => random.one_of(&[&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]).encode(text),
        10 => {
            let long = STANDARD.encode(format!("{}{text}{}", "before ".repeat(9), " after".repeat(9)));
            let lines: Vec<&str> = long.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
            lines.join(random.one_of(&["\n", "\r\n"]))
        }
        11 => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        12 => text.bytes().map(|byte| format!("{byte:02X}")).collect(),
        _ => {
            let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            return (quote("copy"), Node::Kept(format!("\"{escaped}\"")));
        }
    };
    (quote("copy"), Node::Kept(quote(&form)))
}

fn percent(text: &str, is_plain: fn(u8) -> bool) -> String {
    let encode = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}
