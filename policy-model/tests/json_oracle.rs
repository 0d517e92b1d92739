//! Reading JSON, compared with serde_json and with the values that the texts were made from.
#![cfg(test)]

#[path = "support/json_tree.rs"]
mod json_tree;
#[path = "support/random.rs"]
mod random;

use proptest::prelude::{any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};

use json_tree::{Tree, cases, spell_text, texts, trees};
use policy_model::json::{self, DEPTH_MAX, ParseErrorKind};
use random::Random;

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn every_spelling_of_a_value_is_read_as_that_value(tree in trees(), seed in any::<u64>()) {
        let text = tree.spell(&mut Random::new(seed));
        let document = json::parse(text.as_bytes()).unwrap();
        prop_assert!(tree.is(document.root()), "{text:?} is not {tree:?}");
        prop_assert_eq!(document.text(), text.as_str());
        prop_assert_eq!(document.root().text(), text.trim());
        prop_assert_eq!(document.root().descendants().count(), tree.count());
    }

    #[test]
    fn strings_are_unescaped_as_serde_json_does(content in texts(), seed in any::<u64>()) {
        let text = spell_text(&content, &mut Random::new(seed));
        let oracle: String = serde_json::from_str(&text).unwrap();
        let document = json::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(document.root().as_str().unwrap(), oracle.as_str());
        prop_assert_eq!(oracle, content);
    }

    #[test]
    fn quoted_text_is_read_back_by_serde_json(content in texts()) {
        let quoted = json::quote(&content);
        prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), content);
        prop_assert_eq!(serde_json::from_str::<String>(&json::quote(&quoted)).unwrap(), quoted);
    }

    #[test]
    fn a_number_is_kept_digit_by_digit(literal in "-?(0|[1-9][0-9]{0,400})(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,30})?") {
        let document = json::parse(literal.as_bytes()).unwrap();
        prop_assert_eq!(document.root().text(), literal.as_str());
    }

    #[test]
    fn a_member_that_stands_twice_is_found_however_it_is_spelt(
        tree in trees(), name in "[a-z/é😀]{1,3}", at in any::<prop::sample::Index>(),
        others in 0_usize..20, seed in any::<u64>(),
    ) {
        let random = &mut Random::new(seed);
        let member = |name: String| (name, Tree::Null);
        let mut members: Vec<(String, Tree)> = (0..others).map(|number| member(format!("{name}{number}"))).collect();
        members.insert(random.below(members.len() + 1), member(name.clone()));

        let mut once = tree;
        let place = at.index(once.count());
        *value_at(&mut once, place) = Tree::Object(members.clone());
        let text = once.spell(random);
        let document = json::parse(text.as_bytes()).unwrap();
        let found = document.root().duplicate_name();
        prop_assert_eq!(found.as_deref(), None, "{}", text);

        members.insert(random.below(members.len() + 1), member(name.clone()));
        let mut twice = once;
        *value_at(&mut twice, place) = Tree::Object(members);
        let text = twice.spell(random);
        let document = json::parse(text.as_bytes()).unwrap();
        let found = document.root().duplicate_name();
        prop_assert_eq!(found.as_deref(), Some(name.as_str()), "{}", text);
    }

    #[test]
    fn values_are_equal_whatever_the_order_of_members_and_the_spelling(
        tree in trees(), seeds in any::<[u64; 3]>(),
    ) {
        let left = tree.spell(&mut Random::new(seeds[0]));
        let right = shuffled(&tree, &mut Random::new(seeds[1])).spell(&mut Random::new(seeds[2]));
        let (left, right) = (json::parse(left.as_bytes()).unwrap(), json::parse(right.as_bytes()).unwrap());
        prop_assert!(left.root().equals(right.root()), "{} is not {}", left.text(), right.text());
        prop_assert!(right.root().equals(left.root()), "{} is not {}", right.text(), left.text());
    }

    #[test]
    fn values_that_differ_in_one_place_are_not_equal(
        tree in trees(), at in any::<prop::sample::Index>(), seed in any::<u64>(),
    ) {
        let random = &mut Random::new(seed);
        let mut other = tree.clone();
        distort(value_at(&mut other, at.index(tree.count())), random);
        let (left, right) = (tree.spell(random), other.spell(random));
        let (left, right) = (json::parse(left.as_bytes()).unwrap(), json::parse(right.as_bytes()).unwrap());
        prop_assert!(!left.root().equals(right.root()), "{} equals {}", left.text(), right.text());
        prop_assert!(!right.root().equals(left.root()), "{} equals {}", right.text(), left.text());
    }
}

