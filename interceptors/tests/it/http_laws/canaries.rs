//! What a redaction takes out of an answer of an agent or a model is in no form in what the caller gets.

mod answers;
mod forms;

use std::cell::Cell;

use interceptors::event::Point;
use proptest::sample::select;
use serde_json::Value;

use super::events::{answer, body_text};
use super::samples;
use super::stage::{HttpStage, PLAIN, REDACTED};
use crate::mutation::runner;
use crate::received::{Received, decoded};
use answers::{Dialect, answers};
use forms::stands_in;

#[test]
fn what_is_taken_out_of_an_answer_is_in_no_form_in_what_the_caller_gets() {
    let stage = HttpStage::start();
    let dialects: Vec<(Dialect, [String; 2])> = Dialect::ALL
        .into_iter()
        .map(|dialect| (dialect, [REDACTED, PLAIN].map(|tenant| ask(&stage, dialect, tenant))))
        .collect();
    let (shown, withheld) = (Cell::new(0), Cell::new(0));
    let run = |dialect: (Dialect, [String; 2]), cases| {
        let [redacted, plain] = dialect.1;
        runner(cases)
            .run(&answers(dialect.0), |planted| {
                let event = answer("application/json", planted.text.as_bytes());
                // Without redactions nothing is changed.
                let seen = stage.send(Point::Response, &event, &plain);
                assert_eq!(seen.body(), Some(body_text(&event).as_str()), "{seen:?} {}", planted.text);
                match stage.send(Point::Response, &event, &redacted) {
                    Received::Answered { body, .. } => {
                        let text = String::from_utf8(decoded(&body)).unwrap();
                        for secret in &planted.secrets {
                            assert!(!stands_in(&text, secret), "{secret} in {text}\nof {}", planted.text);
                        }
                        serde_json::from_str::<Value>(&text).unwrap();
                        shown.set(shown.get() + 1);
                    }
                    received @ (Received::Refused { .. } | Received::Forwarded { .. } | Received::Nothing) => {
                        assert_eq!(received.told(), Some("the answer is withheld"), "{}", planted.text);
                        withheld.set(withheld.get() + 1);
                    }
                }
                Ok(())
            })
            .unwrap();
    };
    dialects.into_iter().for_each(|dialect| run(dialect, 350));
    // Copies in other places withhold answers, of which there are many.
    assert!(shown.get() > 700 && withheld.get() > 50, "{} {}", shown.get(), withheld.get());
}

/// Sends a request whose answer is written so; the id under which the answer comes.
fn ask(stage: &HttpStage, dialect: Dialect, tenant: &str) -> String {
    let samples = samples::all();
    let fits = |sample: &&samples::Sample| {
        let body = sample.asked.body.as_deref().map(|body| String::from_utf8_lossy(body).into_owned());
        sample.asked.path == dialect.path() && body.is_some_and(|body| body.contains(dialect.word()))
    };
    let sample = samples.iter().find(fits).unwrap_or_else(|| panic!("{dialect:?}"));
    let request_id = stage.new_id();
    let received = stage.send(Point::Request, &sample.asked.event(&stage.caller(tenant).token), &request_id);
    assert!(!received.is_refused(), "{dialect:?} {received:?}");
    request_id
}

#[test]
fn the_search_for_canaries_finds_them_in_every_form() {
    runner(150)
        .run(&(forms::secret(), select(&forms::COPIES[..])), |(secret, copy)| {
            let text = serde_json::json!({"a": [copy(&secret)]}).to_string();
            assert!(stands_in(&text, &secret), "{secret} {text}");
            assert!(!stands_in(&text.replace(&copy(&secret), "x"), &secret), "{secret} {text}");
            Ok(())
        })
        .unwrap();
}
