//! Laws of detectors, whatever the text is.
#![cfg(test)]

use policy_model::detector::{Detection, Detector, Detectors};
use proptest::prelude::*;
use proptest::sample::select;

/// Values with the detector that is to find them, alone and between words.
const VALUES: &[(Detector, &str)] = &[
    (Detector::Email, "jane.doe@example.com"),
    (Detector::Phone, "+49 30 901820"),
    (Detector::Phone, "(212) 555-0123"),
    (Detector::PaymentCard, "4111 1111 1111 1111"),
    (Detector::Iban, "DE89 3704 0044 0532 0130 00"),
    (Detector::UsSsn, "123-45-6789"),
    (Detector::IpAddress, "192.0.2.17"),
    (Detector::IpAddress, "2001:db8::17"),
    (Detector::Jwt, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"),
    (Detector::AwsKey, "AKIAIOSFODNN7EXAMPLE"),
    (Detector::PrivateKey, "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"),
    (Detector::BearerToken, "glpat-abcdefghij0123456789"),
    (Detector::UrlCredentials, "app:s3cret"),
];

/// Pieces of what detectors look at, so that random texts come near to it.
const PIECES: &[&str] = &[
    "@",
    ".",
    "://",
    ":",
    "::",
    "=",
    "?",
    "&",
    "-",
    " ",
    "+",
    "(",
    ")",
    "/",
    "\"",
    "\\n",
    "****",
    "eyJ",
    "AKIA",
    "x",
    "a.b",
    "DE89",
    "4111",
    "1111",
    "12",
    "3",
    "0",
    "212",
    "555",
    "secret",
    "token",
    "Bearer ",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "-----END",
    "\u{200b}",
    "\u{661}",
    "\u{ff20}",
    "\u{2013}",
    "\u{a0}",
    "é",
    "漢",
    "字",
    "😀",
    "\u{301}",
    "ghp_",
    "fe80",
    "%",
];

fn texts() -> impl Strategy<Value = String> {
    let values = select(VALUES).prop_map(|(_, value)| value.to_owned());
    let piece = prop_oneof![
        6 => select(PIECES).prop_map(str::to_owned),
        2 => values,
        1 => any::<char>().prop_map(String::from),
        1 => "[0-9]{1,12}",
        1 => "[a-zA-Z0-9_/+-]{1,44}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn ranges_are_sorted_stand_between_characters_and_do_not_overlap(text in texts()) {
        let found = Detectors::all().find(&text);
        prop_assert!(found.is_sorted_by_key(|detection| detection.range.start));
        for detection in &found {
            prop_assert!(text.get(detection.range.clone()).is_some_and(|value| !value.is_empty()));
        }
        for detector in Detector::ALL {
            let own: Vec<&Detection> = found.iter().filter(|detection| detection.detector == *detector).collect();
            prop_assert!(own.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        }
    }

    #[test]
    fn a_detector_alone_finds_what_it_finds_among_others(text in texts()) {
        let all = Detectors::all().find(&text);
        for detector in Detector::ALL {
            let own: Vec<Detection> = all.iter().filter(|detection| detection.detector == *detector).cloned().collect();
            prop_assert_eq!(Detectors::NONE.with(*detector).find(&text), own);
        }
    }

    #[test]
    fn what_was_masked_is_not_found_again(text in texts()) {
        let mut masked = text.clone();
        let mut masks = Vec::new();
        for detection in joined(&Detectors::all().find(&text)).into_iter().rev() {
            masked.replace_range(detection.clone(), MASK);
            masks.iter_mut().for_each(|start| *start = *start + MASK.len() - detection.len());
            masks.push(detection.start);
        }
        for again in Detectors::all().find(&masked) {
            let is_mask = |start: &usize| again.range.start < start + MASK.len() && *start < again.range.end;
            prop_assert!(!masks.iter().any(is_mask), "{} in {masked} of {text}", again.detector.word());
        }
    }

    #[test]
    fn a_value_between_words_is_found_as_it_is(
        (detector, value) in select(VALUES),
        before in "[a-z]{2,8}( [a-z]{2,8}){0,3}",
        after in "[a-z]{2,8}( [a-z]{2,8}){0,3}",
        shape in select(&["{b} {v} {a}", "{b} é: {v}, {a}", "{b} \"{v}\" {a}", "{b}, 漢 {v}\n{a}"][..]),
    ) {
        let is_in_url = detector == Detector::UrlCredentials;
        let value = if is_in_url { format!("https://{value}@host/") } else { value.to_owned() };
        let text = shape.replace("{b}", &before).replace("{a}", &after).replace("{v}", &value);
        let found = Detectors::NONE.with(detector).find(&text);
        prop_assert_eq!(found.len(), 1, "{}", text);
        let expected = if is_in_url { "app:s3cret" } else { value.as_str() };
        prop_assert_eq!(text.get(found[0].range.clone()), Some(expected));
    }
}

/// Ranges without the overlaps between detectors.
fn joined(detections: &[Detection]) -> Vec<std::ops::Range<usize>> {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for detection in detections {
        match ranges.last_mut() {
            Some(last) if detection.range.start < last.end => last.end = last.end.max(detection.range.end),
            _ => ranges.push(detection.range.clone()),
        }
    }
    ranges
}

const MASK: &str = "****";
