//! What goes where, what hinders it, and which dependencies are cut.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;
use super::flat::{Flat, Instance};
use super::units::Claim;
use crate::finding::Finding;

/// The result for a state and its claims. Units are told by their place in the claims.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// Every instance that goes somewhere, in the order of the state.
    pub(crate) moves: Vec<Move>,
    /// Output and unit.
    pub(crate) outputs: BTreeMap<String, usize>,
    pub(crate) lookups: BTreeSet<Lookup>,
    /// Data sources and outputs that no unit claims: Terraform makes them anew.
    pub(crate) left: Vec<String>,
    pub(crate) findings: Vec<Finding>,
}

/// One instance, and where it goes.
#[derive(Debug)]
pub(crate) struct Move {
    pub(crate) address: Address,
    pub(crate) deposed: Option<String>,
    pub(crate) unit: usize,
}

/// A dependency on what is in another unit afterwards.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lookup {
    pub(crate) unit: usize,
    pub(crate) address: Address,
    pub(crate) needs: Address,
    pub(crate) needs_unit: usize,
}

impl Moves {
    /// Compares all claims with all of the state.
    pub(super) fn of(flat: &Flat<'_>, claims: &[Claim]) -> Moves {
        let mut moves = Moves::default();
        let mut is_used: Vec<Vec<bool>> = claims.iter().map(|claim| vec![false; claim.addresses.len()]).collect();
        for (resource, instance) in flat.instances() {
            let claimants = claimants(instance, claims, &mut is_used);
            moves.take(instance, resource.is_data, &claimants, claims);
        }
        for (index, (claim, is_used)) in claims.iter().zip(&is_used).enumerate() {
            let unused = claim.addresses.iter().zip(is_used).enumerate().filter(|(_, (_, is_used))| !**is_used);
            moves.findings.extend(unused.map(|(at, (address, _))| Finding {
                code: "CLAIM_EMPTY",
                place: format!("[{index}].addresses[{at}]"),
                what: format!("{address} matches nothing in the state"),
                remedy: "compare it with `terraform state list`, or take it out".to_owned(),
            }));
        }
        moves.take_outputs(flat, claims);
        moves.find_lookups(flat);
        moves
    }

    fn take(&mut self, instance: &Instance<'_>, is_data: bool, claimants: &[usize], claims: &[Claim]) {
        let (deposed, shown) = (instance.deposed.as_ref().map(ToString::to_string), instance.shown());
        match claimants {
            [unit] => self.moves.push(Move { address: instance.address.clone(), deposed, unit: *unit }),
            [] if is_data => self.left.push(shown),
            [] => self.findings.push(Finding {
                code: "ADDRESS_UNCLAIMED",
                place: shown,
                what: "no unit claims it, and in no state it would be forgotten".to_owned(),
                remedy: "add it, or a module that it stands in, to the addresses of its unit".to_owned(),
            }),
            several => {
                let units: Vec<String> =
                    several.iter().filter_map(|unit| claims.get(*unit)).map(|claim| claim.unit.key()).collect();
                self.findings.push(Finding {
                    code: "ADDRESS_CLAIMED_TWICE",
                    place: shown,
                    what: format!("it is claimed for {}", units.join(" and ")),
                    remedy: "leave it to one of them: the longer address does not win over the shorter".to_owned(),
                });
            }
        }
    }

    fn take_outputs(&mut self, flat: &Flat<'_>, claims: &[Claim]) {
        for (unit, claim) in claims.iter().enumerate() {
            for (at, output) in claim.outputs.iter().enumerate() {
                let place = format!("[{unit}].outputs[{at}]");
                let found = |code: &'static str, what: String, remedy: &str| Finding {
                    code,
                    place,
                    what,
                    remedy: remedy.to_owned(),
                };
                if !flat.outputs.iter().any(|(name, _)| name == output) {
                    let remedy = "compare it with `terraform output`, or take it out";
                    self.findings.push(found("OUTPUT_UNKNOWN", format!("the state has no output {output:?}"), remedy));
                } else if self.outputs.contains_key(output) {
                    let remedy = "leave it to one: the other declares an output of its own";
                    self.findings.push(found("OUTPUT_CLAIMED_TWICE", format!("{output:?} is claimed twice"), remedy));
                } else {
                    self.outputs.insert(output.clone(), unit);
                }
            }
        }
        let is_left = |name: &&str| !self.outputs.contains_key(*name);
        let left: Vec<&str> = flat.outputs.iter().map(|(name, _)| name.as_ref()).filter(is_left).collect();
        self.left.extend(left.into_iter().map(|name| format!("output.{name}")));
    }

    fn find_lookups(&mut self, flat: &Flat<'_>) {
        let mut placed: BTreeMap<String, Vec<&Move>> = BTreeMap::new();
        let mut units: BTreeMap<String, usize> = BTreeMap::new();
        for moved in &self.moves {
            placed.entry(moved.address.configured()).or_default().push(moved);
            units.insert(shown(&moved.address, moved.deposed.as_deref()), moved.unit);
        }
        // What the configuration says is one lookup, however many instances there are on either side.
        let mut asked = BTreeSet::new();
        for (_, instance) in flat.instances() {
            let Some(unit) = units.get(&instance.shown()).copied() else { continue };
            let Instance { address, dependencies, .. } = instance;
            for dependency in dependencies {
                let wanted = dependency.seen_from(address);
                if !asked.insert((unit, address.configured(), wanted.to_string())) {
                    continue;
                }
                let others = placed.get(&dependency.configured()).into_iter().flatten();
                let others = others.filter(|other| other.unit != unit && wanted.holds(&other.address));
                let mut needed = BTreeSet::new();
                for other in others.filter(|other| needed.insert((other.unit, other.address.configured()))) {
                    self.lookups.insert(Lookup {
                        unit,
                        address: address.clone(),
                        needs: other.address.clone(),
                        needs_unit: other.unit,
                    });
                }
            }
        }
    }
}

/// The units that claim it; all claims that match are marked.
fn claimants(instance: &Instance<'_>, claims: &[Claim], is_used: &mut [Vec<bool>]) -> Vec<usize> {
    let mut claimants = Vec::new();
    for (unit, (claim, is_used)) in claims.iter().zip(is_used).enumerate() {
        for (address, is_used) in claim.addresses.iter().zip(is_used) {
            if address.holds(&instance.address) {
                *is_used = true;
                if claimants.last() != Some(&unit) {
                    claimants.push(unit);
                }
            }
        }
    }
    claimants
}

/// An instance as it is called in messages.
pub(super) fn shown(address: &Address, deposed: Option<&str>) -> String {
    deposed.map_or_else(|| address.to_string(), |deposed| format!("{address} (deposed {deposed})"))
}
