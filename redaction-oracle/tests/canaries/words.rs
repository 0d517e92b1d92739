//! Texts of a program's making.

use crate::canary::{self, Canary};
use crate::message::Draft;
use crate::random::Random;
use crate::template::{Node, Part};

const MASKED: &str = "\"****\"";

/// Words that say nothing; none is a name that a policy has.
pub(crate) fn words(random: &mut Random) -> String {
    let count = 3 + random.below(6);
    let mut words: Vec<String> = (0..count)
        .map(|_| {
            let length = 2 + random.below(7);
            (0..length).map(|_| random.one_of(&LETTERS)).collect()
        })
        .collect();
    if random.chance(20) {
        words.push(
            random.one_of(&["Größe", "東京", "naïve", "😀", "(sic!)", "it's", "and/or", "back\\slash"]).to_owned(),
        );
    }
    words.join(random.one_of(&[" ", " ", " ", "  ", "\n"]))
}

const LETTERS: [char; 24] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'r', 's', 't', 'u', 'v', 'w', 'ö', 'z',
    'y',
];

/// Words, and perhaps something among them that a detector finds.
pub(crate) fn parts(draft: &mut Draft<'_>, random: &mut Random) -> Vec<Part> {
    let mut parts = vec![Part::Kept(words(random))];
    if draft.rules.detects && random.chance(40) {
        let found = detected(random);
        parts.push(Part::Kept(" ".to_owned()));
        draft.canaries.push(Canary::Text(found.clone()));
        parts.push(Part::Swapped(found, "****".to_owned()));
        parts.push(Part::Kept(format!(" {}", words(random))));
    }
    parts
}

/// What a program says about itself: an error, a question, an address.
pub(crate) fn message(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let count = draft.canaries.len();
    let mut parts = parts(draft, random);
    if !draft.rules.masks_messages() {
        return Node::Text(parts);
    }
    draft.hide_after(count);
    if random.chance(50) {
        parts.push(draft.secret_words(random));
    }
    Node::Whole(Box::new(Node::Text(parts)), MASKED)
}

/// The address of something.
pub(crate) fn address(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let word = |random: &mut Random| -> String { (0..6).map(|_| random.one_of(&LETTERS[..21])).collect() };
    let masks = draft.rules.masks_messages();
    let mut parts = vec![Part::Kept(format!("https://{}.example/{}", word(random), word(random)))];
    match random.below(4) {
        // It says what a path names.
        0 if masks => {
            let name: String = random.one_of(&draft.rules.named).0.replace(' ', "%20").replace('"', "%22");
            parts.push(Part::Kept(format!("?{name}=")));
            parts.push(draft.secret_words(random));
        }
        // It lets in whoever has it.
        1 if masks => {
            parts.push(Part::Kept(format!("?x=1&{}=", random.one_of(&["X-Amz-Signature", "sig", "access_token"]))));
            parts.push(draft.secret_words(random));
        }
        // It is none.
        2 if masks => {
            parts.insert(0, Part::Kept(format!("{} ", words(random))));
            parts.push(draft.secret_words(random));
        }
        _ if !draft.rules.masks_prose() => return Node::Text(parts),
        _ => {}
    }
    Node::Whole(Box::new(Node::Text(parts)), "\"redacted:****\"")
}

/// A text that is no data.
pub(crate) fn prose(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let count = draft.canaries.len();
    let mut parts = parts(draft, random);
    if draft.rules.masks_messages() && random.chance(30) {
        draft.hide_after(count);
        // It speaks of what a path names.
        let name = random.one_of(&draft.rules.named).0;
        parts.push(Part::Kept(format!(" the {name} is ")));
        parts.push(draft.secret_words(random));
        return Node::Whole(Box::new(Node::Text(parts)), MASKED);
    }
    if draft.rules.masks_messages() && random.chance(10) {
        draft.hide_after(count);
        let value = canary::digits(random, 9);
        draft.hidden.push(Canary::Text(value.clone()));
        return Node::Whole(Box::new(Node::Text(vec![Part::Kept(value)])), MASKED);
    }
    if draft.rules.masks_prose() {
        draft.hide_after(count);
        return Node::Whole(Box::new(Node::Text(parts)), MASKED);
    }
    Node::Text(parts)
}

/// Something that one of the detectors finds.
pub(crate) fn detected(random: &mut Random) -> String {
    let mut word = |length: usize| -> String { (0..length).map(|_| random.one_of(&LETTERS[..21])).collect() };
    match word(1).as_str() {
        "a" | "b" | "c" | "d" | "e" => {
            let digits: Vec<char> = card(random).chars().collect();
            digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<String>>().join(" ")
        }
        "f" | "g" | "h" | "i" | "k" => {
            format!("{}-{}-{}", 101 + random.below(500), 10 + random.below(90), 1_000 + random.below(9_000))
        }
        _ => format!("{}.{}@{}.example", word(6), word(7), word(8)),
    }
}

/// A card's number with its check digit.
pub(crate) fn card(random: &mut Random) -> String {
    let mut digits: Vec<usize> = std::iter::once(4).chain((1..15).map(|_| random.below(10))).collect();
    let doubled = |digit: usize| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: usize =
        digits.iter().enumerate().map(|(at, digit)| if at % 2 == 0 { doubled(*digit) } else { *digit }).sum();
    digits.push((10 - sum % 10) % 10);
    digits.iter().map(ToString::to_string).collect()
}
