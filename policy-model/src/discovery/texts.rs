//! Texts that stand for all others.

mod tape;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

use super::Work;
use tape::{Tape, Words};

/// Most steps in the search for texts.
pub(super) const TEXT_STEPS_MAX: usize = 20_000;

/// Steps that take as long as asking a condition.
const STEPS_OF_WORK: usize = 4;

/// What a text may fit.
pub(super) enum Pattern {
    /// These pieces, with any run of characters between two of them.
    Pieces(Vec<String>),
    /// A part of a text.
    Part { of: String, is_at_start: bool, is_at_end: bool },
}

impl Pattern {
    /// A text that fits.
    pub(super) fn instance(&self) -> String {
        match self {
            Pattern::Pieces(pieces) => pieces.concat(),
            Pattern::Part { of, .. } => of.clone(),
        }
    }
}

/// Texts among which every text that is none of the constants has one that is none of them either, and fits the same of the
/// patterns; `count` of each kind if there are so many. The shortest come first. None if the search would be too long.
///
/// Complete: it goes through all states in which the patterns, read side by side, can be, and a text is known by the state that it
/// ends in. A character that no pattern and no constant has stands for all such.
pub(super) fn representatives(
    patterns: &[Pattern],
    constants: &[&str],
    count: usize,
    work: &Work,
) -> Option<Vec<String>> {
    let fresh = fresh_character(patterns, constants)?;
    if patterns.is_empty() {
        return Some((1..=count).map(|length| fresh.to_string().repeat(length)).collect());
    }
    let characters: usize = constants.iter().map(|text| text.len()).sum();
    if characters > TEXT_STEPS_MAX {
        return None;
    }
    let tape = Tape::new(patterns);
    let words = Words::new(constants);
    let mut alphabet: Vec<char> = tape.characters().chain(constants.iter().flat_map(|text| text.chars())).collect();
    alphabet.sort_unstable();
    alphabet.dedup();
    alphabet.push(fresh);

    let mut found = Vec::new();
    // The empty text is of a kind of its own.
    if !constants.contains(&"") {
        found.push(String::new());
    }
    let mut visits: HashMap<State, usize> = HashMap::new();
    let mut kinds: HashMap<Vec<usize>, usize> = HashMap::new();
    let mut queue = VecDeque::from([(State { active: tape.start(), word: Some(0) }, String::new())]);
    let mut steps = 0;
    while let Some((state, text)) = queue.pop_front() {
        steps += alphabet.len() * (1 + state.active.len() / 8);
        if steps > TEXT_STEPS_MAX || !work.charge(1 + alphabet.len() / STEPS_OF_WORK) {
            return None;
        }
        for character in &alphabet {
            let word = state.word.and_then(|word| words.follow(word, *character));
            let next = State { active: tape.follow(&state.active, *character), word };
            if !has_room(&mut visits, &next, count) {
                continue;
            }
            let mut longer = text.clone();
            longer.push(*character);
            let is_constant = word.is_some_and(|word| words.ends(word));
            if !is_constant && has_room(&mut kinds, &tape.fits(&next.active), count) {
                found.push(longer.clone());
            }
            queue.push_back((next, longer));
        }
    }
    Some(found)
}

/// Counts, up to a bound.
fn has_room<K: Clone + Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K, bound: usize) -> bool {
    match counts.get_mut(key) {
        Some(count) if *count >= bound => false,
        Some(count) => {
            *count += 1;
            true
        }
        None => {
            counts.insert(key.clone(), 1);
            true
        }
    }
}

/// A character that none of them has.
fn fresh_character(patterns: &[Pattern], constants: &[&str]) -> Option<char> {
    let parts = patterns.iter().flat_map(|pattern| match pattern {
        Pattern::Pieces(pieces) => pieces.as_slice(),
        Pattern::Part { of, .. } => std::slice::from_ref(of),
    });
    let used: BTreeSet<char> =
        parts.map(String::as_str).chain(constants.iter().copied()).flat_map(|text| text.chars()).collect();
    ('a'..='z').chain('0'..='9').chain('\u{4e00}'..='\u{9fff}').find(|character| !used.contains(character))
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    /// The places of the tape at which reading may be, a bit each.
    active: Vec<u64>,
    /// The place among the constants, if one begins so.
    word: Option<usize>,
}
