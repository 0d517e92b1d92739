//! A published 1024-bit RSA test key, for tokens that must be refused; it protects nothing.
//!
//! The cryptographic library neither makes nor uses keys this short, hence the arithmetic.

use aws_lc_rs::digest::{SHA256, digest};
use num_bigint::BigUint;

/// Signs as RS256 does (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017 section 8.2.1).
pub(crate) fn sign(message: &[u8]) -> Vec<u8> {
    let mut block = vec![0x00, 0x01];
    block.resize(MODULUS_BYTES - DIGEST_INFO_SHA256.len() - 33, 0xff);
    block.push(0x00);
    block.extend(DIGEST_INFO_SHA256);
    block.extend(digest(&SHA256, message).as_ref());
    let signature =
        BigUint::from_bytes_be(&block).modpow(&number(TEST_KEY_PRIVATE_EXPONENT), &number(TEST_KEY_MODULUS));
    let bytes = signature.to_bytes_be();
    let mut padded = vec![0; MODULUS_BYTES.saturating_sub(bytes.len())];
    padded.extend(bytes);
    padded
}

/// The modulus and the public exponent, big-endian.
pub(crate) fn public_components() -> (Vec<u8>, Vec<u8>) {
    (number(TEST_KEY_MODULUS).to_bytes_be(), vec![1, 0, 1])
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default()
}

const MODULUS_BYTES: usize = 128;

/// The ASN.1 prefix of a SHA-256 `DigestInfo` (RFC 8017 section 9.2, note 1).
const DIGEST_INFO_SHA256: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

const TEST_KEY_MODULUS: &str = "\
    a8228778544a5c88827396ea19a2dcf76b3961dd1e0a501d992a6ce8b541177f\
    1a834da63a42fa32fb74316829ea4c511e367511eef6a46027dc8382af9f5d4b\
    65abffc234be18203f24154fd41354df178b050b720440d1de260d55aa7aafbd\
    a655bd8e9e40ac10f66da2b2c312338ce762e7b6d6ab2b83c04b365902058239";

const TEST_KEY_PRIVATE_EXPONENT: &str = "\
    876eb8dcae58efcc6df819da1c285a015a777063226d803737473b4effa19d01\
    9f23a10a82e7ac8e208a69b9d3f98cdbd2905f20c0f21f59ed01ed54f98e4f20\
    bc51f2349c751fdf328db5bdf78ac9738ff88b037b767fbfb3a039269fac3af4\
    d0d531f8ec39e674c9b99156d21d5fece1a2b2e11ee93495b6815ad9bfc9f8e1";

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RsaPublicKeyComponents};

    #[test]
    fn its_signatures_verify() {
        let (n, e) = super::public_components();
        let key = RsaPublicKeyComponents { n, e };
        let algorithm = &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
        for message in [&b""[..], b"a message", &[0xff; 1000]] {
            key.verify(algorithm, message, &super::sign(message)).unwrap();
        }
    }
}
