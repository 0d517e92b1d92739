use proptest::prelude::*;

use super::*;

fn is_path(text: &str) -> bool {
    RoutePath::parse(text).is_ok()
}

#[test]
fn a_path_has_plain_segments() {
    for text in ["/a", "/a/", "/a/b", "/support/v1/card.json", "/A.b_c~d:e@f-g", "/...", "/.a", "/a..", "/-", "/0"] {
        assert_eq!(RoutePath::parse(text).unwrap().as_str(), text);
    }
    for text in
        ["", "/", "//", "a", "a/b", "/a//", "//a", "/a//b", "/.", "/..", "/a/.", "/a/../b", "/./a", "/a/./", "/a/.."]
    {
        assert!(!is_path(text), "{text:?}");
    }
    for text in
        ["%2f", "%", ";", "\\", "?", "#", " ", "\0", "\n", "\u{7f}", "\u{e9}", "\u{2215}", "+", "*", "$", "&", "="]
    {
        for path in
            [format!("/{text}"), format!("/a{text}b"), format!("/a/{text}"), format!("{text}/a"), format!("/a{text}")]
        {
            assert!(!is_path(&path), "{path:?}");
        }
    }
}

#[test]
fn the_bounds_are_exact() {
    assert!(is_path(&"/a".repeat(16)) && is_path(&format!("{}/", "/a".repeat(16))));
    assert!(!is_path(&"/a".repeat(17)));
    assert!(is_path(&format!("/{}", "a".repeat(256))) && !is_path(&format!("/{}", "a".repeat(257))));
    let long = format!("/{}", "a".repeat(127)).repeat(16);
    assert!(long.len() == 2_048 && is_path(&long));
    assert!(!is_path(&format!("{long}/")) && !is_path(&format!("{long}a")));
}

#[test]
fn a_binding_has_fewer_segments_and_no_slash_at_its_end() {
    let is_binding = |text: &str| RoutePath::parse_binding(text).is_ok();
    assert!(is_binding("/a") && is_binding("/a/b") && is_binding(&"/a".repeat(8)));
    assert!(!is_binding("/a/") && !is_binding("/") && !is_binding("") && !is_binding(&"/a".repeat(9)));
    let long = format!("/{}", "a".repeat(169)).repeat(4);
    assert!(long.len() == 680 && is_binding(&long) && !is_binding(&format!("{long}a")));
}

#[test]
fn prefixes_are_whole_segments_and_the_longest_comes_first() {
    let prefixes = |text| RoutePath::parse(text).unwrap().prefixes().collect::<Vec<&str>>();
    assert_eq!(prefixes("/a"), ["/a"]);
    assert_eq!(prefixes("/a/"), ["/a"]);
    assert_eq!(prefixes("/ab/c/d"), ["/ab/c/d", "/ab/c", "/ab"]);
    assert_eq!(prefixes("/1/2/3/4/5/6/7/8/9/10").first(), Some(&"/1/2/3/4/5/6/7/8"));
    assert_eq!(prefixes("/1/2/3/4/5/6/7/8/9/10").len(), 8);
    let (long, short) = ("b".repeat(256), "a".repeat(250));
    assert_eq!(prefixes(&format!("/{short}/{long}/{long}")), [&format!("/{short}/{long}"), &format!("/{short}")]);
}

#[test]
fn what_follows_begins_with_a_slash_or_is_nothing() {
    let path = RoutePath::parse("/support/v1/card").unwrap();
    assert_eq!(path.first_segment(), "support");
    assert_eq!(path.rest_after("/support"), "/v1/card");
    assert_eq!(path.rest_after("/support/v1/card"), "");
    assert_eq!(RoutePath::parse("/support/").unwrap().rest_after("/support"), "/");
    for other in ["/sup", "/Support", "/other", "/support/v1/card/more", "support"] {
        assert_eq!(path.rest_after(other), "/support/v1/card", "{other}");
    }
}

proptest! {
    /// Prefix and rest are the path, and each prefix is the path of a binding.
    #[test]
    fn a_prefix_and_what_follows_are_the_path(text in "(/[A-Za-z0-9._~:@-]{1,6}){1,16}/?") {
        prop_assume!(text.split('/').all(|segment| !matches!(segment, "." | "..")));
        let path = RoutePath::parse(&text).unwrap();
        let prefixes: Vec<&str> = path.prefixes().collect();
        prop_assert_eq!(prefixes.len(), text.trim_end_matches('/').matches('/').count().min(8));
        prop_assert!(prefixes.windows(2).all(|two| two[0].len() > two[1].len()));
        for prefix in prefixes {
            prop_assert!(RoutePath::parse_binding(prefix).is_ok());
            let rest = path.rest_after(prefix);
            prop_assert!(rest.is_empty() || rest.starts_with('/'));
            prop_assert_eq!(format!("{prefix}{rest}"), text.clone());
        }
        let shortest = format!("/{}", path.first_segment());
        prop_assert_eq!(path.prefixes().last(), Some(shortest.as_str()));
    }

    /// The grammar, written once more.
    #[test]
    fn what_is_taken_is_what_the_grammar_says(text in "[/a.%;\\\\?#~é \u{0}]{0,12}|/[a-z./]{0,40}") {
        let bare = text.strip_suffix('/').unwrap_or(&text);
        let mut segments = bare.split('/');
        let expected = segments.next() == Some("")
            && (1..=16).contains(&segments.clone().count())
            && segments.all(|segment| {
                !segment.is_empty() && segment != "." && segment != ".."
                    && segment.chars().all(|it| it.is_ascii_alphanumeric() || "._~:@-".contains(it))
            });
        prop_assert_eq!(is_path(&text), expected);
    }
}
