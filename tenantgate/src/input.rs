//! Files that an operator names, where `-` is standard input.

use std::fs::File;
use std::io::{self, Read};

use crate::failure::Failure;

/// The name that stands for standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// A file whole, or one byte more than `most` of one that is longer. `files` is what kind of files are wanted in the place of a
/// folder.
pub(crate) fn read(file: &str, most: usize, files: &str) -> Result<Vec<u8>, Failure> {
    let cannot = |error: io::Error| Failure::input(format!("cannot read {}: {error}", name(file)));
    let mut text = Vec::new();
    let most = most as u64 + 1;
    if file == STANDARD_INPUT {
        io::stdin().lock().take(most).read_to_end(&mut text).map_err(cannot)?;
        return Ok(text);
    }
    let opened = File::open(file).map_err(cannot)?;
    if opened.metadata().map_err(cannot)?.is_dir() {
        return Err(Failure::input(format!("{file} is a folder; name the {files}, as in {file}/*.json")));
    }
    opened.take(most).read_to_end(&mut text).map_err(cannot)?;
    Ok(text)
}

/// What a file is called in a message.
pub(crate) fn name(file: &str) -> &str {
    if file == STANDARD_INPUT { "<stdin>" } else { file }
}

/// Standard input can be read once.
pub(crate) fn check_once<'f>(files: impl IntoIterator<Item = &'f str>) -> Result<(), Failure> {
    if files.into_iter().filter(|file| *file == STANDARD_INPUT).count() > 1 {
        return Err(Failure::input("- stands twice; standard input can be read once"));
    }
    Ok(())
}
