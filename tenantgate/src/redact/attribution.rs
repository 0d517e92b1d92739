//! Whose a change is.

use super::bench::Alone;
use super::change::Change;
use super::touched::Touched;
use super::trial::{Cause, Told};

/// The changes, why they are made, and by which redactions. `numbers` are those of the redactions in the list of all.
pub(super) fn attribute(found: Vec<Change>, alone: &[Alone<'_>], numbers: &[usize], unseen: &[Change]) -> Vec<Told> {
    let unseen = Touched::by(unseen);
    let told = |change: Change| {
        let which = |is_it: &dyn Fn(&Alone<'_>) -> bool| -> Vec<usize> {
            let own = alone.iter().zip(numbers).filter(|(alone, _)| is_it(alone));
            own.map(|(_, number)| *number).collect()
        };
        let by = which(&|alone| alone.of_values.covers(&change));
        if !by.is_empty() {
            return Told { change, by, cause: Cause::Value };
        }
        if unseen.covers(&change) {
            return Told { change, by, cause: Cause::Unseen };
        }
        let by = which(&|alone| alone.all.covers(&change));
        if !by.is_empty() {
            return Told { change, by, cause: Cause::FreeText };
        }
        let by = which(&|alone| alone.all.is_inside(&change));
        Told { change, by, cause: Cause::Value }
    };
    found.into_iter().map(told).collect()
}
