//! Any text is looked at: quickly, without a fall, and with the same verdict as the reader's.

use std::time::{Duration, Instant};

use crate::linting::{find, policy};
use crate::policies;
use crate::random::Random;
use policy_model::Policy;
use policy_model::lint::{Severity, Surroundings, lint};
use policy_model::policy::Lines;

#[test]
fn the_linter_finds_an_error_where_the_reader_does() {
    let corpus: Vec<String> =
        [policies::fixtures(), policies::examples()].concat().into_iter().map(|(_, text)| text).collect();
    let mut random = Random::new(2026);
    let (mut good, mut wrong) = (0, 0);
    for round in 0..1_000 {
        let mut text = corpus[round % corpus.len()].clone().into_bytes();
        for _ in 0..random.below(3) {
            let at = random.below(text.len());
            match random.below(3) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, random.one_of(b"\"[]{},:*_a1 \n\xff")),
                _ => text[at] = random.one_of(b"\"[]{},:*_a1 \n\xff"),
            }
        }
        let findings = lint(&text, &Surroundings::default());
        let has_error = findings.iter().any(|finding| match finding.severity {
            Severity::Error => true,
            Severity::Warning => false,
        });
        assert_eq!(has_error, Policy::parse(&text).is_err(), "{}", String::from_utf8_lossy(&text));
        for finding in &findings {
            assert!(finding.span.start <= finding.span.end && finding.span.end <= text.len(), "{finding:?}");
        }
        *if has_error { &mut wrong } else { &mut good } += 1;
    }
    assert!(good > 100 && wrong > 100, "{good} {wrong}");
}

#[test]
fn a_policy_of_the_largest_size_is_looked_at_in_seconds() {
    let many = |rule: &dyn Fn(usize) -> String| {
        let rules: Vec<String> = (0..10_000).map(rule).collect();
        let text = policy(&format!("\"rules\":[{}]", rules.join(",")));
        assert!(text.len() <= 1 << 20, "{}", text.len());
        text
    };
    let kind = "\"resourceType\":\"TOOL\"";
    let documents = [
        many(&|number| {
            let effect = ["ALLOW", "DENY"][number % 2];
            format!(r#"{{"effect":"{effect}",{kind},"resources":["agent:tool:a{}___*"]}}"#, number / 2)
        }),
        many(&|number| {
            let effect = ["ALLOW", "DENY"][number % 2];
            format!(r#"{{"effect":"{effect}",{kind},"resources":["agent:tool:a*","agent:tool:b{number}"]}}"#)
        }),
        many(&|_| r#"{"effect":"ALLOW","x":1}"#.to_owned()),
        policy(&format!(
            r#""rules":[{{"effect":"ALLOW",{kind},"resources":["agent:tool:a"],"conditions":[{}]}}]"#,
            vec![format!(r#"{{"path":"$.arguments.a","operator":"IN","value":[{}]}}"#, ["12345"; 1_000].join(",")); 32]
                .join(",")
        )),
    ];
    for text in &documents {
        let started = Instant::now();
        let findings = find(text);
        let lines = Lines::of(text);
        let last = findings.iter().map(|finding| lines.position(finding.span.start)).max();
        println!("{} findings, the last in {last:?}, in {:?}", findings.len(), started.elapsed());
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
