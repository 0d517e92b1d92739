//! Which words of a text have become others.

use std::ops::Range;

/// Words that have become others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hunk<'n> {
    /// Where they stood, in bytes.
    pub(super) old: Range<usize>,
    /// What stands there now.
    pub(super) new: &'n str,
}

/// What has changed in a text, in its order. White space alone is no change of a word.
pub(super) fn hunks<'n>(old: &str, new: &'n str) -> Vec<Hunk<'n>> {
    if old == new {
        return Vec::new();
    }
    let (olds, news): (Vec<&str>, Vec<&'n str>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut found = Vec::new();
    if olds.len() == news.len() {
        let mut start = 0;
        for (old, new) in olds.into_iter().zip(news) {
            add_hunks(old, start, new, &mut found);
            start += old.len() + 1;
        }
    } else {
        add_hunks(old, 0, new, &mut found);
    }
    if found.is_empty() {
        found.push(Hunk { old: 0..old.len(), new });
    }
    found
}

/// What stands on both sides of a part.
pub(super) fn around(text: &str, part: &Range<usize>) -> (String, String) {
    let is_in_line = |character: &char| *character != '\n';
    let before = text.get(..part.start).unwrap_or_default().chars().rev().take_while(is_in_line);
    let before: Vec<char> = before.take(AROUND_MAX).collect();
    let after = text.get(part.end..).unwrap_or_default().chars().take_while(is_in_line).take(AROUND_MAX);
    (before.into_iter().rev().collect(), after.collect())
}

fn add_hunks<'n>(old: &str, base: usize, new: &'n str, found: &mut Vec<Hunk<'n>>) {
    if old == new {
        return;
    }
    let (olds, news) = (words(old), words(new));
    let is_same = |(one, other): &(&Range<usize>, &Range<usize>)| old.get((*one).clone()) == new.get((*other).clone());
    let first = olds.iter().zip(&news).take_while(is_same).count();
    let most = olds.len().min(news.len()) - first;
    let last = olds.iter().rev().zip(news.iter().rev()).take(most).take_while(is_same).count();
    let olds = olds.get(first..olds.len() - last).unwrap_or_default();
    let news = news.get(first..news.len() - last).unwrap_or_default();
    let (mut from, mut other_from) = (0, 0);
    let mut add = |olds: &[Range<usize>], news: &[Range<usize>]| {
        let Some((first, last)) = olds.first().zip(olds.last()) else { return };
        let new = news.first().zip(news.last()).and_then(|(first, last)| new.get(first.start..last.end));
        found.push(Hunk { old: base + first.start..base + last.end, new: new.unwrap_or_default() });
    };
    for (own, other) in common(old, olds, new, news) {
        add(olds.get(from..own).unwrap_or_default(), news.get(other_from..other).unwrap_or_default());
        (from, other_from) = (own + 1, other + 1);
    }
    add(olds.get(from..).unwrap_or_default(), news.get(other_from..).unwrap_or_default());
}

fn words(text: &str) -> Vec<Range<usize>> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| start(word)..start(word) + word.len()).collect()
}

/// The longest list of words that both have in the same order, as pairs of their numbers; of long texts none.
fn common(old: &str, olds: &[Range<usize>], new: &str, news: &[Range<usize>]) -> Vec<(usize, usize)> {
    if olds.len().saturating_mul(news.len()) > PAIRS_MAX {
        return Vec::new();
    }
    let width = news.len() + 1;
    let mut lengths = vec![0_u32; (olds.len() + 1) * width];
    let read =
        |lengths: &[u32], own: usize, other: usize| lengths.get(own * width + other).copied().unwrap_or_default();
    let is_same = |own: usize, other: usize| {
        let (one, two) = (olds.get(own), news.get(other));
        one.zip(two).is_some_and(|(one, two)| old.get(one.clone()) == new.get(two.clone()))
    };
    for own in (0..olds.len()).rev() {
        for other in (0..news.len()).rev() {
            let length = if is_same(own, other) {
                read(&lengths, own + 1, other + 1) + 1
            } else {
                read(&lengths, own + 1, other).max(read(&lengths, own, other + 1))
            };
            if let Some(cell) = lengths.get_mut(own * width + other) {
                *cell = length;
            }
        }
    }
    let (mut own, mut other, mut pairs) = (0, 0, Vec::new());
    while own < olds.len() && other < news.len() {
        if is_same(own, other) {
            pairs.push((own, other));
            (own, other) = (own + 1, other + 1);
        } else if read(&lengths, own + 1, other) >= read(&lengths, own, other + 1) {
            own += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

/// Most pairs of words that are compared.
const PAIRS_MAX: usize = 1_000_000;

const AROUND_MAX: usize = 30;

#[cfg(test)]
mod tests {
    use super::{Hunk, hunks};

    #[test]
    fn words_that_have_become_others_are_found() {
        check("a b c", "a **** c", &[("b", "****")]);
        check(
            "call +1 212 555 0123 or a@b.c.",
            "call **** or ****.",
            &[("+1 212 555 0123", "****"), ("a@b.c.", "****.")],
        );
        check("a b c", "a  c", &[("b", "")]);
        check("a\nb b\nc", "a\n****\nc", &[("b b", "****")]);
        check("a\nb\nc d", "a **** d", &[("b\nc", "****")]);
        check("a  b", "a b", &[("a  b", "a b")]);
        check("a", "a", &[]);
        check("", "a", &[("", "a")]);
    }

    fn check(old: &str, new: &str, expected: &[(&str, &str)]) {
        let found: Vec<(&str, &str)> =
            hunks(old, new).into_iter().map(|Hunk { old: range, new }| (old.get(range).unwrap(), new)).collect();
        assert_eq!(found, expected);
    }
}
