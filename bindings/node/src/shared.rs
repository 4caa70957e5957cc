//! A value that one thread at a time works with, and that is given up for good when a call panics half way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use kentongan::Engine;
use kentongan_journal::Store;

use crate::problem::Problem;

/// What can be so large that freeing it takes long.
pub(crate) trait Weighty: Send + 'static {
    /// Whether it is.
    fn is_heavy(&self) -> bool;
}

/// Freeing fewer incidents than these takes less time than starting a thread for it.
const HEAVY_INCIDENTS: usize = 200;

impl Weighty for Engine {
    fn is_heavy(&self) -> bool {
        self.incidents().nth(HEAVY_INCIDENTS).is_some()
    }
}

impl Weighty for Store {
    fn is_heavy(&self) -> bool {
        self.engine().is_heavy()
    }
}

/// The value, or why it is gone.
enum State<T> {
    Whole(T),
    /// A call panicked half way: nobody may go on with what it left.
    Broken,
    Closed,
}

/// A value behind a lock that JavaScript's thread never waits for.
pub(crate) struct Shared<T: Weighty>(Arc<Mutex<State<T>>>);

impl<T: Weighty> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Weighty> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(State::Whole(value))))
    }

    /// Works with the value on JavaScript's thread, at once or not at all.
    pub(crate) fn at_once<R>(&self, work: impl FnOnce(&mut T) -> Result<R, Problem>) -> Result<R, Problem> {
        match self.0.try_lock() {
            Ok(state) => run(state, work),
            Err(TryLockError::Poisoned(poisoned)) => run(poisoned.into_inner(), work),
            Err(TryLockError::WouldBlock) => Err(Problem::new(
                "busy",
                "another call is under way on a thread of its own",
                "await the promise of that call first",
            )),
        }
    }

    /// Works with the value on another thread, after whoever has it now.
    pub(crate) fn in_turn<R>(&self, work: impl FnOnce(&mut T) -> Result<R, Problem>) -> Result<R, Problem> {
        run(self.0.lock().unwrap_or_else(PoisonError::into_inner), work)
    }

    /// Lets go of the value, after whoever has it now.
    pub(crate) fn close(&self) {
        let closed = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), State::Closed);
        drop(closed);
    }
}

impl<T: Weighty> Drop for Shared<T> {
    /// A hundred thousand incidents take long to free, and the garbage collector runs on JavaScript's thread.
    fn drop(&mut self) {
        if Arc::strong_count(&self.0) > 1 {
            return;
        }
        let Ok(mut state) = self.0.try_lock() else { return };
        if let State::Whole(value) = std::mem::replace(&mut *state, State::Closed)
            && value.is_heavy()
        {
            free(value);
        }
    }
}

/// Frees a value on a thread of its own. Where none can be had it is freed here: the closure is dropped with the error.
pub(crate) fn free(value: impl Send + 'static) {
    drop(std::thread::Builder::new().name("kentongan-free".to_owned()).spawn(move || drop(value)));
}

fn run<T, R>(
    mut state: MutexGuard<'_, State<T>>,
    work: impl FnOnce(&mut T) -> Result<R, Problem>,
) -> Result<R, Problem> {
    match &mut *state {
        State::Whole(value) => catch_unwind(AssertUnwindSafe(|| work(value))).unwrap_or_else(|_| {
            *state = State::Broken;
            Err(panicked())
        }),
        State::Broken => Err(Problem::new(
            "poisoned",
            "an earlier call failed half way, and what it left cannot be trusted",
            "open the journal again, `host.reopen()` does that for a host; an engine alone is restored from a snapshot, or replays its journal",
        )),
        State::Closed => Err(Problem::new("closed", "it is closed", "open it again")),
    }
}

/// Does work that has no state to break.
pub(crate) fn guarded<R>(work: impl FnOnce() -> Result<R, Problem>) -> Result<R, Problem> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Problem {
    Problem::new("internal", "a defect of kentongan stopped the call", "report it, with what was handed in")
}
