import assert from "node:assert/strict";
import { test } from "node:test";
import { Fft } from "../../webui/static/logic/fft.js";
import { DB_PER_STEP, heightOf, rowHertz, SpectrumStream } from "../../webui/static/logic/spectrum.js";

const RATE = 48_000;
const sine = (hertz, seconds, amplitude = 1) =>
  Float32Array.from({ length: seconds * RATE }, (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / RATE));

/** All columns of a sound that arrives in pieces. */
function picture(samples, { columns = 50, rows = 96, piece = 1000 } = {}) {
  const stream = new SpectrumStream({ samples: samples.length, sample_rate: RATE, columns, rows });
  const parts = [];
  for (let at = 0; at < samples.length; at += piece) parts.push(stream.push(samples.subarray(at, at + piece)));
  parts.push(stream.end());
  return { parts, cells: parts.flatMap((part) => [...part.cells]), pairs: parts.flatMap((part) => [...part.pairs]) };
}

const loudestRow = (cells, rows, column) => {
  const levels = cells.slice(column * rows, (column + 1) * rows);
  return levels.indexOf(Math.max(...levels));
};

test("the transform equals its definition", () => {
  const fft = new Fft(16);
  const samples = Float32Array.from({ length: 16 }, (_, n) => Math.sin(n * n));
  const power = new Float32Array(8);
  fft.power(samples, 0, power);
  for (let k = 0; k < 8; k += 1) {
    let [re, im] = [0, 0];
    samples.forEach((x, n) => {
      re += x * fft.window[n] * Math.cos((2 * Math.PI * k * n) / 16);
      im -= x * fft.window[n] * Math.sin((2 * Math.PI * k * n) / 16);
    });
    assert.ok(Math.abs(power[k] - (re * re + im * im)) < 1e-5);
  }
});

test("a sine is one bright row at its frequency and its level", () => {
  for (const hertz of [110, 1000, 6000]) {
    const { cells } = picture(sine(hertz, 1, 0.5));
    const row = loudestRow(cells, 96, 25);
    assert.ok(Math.abs(Math.log2(rowHertz(row, 96) / hertz)) < 0.12, `${hertz} Hz in row ${row}`);
    const db = cells[25 * 96 + row] * DB_PER_STEP - 120;
    assert.ok(Math.abs(db + 6) < 1.5, `${hertz} Hz at ${db} dB`);
  }
});

test("pieces of any length make the same picture", () => {
  const sound = sine(440, 0.5);
  assert.deepEqual(picture(sound, { piece: 333 }).cells, picture(sound, { piece: 24_000 }).cells);
});

test("each column comes once, in order, and before the end where it can", () => {
  const { parts } = picture(sine(440, 1));
  let next = 0;
  for (const part of parts) {
    assert.equal(part.first, next);
    next += part.count;
  }
  assert.equal(next, 50);
  assert.ok(parts.at(-1).count < 6);
});

test("silence is level 0, and the waveform is lowest and highest sample", () => {
  const quiet = picture(new Float32Array(4800), { columns: 10 });
  assert.ok(quiet.cells.every((level) => level === 0));
  const { pairs } = picture(sine(440, 0.5, 0.25));
  assert.ok(Math.abs(pairs[20] + 8192) < 40 && Math.abs(pairs[21] - 8192) < 40);
});

test("an onset does not show before its time", () => {
  const late = new Float32Array(RATE);
  late.set(sine(5000, 0.5), RATE / 2);
  const { cells } = picture(late, { columns: 100 });
  assert.ok(Math.max(...cells.slice(45 * 96, 46 * 96)) < 60);
});

test("the axis of frequencies is logarithmic", () => {
  assert.equal(heightOf(40), 0);
  assert.equal(heightOf(18_000), 1);
  assert.ok(Math.abs(heightOf(1000) - heightOf(100) - (heightOf(10_000) - heightOf(1000))) < 1e-12);
});
