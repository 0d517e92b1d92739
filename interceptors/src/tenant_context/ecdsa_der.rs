//! An ECDSA signature on P-256 as X9.62 writes it, made into what JWS has.

use super::public_key::SIGNATURE_BYTES;

/// `SEQUENCE { INTEGER r, INTEGER s }` (RFC 3279, section 2.2.3) in DER to the two numbers side by side (RFC 7518, section 3.4). Taken is only
/// the shortest form, of numbers from 1 to the order of the curve less 1.
pub(super) fn to_fixed(der: &[u8]) -> Option<[u8; SIGNATURE_BYTES]> {
    let body = der.strip_prefix(&[SEQUENCE])?;
    let (length, body) = body.split_first()?;
    // The long form of a length begins at 128, and no signature on P-256 is that long.
    if usize::from(*length) != body.len() {
        return None;
    }
    let (r, rest) = integer(body)?;
    let (s, rest) = integer(rest)?;
    if !rest.is_empty() {
        return None;
    }
    let mut fixed = [0; SIGNATURE_BYTES];
    let (first, second) = fixed.split_at_mut(SIGNATURE_BYTES / 2);
    first.copy_from_slice(&r);
    second.copy_from_slice(&s);
    Some(fixed)
}

/// A number and what follows it.
fn integer(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let (length, rest) = der.strip_prefix(&[INTEGER])?.split_first()?;
    let (bytes, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = match bytes {
        // The zero keeps the number from being negative, and stands only where it must.
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => digits,
        [first, ..] if (1..0x80).contains(first) => bytes,
        _ => return None,
    };
    let mut number = [0; 32];
    let start = number.len().checked_sub(digits.len())?;
    number.get_mut(start..)?.copy_from_slice(digits);
    (number < P256_ORDER).then_some((number, rest))
}

const SEQUENCE: u8 = 0x30;

const INTEGER: u8 = 0x02;

/// The order of P-256's base point (FIPS 186-5, SP 800-186, section 3.2.1.3).
const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    };

    use super::{P256_ORDER, to_fixed};

    #[test]
    fn a_thousand_signatures_verify_in_the_form_of_jws() {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref());
        for number in 0..1_000_u32 {
            let message = number.to_le_bytes();
            let fixed = to_fixed(key.sign(&random, &message).unwrap().as_ref()).unwrap();
            public.verify(&message, &fixed).unwrap();
        }
    }

    #[test]
    fn small_numbers_keep_their_place() {
        let fixed = to_fixed(&[0x30, 6, 2, 1, 1, 2, 1, 0x7f]).unwrap();
        assert_eq!((fixed[31], fixed[63]), (1, 0x7f));
        assert_eq!(fixed.iter().filter(|byte| **byte != 0).count(), 2);
        assert!(to_fixed(&[0x30, 7, 2, 2, 0, 0x80, 2, 1, 1]).is_some());
    }

    #[test]
    fn every_other_form_is_refused() {
        let whole =
            |number: &[u8]| [&[0x30, number.len() as u8 + 5, 2, number.len() as u8], number, &[2, 1, 1]].concat();
        let mut below_order = [&[0][..], &P256_ORDER].concat();
        *below_order.last_mut().unwrap() -= 1;
        assert!(to_fixed(&whole(&below_order)).is_some());
        for (what, der) in [
            ("empty", vec![]),
            ("no sequence", vec![0x31, 6, 2, 1, 1, 2, 1, 1]),
            ("a byte after it", vec![0x30, 6, 2, 1, 1, 2, 1, 1, 0]),
            ("a byte in it", vec![0x30, 7, 2, 1, 1, 2, 1, 1, 0]),
            ("a length of two bytes", vec![0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]),
            ("a number too few", vec![0x30, 3, 2, 1, 1]),
            ("no integer", vec![0x30, 6, 3, 1, 1, 2, 1, 1]),
            ("an integer that is cut off", vec![0x30, 6, 2, 1, 1, 2, 2, 1]),
            ("zero", vec![0x30, 6, 2, 1, 0, 2, 1, 1]),
            ("no digits", vec![0x30, 5, 2, 0, 2, 1, 1]),
            ("negative", vec![0x30, 6, 2, 1, 0x80, 2, 1, 1]),
            ("a zero too many", vec![0x30, 7, 2, 2, 0, 1, 2, 1, 1]),
            ("33 bytes", whole(&[0x01; 33])),
            ("the order", whole(&[&[0][..], &P256_ORDER].concat())),
        ] {
            assert_eq!(to_fixed(&der), None, "{what}");
        }
    }
}
