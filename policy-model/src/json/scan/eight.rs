//! Eight bytes compared at once, in one word.

/// Eight bytes of a string at once. What is said of a byte is said in its highest bit; the first byte is the lowest. Where a
/// byte is what is looked for, a later one may be taken for it as well, an earlier one never.
#[derive(Clone, Copy)]
pub(super) struct Eight(u64);

impl Eight {
    pub(super) fn of(bytes: [u8; 8]) -> Eight {
        Eight(u64::from_le_bytes(bytes))
    }

    pub(super) fn stops(self) -> u64 {
        self.is(b'"') | self.is(b'\\') | (self.0.wrapping_sub(EACH * 0x20) & !self.0 & HIGHEST)
    }

    pub(super) fn data(self) -> u64 {
        // The two brackets differ in one bit.
        Eight(self.0 | (EACH * 0x20)).is(b'{') | self.is(b'&') | self.is(b'%')
    }

    pub(super) fn signs(self) -> u64 {
        let low = self.0 & !HIGHEST;
        let (from, after) = (low + EACH * u64::from(0x80 - b':'), low + EACH * u64::from(0x7f - b'>'));
        from & !after & !self.0 & HIGHEST
    }

    fn is(self, byte: u8) -> u64 {
        let differences = self.0 ^ (EACH * u64::from(byte));
        differences.wrapping_sub(EACH) & !differences & HIGHEST
    }
}

/// All bits below the lowest that is set.
pub(super) fn before_first(bits: u64) -> u64 {
    !bits & bits.wrapping_sub(1)
}

const EACH: u64 = 0x0101_0101_0101_0101;

const HIGHEST: u64 = EACH << 7;
