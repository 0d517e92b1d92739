use policy_model::TenantId;
use policy_registry::record::{Membership, Status};

use super::{Defaults, Format, LINE_BYTES_MAX, MemberFile, parse};

fn defaults() -> Defaults {
    Defaults { issuer: Some("https://idp".to_owned()), tenant: Some(TenantId::parse("acme").unwrap()) }
}

fn csv(text: impl AsRef<[u8]>) -> MemberFile {
    parse(text.as_ref(), Format::Csv, &defaults()).unwrap()
}

fn jsonl(text: impl AsRef<[u8]>) -> MemberFile {
    parse(text.as_ref(), Format::Jsonl, &defaults()).unwrap()
}

fn members(file: &MemberFile) -> Vec<(u64, &str)> {
    file.members.iter().map(|line| (line.number, line.what.subject.as_str())).collect()
}

fn refused(file: &MemberFile) -> Vec<(u64, &str)> {
    file.refused.iter().map(|line| (line.number, line.what.as_str())).collect()
}

#[test]
fn both_formats_say_the_same() {
    let one = csv(
        "tenantId,subject,roles,workspaces,status,issuer\nacme,alice,clerk;manager,w1,SUSPENDED,https://other\nacme,bob,,,,\n",
    );
    let other = jsonl(
        "{\"tenantId\":\"acme\",\"subject\":\"alice\",\"roles\":[\"clerk\",\"manager\"],\"workspaces\":[\"w1\"],\"status\":\"SUSPENDED\",\
         \"issuer\":\"https://other\"}\n{\"subject\":\"bob\"}",
    );
    let of = |file: MemberFile| -> Vec<Membership> { file.members.into_iter().map(|line| line.what).collect() };
    let (one, other) = (of(one), of(other));
    assert_eq!(one, other);
    assert_eq!(
        (one[0].roles.join(","), one[0].status, one[0].issuer.as_str()),
        ("clerk,manager".to_owned(), Status::Suspended, "https://other")
    );
    assert_eq!((one[1].roles.len(), one[1].status, one[1].issuer.as_str()), (0, Status::Active, "https://idp"));
}

#[test]
fn a_mark_at_the_start_and_carriage_returns_at_the_ends_are_no_part_of_it() {
    let file = csv("\u{feff}subject,roles\r\nalice,clerk\r\n\r\nbob,\"clerk\"\r\n");
    assert_eq!(members(&file), [(2, "alice"), (4, "bob")]);
    assert_eq!(file.members[1].what.roles, ["clerk"]);
    assert_eq!(members(&jsonl("\u{feff}{\"subject\":\"alice\"}\r\n\r\n")), [(1, "alice")]);
}

#[test]
fn whatever_is_wrong_with_a_line_says_nothing_about_the_next() {
    let long = "r".repeat(LINE_BYTES_MAX);
    let file = csv(format!(
        "subject,roles\nali ce,x\nbob,\"clerk\ncarol,x,y\ndave,{long}\ne\u{1b}ve,x\n*,x\nclient:x,x\nfrank,x\nfrank,y\ngrace, x\nheidi,a\rb\n,x\nivan,x;;y\njudy,x\n"
    ));
    assert_eq!(members(&file), [(9, "frank"), (15, "judy")]);
    let reasons = [
        (2, "subject is a user id"),
        (3, "a quotation mark in it is not closed"),
        (4, "it has 3 values, the first line 2 columns"),
        (5, "the line is longer than 65536 bytes"),
        (6, "subject has a control character in it"),
        (7, "subject is"),
        (8, "subject begins like a client's name"),
        (10, "line 9 has the same issuer, subject and tenant; keep one"),
        (11, "a role has a space at its start or end"),
        (12, "there is a carriage return in it"),
        (13, "there is no subject"),
        (14, "a role is not 1 to 256 bytes long"),
    ];
    assert_eq!(file.refused.len(), reasons.len(), "{:?}", refused(&file));
    for ((number, what), (line, reason)) in refused(&file).into_iter().zip(reasons) {
        assert_eq!(number, line);
        assert!(what.contains(reason.trim_start_matches("subject is a user id")), "{what}");
    }
    let file = jsonl(b"{\"subject\":\"alice\"}\n{\"subject\":\"\xff\"}\n{\"subject\":\"b\",\"subject\":\"c\"}\n[]\n{\"subject\":\"d\",\"role\":[]}\n{\"subject\":\"e\",\"tenantId\":\"other\"}\nnull\n{\"subject\":\"f\"}");
    assert_eq!(members(&file), [(1, "alice"), (8, "f")]);
    let lines: Vec<u64> = file.refused.iter().map(|line| line.number).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
    assert_eq!(file.refused[4].what, "the tenantId is another one than --tenant says");
}

#[test]
fn a_file_without_members_or_columns_is_refused_whole() {
    let wrong = |text: &[u8], format| parse(text, format, &defaults()).unwrap_err();
    for text in [&b""[..], b"\n\r\n", b"\xef\xbb\xbf"] {
        assert_eq!(wrong(text, Format::Csv), "there is no member in it");
        assert_eq!(wrong(text, Format::Jsonl), "there is no member in it");
    }
    assert_eq!(wrong(b"subject,roles\n", Format::Csv), "there is no member in it");
    assert_eq!(wrong(b"\xff\xfes\0u\0", Format::Csv), "it is not UTF-8; save it as UTF-8");
    assert!(wrong(b"subject;roles\na;b\n", Format::Csv).ends_with("save it with commas between values"));
    assert!(
        wrong(b"alice,clerk\n", Format::Csv)
            .contains("names a column \"alice\" that is none of issuer,subject,tenantId,roles,workspaces,status")
    );
    assert_eq!(wrong(b"subject,subject\na,b\n", Format::Csv), "the first line names the column subject twice");
    assert_eq!(wrong(b"issuer,roles\na,b\n", Format::Csv), "the first line names no column subject");
}

#[test]
fn what_no_line_says_is_asked_for() {
    let nothing = Defaults::default();
    let file = parse(b"subject\nalice\n", Format::Csv, &nothing).unwrap();
    assert_eq!(refused(&file), [(2, "there is no issuer; add it, or give --issuer")]);
}
