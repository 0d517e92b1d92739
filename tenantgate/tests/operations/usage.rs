//! Wrong arguments, and registries that are not there.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::desk::{Desk, FILE, ended};

#[test]
fn wrong_arguments_end_with_2_and_show_no_control_character() {
    let desk = Desk::with_tenants(&["acme"]);
    for arguments in [
        &["tenant"][..],
        &["tenant", "add"],
        &["tenant", "add", "ac\u{1b}[31mme"],
        &["tenant", "add", ""],
        &["tenant", "add", "-acme"],
        &["tenant", "show", "acme/../globex"],
        &["tenant", "add", "acme", "--by", "o\u{7}ps"],
        &["policy", "show", "acme@0"],
        &["policy", "rollback", "acme@active"],
        &["policy", "history", "acme", "--limit", "0"],
        &["member", "add", "al\u{1b}ice", "--tenant", "acme", "--issuer", "https://i"],
        &["member", "add", "alice", "--tenant", "acme", "--issuer", "https://i", "--role", "a\u{202e}\u{7}b"],
        &["member", "add", "alice", "--tenant", "acme", "--issuer", "https://i", "--role", " a"],
        &["member", "add", "client:x", "--tenant", "acme", "--issuer", "https://i"],
        &["member", "add", "alice", "--tenant", "acme"],
        &["member", "list"],
        &["member", "list", "--subject", "alice"],
        &["log", "--tenant", "acme", "--platform"],
        &["kill", "tenant"],
        &["kill", "lift", "K1", "--all"],
        &["completions"],
    ] {
        let ended = desk.run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}{}", ended.out, ended.err);
        assert!(!ended.err.contains(['\u{1b}', '\u{7}']), "{arguments:?}: {:?}", ended.err);
    }
    let both = desk.plain(&["status", "--file", FILE, "--endpoint-url", "http://127.0.0.1:1"]);
    assert_eq!(both.code, 2);
}

#[test]
fn a_registry_that_is_not_there_is_not_made_by_the_way() {
    let desk = Desk::new();
    for (file, words) in
        [("nothing.db", "make it with `tenantgate registry create --file nothing.db`"), (".", "is no file")]
    {
        let ended = desk.plain(&["status", "--file", file]);
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains(words), "{}", ended.err);
    }
    assert!(!desk.path("nothing.db").exists() && !desk.path("nothing.db.lock").exists());
    desk.put("text.db", "this is no database, and nothing that could be taken for one");
    assert_eq!(desk.plain(&["status", "--file", "text.db"]).code, 2);
    assert_eq!(
        fs::read_to_string(desk.path("text.db")).unwrap(),
        "this is no database, and nothing that could be taken for one"
    );
    desk.put("empty.db", "");
    let empty = desk.plain(&["status", "--file", "empty.db"]);
    assert_eq!((empty.code, empty.err.contains("empty.db is no registry file")), (2, true), "{}", empty.err);
    assert_eq!(fs::metadata(desk.path("empty.db")).unwrap().len(), 0);
    assert!(!desk.path("text.db.lock").exists() && !desk.path("empty.db.lock").exists());
    let gone = desk.plain(&["status", "--endpoint-url", "http://127.0.0.1:1"]);
    assert_eq!(gone.code, 1);
    let other = desk.plain(&["status", "--file", FILE, "--table", "other"]);
    assert_eq!(other.code, 1);
    assert!(other.err.contains("the table other in registry.db"), "{}", other.err);
    assert_eq!(desk.run(&["registry", "create"]).code, 1);
}

#[test]
fn one_command_at_a_time_has_the_file_open() {
    let desk = Desk::new();
    let mut server = desk.command(&["registry", "serve", "--file", FILE, "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("serving registry.db at http://127.0.0.1:"), "{line}");
    let mut waiting = desk.command(&["tenant", "list", "--file", FILE]).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(waiting.stderr.take().unwrap());
    let mut said = String::new();
    told.read_line(&mut said).unwrap();
    assert!(said.contains("waiting: another command has registry.db open"), "{said}");
    assert!(waiting.try_wait().unwrap().is_none());
    server.kill().unwrap();
    server.wait().unwrap();
    said.clear();
    told.read_to_string(&mut said).unwrap();
    let ended = ended(waiting);
    assert_eq!((ended.code, said.as_str()), (0, ""), "{}", ended.out);
    let outside = desk.plain(&["registry", "serve", "--file", FILE, "--listen", "0.0.0.0:0"]);
    assert_eq!(outside.code, 2);
}

#[test]
fn the_file_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mode = fs::metadata(desk.path(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
