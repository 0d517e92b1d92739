//! Numbers of any size as their ranks, which Cedar can compare.

use std::collections::HashMap;

use num_bigint::BigInt;

use crate::caller::Caller;
use crate::decimal::parts;
use crate::json::Json;
use crate::policy::{Layers, Operand};
use crate::request::Request;

/// The rank of each number of a case among all of them; equal numbers have the same.
pub(crate) struct Ranks(HashMap<String, i64>);

impl Ranks {
    pub(crate) fn of<'c>(layers: &Layers, cases: impl Iterator<Item = (&'c Caller, &'c Request)>) -> Ranks {
        let mut literals: HashMap<String, (BigInt, i64)> = HashMap::new();
        let mut add = |literal: &str| {
            if !literals.contains_key(literal) {
                let (digits, exponent) = parts(literal);
                literals.insert(literal.to_owned(), (digits, near(exponent)));
            }
        };
        for condition in layers.rules().flat_map(|(_, rule)| &rule.conditions) {
            condition.path.each_number(&mut add);
            match &condition.operand {
                Operand::Value(value) => value.each_number(&mut add),
                Operand::ValuePath(path) => path.each_number(&mut add),
                Operand::Nothing | Operand::Pattern(_) => {}
            }
        }
        for (caller, request) in cases {
            [&caller.claims, &request.arguments].into_iter().flatten().for_each(|value| value.each_number(&mut add));
        }
        // All at the scale of the finest.
        let finest = literals.values().map(|(_, exponent)| *exponent).min().unwrap_or(0);
        let mut scaled: Vec<(BigInt, String)> = literals
            .into_iter()
            .map(|(literal, (digits, exponent))| {
                (digits * BigInt::from(10).pow(u32::try_from(exponent - finest).unwrap()), literal)
            })
            .collect();
        scaled.sort();
        let mut ranks = HashMap::new();
        let (mut rank, mut last) = (0, None);
        for (value, literal) in scaled {
            if last.as_ref() != Some(&value) {
                rank += 1;
                last = Some(value);
            }
            ranks.insert(literal, rank);
        }
        Ranks(ranks)
    }

    pub(crate) fn of_literal(&self, literal: &str) -> i64 {
        self.0[literal]
    }

    /// That of a number; 0 for anything else.
    pub(crate) fn of_json(&self, value: &Json) -> i64 {
        match value {
            Json::Number(literal) => self.of_literal(literal),
            Json::Null | Json::Bool(_) | Json::Text(_) | Json::List(_) | Json::Object(_) => 0,
        }
    }
}

/// Exponents of a thousand million are brought near, so that they can be written out: the generator draws none between.
fn near(exponent: i64) -> i64 {
    const FAR: i64 = 1_000_000_000;
    if exponent.abs() < FAR { exponent } else { exponent - exponent.signum() * (FAR - 2_000) }
}
