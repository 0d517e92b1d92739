//! Base64, either alphabet, padded or not.

/// The bytes that a text of base64 stands for; what is left over at its end is dropped. `None` if it is something else.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let text = text.get(..text.len() - padding)?;
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for quantum in text.chunks(4) {
        let mut bits = 0_u32;
        for byte in quantum {
            bits = bits << 6 | u32::from(sextet(*byte)?);
        }
        let [_, bytes @ ..] = (bits << (6 * (4 - quantum.len()))).to_be_bytes();
        decoded.extend(bytes.iter().take(quantum.len() * 6 / 8));
    }
    Some(decoded)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}
