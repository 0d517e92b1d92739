//! What looks like an id that a machine gave, in a part that is words of `a-z` and `0-9`.

/// Whether it has the shape of an id: a long number, a UUID, or a word that is a hash, a ULID or another random text.
pub(super) fn is_shaped(value: &str) -> bool {
    let words: Vec<&str> = value.split('-').collect();
    has_long_number(value) || words.windows(UUID_GROUPS.len()).any(is_uuid) || words.iter().any(|word| is_random(word))
}

/// Whether it says what it is an id of (`tenant-a`, `customer-7`), or is no more than a letter or two and a number.
pub(super) fn is_named(value: &str) -> bool {
    let letters = value.find(|character: char| !character.is_ascii_lowercase());
    let (first, rest) = value.split_at_checked(letters.unwrap_or(value.len())).unwrap_or((value, ""));
    let number = rest.strip_prefix('-').unwrap_or(rest);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    value.starts_with("tenant") || OWNERS.contains(&first) || (first.len() <= SHORT_LETTERS_MAX && is_number)
}

fn has_long_number(value: &str) -> bool {
    value.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() >= NUMBER_DIGITS)
}

fn is_uuid(groups: &[&str]) -> bool {
    groups.iter().zip(UUID_GROUPS).all(|(group, length)| group.len() == length && group.bytes().all(is_hex))
}

fn is_random(word: &str) -> bool {
    let digit_groups =
        word.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty()).count();
    if digit_groups == 0 {
        return false;
    }
    let is_mixed = word.len() >= WORD_CHARACTERS && (word.bytes().all(is_hex) || digit_groups >= DIGIT_GROUPS);
    is_mixed || word.len() >= LONG_WORD_CHARACTERS
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// The words for what has an id.
const OWNERS: [&str; 12] =
    ["account", "acct", "client", "cust", "customer", "id", "org", "sub", "tid", "uid", "user", "usr"];

const NUMBER_DIGITS: usize = 6;
const UUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// From here on a word with a digit is suspicious if it is hexadecimal, or changes between letters and digits that often.
const WORD_CHARACTERS: usize = 8;
const DIGIT_GROUPS: usize = 3;

/// From here on any word with a digit is.
const LONG_WORD_CHARACTERS: usize = 16;

const SHORT_LETTERS_MAX: usize = 2;
