//! The endpoint on a loopback port: one request a connection, all of it bounded.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::failure::Failure;

/// Listens on a loopback address.
///
/// # Errors
/// It is none, or it cannot be listened on.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::input(format!(
            "--listen {address}: not a loopback address; whoever reaches this endpoint may try tokens, so it listens on \
             127.0.0.1 or [::1] only"
        )));
    }
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| {
        Failure::run(format!("cannot listen on {address}: {error}; choose another port with --listen"))
    })
}

/// Answers until `stop` is there, and then what has begun.
pub async fn serve(listener: TcpListener, routes: Router, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = std::pin::pin!(stop);
    loop {
        // Whoever comes when all places are taken waits in the listener's queue.
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            listener.accept().await.ok().map(|(stream, _)| (stream, place))
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Some((stream, place)) => drop(tokio::spawn(answer(stream, routes.clone(), place))),
            // Out of file descriptors, perhaps.
            None => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    // What is not done by then is cut.
    drop(timeout(CONNECTION_TIME_MAX, places.acquire_many(all)).await);
}

async fn answer(stream: TcpStream, routes: Router, place: OwnedSemaphorePermit) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME_MAX)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    // A connection that breaks is its caller's affair.
    drop(timeout(CONNECTION_TIME_MAX, connection).await);
    drop(place);
}

/// Most connections at once.
const CONNECTIONS_MAX: usize = 256;

/// Longest time for the headers of a request.
const HEADER_TIME_MAX: Duration = Duration::from_secs(5);

/// Most headers of a request.
const HEADERS_MAX: usize = 64;

/// Most bytes of a request's headers: a token of 16 KiB, and as much again.
const HEADER_BYTES_MAX: usize = 32 << 10;

/// Longest time for a connection: headers, answer, and both ways.
const CONNECTION_TIME_MAX: Duration = Duration::from_secs(20);

const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
