// The same package by `require`: never run, only compiled.

import kentongan = require("kentongan");

export const severity: string = kentongan.Policy.kreki().decide({ key: "a" }).severity;
