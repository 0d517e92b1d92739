//! Detectors of numbers: what they find, and beside it what only looks alike.
#![cfg(test)]

#[path = "support/detecting.rs"]
mod detecting;

use detecting::check;
use policy_model::detector::Detector;

#[test]
fn a_card_number_is_found_in_every_spelling() {
    for text in [
        "«4111111111111111»",
        "card «4111 1111 1111 1111», thanks",
        "card «4111-1111-1111-1111».",
        "«4111.1111.1111.1111»",
        "«4111\u{a0}1111\u{a0}1111\u{a0}1111»",
        "«4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1»",
        "«4111\u{200b}1111\u{ad}11111111»",
        "«٤١١١١١١١١١١١١١١١»",
        "«４１１１ １１１１ １１１１ １１１１»",
        "«4111‑1111–1111−1111»",
        "visa «4222222222222», amex «3782 822463 10005», diners «30569309025904»",
        "«5555555555554444», «2223003122003222», «6011111111111117», «3530111333300000», «6200000000000005»",
        "«6759649826438453» «4111111111111111»",
        "4242,«4242424242424242»,12/27",
        "\"«4111111111111111»\"",
        "4111 «4111 1111 1111 1111» 123",
    ] {
        check(Detector::PaymentCard, text);
    }
}

#[test]
fn other_long_numbers_are_no_card_numbers() {
    for text in [
        "4111111111111112",
        "411111111111111",
        "41111111111111111111",
        "x4111111111111111",
        "4111111111111111a",
        "9111111111111111",
        "0.4111111111111111",
        "4111111111111111.5",
        "4111 1111-1111 1111",
        "1234567890123456",
        "1700000000000",
        "****1111",
        "4111 **** **** 1111",
        "550e8400-e29b-41d4-a716-446655440000",
    ] {
        check(Detector::PaymentCard, text);
    }
}

#[test]
fn an_account_number_is_found_with_its_country_length_and_checksum() {
    for text in [
        "«DE89370400440532013000»",
        "IBAN: «DE89 3704 0044 0532 0130 00», BIC COBADEFF370",
        "«gb82west12345698765432»",
        "«GB82-WEST-1234-5698-7654-32»",
        "«NO9386011117947» and «MT84MALT011000012345MTLCAST001S».",
        "«ＤＥ８９３７０４００４４０５３２０１３０００»",
        "«DE89\u{202f}3704\u{202f}0044\u{202f}0532\u{202f}0130\u{202f}00»",
        "a «FR1420041010050500013M02606» b",
    ] {
        check(Detector::Iban, text);
    }
}

#[test]
fn a_wrong_length_country_or_checksum_is_no_account_number() {
    for text in [
        "DE89370400440532013001",
        "DE8937040044053201300",
        "DE893704004405320130000",
        "XDE89370400440532013000",
        "ZZ89370400440532013000",
        "DE89 3704  0044 0532 0130 00",
        "DE89 **** 3000",
        "AB12 3456",
    ] {
        check(Detector::Iban, text);
    }
}

#[test]
fn a_social_security_number_is_found() {
    for text in [
        "«123-45-6789»",
        "SSN «123 45 6789».",
        "«123.45.6789»",
        "«123–45–6789»",
        "«１２３-４５-６７８９»",
        "ssn: «123456789»",
        "his Social Security number is «123456789», he said",
    ] {
        check(Detector::UsSsn, text);
    }
}

#[test]
fn numbers_that_nobody_was_given_are_no_social_security_numbers() {
    for text in [
        "000-12-3456",
        "666-12-3456",
        "900-12-3456",
        "123-00-4567",
        "123-45-0000",
        "123-45 6789",
        "123/45/6789",
        "123456789",
        "order 123456789",
        "1123-45-6789",
        "123-45-67890",
        "a123-45-6789",
        "5-123-45-6789",
        "123-45-6789-1",
        "***-**-6789",
        "ssn 000123456",
    ] {
        check(Detector::UsSsn, text);
    }
}
