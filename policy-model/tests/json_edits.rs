//! Editing some values of a text and leaving the others as they are, compared with the same edits on a tree.
#![cfg(test)]

#[path = "support/json_tree.rs"]
mod json_tree;
#[path = "support/random.rs"]
mod random;

use std::collections::BTreeMap;

use proptest::prelude::{any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};

use json_tree::{Tree, cases, trees};
use policy_model::json::{self, Edit, Edits, Value};
use random::Random;

#[test]
fn elements_and_members_are_removed_wherever_they_stand() {
    for (text, nths, expected) in [
        ("[1,2,3]", &[1][..], "[2,3]"),
        ("[1,2,3]", &[3], "[1,2]"),
        ("[1,2,3]", &[1, 2], "[3]"),
        ("[1,2,3]", &[3, 1], "[2]"),
        ("[1,2,3]", &[1, 2, 3], "[]"),
        ("{\"a\":1,\"b\":2}", &[1], "{\"b\":2}"),
        ("{\"a\":1,\"b\":2}", &[2], "{\"a\":1}"),
        ("{\"a\":1,\"b\":2}", &[1, 2], "{}"),
        ("{\"a\":[1],\"b\":2}", &[2], "{\"a\":[],\"b\":2}"),
        ("[[1,2],[3]]", &[2, 5], "[[2],[]]"),
        ("{\"a\":1}", &[0], "null"),
    ] {
        check(text, nths, &Edit::Remove, expected);
    }
}

#[test]
fn members_are_appended_after_the_others() {
    let append = Edit::Append("\"z\":0".to_owned());
    check("{\"a\":1}", &[0], &append, "{\"a\":1,\"z\":0}");
    check("{}", &[0], &append, "{\"z\":0}");
    check("[{},{\"a\":{}}]", &[1, 3], &append, "[{\"z\":0},{\"a\":{\"z\":0}}]");
}

#[test]
fn nothing_is_appended_to_a_value_that_is_no_object() {
    let append = Edit::Append("\"z\":0".to_owned());
    check("[1,\"x\",null]", &[0, 1, 2, 3], &append, "[1,\"x\",null]");
}

#[test]
fn appending_no_members_leaves_the_object_valid() {
    check("{\"a\":1}", &[0], &Edit::Append(String::new()), "{\"a\":1}");
}

#[test]
fn white_space_beside_an_edit_stays() {
    check("{ \"a\" : 1 , \"b\" : 2 }", &[2], &Edit::Replace("3".into()), "{ \"a\" : 1 , \"b\" : 3 }");
}

#[test]
fn a_stronger_edit_wins_in_either_order() {
    let edits = [Edit::Append("\"z\":0".to_owned()), Edit::Replace("1".into()), Edit::Remove];
    let expected = [["{\"z\":0}", "1", "null"], ["1", "1", "null"], ["null", "null", "null"]];
    for (first, row) in edits.iter().zip(expected) {
        for (second, expected) in edits.iter().zip(row) {
            let document = json::parse(b"{}").unwrap();
            let mut both = Edits::default();
            both.add(document.root(), first.clone());
            both.add(document.root(), second.clone());
            assert_eq!(both.len(), 1);
            assert_eq!(both.apply(document.root()), expected, "{first:?}, then {second:?}");
        }
    }
}

/// Applies one edit to the values that stand there in the order of the text.
fn check(text: &str, nths: &[usize], edit: &Edit, expected: &str) {
    let document = json::parse(text.as_bytes()).unwrap();
    let mut edits = Edits::default();
    for nth in nths {
        edits.add(document.root().descendants().nth(*nth).unwrap(), edit.clone());
    }
    assert_eq!(edits.apply(document.root()), expected, "{edit:?} at {nths:?} of {text}");
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn edits_of_a_text_give_what_the_same_edits_of_a_tree_give(
        tree in trees(), seed in any::<u64>(), places in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        new in trees(),
    ) {
        let random = &mut Random::new(seed);
        let count = tree.count();
        let mut planned: BTreeMap<usize, Planned> = BTreeMap::new();
        for place in places {
            let kind = random.one_of(&[Planned::Remove, Planned::Remove, Planned::Replace, Planned::Append]);
            planned.insert(place.index(count), kind);
        }
        let text = tree.spell(random);
        let new_text = new.spell(random);
        let document = json::parse(text.as_bytes()).unwrap();
        let mut edits = Edits::default();
        for (nth, kind) in &planned {
            let value = document.root().descendants().nth(*nth).unwrap();
            edits.add(value, match kind {
                Planned::Remove => Edit::Remove,
                Planned::Replace => Edit::Replace(new_text.clone().into()),
                Planned::Append => Edit::Append(format!("\"appended name\" : {new_text}")),
            });
        }

        let result = edits.apply(document.root());
        let expected = edited(&tree, &mut 0, &planned, &new).unwrap_or(Tree::Null);
        serde_json::from_str::<serde_json::Value>(&result).unwrap();
        let read = json::parse(result.as_bytes()).unwrap();
        prop_assert!(expected.is(read.root()), "{text} with {planned:?} became {result}");
        if !planned.contains_key(&0) {
            check_untouched(document.root(), read.root(), &mut 0, &planned);
        }
        if planned.is_empty() {
            prop_assert!(edits.is_empty());
            prop_assert_eq!(result.as_str(), document.root().text());
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Planned {
    Remove,
    Replace,
    Append,
}

/// The tree with the edits made; `nth` counts the values of the original in the order of the text.
fn edited(tree: &Tree, nth: &mut usize, planned: &BTreeMap<usize, Planned>, new: &Tree) -> Option<Tree> {
    let plan = planned.get(nth);
    *nth += 1;
    let result = match tree {
        Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => tree.clone(),
        Tree::Array(elements) => {
            Tree::Array(elements.iter().filter_map(|element| edited(element, nth, planned, new)).collect())
        }
        Tree::Object(members) => {
            let member = |(name, value): &(String, Tree)| Some((name.clone(), edited(value, nth, planned, new)?));
            let mut members: Vec<(String, Tree)> = members.iter().filter_map(member).collect();
            if plan == Some(&Planned::Append) {
                members.push(("appended name".to_owned(), new.clone()));
            }
            Tree::Object(members)
        }
    };
    match plan {
        Some(Planned::Remove) => None,
        Some(Planned::Replace) => Some(new.clone()),
        Some(Planned::Append) | None => Some(result),
    }
}

/// What has no edit at it or below it stands byte for byte as it stood, with the white space inside it.
fn check_untouched(before: Value<'_>, after: Value<'_>, nth: &mut usize, planned: &BTreeMap<usize, Planned>) {
    let end = *nth + before.descendants().count();
    if planned.range(*nth..end).next().is_none() {
        assert_eq!(after.text(), before.text());
        *nth = end;
        return;
    }
    if planned.get(nth) == Some(&Planned::Replace) {
        *nth = end;
        return;
    }
    *nth += 1;
    let mut left = children(after).into_iter();
    for (name, value) in children(before) {
        if planned.get(nth) == Some(&Planned::Remove) {
            *nth += value.descendants().count();
            continue;
        }
        let (name_after, value_after) = left.next().unwrap();
        assert_eq!(name_after, name);
        check_untouched(value, value_after, nth, planned);
    }
}

/// Elements, or members with the text of their names.
fn children(value: Value<'_>) -> Vec<(&str, Value<'_>)> {
    let members = value.members().map(|member| (member.name.text(), member.value));
    value.elements().map(|element| ("", element)).chain(members).collect()
}
