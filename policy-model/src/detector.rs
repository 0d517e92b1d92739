//! Finding sensitive values in free text: what looks like a card number, a token, an address.
//!
//! Each detector goes over the text once, with bounded looks around what it stops at: the time is linear, whatever the text.
//! What a detector finds and leaves out is told in `docs/redaction.md`.

mod aws_key;
mod base64;
mod bearer_token;
mod characters;
mod digit_groups;
mod email;
mod folding;
mod glance;
mod iban;
mod ip_address;
mod jwt;
mod label;
mod payment_card;
mod phone;
mod private_key;
mod runs;
#[cfg(test)]
mod tests;
mod text;
mod token_prefix;
mod url_credentials;
mod us_ssn;

use std::ops::Range;

use folding::Folded;
use text::Text;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detector {
    /// An address of mail.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a payment card.
    PaymentCard,
    /// An international bank account number (ISO 13616).
    Iban,
    /// A social security number of the United States.
    UsSsn,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// A JSON web token, signed (RFC 7515) or encrypted (RFC 7516).
    Jwt,
    /// An AWS access key id, secret access key or session token.
    AwsKey,
    /// A private key in PEM or armour.
    PrivateKey,
    /// A token, key or password that is named as one or known by its prefix.
    BearerToken,
    /// User and password in a URL, or a secret among its parameters.
    UrlCredentials,
}

impl Detector {
    /// Every detector.
    pub const ALL: &[Detector] = &[
        Detector::Email,
        Detector::Phone,
        Detector::PaymentCard,
        Detector::Iban,
        Detector::UsSsn,
        Detector::IpAddress,
        Detector::Jwt,
        Detector::AwsKey,
        Detector::PrivateKey,
        Detector::BearerToken,
        Detector::UrlCredentials,
    ];

    /// Every word, in the order of [`Detector::ALL`].
    pub const WORDS: &[&str] = &[
        "EMAIL",
        "PHONE",
        "PAYMENT_CARD",
        "IBAN",
        "US_SSN",
        "IP_ADDRESS",
        "JWT",
        "AWS_KEY",
        "PRIVATE_KEY",
        "BEARER_TOKEN",
        "URL_CREDENTIALS",
    ];

    /// The word for it in a policy.
    pub fn word(self) -> &'static str {
        match self {
            Detector::Email => "EMAIL",
            Detector::Phone => "PHONE",
            Detector::PaymentCard => "PAYMENT_CARD",
            Detector::Iban => "IBAN",
            Detector::UsSsn => "US_SSN",
            Detector::IpAddress => "IP_ADDRESS",
            Detector::Jwt => "JWT",
            Detector::AwsKey => "AWS_KEY",
            Detector::PrivateKey => "PRIVATE_KEY",
            Detector::BearerToken => "BEARER_TOKEN",
            Detector::UrlCredentials => "URL_CREDENTIALS",
        }
    }

    /// The detector of that word.
    pub fn of(word: &str) -> Option<Detector> {
        Detector::ALL.iter().copied().find(|detector| detector.word() == word)
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }

    fn scan(self, text: Text<'_>, found: &mut Vec<Range<usize>>) {
        match self {
            Detector::Email => email::find(text, found),
            Detector::Phone => phone::find(text, found),
            Detector::PaymentCard => payment_card::find(text, found),
            Detector::Iban => iban::find(text, found),
            Detector::UsSsn => us_ssn::find(text, found),
            Detector::IpAddress => ip_address::find(text, found),
            Detector::Jwt => jwt::find(text, found),
            Detector::AwsKey => aws_key::find(text, found),
            Detector::PrivateKey => private_key::find(text, found),
            Detector::BearerToken => bearer_token::find(text, found),
            Detector::UrlCredentials => url_credentials::find(text, found),
        }
    }
}

/// Some detectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Detectors(u16);

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// Who found it.
    pub detector: Detector,
    /// Where it stands in the text, in bytes; both ends are between characters.
    pub range: Range<usize>,
}

impl Detectors {
    /// No detector.
    pub const NONE: Detectors = Detectors(0);

    /// Every detector.
    pub fn all() -> Detectors {
        Detector::ALL.iter().copied().collect()
    }

    /// These and one more.
    pub fn with(self, detector: Detector) -> Detectors {
        Detectors(self.0 | detector.bit())
    }

    /// These and those.
    pub fn union(self, others: Detectors) -> Detectors {
        Detectors(self.0 | others.0)
    }

    /// Those of these that are among the others too.
    pub fn intersection(self, others: Detectors) -> Detectors {
        Detectors(self.0 & others.0)
    }

    /// Whether it is one of these.
    pub fn contains(self, detector: Detector) -> bool {
        self.0 & detector.bit() != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their words, in the order of [`Detector::ALL`].
    pub fn words(self) -> String {
        self.iter().map(Detector::word).collect::<Vec<&str>>().join(", ")
    }

    /// Each of these, in the order of [`Detector::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Detector> {
        Detector::ALL.iter().copied().filter(move |detector| self.contains(*detector))
    }

    /// What these find, by where it begins. What one detector finds does not overlap; what two find may.
    ///
    /// A text in which nothing can be found costs one look at each byte and allocates nothing.
    pub fn find(self, text: &str) -> Vec<Detection> {
        let possible = self.intersection(glance::possible(text));
        if possible.is_empty() { Vec::new() } else { possible.scan(text) }
    }

    fn scan(self, text: &str) -> Vec<Detection> {
        let folded = Folded::of(text);
        let mut detections = Vec::new();
        let mut ranges = Vec::new();
        for detector in self.iter() {
            detector.scan(folded.text(), &mut ranges);
            join_overlapping(&mut ranges);
            detections.extend(ranges.drain(..).map(|range| Detection { detector, range }));
        }
        folded.restore_places(&mut detections);
        detections.sort_by_key(|detection| (detection.range.start, detection.detector));
        detections
    }
}

impl FromIterator<Detector> for Detectors {
    fn from_iter<I: IntoIterator<Item = Detector>>(detectors: I) -> Detectors {
        detectors.into_iter().fold(Detectors::NONE, Detectors::with)
    }
}

fn join_overlapping(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|later, earlier| {
        let is_overlapping = later.start < earlier.end;
        if is_overlapping {
            earlier.end = earlier.end.max(later.end);
        }
        is_overlapping
    });
}
