//! Payloads.

/// What a payload is like.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Short members, one in fourteen of them to be redacted: 220 bytes a record.
    Records,
    /// Half of it texts of some sentences, one member in twelve to be redacted: 900 bytes a ticket.
    Tickets,
}

impl Kind {
    pub(crate) const ALL: [Kind; 2] = [Kind::Records, Kind::Tickets];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Records => "Records with short members",
            Kind::Tickets => "Tickets with texts",
        }
    }
}

/// A document of about that many bytes.
pub(crate) fn document(kind: Kind, bytes: usize) -> String {
    let mut out = String::from("{\"rows\":[");
    let mut number = 0_u64;
    while number == 0 || out.len() < bytes.saturating_sub(200) {
        if number > 0 {
            out.push(',');
        }
        // Spread, and the same in every run.
        let spread = number.wrapping_mul(2_654_435_761) % 1_000_000_000;
        out.push_str(&match kind {
            Kind::Records => record(number, spread),
            Kind::Tickets => ticket(number, spread),
        });
        number += 1;
    }
    out.push_str("]}");
    out
}

fn record(number: u64, spread: u64) -> String {
    format!(
        "{{\"id\":{number},\"name\":\"Customer {spread}\",\"ssn\":\"{}\",\"email\":\"user{spread}@example.com\",\
         \"amount\":{}.{:02},\"tags\":[\"a\",\"b\",\"gold\"],\"address\":{{\"street\":\"{} Main Street\",\
         \"city\":\"Springfield\",\"zip\":\"{:05}\"}},\"note\":\"called on Monday, will call back later\"}}",
        ssn(spread),
        spread % 5_000,
        spread % 100,
        spread % 999,
        spread % 99_999,
    )
}

fn ticket(number: u64, spread: u64) -> String {
    format!(
        "{{\"id\":{number},\"status\":\"open\",\"opened\":\"2026-11-{:02}T10:15:00Z\",\"customer\":{{\"name\":\"Customer {spread}\",\
         \"ssn\":\"{}\",\"tier\":\"gold\"}},\"subject\":\"The second parcel of the order did not arrive in time\",\
         \"body\":\"{}\",\"labels\":[\"shipping\",\"late\"],\"assignee\":\"desk {}\"}}",
        spread % 28 + 1,
        ssn(spread),
        "The customer called in the morning and asked where the parcel is; the carrier says that it was handed over, and the \
         neighbours know nothing of it. She wants it to be sent again, or the money back by the end of the week. "
            .repeat(3),
        spread % 20,
    )
}

fn ssn(spread: u64) -> String {
    format!("{:03}-{:02}-{:04}", spread % 899 + 100, spread % 98 + 1, spread % 9_998 + 1)
}
