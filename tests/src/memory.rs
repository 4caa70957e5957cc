//! What a thread takes from the allocator, for tests that promise how little that is.
//!
//! A test program that measures makes [`Counting`] its `#[global_allocator]`. Tests run beside each other in one program,
//! so each thread is counted by itself.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, with a count of what each thread takes.
#[derive(Debug)]
pub struct Counting;

/// What a thread took while something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How often memory was asked for, or for more of it.
    pub allocations: usize,
    /// The most bytes that were held at once, beside those that were held before.
    pub peak: usize,
}

thread_local! {
    // Constants that nobody has to drop: looking at them allocates nothing.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// Does something, and says what this thread took for it. `None` where nobody counts: another allocator is at work.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Option<Taken>) {
    let counts = {
        let before = ALLOCATIONS.get();
        drop(std::hint::black_box(Box::new(0_u8)));
        ALLOCATIONS.get() > before
    };
    let (allocations, held) = (ALLOCATIONS.get(), HELD.get());
    PEAK.set(held);
    let result = work();
    let peak = usize::try_from(PEAK.get() - held).unwrap_or(0);
    (result, counts.then(|| Taken { allocations: ALLOCATIONS.get() - allocations, peak }))
}

fn took(bytes: isize) {
    // Where the thread ends there is nobody left to ask.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        PEAK.try_with(|peak| peak.set(peak.get().max(held.get())))
    });
}

fn gave_back(bytes: isize) {
    let _ = HELD.try_with(|held| held.set(held.get() - bytes));
}

/// No layout is larger than `isize::MAX`.
fn signed(bytes: usize) -> isize {
    isize::try_from(bytes).unwrap_or(isize::MAX)
}

// SAFETY: each call is handed to the system's allocator as it came, and its answer is given back as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(signed(layout.size()));
        // SAFETY: the caller keeps to the contract of the same function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        took(signed(layout.size()));
        // SAFETY: the caller keeps to the contract of the same function.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        took(signed(size) - signed(layout.size()));
        // SAFETY: the caller keeps to the contract of the same function.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        gave_back(signed(layout.size()));
        // SAFETY: the caller keeps to the contract of the same function.
        unsafe { System.dealloc(pointer, layout) }
    }
}
