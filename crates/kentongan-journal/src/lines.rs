//! Lines of bounded length, one at a time, from a file of any size.

use std::io::{self, BufRead, BufReader, Read};

/// What the next line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line with its end.
    Whole,
    /// The file stops before the line does.
    Unfinished,
    /// Longer than any line may be; the rest of it is not read.
    TooLong,
    /// There is none.
    End,
}

/// A reader of lines.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    bytes_max: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R, bytes_max: usize) -> Self {
        Self { input: BufReader::with_capacity(64 * 1024, input), bytes_max: bytes_max as u64 }
    }

    /// Reads the next line into `line`, without its end.
    pub(crate) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Line> {
        line.clear();
        let read = self.input.by_ref().take(self.bytes_max + 1).read_until(b'\n', line)?;
        Ok(if read == 0 {
            Line::End
        } else if line.last() == Some(&b'\n') {
            line.pop();
            Line::Whole
        } else if read as u64 > self.bytes_max {
            Line::TooLong
        } else {
            Line::Unfinished
        })
    }

    /// Whether nothing follows.
    pub(crate) fn at_end(&mut self) -> io::Result<bool> {
        loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map(<[u8]>::is_empty),
            }
        }
    }
}
