//! What redaction costs beside what parsing a payload into a tree and serializing it would: the least that any redactor on trees
//! takes.

mod documents;
mod lists;
mod memory;
mod rules;
mod sample;

use std::error::Error;
use std::hint::black_box;
use std::io::{Result as Written, Write};
use std::time::Duration;

use jsonpath_rust::JsonPath;
use policy_model::redaction::Redactor;
use policy_model::{Layers, Policy};
use serde_json::Value;

use documents::{Kind, document};
use rules::{Paths, policy};
use sample::times_of;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for kind in Kind::ALL {
        for bytes in SIZES {
            measure(&mut out, kind, bytes)?;
        }
    }
    on_trees(&mut out)?;
    lists::measure(&mut out)?;
    memory::measure(&mut out)
}

/// One document under one, ten and fifty rules.
fn measure(out: &mut impl Write, kind: Kind, bytes: usize) -> Result<(), Box<dyn Error>> {
    let document = document(kind, bytes);
    title(out, &format!("{}, {} bytes", kind.name(), document.len()), "of parse and serialize")?;
    let nothing = policy(Paths::Nothing, 1)?;
    let mut policies = vec![("1 rule that selects nothing".to_owned(), nothing)];
    for paths in [Paths::Names, Paths::Descendants] {
        for count in [1, 10, 50] {
            policies.push((format!("{count} rules, {}", paths.name()), policy(paths, count)?));
        }
    }
    let mut calls: Vec<(String, Box<dyn FnMut() + '_>)> =
        vec![("serde_json: parse and serialize".to_owned(), Box::new(|| drop(black_box(through_a_tree(&document)))))];
    for (name, policy) in &policies {
        let text = &document;
        calls.push((name.clone(), Box::new(move || drop(black_box(redact(policy, text))))));
    }
    write(out, times_of(calls))
}

/// Evaluating each path on a tree, as a redactor on trees would.
fn on_trees(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    for (paths, count) in [(Paths::Descendants, 1), (Paths::Descendants, 10), (Paths::Names, 10)] {
        let document = document(Kind::Records, 1_000_000);
        let tree: Value = serde_json::from_str(&document)?;
        let policy = policy(paths, count)?;
        let texts = paths.texts(count);
        title(out, &format!("{count} rules, {}, on {} bytes", paths.name(), document.len()), "of tenantgate")?;
        let calls: Vec<(String, Box<dyn FnMut() + '_>)> = vec![
            (
                "tenantgate: all of it, from text to text".to_owned(),
                Box::new(|| drop(black_box(redact(&policy, &document)))),
            ),
            (
                "jsonpath-rust: the paths alone, on the tree".to_owned(),
                Box::new(|| {
                    for text in &texts {
                        drop(black_box(tree.query_with_path(text)));
                    }
                }),
            ),
        ];
        write(out, times_of(calls))?;
    }
    Ok(())
}

/// From text to text, the search for remains included.
fn redact(policy: &Policy, document: &str) -> Option<String> {
    let redactor: Redactor<'_> = Layers::of(policy).redactor(None, None);
    let redacted = redactor.redact_json(document)?;
    (!redactor.has_residue(&redacted)).then_some(redacted)
}

fn through_a_tree(document: &str) -> Option<String> {
    let tree: Value = serde_json::from_str(document).ok()?;
    serde_json::to_string(&tree).ok()
}

fn title(out: &mut impl Write, title: &str, floor: &str) -> Written<()> {
    writeln!(out, "\n{title}\n{:<58} {:>12} {:>8} {floor}", "", "median", "ratio")
}

/// Times, and their ratios to the first.
fn write(out: &mut impl Write, times: Vec<(String, Duration)>) -> Result<(), Box<dyn Error>> {
    let floor = times.first().map(|(_, time)| *time).unwrap_or_default();
    for (name, time) in times {
        let ratio = time.as_secs_f64() / floor.as_secs_f64();
        writeln!(out, "{name:<58} {:>9.1} us {ratio:>7.2}x", time.as_secs_f64() * 1e6)?;
    }
    Ok(())
}

const SIZES: [usize; 4] = [1_000, 100_000, 1_000_000, 5_000_000];
