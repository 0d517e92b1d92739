//! Order and repetition mean nothing, not even for the rule that is quoted.

use crate::generate::Batch;
use crate::json::Json;
use crate::laws::{outcomes, shown};
use crate::policy::{Operand, Operator, Policy, Rule};
use crate::random::Random;

#[test]
fn order_and_duplication_change_nothing() {
    for seed in 0..1_000 {
        let batch = Batch::draw(seed, 3, 20);
        let random = &mut Random::new(seed);
        let mut changed = batch.layers.clone();
        changed.baseline.iter_mut().for_each(|baseline| mix_policy(baseline, random));
        mix_policy(&mut changed.policy, random);
        let (before, after) = (outcomes(&batch, &batch.layers), outcomes(&batch, &changed));
        assert_eq!(before, after, "{}\nand\n{}", shown(&batch.layers), shown(&changed));
    }
}

fn mix_policy(policy: &mut Policy, random: &mut Random) {
    // Two rules with one id are an error.
    let copies: Vec<Rule> = policy.rules.iter().filter(|rule| rule.id.is_none()).cloned().collect();
    policy.rules.extend(copies.into_iter().filter(|_| random.chance(50)));
    random.shuffle(&mut policy.rules);
    policy.rules.iter_mut().for_each(|rule| mix_rule(rule, random));
}

fn mix_rule(rule: &mut Rule, random: &mut Random) {
    mix(&mut rule.resources, random);
    mix(&mut rule.scopes, random);
    mix(&mut rule.conditions, random);
    for (_, names) in &mut rule.principals {
        mix(names, random);
    }
    random.shuffle(&mut rule.principals);
    for condition in &mut rule.conditions {
        match (&mut condition.operand, condition.operator) {
            (Operand::Value(_), Operator::Between) => {}
            (Operand::Value(Json::List(items)), _) => mix(items, random),
            (Operand::Value(_) | Operand::Nothing | Operand::ValuePath(_) | Operand::Pattern(_), _) => {}
        }
    }
}

/// One of them twice, all in another order. All names of principals are given as `*` alone.
fn mix<T: Clone>(list: &mut Vec<T>, random: &mut Random) {
    if list.len() > 1 {
        list.push(random.one_of(list));
        random.shuffle(list);
    }
}
