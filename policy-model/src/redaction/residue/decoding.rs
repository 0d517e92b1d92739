//! What stands at a place of a text, read as plain text, as hexadecimal or as base64.

/// How a value may stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As it is.
    Plain,
    /// Two digits a byte, in upper or lower case.
    Hexadecimal,
    /// Base64 of either alphabet. So many bits of the value stand in the character before: 0, 4 or 2, by its place in a group.
    Base64 { before: u32 },
}

impl Encoding {
    pub(super) const ALL: [Encoding; 5] = [
        Encoding::Plain,
        Encoding::Hexadecimal,
        Encoding::Base64 { before: 0 },
        Encoding::Base64 { before: 4 },
        Encoding::Base64 { before: 2 },
    ];

    /// The bytes that a text says from a place on, at most so many.
    pub(super) fn read(self, text: &[u8], at: usize, most: usize, out: &mut Vec<u8>) {
        out.clear();
        let rest = text.get(at..).unwrap_or_default();
        match self {
            Encoding::Plain => out.extend(rest.iter().take(most)),
            Encoding::Hexadecimal => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                for pair in rest.chunks_exact(2).take(most) {
                    let [high, low] = pair else { return };
                    let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return };
                    out.push((high << 4 | low) as u8);
                }
            }
            Encoding::Base64 { before } => {
                let first = match (before, at.checked_sub(1).and_then(|before| text.get(before))) {
                    (0, _) => 0,
                    (_, Some(byte)) => match sextet(*byte) {
                        Some(bits) => bits & ((1 << before) - 1),
                        None => return,
                    },
                    (_, None) => return,
                };
                let (mut bits, mut count) = (first, before);
                for byte in rest {
                    let Some(next) = sextet(*byte) else { return };
                    bits = bits << 6 | next;
                    count += 6;
                    if count >= 8 {
                        count -= 8;
                        out.push((bits >> count) as u8);
                        bits &= (1 << count) - 1;
                        if out.len() == most {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// The six bits that a character of either alphabet stands for.
fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
