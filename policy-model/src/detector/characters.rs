//! Characters as detectors see them: one byte each, whatever the script.

/// A letter that is not ASCII, of a script that puts spaces between words.
pub(super) const LETTER: u8 = 0x80;

/// A letter of a script without spaces between words (Han, Kana, Thai ..), or that puts endings to foreign words (Hangul): ASCII
/// beside it is a word of its own.
pub(super) const IDEOGRAPH: u8 = 0x81;

/// Any other character that is not ASCII: a symbol, a bracket, a picture.
pub(super) const OTHER: u8 = 0x82;

/// A character as one byte: digits of any script, dashes, spaces and full-width forms as in ASCII; `None` for what is not seen.
pub(super) fn fold(character: char) -> Option<u8> {
    let code = u32::from(character);
    match character {
        '\0'..='\x7f' => u8::try_from(code).ok(),
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => {
            Some(IDEOGRAPH)
        }
        '\u{ac00}'..='\u{d7a3}' => Some(IDEOGRAPH),
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2af}' => Some(LETTER),
        '\u{ff01}'..='\u{ff5e}' => u8::try_from(code - 0xfee0).ok(),
        '\u{fe6b}' => Some(b'@'),
        '\u{ff61}' => Some(b'.'),
        '\u{2028}' | '\u{2029}' | '\u{85}' => Some(b'\n'),
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\u{3164}'
        | '\u{ffa0}' => Some(b' '),
        '\u{58a}' | '\u{5be}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Some(b'-'),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' => {
            Some(decimal_digit(code).unwrap_or(if character.is_alphabetic() { IDEOGRAPH } else { OTHER }))
        }
        '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}' => Some(IDEOGRAPH),
        '\u{300}'..='\u{36f}' => Some(LETTER),
        '\u{80}'..='\u{65f}' => Some(if character.is_alphabetic() { LETTER } else { OTHER }),
        _ => Some(decimal_digit(code).unwrap_or(if character.is_alphabetic() { LETTER } else { OTHER })),
    }
}

/// Whether a byte of UTF-8 can be part of a character that folds to an ASCII letter, digit or mark, or to nothing.
pub(super) const fn may_fold(byte: u8) -> bool {
    matches!(byte, 0x80..=0xbf | 0xc2 | 0xcd | 0xd6 | 0xd8 | 0xd9 | 0xdb | 0xdf | 0xe0..=0xe2 | 0xea | 0xef | 0xf0 | 0xf3)
}

/// Whether a byte of a folded text belongs to a word: a letter, a digit, an underscore.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == LETTER
}

fn decimal_digit(code: u32) -> Option<u8> {
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    u8::try_from(code - zero).ok().filter(|digit| *digit < 10).map(|digit| b'0' + digit)
}

/// The zero of each block of decimal digits (general category Nd).
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0,
    0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50,
    0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];
