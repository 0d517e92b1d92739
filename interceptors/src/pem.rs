//! The text form of a private key (RFC 7468, section 10).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Takes the one PKCS#8 key in a text apart. What is wrong is said without a word of the text.
pub(crate) fn pkcs8(text: &str) -> Result<Vec<u8>, &'static str> {
    if text.len() > PEM_BYTES_MAX {
        return Err("longer than 16 KiB");
    }
    let text = text.trim_matches(WHITE_SPACE);
    if let Some((_, why)) = OTHERS.iter().find(|(begin, _)| text.starts_with(begin)) {
        return Err(why);
    }
    let body = text.strip_prefix(BEGIN).ok_or(EXPECTED)?.strip_suffix(END).ok_or(EXPECTED)?;
    if !body.starts_with(['\r', '\n']) || !body.ends_with('\n') {
        return Err(EXPECTED);
    }
    let body: String = body.chars().filter(|character| !WHITE_SPACE.contains(character)).collect();
    STANDARD.decode(body).map_err(|_| EXPECTED)
}

/// Private keys in other forms, and what to do with them.
const OTHERS: &[(&str, &str)] = &[
    ("-----BEGIN EC PRIVATE KEY-----", "an EC PRIVATE KEY; `openssl pkcs8 -topk8 -nocrypt` makes PKCS#8 of it"),
    ("-----BEGIN EC PARAMETERS-----", "EC PARAMETERS before a key; `openssl pkcs8 -topk8 -nocrypt` makes PKCS#8 of it"),
    ("-----BEGIN RSA PRIVATE KEY-----", "a key in PKCS#1; `openssl pkcs8 -topk8 -nocrypt` makes PKCS#8 of it"),
    ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "an encrypted key; `openssl pkcs8 -nocrypt` opens it"),
    ("-----BEGIN PUBLIC KEY-----", "a public key; expected the private one"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "a key of OpenSSH; `tenantgate keys generate` makes one of PKCS#8"),
];

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";

const END: &str = "-----END PRIVATE KEY-----";

const EXPECTED: &str =
    "expected one PKCS#8 key in PEM: `-----BEGIN PRIVATE KEY-----`, base64, `-----END PRIVATE KEY-----`";

const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Longest text of a key, in bytes.
const PEM_BYTES_MAX: usize = 16 * 1024;
