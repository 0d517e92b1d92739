//! Whoever reads an accepted body finds the same model, way of answering and bounds, however carelessly.

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::{Index, select};

use super::{BY_PATH, operation, policy, post, samples, seen};

const PATHS: [&str; 3] = ["/chat/completions", "/v1/responses", "/v1/messages"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn there_is_one_reading(path in select(&PATHS[..]), members in vec(member(), 0..6), has_model: bool) {
        let own = has_model.then_some(r#""model":"own/model""#.to_owned());
        let body = format!("{{{}}}", own.into_iter().chain(members).collect::<Vec<String>>().join(","));
        if policy_model::json::parse(body.as_bytes()).is_err() {
            return Ok(());
        }
        let Ok(read) = post(path, &body) else { return Ok(()) };
        let last: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&body).unwrap();
        let careless = |word: &str| {
            let found: Vec<&serde_json::Value> =
                last.iter().filter(|(name, _)| folded(name) == folded(word)).map(|(_, value)| value).collect();
            (found.first().copied(), found.len())
        };
        prop_assert_eq!(last["model"].as_str(), read.model.as_deref());
        prop_assert_eq!(careless("model"), (Some(&last["model"]), 1));
        prop_assert_eq!(last.get("stream").and_then(serde_json::Value::as_bool).unwrap_or(false), read.streams);
        prop_assert!(careless("stream").1 <= 1);
        let bounds = ["max_tokens", "max_completion_tokens", "max_output_tokens"];
        let said: Vec<u64> = bounds.iter().filter_map(|name| careless(name).0?.as_u64()).filter(|bound| *bound > 0).collect();
        let answers = careless("n").0.and_then(serde_json::Value::as_u64).unwrap_or(1);
        prop_assert_eq!(said.first().map(|bound| bound * answers), read.max_tokens);
        prop_assert!(said.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn nothing_panics(index in 0_usize..7, at in any::<Index>(), put in value(), is_answer: bool) {
        let samples = samples();
        let sample = &samples[if is_answer { "answers" } else { "requests" }][index.min(5)];
        let text = sample["body"].to_string();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let (before, after) = text.split_at(places[at.index(places.len())]);
        // In the place of what stood there up to the next comma, so that most are JSON.
        let after = after.find(',').map_or("", |comma| after.split_at(comma).1);
        for text in [format!("{before}{put}{after}"), format!("{before}{put},{after}")] {
            if policy_model::json::parse(text.as_bytes()).is_err() {
                continue;
            }
            if is_answer {
                let asked = operation(sample["asked"].as_str().unwrap());
                let _seen = seen(&policy(BY_PATH), asked, &text);
            } else {
                let _read = post(sample["path"].as_str().unwrap(), &text);
            }
        }
    }
}

/// Members as clients write them, and some in all sorts of other spellings and with other values.
fn member() -> impl Strategy<Value = String> {
    let word =
        select(&["model", "stream", "max_tokens", "max_completion_tokens", "max_output_tokens", "n", "top_p"][..]);
    (word, 0..32_u8, 0..4_u64, value(), 0..8_u8).prop_map(|(word, way, number, other, choice)| {
        let name = match way {
            0 => word.to_uppercase(),
            1 => word.replace('_', ""),
            2 => word.replace('_', "-"),
            3 => format!("{word} "),
            4 => format!("\\u00{:02x}{}", word.as_bytes()[0], word.split_at(1).1),
            5 => word.replacen('m', "\u{ff4d}", 1),
            6 => word.replacen('s', "\u{17f}", 1),
            7 => word.replacen('k', "\u{212a}", 1),
            _ => word.to_owned(),
        };
        let value = match word {
            _ if choice == 0 => other,
            "model" => "\"a/b\"".to_owned(),
            "stream" => (number % 2 == 0).to_string(),
            _ => number.to_string(),
        };
        format!("\"{name}\":{value}")
    })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0_u64..5).prop_map(|number| number.to_string()),
        2 => Just("true".to_owned()),
        1 => Just("false".to_owned()),
        1 => Just("null".to_owned()),
        3 => select(&["\"a/b\"", "\"7\"", "1.0", "1e1", "-1", "{}", "[]", "[\"a\"]", "\"\""][..]).prop_map(str::to_owned),
    ]
}

/// As a reader that takes whatever looks like it.
fn folded(name: &str) -> String {
    let narrow = |character: char| match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap(),
        other => other,
    };
    let upper = name.chars().map(narrow).collect::<String>().to_uppercase();
    upper.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect()
}
