//! The states of the units: the flat one with what is another unit's taken out, so that every instance keeps its bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use policy_model::json::{self, Edit, Edits, NodeId, Value};

use super::flat::{Flat, Instance};
use super::moves::{Moves, shown};

/// One unit's state.
pub(super) struct State {
    pub(super) text: String,
    pub(super) lineage: String,
}

/// The states in the order of the units, each compared with the flat one.
pub(super) fn split(flat: &Flat<'_>, moves: &Moves, units: usize) -> Result<Vec<State>, String> {
    let placed = placed(moves);
    let of = |instance: &Instance<'_>| Some((instance.value.id(), *placed.get(&instance.shown())?));
    let units_of: BTreeMap<NodeId, usize> = flat.instances().filter_map(|(_, instance)| of(instance)).collect();
    let random = SystemRandom::new();
    let mut states = Vec::with_capacity(units);
    for unit in 0..units {
        let lineage = new_lineage(&random)?;
        let text = edits(flat, moves, &units_of, unit, &lineage).apply(flat.root);
        states.push(State { text: format!("{text}\n"), lineage });
    }
    verify(flat, moves, states.iter().map(|state| state.text.as_str()))?;
    Ok(states)
}

/// Instance and unit.
type Placed = BTreeMap<String, usize>;

fn placed(moves: &Moves) -> Placed {
    moves.moves.iter().map(|moved| (shown(&moved.address, moved.deposed.as_deref()), moved.unit)).collect()
}

fn edits(flat: &Flat<'_>, moves: &Moves, units_of: &BTreeMap<NodeId, usize>, unit: usize, lineage: &str) -> Edits {
    let mut edits = Edits::default();
    let mut replace = |name: &str, text: String| {
        if let Some(value) = flat.root.get(name) {
            edits.add(value, Edit::Replace(Cow::Owned(text)));
        }
    };
    replace("lineage", json::quote(lineage));
    replace("serial", FIRST_SERIAL.to_string());
    // What was checked was checked of the whole.
    replace("check_results", "null".to_owned());
    for (name, value) in &flat.outputs {
        if moves.outputs.get(name.as_ref()) != Some(&unit) {
            edits.add(*value, Edit::Remove);
        }
    }
    for resource in &flat.resources {
        let is_own = |instance: &Instance<'_>| units_of.get(&instance.value.id()) == Some(&unit);
        if !resource.instances.iter().any(is_own) {
            edits.add(resource.value, Edit::Remove);
        }
        for instance in resource.instances.iter().filter(|instance| !is_own(instance)) {
            edits.add(instance.value, Edit::Remove);
        }
    }
    edits
}

/// Whether every instance that is moved is in its unit's state and in no other, byte for byte and under the same head.
pub(super) fn verify<'t>(flat: &Flat<'_>, moves: &Moves, texts: impl Iterator<Item = &'t str>) -> Result<(), String> {
    let mut expected = placed(moves);
    let heads = heads(flat);
    for (unit, text) in texts.enumerate() {
        let broken = |what: &str| format!("the state of unit [{unit}] came out wrong ({what}); nothing is written");
        let document = json::parse(text.as_bytes()).map_err(|error| broken(&error.to_string()))?;
        let state = Flat::read(document.root()).map_err(|what| broken(&what))?;
        for (resource, instance) in state.instances() {
            let place = instance.shown();
            if expected.remove(&place) != Some(unit) {
                return Err(broken(&format!("{} does not belong there", instance.address)));
            }
            let original = heads.get(&place);
            let is_same =
                original.is_some_and(|(head, value)| *head == resource.head() && value.text() == instance.value.text());
            if !is_same {
                return Err(broken(&format!("{} is not as it was", instance.address)));
            }
        }
        let outputs: Vec<_> = state.outputs.iter().map(|(name, value)| (name, value.text())).collect();
        let wanted = flat.outputs.iter().filter(|(name, _)| moves.outputs.get(name.as_ref()) == Some(&unit));
        if outputs != wanted.map(|(name, value)| (name, value.text())).collect::<Vec<_>>() {
            return Err(broken("its outputs are not as they were"));
        }
    }
    match expected.keys().next() {
        Some(instance) => Err(format!("{instance} would be in no state; nothing is written")),
        None => Ok(()),
    }
}

type Head<'d> = Vec<(Cow<'d, str>, &'d str)>;

fn heads<'d>(flat: &Flat<'d>) -> BTreeMap<String, (Head<'d>, Value<'d>)> {
    let of = flat.instances();
    of.map(|(resource, instance)| (instance.shown(), (resource.head(), instance.value))).collect()
}

/// A UUID of version 4: a state that is another has another lineage.
fn new_lineage(random: &SystemRandom) -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    random.fill(&mut bytes).map_err(|_| "cannot draw a lineage")?;
    let number = u128::from_be_bytes(bytes) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{number:032x}");
    let group = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    Ok(format!("{}-{}-{}-{}-{}", group(0, 8), group(8, 12), group(12, 16), group(16, 20), group(20, 32)))
}

/// The serial of a state that was never written before.
pub(super) const FIRST_SERIAL: u32 = 1;
