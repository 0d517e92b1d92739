//! The canonical form of a value (RFC 8785, JCS): one text for all its spellings, to be hashed.

use std::borrow::Cow;

use super::{Kind, Value, decimal};

/// A value that has no exact canonical form: what stands in the way, and where.
#[derive(Debug, Clone, Copy)]
pub struct NotCanonical<'d> {
    /// The number, or the name that stands twice in its object.
    pub at: Value<'d>,
    /// Why.
    pub fault: CanonicalFault,
}

/// Why a value has no exact canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CanonicalFault {
    /// A name stands twice in one object, and readers differ on which counts.
    DuplicateName,
    /// A binary64, which the canonical form is made of, does not hold the number exactly: it could not be told from its neighbour.
    InexactNumber,
}

/// The canonical text.
pub(super) fn canonical(value: Value<'_>) -> Result<String, NotCanonical<'_>> {
    let mut out = String::with_capacity(value.text().len());
    write(value, &mut out)?;
    Ok(out)
}

fn write<'d>(value: Value<'d>, out: &mut String) -> Result<(), NotCanonical<'d>> {
    match value.kind() {
        Kind::Null | Kind::Bool => out.push_str(value.text()),
        Kind::Number => {
            let number = number(value.text());
            out.push_str(&number.ok_or(NotCanonical { at: value, fault: CanonicalFault::InexactNumber })?);
        }
        Kind::String => write_text(&value.as_str().unwrap_or_default(), out),
        Kind::Array => {
            out.push('[');
            for (place, element) in value.elements().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                write(element, out)?;
            }
            out.push(']');
        }
        Kind::Object => write_members(value, out)?,
    }
    Ok(())
}

/// The members in the order of their names' UTF-16 code units (section 3.2.3).
fn write_members<'d>(object: Value<'d>, out: &mut String) -> Result<(), NotCanonical<'d>> {
    let named = |name: Value<'d>| name.as_str().unwrap_or_default();
    let mut members: Vec<(Cow<'d, str>, Value<'d>, Value<'d>)> =
        object.members().map(|member| (named(member.name), member.name, member.value)).collect();
    members.sort_by(|(left, ..), (right, ..)| left.encode_utf16().cmp(right.encode_utf16()));
    out.push('{');
    let mut before: Option<&str> = None;
    for (name, at, value) in &members {
        if before == Some(name.as_ref()) {
            return Err(NotCanonical { at: *at, fault: CanonicalFault::DuplicateName });
        }
        out.push_str(if before.is_none() { "" } else { "," });
        write_text(name, out);
        out.push(':');
        write(*value, out)?;
        before = Some(name);
    }
    out.push('}');
    Ok(())
}

/// As ECMAScript writes it (section 3.2.2.3); `None` where that is another number.
fn number(literal: &str) -> Option<String> {
    let number: f64 = literal.parse().ok().filter(|number: &f64| number.is_finite())?;
    let written = ryu_js::Buffer::new().format_finite(number).to_owned();
    decimal::equal(literal, &written).then_some(written)
}

/// Escapes what must be, in the shortest way (section 3.2.2.2).
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control @ '\u{0}'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8785, appendix B.
    #[test]
    fn numbers_are_written_as_in_the_rfc() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4340_0000_0000_0001, "9007199254740994"),
            (0x4340_0000_0000_0002, "9007199254740996"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            let exact = f64::from_bits(bits);
            assert_eq!(ryu_js::Buffer::new().format_finite(exact), expected, "{bits:x}");
            assert_eq!(number(expected).as_deref(), Some(expected), "{bits:x}");
        }
    }

    #[test]
    fn a_number_that_a_double_changes_has_no_canonical_form() {
        for (literal, expected) in [
            ("1E30", Some("1e+30")),
            ("4.50", Some("4.5")),
            ("2e-3", Some("0.002")),
            ("0.000000000000000000000000001", Some("1e-27")),
            ("-0", Some("0")),
            ("-0.0e5", Some("0")),
            ("1.0", Some("1")),
            ("10e-1", Some("1")),
            ("0.1", Some("0.1")),
            ("9007199254740993", None),
            ("9007199254740992", Some("9007199254740992")),
            ("9007199254740994.0", Some("9007199254740994")),
            // The double is 2 to the 68th, and the shortest text for it another number.
            ("295147905179352825856", None),
            ("333333333.33333329", None),
            ("0.10000000000000001", None),
            ("1e400", None),
            ("-1e400", None),
            ("1e-400", None),
            ("0e99999999999999999999", None),
        ] {
            assert_eq!(number(literal).as_deref(), expected, "{literal}");
        }
    }
}
