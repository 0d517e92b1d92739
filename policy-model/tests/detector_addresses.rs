//! Addresses of mail and of the internet.
#![cfg(test)]

#[path = "support/detecting.rs"]
mod detecting;

use detecting::check;
use policy_model::detector::Detector;

#[test]
fn addresses_of_mail_are_found() {
    for text in [
        "«a@b.de»",
        "Write to «jane.doe+news@mail.example.co.uk».",
        "<«jane@example.com»>, \"«joe_x@example.org»\"",
        "mailto:«jane@example.com»?subject=x",
        "email=«jane@example.com»&x=1",
        "«jane＠example.com»",
        "«ja\u{200b}ne@exam\u{ad}ple.com»",
        "«müller@bücher.example»",
        "«jane@xn--bcher-kva.xn--p1ai»",
        "«иван@пример.рф»",
        "メールは«jane@example.com»まで",
        "메일은 «jane@example.com»으로",
        "«o'neil@example.com»'s",
        "«jane@example.com»,«joe@example.com»",
        "«jane@example.com»-",
    ] {
        check(Detector::Email, text);
    }
}

#[test]
fn other_uses_of_the_at_sign_are_no_addresses() {
    for text in [
        "@jane",
        "jane@localhost",
        "jane@example.c",
        "pkg@1.2.3",
        "@scope/pkg@2.0.0-rc.1",
        "a @ b.de",
        "jane@.com",
        "jane@-x.com",
        "https://user:pass@example.com/",
        "****@example.com",
        "x@@example",
        "3 @ 4.50",
    ] {
        check(Detector::Email, text);
    }
}

#[test]
fn internet_addresses_are_found() {
    for text in [
        "«192.168.0.1»",
        "from «10.0.0.1»:8080, to «10.0.0.2».",
        "http://«10.0.0.1»/x",
        "«10.0.0.0»/8",
        "server «10.1.2.3»",
        "«2001:db8::1»",
        "[«2001:db8:0:0:0:0:2:1»]:443",
        "«::1»",
        "«fe80::1%eth0»",
        "«::ffff:192.0.2.1»",
        "addr:«fe80::1».",
        "«2001:db8:1:2:3:4:5:6»:8443",
        "«2001:DB8::a:b:c:d»/64",
        "«１９２.168.0.1»",
    ] {
        check(Detector::IpAddress, text);
    }
}

#[test]
fn versions_times_and_hardware_addresses_are_no_internet_addresses() {
    for text in [
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "10.0.19041.1",
        "v1.2.3.4",
        "version 1.2.3.4",
        "app/1.2.3.4",
        "1.2.3.4-beta",
        "12:30:45",
        "00:1a:2b:3c:4d:5e",
        "00:1a:2b:ff:fe:3c:4d:5e",
        "std::fmt",
        "a::b",
        "list[::2]",
        "list[1::2]",
        "::",
        "0.0.0.0",
        "10:20:30:40",
        "dead:beef",
        "****.1.2.3",
    ] {
        check(Detector::IpAddress, text);
    }
}
