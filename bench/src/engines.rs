//! The same policies and requests in this project, in regorus and in cedar-policy: what one decision takes.

pub(crate) mod cedar;
pub(crate) mod policies;
pub(crate) mod rego;
pub(crate) mod tenantgate;

use std::error::Error;
use std::hint::black_box;

use crate::sample::time_of;
use crate::table::Table;
use policies::Ask;

pub(crate) fn measure(table: &mut Table, asks: fn(usize) -> Vec<Ask>) -> Result<(), Box<dyn Error>> {
    for count in [10, 100, 1_000, 10_000] {
        let (asks, rules) = (asks(count), policies::rules(count));
        let own = tenantgate::Engine::new(&tenantgate::document(&rules), &asks)?;
        let mut rego = rego::Engine::new(&rego::data(&rules), &asks)?;
        let cedar = cedar::Engine::new(&cedar::text(&rules), &asks)?;
        let mut engines: [(&str, Decide<'_>); 3] = [
            ("tenantgate", Box::new(|answers| own.decide(answers))),
            ("regorus", Box::new(|answers| rego.decide(answers))),
            ("cedar-policy", Box::new(|answers| cedar.decide(answers))),
        ];
        let mut floor = None;
        for (engine, decide) in &mut engines {
            let mut answers = Vec::with_capacity(asks.len());
            decide(&mut answers)?;
            check(engine, &asks, &answers)?;
            let time = time_of(|| {
                answers.clear();
                drop(decide(black_box(&mut answers)));
            });
            let time = time / asks.len() as u32;
            table.time(&format!("{count} rules: {engine}"), time, *floor.get_or_insert(time));
        }
    }
    Ok(())
}

/// Answers all requests.
type Decide<'e> = Box<dyn FnMut(&mut Vec<bool>) -> Result<(), Box<dyn Error>> + 'e>;

/// Engines that answer differently do not have the same policy.
fn check(engine: &str, asks: &[Ask], answers: &[bool]) -> Result<(), Box<dyn Error>> {
    if answers.len() != asks.len() {
        return Err(format!("{engine} gave {} answers to {} requests", answers.len(), asks.len()).into());
    }
    match asks.iter().zip(answers).find(|(ask, is_allowed)| ask.is_allowed != **is_allowed) {
        Some((ask, is_allowed)) => Err(format!("{engine} answered {is_allowed} to {ask:?}").into()),
        None => Ok(()),
    }
}
