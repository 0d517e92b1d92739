//! Regular expressions as a tree, with a matcher that tries everything.

use std::collections::BTreeSet;

use crate::random::Random;

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Regular {
    Letter(char),
    /// `.`: any letter but the end of a line.
    Any,
    /// One of these ranges, or, if negated, of all others.
    Class(Vec<(char, char)>, bool),
    Sequence(Vec<Regular>),
    Either(Vec<Regular>),
    /// At least, and at most.
    Repeat(Box<Regular>, usize, Option<usize>),
}

impl Regular {
    /// Whether the whole text fits.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        self.ends(&letters, 0).contains(&letters.len())
    }

    /// Where a match that begins at `start` can end.
    fn ends(&self, text: &[char], start: usize) -> BTreeSet<usize> {
        let one = |fits: bool| if fits { BTreeSet::from([start + 1]) } else { BTreeSet::new() };
        let next = text.get(start).copied();
        match self {
            Regular::Letter(letter) => one(next == Some(*letter)),
            Regular::Any => one(next.is_some_and(|next| next != '\n')),
            Regular::Class(ranges, is_negated) => one(next.is_some_and(|next| {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&next)) != *is_negated
            })),
            Regular::Sequence(parts) => parts.iter().fold(BTreeSet::from([start]), |starts, part| {
                starts.into_iter().flat_map(|start| part.ends(text, start)).collect()
            }),
            Regular::Either(branches) => branches.iter().flat_map(|branch| branch.ends(text, start)).collect(),
            Regular::Repeat(part, least, most) => {
                let most = most.unwrap_or(least + text.len() + 1);
                let mut ends = BTreeSet::new();
                let mut starts = BTreeSet::from([start]);
                for round in 0..=most {
                    if round >= *least {
                        ends.extend(&starts);
                    }
                    starts = starts.into_iter().flat_map(|start| part.ends(text, start)).collect();
                }
                ends
            }
        }
    }

    /// As the `regex` crate reads it.
    pub(crate) fn pattern(&self) -> String {
        match self {
            Regular::Letter(letter) if letter.is_ascii_punctuation() => format!("\\{letter}"),
            Regular::Letter(letter) => letter.to_string(),
            Regular::Any => ".".to_owned(),
            Regular::Class(ranges, is_negated) => {
                let ranges: String = ranges.iter().map(|(first, last)| format!("{first}-{last}")).collect();
                format!("[{}{ranges}]", if *is_negated { "^" } else { "" })
            }
            Regular::Sequence(parts) => parts.iter().map(Regular::inner_pattern).collect(),
            Regular::Either(branches) => branches.iter().map(Regular::pattern).collect::<Vec<_>>().join("|"),
            Regular::Repeat(part, least, most) => {
                let times = match (least, most) {
                    (0, None) => "*".to_owned(),
                    (1, None) => "+".to_owned(),
                    (0, Some(1)) => "?".to_owned(),
                    (least, None) => format!("{{{least},}}"),
                    (least, Some(most)) => format!("{{{least},{most}}}"),
                };
                format!("(?:{}){times}", part.pattern())
            }
        }
    }

    fn inner_pattern(&self) -> String {
        match self {
            Regular::Either(_) => format!("(?:{})", self.pattern()),
            Regular::Letter(_) | Regular::Any | Regular::Class(..) | Regular::Sequence(_) | Regular::Repeat(..) => {
                self.pattern()
            }
        }
    }

    /// A text that mostly fits: what a negated class takes is only guessed.
    pub(crate) fn sample(&self, random: &mut Random) -> String {
        match self {
            Regular::Letter(letter) => letter.to_string(),
            Regular::Any => random.one_of(&["a", "b", ".", "é"]).to_owned(),
            Regular::Class(ranges, false) => {
                let (first, last) = random.one_of(ranges);
                random.one_of(&[first, last]).to_string()
            }
            Regular::Class(_, true) => random.one_of(&["b", "z", "-", "\n"]).to_owned(),
            Regular::Sequence(parts) => parts.iter().map(|part| part.sample(random)).collect(),
            Regular::Either(branches) => random.one_of(branches).sample(random),
            Regular::Repeat(part, least, most) => {
                let times = least + random.below(most.unwrap_or(least + 2) - least + 1);
                (0..times).map(|_| part.sample(random)).collect()
            }
        }
    }

    /// A random one, of little depth.
    pub(crate) fn draw(random: &mut Random, depth: usize) -> Regular {
        let letter = |random: &mut Random| Regular::Letter(random.one_of(&['a', 'b', 'a', '.', '*', 'é', '1', '-']));
        match if depth == 0 { random.below(4) } else { random.below(9) } {
            0 | 1 => letter(random),
            2 => Regular::Any,
            3 => Regular::Class(
                random.one_of(&[vec![('a', 'b')], vec![('0', '9')], vec![('a', 'a'), ('é', 'é')]]),
                random.chance(30),
            ),
            4 | 5 => Regular::Sequence((0..1 + random.below(3)).map(|_| Regular::draw(random, depth - 1)).collect()),
            6 => Regular::Either((0..2).map(|_| Regular::draw(random, depth - 1)).collect()),
            _ => {
                let least = random.below(3);
                let most = if random.chance(50) { None } else { Some(least + random.below(3)) };
                let (least, most) = if most == Some(0) { (0, Some(1)) } else { (least, most) };
                Regular::Repeat(Box::new(Regular::draw(random, depth - 1)), least, most)
            }
        }
    }
}
