//! From I-Regexp to the syntax of the `regex` crate, which has more and reads some of it otherwise.

use super::atom::{Reader, Weight};
use super::{Reach, Refusal, Regexp};

/// An I-Regexp in the syntax of the `regex` crate.
#[derive(Debug)]
pub(in super::super) struct Translation {
    text: String,
    weight: Weight,
}

impl Translation {
    /// RFC 9485, section 4. `^` and `$` are anchors, as they are after the mapping of section 5.3 and in the compliance suite
    /// of RFC 9535.
    pub(in super::super) fn read(pattern: &str) -> Result<Translation, Refusal> {
        let mut reader = Reader { rest: pattern.chars(), out: String::new() };
        let mut weight = Weight::default();
        // What stood before each parenthesis that is open.
        let mut before: Vec<Weight> = Vec::new();
        // What a quantifier would repeat.
        let mut atom: Option<Weight> = None;
        while let Some(character) = reader.rest.next() {
            atom = match character {
                '(' => {
                    reader.out.push_str("(?:");
                    before.push(weight);
                    weight = Weight::ONE;
                    None
                }
                ')' => {
                    reader.out.push(')');
                    let group = weight;
                    weight = before.pop().ok_or(Refusal::NotARegexp)?;
                    Some(group)
                }
                '|' => {
                    reader.out.push('|');
                    weight = weight.plus(Weight::ONE);
                    None
                }
                '*' | '+' | '?' => {
                    let repeated = atom.ok_or(Refusal::NotARegexp)?;
                    reader.out.push(character);
                    weight = weight.plus(repeated);
                    None
                }
                '{' => {
                    let repeated = atom.ok_or(Refusal::NotARegexp)?;
                    weight = weight.plus(repeated.times(reader.quantity()?));
                    None
                }
                other => Some(reader.character(other)?),
            };
            // A quantifier has added what it repeats, in place of this.
            let is_repeated = reader.rest.clone().next().is_some_and(|next| matches!(next, '*' | '+' | '?' | '{'));
            if let Some(atom) = atom.filter(|_| !is_repeated) {
                weight = weight.plus(atom);
            }
            if before.len() > GROUPS_DEPTH_MAX {
                return Err(Refusal::TooLarge);
            }
        }
        if before.is_empty() { Ok(Translation { text: reader.out, weight }) } else { Err(Refusal::NotARegexp) }
    }

    /// How large it is when compiled.
    pub(in super::super) fn size(&self) -> usize {
        self.weight.size.saturating_add(SIZE_OF_EMPTY)
    }

    pub(in super::super) fn compile(&self, reach: Reach) -> Result<Regexp, Refusal> {
        Regexp::compile(&self.text, reach, self.weight.states)
    }
}

/// A regular expression takes this even if it is empty.
const SIZE_OF_EMPTY: usize = 32;

/// Most groups inside each other.
const GROUPS_DEPTH_MAX: usize = 32;
