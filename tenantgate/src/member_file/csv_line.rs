//! A line of CSV (RFC 4180). No value of a member has a line break, so that a quotation mark which is not closed spoils its own
//! line alone.

use csv::{ByteRecord, ReaderBuilder};

use super::Row;

/// What the columns are.
#[derive(Debug)]
pub(super) struct Columns(Vec<Column>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Issuer,
    Subject,
    TenantId,
    Roles,
    Workspaces,
    Status,
}

impl Columns {
    /// Reads the header.
    pub(super) fn parse(line: &[u8]) -> Result<Columns, String> {
        let record = record(line).map_err(|what| format!("the first line is to name the columns, but {what}"))?;
        let mut columns = Vec::new();
        for cell in &record {
            let found = NAMES.iter().find(|(name, _)| name.as_bytes() == cell);
            let Some((name, column)) = found else {
                let names = NAMES.map(|(name, _)| name).join(",");
                let remedy = if cell.contains(&b';') || cell.contains(&b'\t') {
                    "; save it with commas between values"
                } else {
                    ""
                };
                let cell = String::from_utf8_lossy(cell);
                let shown: String = cell.chars().take(CHARACTERS_SHOWN).collect();
                let more = if shown.len() < cell.len() { ".." } else { "" };
                return Err(format!("the first line names a column {shown:?}{more} that is none of {names}{remedy}"));
            };
            if columns.contains(column) {
                return Err(format!("the first line names the column {name} twice"));
            }
            columns.push(*column);
        }
        if !columns.contains(&Column::Subject) {
            return Err("the first line names no column subject".to_owned());
        }
        Ok(Columns(columns))
    }

    /// Reads a line below it. An empty value is one that is not there.
    pub(super) fn row(&self, line: &[u8]) -> Result<Row, String> {
        let record = record(line)?;
        if record.len() != self.0.len() {
            return Err(format!("it has {} values, the first line {} columns", record.len(), self.0.len()));
        }
        let mut row = Row::default();
        for (column, cell) in self.0.iter().zip(&record) {
            let cell = str::from_utf8(cell).map_err(|_| "it is not UTF-8".to_owned())?;
            let value = || if cell.is_empty() { None } else { Some(cell.to_owned()) };
            let names = || match cell {
                "" => Vec::new(),
                names => names.split(';').map(str::to_owned).collect(),
            };
            match column {
                Column::Issuer => row.issuer = value(),
                Column::Subject => row.subject = value(),
                Column::TenantId => row.tenant_id = value(),
                Column::Roles => row.roles = names(),
                Column::Workspaces => row.workspaces = names(),
                Column::Status => row.status = value(),
            }
        }
        Ok(row)
    }
}

/// The values of one line.
fn record(line: &[u8]) -> Result<ByteRecord, String> {
    if line.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
        return Err("a quotation mark in it is not closed".to_owned());
    }
    if line.contains(&b'\r') {
        return Err("there is a carriage return in it".to_owned());
    }
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(line.len().max(1)).from_reader(line);
    let mut record = ByteRecord::new();
    match reader.read_byte_record(&mut record) {
        Ok(true) => Ok(record),
        Ok(false) => Err("there is nothing in it".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Of a name that is none.
const CHARACTERS_SHOWN: usize = 40;

const NAMES: [(&str, Column); 6] = [
    ("issuer", Column::Issuer),
    ("subject", Column::Subject),
    ("tenantId", Column::TenantId),
    ("roles", Column::Roles),
    ("workspaces", Column::Workspaces),
    ("status", Column::Status),
];
