//! A result that another thread will bring: waited for by a thread or awaited by a task of any executor.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Stands for a result that is not there yet. Dropping it changes nothing about the work.
#[derive(Debug)]
pub struct Ticket<T>(Arc<Shared<T>>);

/// The other end: whoever holds it brings the result.
#[derive(Debug)]
pub(super) struct Promise<T>(Option<Arc<Shared<T>>>);

#[derive(Debug)]
struct Shared<T> {
    state: Mutex<TicketState<T>>,
    there: Condvar,
}

#[derive(Debug)]
enum TicketState<T> {
    Open(Option<Waker>),
    Brought(T),
    /// Taken, or given up by the other end.
    Gone,
}

/// A ticket and its other end.
pub(super) fn ticket<T>() -> (Promise<T>, Ticket<T>) {
    let shared = Arc::new(Shared { state: Mutex::new(TicketState::Open(None)), there: Condvar::new() });
    (Promise(Some(Arc::clone(&shared))), Ticket(shared))
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, TicketState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self, state: TicketState<T>) {
        let before = std::mem::replace(&mut *self.lock(), state);
        self.there.notify_all();
        if let TicketState::Open(Some(waker)) = before {
            waker.wake();
        }
    }
}

impl<T> Promise<T> {
    /// Brings the result.
    pub(super) fn bring(mut self, value: T) {
        if let Some(shared) = self.0.take() {
            shared.close(TicketState::Brought(value));
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            shared.close(TicketState::Gone);
        }
    }
}

impl<T> Ticket<T> {
    /// Waits for the result on this thread; `None` when the workers stopped before the work was done.
    #[must_use]
    pub fn wait(self) -> Option<T> {
        let mut state = self.0.lock();
        while let TicketState::Open(_) = *state {
            state = self.0.there.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        take(&mut state)
    }
}

impl<T> Future for Ticket<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = self.0.lock();
        if let TicketState::Open(waker) = &mut *state {
            *waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(take(&mut state))
    }
}

fn take<T>(state: &mut TicketState<T>) -> Option<T> {
    match std::mem::replace(state, TicketState::Gone) {
        TicketState::Brought(value) => Some(value),
        _ => None,
    }
}
