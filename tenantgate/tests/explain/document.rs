//! Every command of docs/explaining.md, with what it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

#[test]
fn every_command_of_the_document_says_what_stands_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/explaining.md");
    let text = fs::read_to_string(&path).unwrap();
    let folder = TempDir::new().unwrap();
    let mut out = String::new();
    let mut commands = 0;
    let mut blocks = text.split("\n```");
    out += blocks.next().unwrap();
    // Within a block every other piece is what it holds.
    for block in blocks {
        let (head, body) = block.split_once('\n').unwrap_or((block, ""));
        out += "\n```";
        out += head;
        match head.split_once(' ') {
            Some(("json", name)) => {
                put(folder.path().join(name), body);
                out += &format!("\n{body}");
            }
            _ if head == "console" => {
                let written = body.lines().filter_map(|line| line.strip_prefix("$ "));
                for command in written {
                    commands += 1;
                    out += &format!("\n$ {command}\n{}", run(folder.path(), command).trim_end());
                }
            }
            _ if body.is_empty() => {}
            _ => out += &format!("\n{body}"),
        }
    }
    if std::env::var_os("TENANTGATE_REWRITE").is_some() {
        fs::write(&path, &out).unwrap();
    }
    assert!(commands > 8, "{commands}");
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        out,
        "run the test with TENANTGATE_REWRITE=1 and read what has changed"
    );
}

fn put(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What a command writes, and behind it its exit code if that is not 0.
fn run(folder: &Path, command: &str) -> String {
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("tenantgate"));
    let output = Command::new(env!("CARGO_BIN_EXE_tenantgate")).args(words).current_dir(folder).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let code = output.status.code().unwrap();
    if code == 0 { out } else { format!("{}\n(exit code {code})", out.trim_end()) }
}

/// As a shell splits it: at spaces, but not within single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}
