//! A million messages, each of which comes back to the byte as it must, or not at all.

use std::time::Instant;

use interceptors::redacting::{Said, redact};
use interceptors::refusal::Refusal;
use policy_model::{Layers, Policy, json};
use serde_json::Value;

use crate::batches::{run, setting};
use crate::canary::Canary;
use crate::copies::copy;
use crate::message::{Draft, Kind, draw};
use crate::random::Random;
use crate::rules::Rules;
use crate::search::find;
use crate::template::{Node, Side};

/// So many messages are under the same policy.
const MESSAGES: u64 = 50;

#[test]
fn no_canary_comes_back_and_all_else_does() {
    let messages = setting("TENANTGATE_ORACLE_MESSAGES", 1_000_000);
    let seed = setting("TENANTGATE_ORACLE_SEED", 2_026);
    let started = Instant::now();
    let batches = messages.div_ceil(MESSAGES);
    let check = |seed: u64, counts: &mut Counts| *counts = std::mem::take(counts).plus(check_batch(seed));
    let counts = run(seed, batches, check).into_iter().fold(Counts::default(), Counts::plus);
    println!("seed {seed}, {:.1} s: {counts:?}", started.elapsed().as_secs_f64());
    assert!(counts.messages >= messages);
    for part in [counts.redacted, counts.unchanged, counts.withheld] {
        assert!(part * 50 >= counts.messages, "lopsided: {counts:?}");
    }
    // The others are masked where they stand.
    assert!(counts.withheld_copies * 4 >= counts.copies * 3, "lopsided: {counts:?}");
}

#[derive(Debug, Default)]
struct Counts {
    messages: u64,
    bytes: u64,
    canaries: u64,
    redacted: u64,
    unchanged: u64,
    withheld: u64,
    copies: u64,
    withheld_copies: u64,
}

impl Counts {
    fn plus(self, other: Counts) -> Counts {
        Counts {
            messages: self.messages + other.messages,
            bytes: self.bytes + other.bytes,
            canaries: self.canaries + other.canaries,
            redacted: self.redacted + other.redacted,
            unchanged: self.unchanged + other.unchanged,
            withheld: self.withheld + other.withheld,
            copies: self.copies + other.copies,
            withheld_copies: self.withheld_copies + other.withheld_copies,
        }
    }
}

fn check_batch(seed: u64) -> Counts {
    let random = &mut Random::new(seed);
    let rules = Rules::draw(random);
    let policy = rules.parse();
    let mut counts = Counts::default();
    for _ in 0..MESSAGES {
        check(&rules, &policy, random, &mut counts)
            .unwrap_or_else(|fault| panic!("{fault}\nunder {rules:?}, batch {seed}"));
    }
    counts
}

fn check(rules: &Rules, policy: &Policy, random: &mut Random, counts: &mut Counts) -> Result<(), String> {
    let mut draft = Draft { rules, canaries: Vec::new(), hidden: Vec::new(), has_opaque: false };
    let (kind, mut message) = draw(&mut draft, random);
    let Draft { canaries, hidden, has_opaque, .. } = draft;
    let has_copy = !canaries.is_empty() && random.chance(20);
    if has_copy {
        add_copy(random, kind, &mut message, &canaries);
    }
    let text = message.write(Side::Before);
    counts.messages += 1;
    counts.bytes += text.len() as u64;
    counts.canaries += (canaries.len() + hidden.len()) as u64;
    counts.copies += u64::from(has_copy);
    let passed = pass(policy, &text, kind)?;
    let is_blocked = rules.blocks_opaque && has_opaque;
    let fault = |what: &str| format!("{what}\nsent:     {text}\nreceived: {passed:?}");
    match &passed {
        Err(Refusal::Opaque) if is_blocked => counts.withheld += 1,
        Err(Refusal::Residue) if has_copy => {
            counts.withheld += 1;
            counts.withheld_copies += 1;
        }
        Err(_) => return Err(fault("withheld")),
        Ok(_) if is_blocked => return Err(fault("not withheld")),
        Ok(redacted) => {
            let reply = redacted.as_deref().unwrap_or(&text);
            let value: Value = serde_json::from_str(reply).map_err(|error| fault(&error.to_string()))?;
            let wanted: Vec<&str> = canaries.iter().chain(&hidden).map(Canary::content).collect();
            if let Some(canary) = find(&value, &wanted) {
                return Err(fault(&format!("{canary} is still there")));
            }
            let expected = message.write(Side::After);
            if !has_copy && reply != expected {
                return Err(format!("{}\nexpected: {expected}", fault("another text")));
            }
            match redacted {
                Some(_) => counts.redacted += 1,
                None => counts.unchanged += 1,
            }
        }
    }
    Ok(())
}

/// What the product makes of it.
fn pass(policy: &Policy, text: &str, kind: Kind) -> Result<Result<Option<String>, Refusal>, String> {
    let document = json::parse(text.as_bytes()).map_err(|error| format!("{error}: {text}"))?;
    let said = document.root().get(kind.member()).ok_or_else(|| format!("nothing is said: {text}"))?;
    let said = match kind {
        Kind::Result => Said::Result(said),
        Kind::Task => Said::Task(said),
        Kind::Error => Said::Error(said),
        Kind::ServerRequest => Said::ServerRequest(said),
    };
    Ok(redact(&Layers::of(policy).redactor(None, None), document.root(), said))
}

/// Puts a copy of a value where nothing is selected.
fn add_copy(random: &mut Random, kind: Kind, message: &mut Node, canaries: &[Canary]) {
    let canary = random.one_of(canaries);
    let copy = copy(random, canary.content());
    let Node::Object(members, _) = message else { return };
    let said = members.iter_mut().find(|(name, _)| name.trim_matches('"') == kind.member());
    if let Some((_, Node::Object(members, _))) = said {
        let place = Node::Object(vec![copy], "");
        members.insert(random.below(members.len() + 1), ("\"elsewhere\"".to_owned(), place));
    }
}
