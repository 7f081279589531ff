import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { contrast, oklabToRgb, ramp, readColour, rgbToOklab } from "../../webui/static/logic/colour.js";
import { colourTable } from "../../webui/static/logic/sound-colours.js";

const SHEET = readFileSync(new URL("../../webui/static/css/tokens.css", import.meta.url), "utf8");
const blocks = [...SHEET.matchAll(/color-scheme: (dark|light);([^}]*)}/g)].map(([, theme, body]) => ({
  theme,
  tokens: Object.fromEntries([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value])),
}));
const THEMES = Object.fromEntries(blocks.map(({ theme, tokens }) => [theme, tokens]));

const INKS = ["ink-1", "ink-2", "ink-3", "accent", "good", "warn", "bad"];
const HUES = ["timbre", "harmony", "time", "texture", "space", "discovered"];

test("the two ways to ask for light mean the same", () => {
  const [first, second] = blocks.filter(({ theme }) => theme === "light");
  assert.deepEqual(first.tokens, second.tokens);
  assert.deepEqual(Object.keys(first.tokens), Object.keys(THEMES.dark));
});

for (const [theme, tokens] of Object.entries(THEMES)) {
  test(`every ink and hue can be read in ${theme}`, () => {
    for (const ink of [...INKS, ...HUES]) {
      for (const surface of ["surface-0", "surface-1", "surface-2"]) {
        const found = contrast(tokens[ink], tokens[surface]);
        assert.ok(found >= 4.5, `${ink} on ${surface}: ${found.toFixed(2)}`);
      }
    }
    for (const ink of ["ink-1", "ink-2"]) {
      const found = contrast(tokens[ink], tokens["surface-3"]);
      assert.ok(found >= 4.5, `${ink} on surface-3: ${found.toFixed(2)}`);
    }
  });

  test(`buttons and edges can be told apart in ${theme}`, () => {
    for (const fill of ["accent", "accent-strong"]) assert.ok(contrast(tokens["on-accent"], tokens[fill]) >= 4.5);
    for (const surface of ["surface-0", "surface-1"]) {
      const found = contrast(tokens.edge, tokens[surface]);
      assert.ok(found >= 3, `edge on ${surface}: ${found.toFixed(2)}`);
    }
  });

  test(`louder is never a step back in the sound colours of ${theme}`, () => {
    const table = colourTable(theme, tokens["picture-0"], { loudest: 255, db_per_step: 90 / 255 });
    const lightness = [...table].map((pixel) => rgbToOklab([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255])[0]);
    const sign = theme === "dark" ? 1 : -1;
    lightness.slice(1).forEach((one, at) => assert.ok(sign * (one - lightness[at]) > -0.012, `level ${at}`));
    assert.ok(Math.abs(lightness[255] - lightness[0]) > 0.6);
  });
}

test("a softer picture is as bright as a loud one", () => {
  const [loud, soft] = [255, 155].map((loudest) => colourTable("dark", "#000", { loudest, db_per_step: 120 / 255 }));
  assert.equal(loud[255], soft[155]);
  assert.equal(loud[200], soft[100]);
});

test("colours survive the way through Oklab, and a ramp begins and ends where it was told", () => {
  for (const text of ["#f0b54a", "#5b3fb5", "#ffffff", "#000000"]) {
    assert.deepEqual(oklabToRgb(rgbToOklab(readColour(text))), readColour(text));
  }
  const colours = ramp(["#102030", "#f0f0f0"], 9);
  assert.deepEqual([colours[0], colours[8]], [readColour("#102030"), readColour("#f0f0f0")]);
  assert.deepEqual(readColour("rgb(1 2 3 / 0.5)"), [1, 2, 3]);
  assert.equal(Math.round(contrast("#fff", "#000")), 21);
});

for (const [theme, tokens] of Object.entries(THEMES)) {
  test(`names of frequencies can be read over the loudest and the softest sound in ${theme}`, () => {
    const [r, g, b, alpha] = tokens["picture-label"].match(/[\d.]+/g).map(Number);
    const table = colourTable(theme, tokens["picture-0"], { loudest: 255, db_per_step: 90 / 255 });
    for (const pixel of [table[0], table[255]]) {
      const below = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
      const mixed = [r, g, b].map((one, at) => Math.round(one * alpha + below[at] * (1 - alpha)));
      assert.ok(contrast(tokens["picture-ink"], `rgb(${mixed.join(" ")})`) >= 4.5);
    }
    assert.ok(contrast(tokens["ink-1"], tokens.raised) >= 4.5);
  });
}