/// The same value with the members of all objects in another order.
fn shuffled(tree: &Tree, random: &mut Random) -> Tree {
    match tree {
        Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => tree.clone(),
        Tree::Array(elements) => Tree::Array(elements.iter().map(|element| shuffled(element, random)).collect()),
        Tree::Object(members) => {
            let mut others = Vec::new();
            for (name, value) in members {
                others.insert(random.below(others.len() + 1), (name.clone(), shuffled(value, random)));
            }
            Tree::Object(others)
        }
    }
}

/// The value that stands `nth` in the order of the text, 0 being the tree itself.
fn value_at(tree: &mut Tree, nth: usize) -> &mut Tree {
    if nth == 0 {
        return tree;
    }
    let mut left = nth - 1;
    let below: Vec<&mut Tree> = match tree {
        Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => panic!("there is no value {nth}"),
        Tree::Array(elements) => elements.iter_mut().collect(),
        Tree::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
    };
    for value in below {
        let count = value.count();
        if left < count {
            return value_at(value, left);
        }
        left -= count;
    }
    panic!("there is no value {nth}")
}

/// Makes another value of it.
fn distort(tree: &mut Tree, random: &mut Random) {
    let old = tree.clone();
    *tree = match (random.below(3), old) {
        (0, old) => Tree::Array(vec![old]),
        (1, old) => Tree::Object(vec![("a".to_owned(), old)]),
        (_, Tree::Null) => Tree::Bool(false),
        (_, Tree::Bool(value)) => Tree::Bool(!value),
        (_, Tree::Number(literal)) => Tree::Text(literal),
        (_, Tree::Text(text)) => Tree::Text(format!("{text} ")),
        (_, Tree::Array(mut elements)) => {
            elements.insert(random.below(elements.len() + 1), Tree::Null);
            Tree::Array(elements)
        }
        (_, Tree::Object(mut members)) => {
            match members.first_mut() {
                Some((name, _)) => name.push_str(" is no name here"),
                None => members.push((String::new(), Tree::Null)),
            }
            Tree::Object(members)
        }
    };
}

proptest! {
    #![proptest_config(cases(6_000))]

    #[test]
    fn damaged_bytes_are_taken_only_where_serde_json_takes_them(
        tree in trees(), seed in any::<u64>(), damages in 1_usize..4,
    ) {
        let random = &mut Random::new(seed);
        let mut bytes = tree.spell(random).into_bytes();
        for _ in 0..damages {
            damage(&mut bytes, random);
        }
        let text = String::from_utf8_lossy(&bytes);
        let oracle = match serde_json::from_slice::<serde_json::Value>(&bytes) {
            Ok(_) => true,
            // A number beyond a double is JSON all the same, and serde_json has not read what follows it.
            Err(error) if error.to_string().starts_with("number out of range") => return Ok(()),
            Err(_) => false,
        };
        match json::parse(&bytes) {
            Ok(_) => prop_assert!(oracle, "serde_json refuses {text:?}"),
            Err(error) => {
                prop_assert!(!oracle, "serde_json takes {text:?}, here {error}");
                prop_assert!(error.offset <= bytes.len());
            }
        }
    }
}

fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let interesting = *b"{}[]\",:\\/u-+.eE0123456789tfn dDcC\x00\x1f\x7f\x80\xc3\xed\xf0\xff";
    let at = random.below(bytes.len() + 1);
    match random.below(5) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, random.one_of(&interesting)),
        2 if at < bytes.len() => bytes[at] = random.one_of(&interesting),
        3 if at < bytes.len() => drop(bytes.remove(at)),
        _ => {
            let copied = bytes[at..].iter().copied().take(4).collect::<Vec<u8>>();
            bytes.splice(at..at, copied);
        }
    }
}

#[test]
fn text_at_the_depth_limit_is_taken() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("{}1{}", open.repeat(DEPTH_MAX), close.repeat(DEPTH_MAX));
        assert_eq!(json::parse(text.as_bytes()).unwrap().root().descendants().count(), DEPTH_MAX + 1);
    }
}

#[test]
fn text_beyond_the_depth_limit_is_refused_at_any_depth() {
    for depth in [DEPTH_MAX + 1, 5_000, 1_000_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(json::parse(text.as_bytes()).unwrap_err().kind, ParseErrorKind::TooDeep);
        }
    }
}

/// [`DEPTH_MAX`] promises the limit of serde_json.
#[test]
fn the_depth_limit_is_that_of_serde_json() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(serde_json::from_str::<serde_json::Value>(&nested(DEPTH_MAX + 1)).is_err());
    assert!(
        serde_json::from_str::<serde_json::Value>(&nested(DEPTH_MAX)).is_ok(),
        "serde_json refuses {DEPTH_MAX} levels"
    );
}
