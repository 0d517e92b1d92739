//! Which members or elements of a container are left, and as what.

use std::borrow::Cow;

use policy_model::json::{Kind, Value};

/// A member with its name, or an element.
type Entry<'d> = (Option<Cow<'d, str>>, Value<'d>);

/// For each old entry what has become of it; `None` if it is gone. Nothing if the new ones cannot be what is left of the old ones.
pub(super) fn align<'n>(olds: &[Entry<'_>], news: &[Entry<'n>]) -> Option<Vec<Option<Value<'n>>>> {
    if news.len() > olds.len() {
        return None;
    }
    let is_whole = olds.len() == news.len() && olds.iter().zip(news).all(|(old, new)| old.0 == new.0);
    if is_whole {
        return Some(news.iter().map(|(_, value)| Some(*value)).collect());
    }
    if olds.len().saturating_mul(news.len()) > PAIRS_MAX { by_turns(olds, news) } else { by_likeness(olds, news) }
}

/// Takes each new entry for the first old one that it can be.
fn by_turns<'n>(olds: &[Entry<'_>], news: &[Entry<'n>]) -> Option<Vec<Option<Value<'n>>>> {
    let mut rest = news.iter().peekable();
    let mut gone = olds.len() - news.len();
    let pairs = olds.iter().map(|old| {
        let is_it = |new: &&Entry<'n>| old.0 == new.0 && (gone == 0 || old.0.is_some() || old.1.text() == new.1.text());
        let next = rest.next_if(is_it);
        gone = gone.saturating_sub(usize::from(next.is_none()));
        next.map(|(_, value)| *value)
    });
    let pairs = pairs.collect();
    rest.peek().is_none().then_some(pairs)
}

/// Takes the new entries for those old ones from which they differ least.
fn by_likeness<'n>(olds: &[Entry<'_>], news: &[Entry<'n>]) -> Option<Vec<Option<Value<'n>>>> {
    let width = news.len() + 1;
    // Of the entries from here on: the least difference, and whether the first two are one.
    let mut least: Vec<Option<(usize, bool)>> = vec![None; (olds.len() + 1) * width];
    let read =
        |least: &[Option<(usize, bool)>], old: usize, new: usize| least.get(old * width + new).copied().flatten();
    for at in (0..least.len()).rev() {
        let (old, new) = (at / width, at % width);
        let (own, other) = (olds.get(old), news.get(new));
        let paired = own.zip(other).filter(|(own, other)| own.0 == other.0).and_then(|(own, other)| {
            let (rest, _) = read(&least, old + 1, new + 1)?;
            Some((rest + difference(own.1, other.1, &mut DIFFERENCE_MAX.clone()), true))
        });
        let gone = if own.is_some() { read(&least, old + 1, new).map(|(rest, _)| (rest, false)) } else { None };
        let end = (own.is_none() && other.is_none()).then_some((0, false));
        let best = [paired, gone, end].into_iter().flatten().min_by_key(|(cost, _)| *cost);
        if let Some(cell) = least.get_mut(at) {
            *cell = best;
        }
    }
    let mut new = 0;
    let pairs = (0..olds.len()).map(|old| {
        let (_, is_one) = read(&least, old, new)?;
        if !is_one {
            return Some(None);
        }
        let value = news.get(new).map(|(_, value)| *value);
        new += 1;
        Some(value)
    });
    pairs.collect()
}

/// In how many values two values differ, at most so many.
fn difference(old: Value<'_>, new: Value<'_>, left: &mut usize) -> usize {
    if *left == 0 || old.text() == new.text() {
        return 0;
    }
    *left -= 1;
    match (old.kind(), new.kind()) {
        (Kind::Object, Kind::Object) => {
            let of_member = |(name, value): (Cow<'_, str>, Value<'_>)| {
                new.get(&name).map_or(1, |other| difference(value, other, left))
            };
            old.members().map(|member| (member.name.as_str().unwrap_or_default(), member.value)).map(of_member).sum()
        }
        (Kind::Array, Kind::Array) => {
            old.elements().zip(new.elements()).map(|(old, new)| difference(old, new, left)).sum::<usize>()
                + usize::from(old.len() != new.len())
        }
        (one, other) => 1 + usize::from(one != other),
    }
}

/// Most pairs of entries that are compared.
const PAIRS_MAX: usize = 100_000;

/// Most values of an entry that are compared.
const DIFFERENCE_MAX: usize = 200;
