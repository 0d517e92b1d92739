//! `tenantgate gateway`, `deploy`, `doctor` and `report` from outside, against a stand-in of AWS, moto, and an embedded DynamoDB.
#![cfg(test)]

// What the tests stand on.
mod browser;
mod clinic;
mod command;
mod functions;
mod issuer;
mod ledger;
mod moto;
mod stand_in;

// The tests.
mod api;
mod attach;
mod deploy;
mod detach;
mod doctor_functions;
mod doctor_gateway;
mod doctor_issuers;
mod doctor_live;
mod doctor_table;
mod emulator;
mod refusals;
mod report_page;
mod report_told;
mod settling;
