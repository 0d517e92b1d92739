//! All paths of a policy at once: what is left to go of each of them, as bits that move on with every name and element.
//!
//! A path of n segments has n + 1 bits in a row: bit i says that its first i segments lead to here, the last that it selects
//! what is here. A step to a child moves those bits on whose segment goes to that child, and keeps those whose segment is a
//! descendant's. The bits of one path stand in one word.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::selector::{Way, WayStep};
use crate::spelling::folded;

/// The paths of a policy.
#[derive(Debug, Default)]
pub(crate) struct Automaton {
    words: Vec<Word>,
    exact: Names,
    folded: Names,
}

/// Where the bits of a path begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    pub(super) word: u32,
    pub(super) bit: u64,
}

#[derive(Debug, Default)]
pub(super) struct Word {
    /// How many bits are taken.
    length: u32,
    /// Segments that go to descendants.
    descendants: u64,
    /// Segments that go to every child.
    wildcards: u64,
    /// Segments that go to some elements.
    elements: u64,
    counts: Vec<Count>,
    /// Bits that say that a path selects what is here.
    accepts: u64,
    /// Which paths these are.
    rules: Vec<(u64, u32)>,
}

/// To which elements a segment goes.
#[derive(Debug)]
struct Count {
    bit: u64,
    first: u64,
    end: u64,
    step: u64,
}

/// The segments that go to members of a name, by the words that they are in.
type Steps = Vec<(u32, u64)>;

#[derive(Debug, Default)]
struct Names {
    steps: HashMap<Box<str>, Steps, FixedState>,
    marks: Marks,
}

/// The lengths and first bytes of names, so that most names need not be looked up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks([u64; 4]);

impl Marks {
    /// Every name.
    const ALL: Marks = Marks([u64::MAX; 4]);

    fn add(&mut self, length: usize, first: u8) {
        let (block, mark) = mark(length, first);
        if let Some(marks) = self.0.get_mut(block) {
            *marks |= mark;
        }
    }

    /// These and others.
    pub(super) fn and(self, other: Marks) -> Marks {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Marks([a | e, b | f, c | g, d | h])
    }

    /// Whether a name of that length and first byte may be one of them.
    pub(super) fn may_have(&self, length: usize, first: u8) -> bool {
        let (block, mark) = mark(length, first);
        self.0.get(block).is_none_or(|marks| marks & mark != 0)
    }
}

/// Most segments of a path that has its bits in a word.
const SEGMENTS_MAX: usize = 63;

impl Automaton {
    /// Adds a path under a number; none if it does not fit into a word.
    pub(crate) fn add(&mut self, rule: u32, ways: &[Way<'_>], folds_case: bool) -> Option<Start> {
        if ways.len() > SEGMENTS_MAX {
            return None;
        }
        let bits = ways.len() as u32 + 1;
        if self.words.last().is_none_or(|word| word.length + bits > u64::BITS) {
            self.words.push(Word::default());
        }
        let number = self.words.len() as u32 - 1;
        let word = self.words.last_mut()?;
        let first = 1 << word.length;
        word.length += bits;
        for (index, way) in ways.iter().enumerate() {
            let bit = first << index;
            if way.is_descendant {
                word.descendants |= bit;
            }
            for step in &way.steps {
                match *step {
                    WayStep::Wildcard => word.wildcards |= bit,
                    WayStep::Elements { first, end, step } => {
                        word.elements |= bit;
                        word.counts.push(Count { bit, first, end, step });
                    }
                    WayStep::Name(name) if folds_case => self.folded.add(&folded(name), number, bit),
                    WayStep::Name(name) => self.exact.add(name, number, bit),
                }
            }
        }
        let accept = first << ways.len();
        word.accepts |= accept;
        word.rules.push((accept, rule));
        Some(Start { word: number, bit: first })
    }

    /// What a name does.
    pub(super) fn named<'a>(&'a self, name: &str) -> Named<'a> {
        Named { exact: self.exact.get(name), folded: self.folded.get_folded(name) }
    }

    /// The names of all paths, and those that a Lambda proxy result has.
    pub(super) fn marks(&self) -> Marks {
        if !self.folded.steps.is_empty() {
            return Marks::ALL;
        }
        let mut marks = self.exact.marks;
        [(4, b'b'), (4, b'B'), (15, b'i'), (15, b'I')].into_iter().for_each(|(length, first)| marks.add(length, first));
        marks
    }

    pub(super) fn word(&self, number: u32) -> Option<&Word> {
        self.words.get(number as usize)
    }
}

impl Word {
    /// The bits for a member to whose name these segments go.
    pub(super) fn member(&self, bits: u64, named: u64) -> u64 {
        (bits & (self.wildcards | named)) << 1 | bits & self.descendants
    }

    /// The bits for an element.
    pub(super) fn element(&self, bits: u64, index: u64) -> u64 {
        let mut goes = self.wildcards;
        if bits & self.elements != 0 {
            for count in self.counts.iter().filter(|count| count.has(index)) {
                goes |= count.bit;
            }
        }
        (bits & goes) << 1 | bits & self.descendants
    }

    /// Whether one of the paths counts elements here.
    pub(super) fn counts(&self, bits: u64) -> bool {
        bits & self.elements != 0
    }

    /// The bits that say that a path selects what is here.
    pub(super) fn accepts(&self) -> u64 {
        self.accepts
    }

    /// The paths that select what is here.
    pub(super) fn selecting(&self, bits: u64) -> impl Iterator<Item = u32> {
        self.rules.iter().filter(move |(accept, _)| bits & accept != 0).map(|(_, rule)| *rule)
    }
}

impl Count {
    fn has(&self, index: u64) -> bool {
        (self.first..self.end).contains(&index) && (index - self.first).is_multiple_of(self.step)
    }
}

/// What a name does to the bits of all words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    exact: Option<&'a Steps>,
    folded: Option<&'a Steps>,
}

impl Named<'_> {
    /// The segments of a word that go there.
    pub(super) fn steps(&self, word: u32) -> u64 {
        let of = |steps: Option<&Steps>| {
            let steps = steps.map_or(&[][..], Vec::as_slice);
            steps.iter().find(|(own, _)| *own == word).map_or(0, |(_, bits)| *bits)
        };
        of(self.exact) | of(self.folded)
    }
}

impl Names {
    fn add(&mut self, name: &str, word: u32, bit: u64) {
        self.marks.add(name.len(), name.bytes().next().unwrap_or_default());
        let steps = self.steps.entry(name.into()).or_default();
        match steps.iter_mut().find(|(own, _)| *own == word) {
            Some((_, bits)) => *bits |= bit,
            None => steps.push((word, bit)),
        }
    }

    fn get(&self, name: &str) -> Option<&Steps> {
        if self.marks.may_have(name.len(), name.bytes().next().unwrap_or_default()) {
            self.steps.get(name)
        } else {
            None
        }
    }

    fn get_folded(&self, name: &str) -> Option<&Steps> {
        if self.steps.is_empty() {
            return None;
        }
        if name.is_ascii() && !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.get(name);
        }
        self.get(&folded(name))
    }
}

/// A bit in 256 for the length and first byte of a name.
fn mark(length: usize, first: u8) -> (usize, u64) {
    let mark = usize::from(first).wrapping_mul(31) ^ length.wrapping_mul(7);
    (mark >> 6 & 3, 1 << (mark & 63))
}
