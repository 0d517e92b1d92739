//! Where in a text something that was taken out may begin.
//!
//! A text is looked at in every third place only: of each form of a value, the first six bytes have three windows of four
//! bytes, one of which begins at such a place. Where a window is known, the six bytes are asked for.

use super::super::taken_out::TakenOut;

/// The beginnings of all forms.
pub(super) struct Filter {
    /// A bit for each window, by its hash.
    windows: Vec<u64>,
    windows_shift: u32,
    /// For each beginning a few bits in one word, by its hash.
    heads: Vec<u64>,
    heads_shift: u32,
}

/// So many bytes of each form are known.
pub(super) const HEAD_BYTES: usize = 6;

impl Filter {
    pub(super) fn of(taken_out: &TakenOut) -> Filter {
        let count = taken_out.len().next_power_of_two();
        let (windows, blocks) = ((count * WINDOW_BITS_PER_VALUE).max(1 << 10), (count * BLOCKS_PER_VALUE).max(1 << 6));
        let mut filter = Filter {
            windows: vec![0; windows / 64],
            windows_shift: 64 - windows.trailing_zeros(),
            heads: vec![0; blocks],
            heads_shift: 64 - blocks.trailing_zeros(),
        };
        for value in taken_out.values() {
            heads(value, |head| filter.add(head));
        }
        filter
    }

    fn add(&mut self, head: u64) {
        for window in [head as u32, (head >> 8) as u32, (head >> 16) as u32] {
            let (block, bit) = self.window(window);
            if let Some(block) = self.windows.get_mut(block) {
                *block |= bit;
            }
        }
        let (block, bits) = self.head(head);
        if let Some(block) = self.heads.get_mut(block) {
            *block |= bits;
        }
    }

    /// Whether something that is wanted begins at a place where something may begin.
    pub(super) fn any(&self, bytes: &[u8], mut is_wanted: impl FnMut(usize) -> bool) -> bool {
        let mut at = 0;
        // Eight bytes have two of the windows in them.
        while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            let eight = u64::from_le_bytes(*eight);
            if self.has_window(eight as u32) && self.is_any_around(bytes, at, &mut is_wanted) {
                return true;
            }
            if self.has_window((eight >> 24) as u32) && self.is_any_around(bytes, at + 3, &mut is_wanted) {
                return true;
            }
            at += 6;
        }
        while let Some(four) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            if self.has_window(u32::from_le_bytes(*four)) && self.is_any_around(bytes, at, &mut is_wanted) {
                return true;
            }
            at += 3;
        }
        false
    }

    /// The window may be the first, second or third of a beginning.
    fn is_any_around(&self, bytes: &[u8], at: usize, is_wanted: &mut impl FnMut(usize) -> bool) -> bool {
        (at.saturating_sub(2)..=at).any(|start| {
            let head = bytes.get(start..).and_then(|rest| rest.first_chunk::<HEAD_BYTES>());
            head.is_some_and(|head| self.has_head(number(*head))) && is_wanted(start)
        })
    }

    fn has_window(&self, window: u32) -> bool {
        let (block, bit) = self.window(window);
        self.windows.get(block).is_some_and(|block| block & bit != 0)
    }

    fn has_head(&self, head: u64) -> bool {
        let (block, bits) = self.head(head);
        self.heads.get(block).is_some_and(|block| block & bits == bits)
    }

    fn window(&self, window: u32) -> (usize, u64) {
        let hash = u64::from(window).wrapping_mul(MULTIPLIER) >> self.windows_shift;
        ((hash / 64) as usize, 1 << (hash % 64))
    }

    fn head(&self, head: u64) -> (usize, u64) {
        let hash = head.wrapping_mul(MULTIPLIER);
        let bits = 1 << (hash >> 8 & 63) | 1 << (hash >> 14 & 63) | 1 << (hash >> 20 & 63) | 1 << (hash >> 26 & 63);
        ((hash >> self.heads_shift) as usize, bits)
    }
}

/// Calls `add` with the first six bytes of each form of a value that has six bytes or more. In base64 these are characters that
/// no byte before the value has a part in, for each of the three places that it may have in a group.
fn heads(value: &str, mut add: impl FnMut(u64)) {
    let Some(head) = value.as_bytes().first_chunk::<HEAD_BYTES>() else { return };
    add(number(*head));
    let [a, b, c, d, e, f] = *head;
    let bits = u64::from_be_bytes([a, b, c, d, e, f, 0, 0]);
    for skipped in [0, 4, 2] {
        let sextets = [0, 1, 2, 3, 4, 5].map(|index: u32| (bits >> (64 - skipped - 6 * (index + 1)) & 63) as u8);
        add(number(sextets.map(|sextet| written(sextet, *b"+/"))));
        if sextets.iter().any(|sextet| *sextet >= 62) {
            add(number(sextets.map(|sextet| written(sextet, *b"-_"))));
        }
    }
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        let digit = |nibble: u8| digits.get(usize::from(nibble)).copied().unwrap_or_default();
        add(number([digit(a >> 4), digit(a & 15), digit(b >> 4), digit(b & 15), digit(c >> 4), digit(c & 15)]));
    }
}

/// Six bits in base64, with the last two digits of its alphabet.
fn written(sextet: u8, [last_but_one, last]: [u8; 2]) -> u8 {
    match sextet {
        0..26 => b'A' + sextet,
        26..52 => b'a' + (sextet - 26),
        52..62 => b'0' + (sextet - 52),
        62 => last_but_one,
        _ => last,
    }
}

fn number(head: [u8; HEAD_BYTES]) -> u64 {
    let [a, b, c, d, e, f] = head;
    u64::from_le_bytes([a, b, c, d, e, f, 0, 0])
}

/// A value has six forms or more, each with three windows: a quarter of the bits is set at most.
const WINDOW_BITS_PER_VALUE: usize = 128;

/// So that a beginning is taken for another one once in some thousand times.
const BLOCKS_PER_VALUE: usize = 2;

/// 2^64 divided by the golden ratio: neighbours come to lie far from each other.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
