//! Ends a run: `report FOLDER TARGET` prints its tables and writes `RESULTS.md` and `w1.svg` into the target folder.

use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;
use std::{env, fs, thread};

use chrono::{DateTime, Utc};
use kentongan_benches::results::{Circumstances, document};
use kentongan_benches::{Figure, Plan, chart};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1).map(PathBuf::from);
    let (Some(folder), Some(target)) = (arguments.next(), arguments.next()) else {
        return Err("name the folder of the run and the one of its results".into());
    };
    let figures = Figure::read_all(&folder)?;
    if figures.is_empty() {
        return Err("nothing was measured".into());
    }
    let document = document(&Plan::read(&folder)?, &figures, &circumstances());
    println!("{document}");
    fs::write(target.join("RESULTS.md"), document)?;
    fs::write(target.join("w1.svg"), chart::svg(&figures))?;
    Ok(())
}

fn circumstances() -> Circumstances {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str, sign: char| {
        let line =
            text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(sign).map(str::trim));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    let model = value(&read("/proc/cpuinfo"), "model name", ':').unwrap_or_else(|| env::consts::ARCH.to_owned());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let system = value(&read("/etc/os-release"), "PRETTY_NAME", '=').unwrap_or_else(|| env::consts::OS.to_owned());
    let version = |program: &str| {
        let output = Command::new(program).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let words: Vec<&str> = text.split_whitespace().take(2).collect();
        Some(if program == "node" {
            format!("node {}", words.first()?.trim_start_matches('v'))
        } else {
            words.join(" ")
        })
    };
    Circumstances {
        date: DateTime::<Utc>::from(SystemTime::now()).date_naive().to_string(),
        processor: format!("{model}, {cores} cores"),
        system,
        tools: ["rustc", "python3", "node"].into_iter().filter_map(version).collect(),
    }
}
