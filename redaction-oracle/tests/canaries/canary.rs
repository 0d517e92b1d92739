//! Values that stand nowhere else.

use crate::random::Random;
use crate::rules::Action;
use crate::template::{Node, quote};

/// A value to be looked for.
#[derive(Debug, Clone)]
pub(crate) enum Canary {
    Text(String),
    Number(String),
}

impl Canary {
    pub(crate) fn draw(random: &mut Random, action: Action) -> Canary {
        let alphabet = match action {
            // Of which a part is shown: what is data is masked whole.
            Action::KeepLast | Action::Truncate => random.one_of(&PLAIN),
            Action::Mask | Action::MaskTyped | Action::Replace | Action::Remove => random.one_of(&ANY),
        };
        match random.below(4) {
            0 => Canary::Number(digits(random, 10)),
            _ => Canary::Text(text(random, alphabet, 12)),
        }
    }

    pub(crate) fn content(&self) -> &str {
        match self {
            Canary::Text(content) | Canary::Number(content) => content,
        }
    }

    fn json(&self) -> String {
        match self {
            Canary::Text(text) => quote(text),
            Canary::Number(literal) => literal.clone(),
        }
    }

    /// The value where a path selects it.
    pub(crate) fn selected(&self, action: Action) -> Node {
        let after = match (action, self) {
            (Action::Remove, _) => return Node::Gone(self.json()),
            (Action::Replace, _) => "\"not shown\"".to_owned(),
            (Action::MaskTyped, Canary::Number(_)) => "0".to_owned(),
            (Action::KeepLast, Canary::Text(text)) => {
                let skipped = text.chars().count() - 4;
                quote(&format!("****{}", text.chars().skip(skipped).collect::<String>()))
            }
            (Action::Truncate, Canary::Text(text)) => quote(&format!("{}…", text.chars().take(3).collect::<String>())),
            (Action::Mask | Action::MaskTyped | Action::KeepLast | Action::Truncate, _) => "\"****\"".to_owned(),
        };
        Node::Swapped(self.json(), after)
    }
}

/// So many random letters of an alphabet and some more.
pub(crate) fn text(random: &mut Random, alphabet: &str, least: usize) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    // A letter first, so that it begins no data and is no number.
    let first = random.one_of(&['k', 'Q', 'z']);
    let count = least + random.below(10);
    let mut text = String::from(first);
    text.extend((0..count).map(|_| random.one_of(&letters)));
    text.push(random.one_of(&['w', 'V']));
    text
}

pub(crate) fn digits(random: &mut Random, count: usize) -> String {
    let first = 1 + random.below(9);
    let rest: String = (1..count + random.below(5)).map(|_| char::from(b'0' + random.below(10) as u8)).collect();
    // No zeros at the end, which another spelling would leave out.
    format!("{first}{rest}7")
}

const ANY: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "abcdefghijkmnopqrstuvwxyz +/=%&?#@:;,.<>[]{}()'\"\\",
    "äöüßéèñçøåœ名前東京漢字кириллицаअआ😀🎉abc",
    "abcdefghij\n\t\r\"\\/klmnop",
    "%+%2541&amp;xyzuvw%22%7b",
    "~ÿ?>þüÿûabcxyz",
];

const PLAIN: [&str; 3] = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "äöüßéèñçøåœ名前東京漢字кириллица",
    "abcd+/-_.~efgh ",
];
