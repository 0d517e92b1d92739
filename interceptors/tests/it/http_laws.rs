//! What holds for the `http` family, whatever callers send and targets answer.

// What the laws stand on.
mod events;
mod samples;
mod stage;

// The laws.
mod canaries;
mod claims;
mod retries;
mod routes;
mod sent_on;
mod shapes;
mod unreadable;
