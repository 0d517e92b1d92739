//! A document that keeps its text is the document that borrows it.
#![cfg(test)]

use policy_model::json::{self, Document};

#[test]
fn a_document_outlives_the_text_it_was_parsed_from() {
    let document: Document<'static> = json::parse_owned(format!("{{\"a\": [{}, \"\\u0041\"]}}", 1)).unwrap();
    let moved = document;
    assert_eq!(moved.text(), r#"{"a": [1, "\u0041"]}"#);
    let list = moved.root().get("a").unwrap();
    let texts: Vec<&str> = list.elements().map(|element| element.text()).collect();
    assert_eq!(texts, ["1", r#""\u0041""#]);
    assert!(list.elements().nth(1).unwrap().is_str("A"));
}

#[test]
fn it_equals_the_borrowed_one_and_its_values_can_stand_beside_each_other() {
    let text = r#" {"b": {"x": [1.0, null, true]}, "a": "\ud83d\ude00"} "#;
    let (owned, borrowed) = (json::parse_owned(text.to_owned()).unwrap(), json::parse(text.as_bytes()).unwrap());
    assert_eq!(owned.text(), borrowed.text());
    assert!(owned.root().equals(borrowed.root()));
    let ids = |document: &Document<'_>| document.root().descendants().map(|value| value.id()).collect::<Vec<_>>();
    assert_eq!(ids(&owned), ids(&borrowed));
    for value in [owned.root(), borrowed.root()] {
        assert_eq!(value.len(), 2);
    }
}

#[test]
fn what_one_refuses_the_other_refuses_at_the_same_place() {
    let deep = "[".repeat(json::DEPTH_MAX + 1);
    for text in ["", "{", "{\"a\":1,}", "[1 2]", "1 1", "\"\\x\"", "\"\\ud800\"", "\"\n\"", "01", "\u{feff}1", &deep] {
        let (owned, borrowed) = (json::parse_owned(text.to_owned()), json::parse(text.as_bytes()));
        assert_eq!(owned.unwrap_err(), borrowed.unwrap_err(), "{text}");
    }
}
