//! Completions and manual pages.

use std::fs;
use std::process::{Command, Stdio};

use crate::desk::Desk;

#[test]
fn bash_completes_the_commands() {
    let desk = Desk::new();
    let script = desk.plain(&["completions", "bash"]);
    assert_eq!(script.code, 0);
    desk.put("completions.bash", &script.out);
    let complete = |words: &str| {
        let count = words.split(' ').count() - 1;
        let line = format!(
            "source completions.bash; COMP_WORDS=({words}''); COMP_CWORD={count}; _tenantgate tenantgate '' x; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        );
        let output = Command::new("bash").args(["-c", &line]).current_dir(desk.path("")).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let first = complete("tenantgate ");
    for name in ["policy", "tenant", "member", "client", "route", "kill", "status", "log", "completions", "man"] {
        assert!(first.iter().any(|word| word == name), "{name} is not among {first:?}");
    }
    let second = complete("tenantgate policy ");
    for name in ["publish", "rollback", "shadow", "diff"] {
        assert!(second.iter().any(|word| word == name), "{name} is not among {second:?}");
    }
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let script = desk.plain(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains("rollback"), "{shell}");
    }
    assert_eq!(desk.plain(&["completions", "tcsh"]).code, 2);
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let desk = Desk::new();
    fs::create_dir(desk.path("man1")).unwrap();
    let ended = desk.plain(&["man", "--out", "man1"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let mut pages: Vec<String> = fs::read_dir(desk.path("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(ended.out, format!("wrote {} pages to man1\n", pages.len()));
    for name in [
        "tenantgate",
        "tenantgate-policy",
        "tenantgate-policy-shadow-set",
        "tenantgate-member-import",
        "tenantgate-kill-lift",
    ] {
        assert!(pages.contains(&format!("{name}.1")), "{name} is not among {pages:?}");
    }
    for page in &pages {
        let text = fs::read_to_string(desk.path("man1").join(page)).unwrap();
        // Each line is text, a request, or an escape at its start.
        assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{page}");
        assert_eq!(text.matches("\n.nf").count(), text.matches("\n.fi").count(), "{page}");
    }
    if let Ok(groff) = Command::new("groff")
        .args(["-man", "-Tutf8", "-ww", "-P-c"])
        .arg(desk.path("man1/tenantgate-policy-publish.1"))
        .stdin(Stdio::null())
        .output()
    {
        assert_eq!(String::from_utf8_lossy(&groff.stderr), "");
        let text = String::from_utf8_lossy(&groff.stdout);
        assert!(text.contains("tenantgate policy publish acme.json"), "{text}");
    }
    assert_eq!(desk.plain(&["man", "--out", "nowhere"]).code, 2);
    let page = desk.plain(&["man"]);
    assert!(page.out.contains(".TH tenantgate 1"), "{}", page.out);
}
