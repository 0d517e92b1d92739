//! What never allows more, and what changes nothing.

use crate::generate::{Batch, Paths, draw_baseline, draw_rule};
use crate::laws::{outcomes, shown};
use crate::outcome::Outcome;
use crate::policy::{Effect, Layers, Mode, Rule};
use crate::random::Random;

const BATCHES: u64 = 1_000;
const REQUESTS: usize = 20;

#[test]
fn without_rules_nothing_is_allowed() {
    for seed in 0..BATCHES {
        let mut batch = Batch::draw(seed, 3, REQUESTS);
        batch.layers.policy.rules.clear();
        let outcomes = outcomes(&batch, &batch.layers);
        assert!(outcomes.iter().all(|(outcome, _)| !outcome.is_allowed()), "{}", shown(&batch.layers));
    }
}

#[test]
fn one_more_deny_never_allows_more() {
    check_never_allows_more(|layers, batch, random| {
        let deny = Rule { mode: None, ..draw_rule(random, &batch.world, Effect::Deny, Paths::All) };
        let policy = match &mut layers.baseline {
            Some(baseline) if random.chance(50) => baseline,
            Some(_) | None => &mut layers.policy,
        };
        policy.rules.insert(random.below(policy.rules.len() + 1), deny);
    });
}

#[test]
fn one_allow_less_never_allows_more() {
    check_never_allows_more(|layers, _, random| {
        let rules = &mut layers.policy.rules;
        let start = random.below(rules.len());
        let places = (0..rules.len()).map(|nth| (start + nth) % rules.len());
        let allow = places.into_iter().find(|nth| rules[*nth].effect == Effect::Allow);
        allow.map(|nth| rules.remove(nth));
    });
}

#[test]
fn a_baseline_never_allows_more() {
    check_never_allows_more(|layers, batch, random| {
        layers.baseline = Some(draw_baseline(random, &batch.world, Paths::All));
    });
}

/// One that it replaces is taken out before.
fn check_never_allows_more(change: fn(&mut Layers, &Batch, &mut Random)) {
    let mut taken_back = 0;
    for seed in 0..BATCHES {
        let mut batch = Batch::draw(seed, 3, REQUESTS);
        let random = &mut Random::new(seed);
        if random.chance(70) {
            batch.layers.baseline = None;
        }
        let mut changed = batch.layers.clone();
        change(&mut changed, &batch, random);
        let replaces = changed.baseline.is_some() && changed.policy == batch.layers.policy;
        if replaces {
            batch.layers.baseline = None;
        }
        let before = outcomes(&batch, &batch.layers);
        for (((_, request), (before, _)), (after, _)) in
            batch.requests.iter().zip(before).zip(outcomes(&batch, &changed))
        {
            match (before.is_allowed(), after.is_allowed()) {
                (false, true) => {
                    panic!("{request:?} is allowed by\n{}\nbut not by\n{}", shown(&changed), shown(&batch.layers))
                }
                (true, false) => taken_back += 1,
                (true, true) | (false, false) => {}
            }
        }
    }
    println!("taken back: {taken_back}");
    assert!(taken_back >= 200, "the change took back {taken_back} only");
}

#[test]
fn one_more_rule_that_only_logs_changes_nothing() {
    check_changes_nothing(|layers, batch, random| {
        let effect = random.one_of(&[Effect::Allow, Effect::Deny]);
        let rule = Rule { mode: Some(Mode::LogOnly), ..draw_rule(random, &batch.world, effect, Paths::All) };
        let rules = &mut layers.policy.rules;
        rules.insert(random.below(rules.len() + 1), rule);
    });
}

#[test]
fn a_baseline_that_only_logs_changes_nothing() {
    check_changes_nothing(|layers, batch, random| {
        let mut baseline = draw_baseline(random, &batch.world, Paths::All);
        baseline.mode = Some(Mode::LogOnly);
        layers.baseline = Some(baseline);
    });
}

fn check_changes_nothing(change: fn(&mut Layers, &Batch, &mut Random)) {
    let mut logged = 0;
    for seed in 0..BATCHES {
        let mut batch = Batch::draw(seed, 3, REQUESTS);
        batch.layers.baseline = None;
        let mut changed = batch.layers.clone();
        change(&mut changed, &batch, &mut Random::new(seed));
        let before = outcomes(&batch, &batch.layers);
        for ((before, would_before), (after, would_after)) in before.into_iter().zip(outcomes(&batch, &changed)) {
            let same: (Outcome, Outcome) = (before, after);
            assert_eq!(same.0, same.1, "{}\nand\n{}", shown(&batch.layers), shown(&changed));
            logged += usize::from(would_before != would_after);
        }
    }
    println!("logged: {logged}");
    assert!(logged >= 200, "the change was logged {logged} times only");
}
