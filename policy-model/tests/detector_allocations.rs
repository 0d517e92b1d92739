//! A text in which nothing can be found costs no allocation.
#![cfg(test)]

use allocation_counter::measure;
use policy_model::detector::Detectors;

#[test]
fn texts_without_anything_allocate_nothing() {
    for text in [
        "",
        "pending",
        "Order shipped to warehouse 12",
        "Größe und Maß",
        "敏捷的棕色狐狸跳过了懒狗",
        "Blue, basically",
        "12.50",
    ] {
        let allocations = measure(|| assert!(Detectors::all().find(text).is_empty())).count_total;
        assert_eq!(allocations, 0, "{text}");
    }
}

#[test]
fn plain_ascii_without_a_find_allocates_nothing() {
    for text in [
        "2024-05-01T12:30:45Z",
        "550e8400-e29b-41d4-a716-446655440000",
        "https://example.com/a/b?c=d",
        "@jane, 10:20:30",
    ] {
        let allocations = measure(|| assert!(Detectors::all().find(text).is_empty())).count_total;
        assert_eq!(allocations, 0, "{text}");
    }
}
