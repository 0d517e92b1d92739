//! The name that was probably meant.

/// Of some names the one with the fewest changes to this one, if they are few.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = (name.chars().count() / 3).min(CHANGES_MAX);
    let changes = known.map(|known| (changes(name, known), known)).filter(|(changes, _)| *changes <= most);
    changes.min().map(|(_, known)| known)
}

/// How many characters must be put in, taken out, changed or swapped with the next.
pub(super) fn changes(left: &str, right: &str) -> usize {
    let letters = |text: &str| text.chars().map(|character| character.to_ascii_lowercase()).collect::<Vec<char>>();
    let (left, right) = (letters(left), letters(right));
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for (number, character) in left.iter().enumerate() {
        let cell = |row: Option<&Vec<usize>>, at: usize| row.and_then(|row| row.get(at)).copied().unwrap_or(usize::MAX);
        let mut next = vec![number + 1];
        for (at, other) in right.iter().enumerate() {
            let above = rows.last();
            let change = cell(above, at) + usize::from(other != character);
            let mut least = change.min(cell(above, at + 1) + 1).min(cell(Some(&next), at) + 1);
            let before = |letters: &[char], at: usize| at.checked_sub(1).and_then(|at| letters.get(at)).copied();
            if before(&left, number) == Some(*other) && before(&right, at) == Some(*character) {
                let two_above = number.checked_sub(1).and_then(|row| rows.get(row));
                least = least.min(at.checked_sub(1).map_or(usize::MAX, |at| cell(two_above, at)).saturating_add(1));
            }
            next.push(least);
        }
        rows.push(next);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

const CHANGES_MAX: usize = 2;

#[cfg(test)]
mod tests {
    use super::{changes, nearest};

    #[test]
    fn changes_are_counted() {
        for (left, right, count) in [
            ("", "", 0),
            ("", "ab", 2),
            ("abc", "abd", 1),
            ("abc", "ac", 1),
            ("ABC", "abc", 0),
            ("emial", "email", 1),
            ("ab", "ba", 1),
            ("abc", "cab", 2),
        ] {
            assert_eq!(changes(left, right), count, "{left} {right}");
        }
    }

    #[test]
    fn only_a_near_name_is_meant() {
        assert_eq!(nearest("emial", ["sub", "email"].into_iter()), Some("email"));
        assert_eq!(nearest("mali", ["sub", "email"].into_iter()), None);
        assert_eq!(nearest("e-mail", ["sub", "email"].into_iter()), Some("email"));
        assert_eq!(nearest("sub", ["aud"].into_iter()), None);
    }
}
