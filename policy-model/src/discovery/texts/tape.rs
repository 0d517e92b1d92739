//! Patterns and constants, read character by character.

use super::Pattern;

/// All patterns, one after the other.
pub(super) struct Tape {
    symbols: Vec<Symbol>,
    starts: Vec<usize>,
    /// At the places where a pattern may end, its number.
    ends: Vec<Option<usize>>,
}

#[derive(Clone, Copy)]
enum Symbol {
    One(char),
    Any,
    End,
}

impl Tape {
    pub(super) fn new(patterns: &[Pattern]) -> Tape {
        let mut tape = Tape { symbols: Vec::new(), starts: Vec::new(), ends: Vec::new() };
        for (number, pattern) in patterns.iter().enumerate() {
            let start = tape.symbols.len();
            let mut end_from = start;
            match pattern {
                Pattern::Pieces(pieces) => {
                    for (count, piece) in pieces.iter().enumerate() {
                        tape.symbols.extend((count > 0).then_some(Symbol::Any));
                        tape.symbols.extend(piece.chars().map(Symbol::One));
                    }
                    tape.starts.push(start);
                    end_from = tape.symbols.len();
                }
                Pattern::Part { of, is_at_start, is_at_end } => {
                    tape.symbols.extend(of.chars().map(Symbol::One));
                    let end = tape.symbols.len();
                    tape.starts.extend(start..=if *is_at_start { start } else { end });
                    if *is_at_end {
                        end_from = end;
                    }
                }
            }
            tape.ends.resize(end_from, None);
            tape.symbols.push(Symbol::End);
            tape.ends.resize(tape.symbols.len(), Some(number));
        }
        tape
    }

    pub(super) fn characters(&self) -> impl Iterator<Item = char> {
        self.symbols.iter().filter_map(|symbol| match symbol {
            Symbol::One(character) => Some(*character),
            Symbol::Any | Symbol::End => None,
        })
    }

    fn none(&self) -> Vec<u64> {
        vec![0; self.symbols.len().div_ceil(64)]
    }

    pub(super) fn start(&self) -> Vec<u64> {
        let mut active = self.none();
        self.starts.iter().for_each(|start| self.enter(&mut active, *start));
        active
    }

    /// A wildcard may be nothing: what is after it is entered with it.
    fn enter(&self, active: &mut [u64], place: usize) {
        set(active, place);
        match self.symbols.get(place) {
            Some(Symbol::Any) => self.enter(active, place + 1),
            Some(Symbol::One(_) | Symbol::End) | None => {}
        }
    }

    pub(super) fn follow(&self, active: &[u64], character: char) -> Vec<u64> {
        let mut next = self.none();
        for place in places(active) {
            match self.symbols.get(place) {
                Some(Symbol::Any) => self.enter(&mut next, place),
                Some(Symbol::One(own)) if *own == character => self.enter(&mut next, place + 1),
                Some(Symbol::One(_) | Symbol::End) | None => {}
            }
        }
        next
    }

    /// Which patterns a text fits that ends here.
    pub(super) fn fits(&self, active: &[u64]) -> Vec<usize> {
        let mut fits: Vec<usize> = places(active).filter_map(|place| self.ends.get(place).copied().flatten()).collect();
        fits.dedup();
        fits
    }
}

/// The places whose bits are set, in order.
fn places(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(number, word)| {
        let rest = |word: u64| (word != 0).then_some(word);
        let words = std::iter::successors(rest(*word), move |word| rest(word & (word - 1)));
        words.map(move |word| number * 64 + word.trailing_zeros() as usize)
    })
}

fn set(bits: &mut [u64], place: usize) {
    if let Some(word) = bits.get_mut(place / 64) {
        *word |= 1 << (place % 64);
    }
}

/// Constants, letter by letter.
pub(super) struct Words(Vec<Letter>);

#[derive(Default)]
struct Letter {
    next: Vec<(char, usize)>,
    is_end: bool,
}

impl Words {
    pub(super) fn new(constants: &[&str]) -> Words {
        let mut words = Words(vec![Letter::default()]);
        for constant in constants {
            let mut at = 0;
            for character in constant.chars() {
                at = words.follow(at, character).unwrap_or_else(|| words.add(at, character));
            }
            if let Some(letter) = words.0.get_mut(at) {
                letter.is_end = true;
            }
        }
        words
    }

    fn add(&mut self, at: usize, character: char) -> usize {
        let new = self.0.len();
        self.0.push(Letter::default());
        if let Some(letter) = self.0.get_mut(at) {
            letter.next.push((character, new));
        }
        new
    }

    pub(super) fn follow(&self, at: usize, character: char) -> Option<usize> {
        let (_, next) = self.0.get(at)?.next.iter().find(|(own, _)| *own == character)?;
        Some(*next)
    }

    pub(super) fn ends(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|letter| letter.is_end)
    }
}
