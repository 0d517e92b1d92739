//! The seeds of all fuzz targets, and what was ever found, hold.
#![cfg(test)]

use std::fs;
use std::path::Path;

use fuzz_bodies::TARGETS;

#[test]
fn every_seed_holds() {
    for (name, run) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
        let mut count = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            run(&fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count >= 5, "{count} seeds of {name}");
    }
}
